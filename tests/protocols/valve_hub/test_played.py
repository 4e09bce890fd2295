"""A hub on the wire, with the engine behind it: lines in, lines out."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from tests.engine.driver import MINUTE

from .playing import Hub

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
ACCEPTED = CommandState.ACCEPTED
SUCCEEDED, UNCONFIRMED = CommandState.SUCCEEDED, CommandState.UNCONFIRMED


class TestWhatIsAsked:
    def test_for_the_time_is_answered_while_a_command_is_not(self, hub: Hub) -> None:
        valve = hub.put("open_valve", "5", valve=1, duration=60)
        assert hub.lines() == ["SEND_ACTUATOR 5 1 1 1 60"]
        hub.say("GET_DATETIME")
        assert hub.lines() == ["DATETIME 2026-07-20 12:00:00 1"]
        assert hub.state(valve) is SENT

        hub.say("QUEUED ACTUATOR 5 1 1GET_DATETIME")
        assert hub.lines() == ["DATETIME 2026-07-20 12:00:00 1"]
        assert hub.state(valve) is ACCEPTED


def test_a_late_error_is_of_the_close_that_it_answers(hub: Hub) -> None:
    """Or water would run by a command that looks refused."""
    close = hub.put("close_valve", "5", valve=1)
    valve = hub.put("open_valve", "6", valve=0, duration=60)
    hub.advance(4.0)
    assert hub.lines() == ["SEND_ACTUATOR 5 1 0 1"]
    hub.say("ERROR Node not found")
    hub.advance(0.5)

    assert hub.command(close).timeline[-1].detail == "Node not found"
    assert hub.state(valve) is QUEUED, "a copy of it may still come"
    hub.advance(0.5)
    hub.say("QUEUED ACTUATOR 5 1 0")
    hub.advance(4.0)
    assert hub.state(valve) is SENT


def test_what_is_said_of_a_plan_s_line_does_not_take_back_an_opening(hub: Hub) -> None:
    """It would be sent a second time, and water would run twice."""
    removal = hub.put("remove_schedule", "6", slot=7)
    hub.say("ERROR Failed to queue removal")
    hub.advance(0.5)
    valve = hub.put("open_valve", "5", valve=1, duration=60)
    assert hub.lines() == ["REMOVE_SCHEDULE 6 7", "SEND_ACTUATOR 5 1 1 1 60"]
    hub.say("ERROR Failed to queue removal")
    hub.say("QUEUED ACTUATOR 5 1 1")

    assert hub.state(removal) is QUEUED
    assert hub.state(valve) is ACCEPTED


def test_a_node_is_online_for_20_minutes_after_it_was_heard_whoever_tells(
    hub: Hub,
) -> None:
    hub.say("NODE_LIST 1\nNODE 5 77 IRRIGATION 1 600 131072 4")
    status, settings = hub.engine.statuses["5"], hub.station.settings
    assert status.is_online(hub.now, settings)

    hub.advance(10 * MINUTE)
    assert not hub.engine.statuses["5"].is_online(hub.now, settings)
    assert not hub.discovered


def test_what_is_in_doubt_is_not_settled_by_an_event_that_could_be_any(
    hub: Hub,
) -> None:
    valve = hub.put("open_valve", "5", valve=1, duration=60)
    hub.say("QUEUED ACTUATOR 5 1 1")
    hub.advance(31 * MINUTE)
    hub.say("EVENT 5 77 0x75 01")

    assert hub.state(valve) is UNCONFIRMED
    assert hub.engine.statuses["5"].readings["valve_1"] == "open"


class TestTheListOfNodes:
    LIST = (
        "NODE_LIST 2",
        "NODE 5 77 IRRIGATION 1 3 65541 4",
        "NODE 6 78 GREENHOUSE 1 3 65541 0",
    )

    def told(self, hub: Hub, node: str) -> dict[str, str | float]:
        return dict(hub.engine.told(node))

    def test_is_taken_once_all_of_it_has_come(self, hub: Hub) -> None:
        """Trap: a line that was cut looks like one of an older hub."""
        for line in self.LIST[:2]:
            hub.say(line)
        assert "type" not in self.told(hub, "5")

        hub.say(self.LIST[2])
        assert self.told(hub, "5")["valves"] == 4
        assert self.told(hub, "6")["type"] == "greenhouse"

    def test_is_asked_for_again_after_2_seconds_up_to_three_times(self) -> None:
        """Trap: the hub loses lines while it is busy with its radio."""
        hub = Hub()
        hub.say("HUB_READY")
        asked = []
        for _ in range(20):
            hub.say("NODE_LIST 2")
            asked.append(len(hub.lines()))
            hub.advance(1.0)
        assert asked[:6] == [1, 0, 1, 0, 1, 0]
        assert sum(asked) == 3

    def test_is_asked_for_when_a_node_is_heard_that_it_did_not_name(
        self, hub: Hub
    ) -> None:
        """Trap: nodes that joined later had no valves until a reload."""
        hub.advance(MINUTE)
        hub.say("HEARTBEAT 5 77 85 0 -60 0 0")
        assert hub.lines() == ["LIST_NODES"]
        for line in self.LIST:
            hub.say(line)
        hub.advance(2 * MINUTE)
        hub.say("HEARTBEAT 5 77 85 0 -60 0 0")
        assert hub.lines() == []

    def test_is_asked_for_every_few_minutes(self, hub: Hub) -> None:
        for line in self.LIST:
            hub.say(line)
        hub.advance(5 * MINUTE)
        hub.say("HEARTBEAT 5 77 85 0 -60 0 0")
        assert hub.lines() == ["LIST_NODES"]

    def test_that_the_hub_refuses_is_not_asked_for_again(self) -> None:
        hub = Hub()
        hub.say("HUB_READY")
        hub.taken()
        hub.say("ERROR Unknown command")
        hub.advance(10.0)
        assert hub.lines() == []


@pytest.mark.parametrize("kind", ["reboot", "factory_reset"])
class TestARestartOfANode:
    """The hub hands it over with its answer to the node's next heartbeat."""

    def ordered(self, hub: Hub, kind: str) -> int:
        params = {} if kind == "reboot" else {"confirm": True}
        command = hub.put(kind, "5", **params)
        word = "REBOOT_NODE" if kind == "reboot" else "FACTORY_RESET_NODE"
        assert hub.lines() == [f"{word} 5"]
        hub.say(f"QUEUED {word} 5")
        hub.advance(10.0)
        return command

    def test_is_done_when_the_node_says_later_that_it_has_started(
        self, hub: Hub, kind: str
    ) -> None:
        command = self.ordered(hub, kind)
        hub.say("EVENT_LOG 5 77 0 16 0 0")
        assert hub.state(command) is ACCEPTED, "that was before"

        hub.say("HEARTBEAT 5 77 85 0 -60 0 0")
        assert hub.state(command) is ACCEPTED, "that is older than the answer to it"
        hub.say("HEARTBEAT 5 77 85 0 -60 0 0")
        hub.say("EVENT_LOG 5 77 0 16 0 0")
        assert hub.state(command) is SUCCEEDED

    def test_of_a_node_that_sleeps_is_not_proved_by_its_uptime(
        self, hub: Hub, kind: str
    ) -> None:
        command = self.ordered(hub, kind)
        for uptime in (9, 3, 0):
            hub.say(f"HEARTBEAT 5 77 85 0 -60 {uptime} 0")
            hub.advance(60.0)
        assert hub.state(command) is ACCEPTED
        hub.advance(5 * MINUTE)
        assert hub.state(command) is UNCONFIRMED

    def test_is_proved_by_the_uptime_of_a_later_heartbeat_with_mains_power(
        self, hub: Hub, kind: str
    ) -> None:
        hub.say("HEARTBEAT 5 77 255 0 -60 9000 0")
        command = self.ordered(hub, kind)
        hub.advance(50.0)
        hub.say("HEARTBEAT 5 77 255 0 -60 9060 0")
        assert hub.state(command) is ACCEPTED
        hub.advance(5.0)
        hub.say("HEARTBEAT 5 77 255 0 -60 0 0")
        assert hub.state(command) is SUCCEEDED

    def test_that_did_not_reach_a_node_with_mains_power_is_sent_again(
        self, hub: Hub, kind: str
    ) -> None:
        hub.say("HEARTBEAT 5 77 255 0 -60 9000 0")
        command = self.ordered(hub, kind)
        for minutes in (1, 2, 3):
            assert hub.times_published(command, "5") == 1
            hub.advance(60.0)
            hub.say(f"HEARTBEAT 5 77 255 0 -60 {9010 + 60 * minutes} 0")
            hub.say("NODE_LIST 0")
            hub.advance(1.0)
        assert hub.times_published(command, "5") == 2
        assert hub.delivery(command, "5").attempts == 1

    def test_is_never_sent_again_to_a_node_that_may_have_done_it(
        self, hub: Hub, kind: str
    ) -> None:
        """Promise 2, also where the fall of its uptime was not heard."""
        hub.say("HEARTBEAT 5 77 255 0 -60 9000 0")
        command = self.ordered(hub, kind)
        hub.crash()
        hub.connect()
        hub.say("NODE_LIST 0")
        for uptime in (30, 90, 150, 210):
            hub.advance(60.0)
            hub.say(f"HEARTBEAT 5 77 255 0 -60 {uptime} 0")
            hub.say("NODE_LIST 0")
        assert hub.times_published(command, "5") == 1


class TestACurtain:
    @pytest.fixture
    def hub(self) -> Hub:
        """A hub whose node 5 has a curtain."""
        hub = Hub()
        hub.say("NODE_LIST 1\nNODE 5 77 GREENHOUSE 1 3 65541 0")
        return hub

    def taken(self, hub: Hub, action: str, order: int) -> int:
        command = hub.put("curtain", "5", action=action)
        assert hub.lines() == [f"SEND_ACTUATOR 5 4 {order} 0"]
        hub.say(f"QUEUED ACTUATOR 5 4 {order}")
        hub.advance(0.5)
        return command

    def test_is_calibrated_by_stopping_it(self, hub: Hub) -> None:
        calibration = self.taken(hub, "calibrate", 5)
        stop = self.taken(hub, "stop", 4)
        hub.say("EVENT 5 77 258 ")
        hub.say("EVENT 5 77 260 384A0000")
        assert (hub.state(calibration), hub.state(stop)) == (SUCCEEDED, SUCCEEDED)

    def test_that_was_stopped_is_not_moved_by_an_order_of_before(
        self, hub: Hub
    ) -> None:
        """Trap: its events are sent once, and one that is lost is waited for."""
        moved = self.taken(hub, "open", 1)
        self.taken(hub, "stop", 4)
        hub.say("EVENT 5 77 258 ")
        hub.advance(30 * MINUTE)
        hub.say("NODE_LIST 1\nNODE 5 77 GREENHOUSE 1 3 65541 0")
        hub.advance(30 * MINUTE)
        assert hub.times_published(moved, "5") == 1


def test_what_a_node_took_last_has_its_place_until_the_node_asks_anew(
    hub: Hub,
) -> None:
    """The hub shows it what comes first, and drops it when the node asks for more."""
    hub.put("open_valve", "5", valve=1, duration=60)
    hub.say("QUEUED ACTUATOR 5 1 1")
    hub.say("EVENT_LOG 5 77 0 117 0 1")
    held = 1
    hub.lines()
    for slot in range(12):
        hub.put("remove_schedule", "5", slot=slot)
        for _ in hub.lines():
            held += 1
            hub.say(f"QUEUED REMOVE_SCHEDULE 5 {held}")
        hub.advance(0.5)
    assert held == 9, "the last place is for a close"

    close = hub.put("close_valve", "5", valve=1)
    assert hub.lines() == ["SEND_ACTUATOR 5 1 0 1"]
    hub.say("QUEUED ACTUATOR 5 1 0")
    hub.advance(0.5)
    other = hub.put("close_valve", "5", valve=0)
    assert not hub.lines()
    assert (hub.state(close), hub.state(other)) == (ACCEPTED, QUEUED)


class TestADeletion:
    def test_is_done_by_its_answer(self, hub: Hub) -> None:
        command = hub.put("delete_node", "5", confirm=True)
        assert hub.lines() == ["DELETE_NODE 5"]
        hub.say("DELETED_NODE 5")
        assert hub.state(command) is SUCCEEDED

    def test_of_a_node_that_is_gone_is_done(self, hub: Hub) -> None:
        command = hub.put("delete_node", "5", confirm=True)
        hub.say("ERROR Node not found")
        assert hub.state(command) is SUCCEEDED

    def test_takes_with_it_what_the_hub_held_for_the_node(self, hub: Hub) -> None:
        valve = hub.put("open_valve", "5", valve=1, duration=60)
        other = hub.put("open_valve", "6", valve=1, duration=60)
        for node in ("5", "6"):
            hub.say(f"QUEUED ACTUATOR {node} 1 1")
            hub.advance(0.5)
        hub.put("delete_node", "5", confirm=True)
        hub.say("DELETED_NODE 5")
        assert (hub.state(valve), hub.state(other)) == (UNCONFIRMED, ACCEPTED)


def test_a_hub_that_knows_no_such_command_is_not_asked_for_ever(hub: Hub) -> None:
    close = hub.put("close_valve", "5", valve=1)
    hub.say("ERROR Unknown command")
    hub.advance(10 * MINUTE)
    assert hub.state(close) is CommandState.REJECTED
    assert hub.delivery(close, "5").reason == "no_such_command"
    assert hub.times_published(close, "5") == 1


KINDS: list[tuple[str, dict[str, Any], str]] = [
    ("open_valve", {"valve": 1, "duration": 60}, "ACTUATOR 5 1 1"),
    ("close_valve", {"valve": 1}, "ACTUATOR 5 1 0"),
    (
        "set_schedule",
        {"slot": 0, "hour": 1, "minute": 2, "duration": 3, "days": 4, "valve": 1},
        "SET_SCHEDULE 5 1",
    ),
    ("remove_schedule", {"slot": 0}, "REMOVE_SCHEDULE 5 1"),
    ("set_wake_interval", {"seconds": 60}, "SET_WAKE_INTERVAL 5 1"),
    ("set_datetime", {}, "SET_DATETIME 5 1"),
    ("curtain", {"action": "open"}, "ACTUATOR 5 4 1"),
    ("reboot", {}, "REBOOT_NODE 5"),
]


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize(("kind", "params", "answer"), KINDS)
def test_a_hub_that_restarts_is_told_again_what_may_be(
    hub: Hub, kind: str, params: dict[str, Any], answer: str, *, taken: bool
) -> None:
    if kind == "curtain":
        hub.say("NODE_LIST 1\nNODE 5 77 GREENHOUSE 1 3 65541 0")
    command = hub.put(kind, "5", **params)
    (line,) = hub.lines()
    if taken:
        hub.say(f"QUEUED {answer}")
        assert hub.state(command) is ACCEPTED
    hub.say("HUB_READY")
    hub.say("NODE_LIST 0")
    hub.advance(2.0)

    if kind in ("open_valve", "reboot"):
        assert hub.state(command) is UNCONFIRMED
        assert line not in hub.lines()
    else:
        assert hub.state(command) is SENT
        assert line in hub.lines()
        assert hub.delivery(command, "5").attempts == 1
