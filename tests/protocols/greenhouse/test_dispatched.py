"""A greenhouse node on the wire, with the engine behind it."""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import hmac
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import Adopted
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.protocols.base import Publication
from tests.engine.driver import HOUR, MINUTE

from ..played import Played
from .samples import CHANNELS, FIELDS, HOME, NODE, SAID, SECRET

LOST_HOME = f"hydro/gh-temp/zn-temp/{NODE}"
HELLO = {"message_type": "node_hello", "hardware_id": NODE}
ONLINE = {"status": "ONLINE"}
QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
ACCEPTED, SUCCEEDED = CommandState.ACCEPTED, CommandState.SUCCEEDED
FAILED, EXPIRED = CommandState.FAILED, CommandState.EXPIRED
UNCONFIRMED = CommandState.UNCONFIRMED


class Node(Played):
    """One node that answers nothing by itself."""

    def __init__(self, said: Mapping[str, Any] = FIELDS) -> None:
        self.ever_sent: list[tuple[str, str]] = []
        super().__init__("greenhouse", {NODE: said})

    def beat(self, uptime: float, home: str = HOME) -> None:
        self.hear(f"{home}/heartbeat", {"uptime": uptime})

    def answer(
        self, command_id: int, status: str, channel: str = "pump_acid", **more: Any
    ) -> None:
        answer = {"cmd_id": self.cmd_id(command_id), "status": status, **more}
        self.hear(f"{HOME}/{channel}/command_response", answer)

    def cmd_id(self, command_id: int) -> str:
        """Return the latest id under which the node was told a command."""
        told = (json.loads(payload) for _, payload in self.ever_sent)
        ids = (each.get("cmd_id", "") for each in told)
        own = [each for each in ids if each.startswith(f"md-{command_id}")]
        counting = [each for each in own if not each.endswith("-x")]
        return counting[-1] if counting else f"md-{command_id}"

    def _say(self, publications: tuple[Publication, ...]) -> None:
        super()._say(publications)
        self.ever_sent += [(each.topic, each.payload) for each in publications]

    def doses(self) -> list[dict[str, Any]]:
        """Return the doses that went down since this was last asked."""
        told = [json.loads(payload) for _, payload in self.taken()]
        return [each for each in told if each["cmd"] == "dose"]

    def live(self, minutes: float) -> None:
        """Let time pass while the node says every half minute that it is there."""
        for _ in range(int(minutes * 2)):
            self.advance(30.0)
            self.beat(1e6 + self.now.steady)


@pytest.fixture
def node() -> Node:
    """A node at its place that was heard."""
    there = Node()
    there.beat(1000)
    return there


def dose(node: Node) -> int:
    return node.put("dose", NODE, channel="pump_acid", ml=0.1)


def sign(message: Mapping[str, Any]) -> str:
    """Sign by hand what has one way only to be written out."""
    written = (
        f'{{"cmd":"{message["cmd"]}","cmd_id":"{message["cmd_id"]}",'
        f'"params":{{"ml":0.1}},"ts":{message["ts"]}}}'
    )
    return hmac.digest(SECRET.encode(), written.encode(), hashlib.sha256).hex()


def test_a_resend_has_the_same_id_and_a_time_and_signature_of_its_own(
    node: Node,
) -> None:
    dose(node)
    node.live(10)
    messages = node.doses()
    assert len(messages) == 3
    assert {message["cmd_id"] for message in messages} == {"md-1"}
    first = messages[0]["ts"]
    assert [message["ts"] - first for message in messages] == [0, 30, 60]
    assert [message["sig"] for message in messages] == [*map(sign, messages)]


def test_nothing_is_sent_again_that_the_node_may_have_forgotten(node: Node) -> None:
    """Three attempts are soon over; one that waits for the node is not."""
    command = dose(node)
    assert len(node.doses()) == 1
    node.hear(f"{HOME}/lwt", "offline")
    node.advance(4 * MINUTE)
    node.beat(2000)
    node.advance(1 * MINUTE)
    assert node.taken() == []
    assert node.state(command) is UNCONFIRMED


@pytest.mark.parametrize(
    ("suffix", "content"), [("node_hello", HELLO), ("status", ONLINE)]
)
def test_promise_2_nothing_is_sent_again_to_a_node_that_has_connected_anew(
    node: Node, suffix: str, content: dict[str, Any]
) -> None:
    """Its power may have failed, and which of both messages is lost nobody knows.

    Its next heartbeat comes so late that its uptime has not fallen.
    """
    node = Node()
    node.beat(5)
    command = dose(node)
    assert len(node.doses()) == 1
    node.advance(2.0)
    node.hear(f"{HOME}/{suffix}", content)
    node.advance(20.0)
    node.beat(18)
    node.advance(5 * MINUTE)
    assert node.taken() == []
    assert node.state(command) is UNCONFIRMED


def test_busy_is_waited_out_at_no_cost_until_the_command_expires(node: Node) -> None:
    command = dose(node)
    for _ in range(29):
        node.answer(command, "BUSY")
        node.live(0.5)
    ids = [each["cmd_id"] for each in node.doses()]
    assert len(ids) == len(set(ids)) == 30
    assert node.command(command).deliveries[0].attempts == 1
    node.answer(command, "BUSY")
    node.live(1)
    assert node.taken() == []
    assert node.state(command) is EXPIRED


# what the node answers -> what becomes of the command
ENDS: list[tuple[tuple[str, ...], CommandState]] = [
    (("ACK",), ACCEPTED),
    (("ACK", "ACK", "DONE", "DONE", "ERROR", "INVALID", "BUSY"), SUCCEEDED),
    (("DONE", "ACK"), SUCCEEDED),
    (("NO_EFFECT", "ERROR"), SUCCEEDED),
    (("ACK", "ERROR", "DONE"), FAILED),
    (("ACK", "TIMEOUT", "DONE"), FAILED),
    (("INVALID", "DONE"), CommandState.REJECTED),
    (("ACK", "INVALID", "DONE"), CommandState.REJECTED),
    (("ACK", "BUSY"), QUEUED),
    (("BUSY", "BUSY"), QUEUED),
    (("SOMETHING",), SENT),
]


@pytest.mark.parametrize(("answers", "state"), ENDS)
def test_an_answer_counts_once_and_a_late_one_changes_nothing(
    node: Node, answers: tuple[str, ...], state: CommandState
) -> None:
    command = dose(node)
    for status in answers:
        node.answer(command, status)
    assert node.state(command) is state


class TestARunOfAPumpThatSaysThatItBeganAndNoMore:
    @pytest.fixture
    def node(self) -> Node:
        """A pump node that has been up for an hour."""
        there = Node(FIELDS | {"type": "pump"})
        there.beat(HOUR)
        return there

    @staticmethod
    def begun(node: Node) -> int:
        """Return a run of 2.5 s that the node has said to begin, after a second."""
        run = node.put("run_pump", NODE, channel="pump_acid", duration_ms=2500)
        node.advance(1.0)
        node.answer(run, "ACK", health={"running": True})
        assert node.state(run) is ACCEPTED
        return run

    def test_is_done_when_its_time_is_over_and_the_node_was_up_all_the_time(
        self, node: Node
    ) -> None:
        run = self.begun(node)
        node.advance(2.0)
        node.beat(HOUR + 3)
        assert node.state(run) is ACCEPTED
        node.advance(10.0)
        node.hear(f"{HOME}/status", ONLINE)
        assert node.state(run) is ACCEPTED
        node.beat(HOUR + 13)
        assert node.state(run) is SUCCEEDED
        assert node.causes(run)[-1] is Cause.RUN_OVER

    def test_is_in_doubt_where_the_node_has_started_anew(self, node: Node) -> None:
        run = self.begun(node)
        node.advance(15.0)
        node.beat(8)
        assert node.state(run) is UNCONFIRMED
        said = node.causes(run)
        assert said[-1] is Cause.BROKEN_OFF

        node.set_clock(-MINUTE)
        for uptime in (23, 38, 53, 68, 83, 98):
            node.advance(15.0)
            node.beat(uptime)
        assert node.state(run) is UNCONFIRMED
        assert node.causes(run) == said
        assert len(node.taken()) == 1

    def test_is_in_doubt_where_a_node_that_was_not_heard_had_started_anew(
        self, node: Node
    ) -> None:
        run = self.begun(node)
        node.advance(2 * MINUTE)
        assert node.state(run) is UNCONFIRMED
        node.beat(100)
        node.set_clock(-MINUTE)
        node.beat(100)
        assert node.state(run) is UNCONFIRMED

    def test_is_in_doubt_where_it_did_so_before_home_assistant_was_back(
        self, node: Node
    ) -> None:
        run = self.begun(node)
        node.crash(away=MINUTE)
        node.connect()
        node.beat(50)
        assert node.state(run) is UNCONFIRMED

    def test_is_done_if_it_was_up_while_home_assistant_was_away(
        self, node: Node
    ) -> None:
        run = self.begun(node)
        node.crash(away=MINUTE)
        node.connect()
        node.beat(HOUR + 61)
        assert node.state(run) is SUCCEEDED

    def test_is_in_doubt_while_the_node_is_not_heard_and_done_once_it_is(
        self, node: Node
    ) -> None:
        run = self.begun(node)
        node.advance(2 * MINUTE)
        assert node.state(run) is UNCONFIRMED
        assert node.causes(run)[-1] is Cause.DONE_TIMEOUT
        node.beat(HOUR + 121)
        assert node.state(run) is SUCCEEDED

    def test_that_a_person_wants_again_is_not_done_by_how_it_began_before(
        self, node: Node
    ) -> None:
        run = self.begun(node)
        node.advance(2 * MINUTE)
        node.resolve(run, Outcome.RESEND)
        node.beat(HOUR + 121)
        assert node.state(run) is SENT
        node.live(3)
        assert node.state(run) is UNCONFIRMED

    def test_is_not_begun_by_what_the_node_says_of_a_repeat(self, node: Node) -> None:
        """It knows the id of what it refused in safe mode, which nobody heard."""
        run = node.put("run_pump", NODE, channel="pump_acid", duration_ms=2500)
        for _ in range(2):
            node.advance(30.0)
            node.beat(HOUR + node.now.steady)
            node.answer(run, "ACK")
        assert node.state(run) is SENT
        node.live(3)
        assert node.state(run) is UNCONFIRMED

    def test_is_done_in_time_by_a_node_that_never_tells_how_long_it_is_up(self) -> None:
        node = Node(FIELDS | {"ack_means_done": True})
        node.hear(f"{HOME}/status", ONLINE)
        run = self.begun(node)
        node.advance(2 * MINUTE)
        assert node.state(run) is SUCCEEDED

    def test_is_in_doubt_where_nobody_heard_of_its_node_since(self) -> None:
        node = Node(FIELDS | {"ack_means_done": True})
        node.hear(f"{HOME}/status", ONLINE)
        run = self.begun(node)
        node.crash()
        node.connect()
        node.advance(2 * MINUTE)
        assert node.state(run) is UNCONFIRMED


def test_what_takes_no_time_is_done_by_a_node_that_takes_it() -> None:
    node = Node(FIELDS | {"ack_means_done": True})
    node.beat(1)
    switched = node.put("set_relay", NODE, channel="inlet", state=True)
    node.answer(switched, "ACK", "inlet")
    assert node.state(switched) is SUCCEEDED


def test_what_is_assumed_is_so_no_longer_once_the_node_says_what_is(node: Node) -> None:
    valve = node.put("set_relay", NODE, channel="inlet", state=True)
    node.answer(valve, "DONE", "inlet")
    assert node.engine.told(NODE)["inlet/assumed"] == "yes"

    valve = node.put("set_relay", NODE, channel="inlet", state=False)
    answer = {"cmd_id": node.cmd_id(valve), "status": "DONE", "details": {"state": 0}}
    node.hear(f"{HOME}/inlet/command_response", answer)
    assert node.engine.told(NODE)["inlet/state"] == "closed"
    assert node.engine.told(NODE)["inlet/assumed"] == "no"


def test_what_runs_for_long_is_waited_for_as_long(node: Node) -> None:
    valve = node.put("open_valve", NODE, channel="inlet", duration_s=300)
    node.answer(valve, "ACK", "inlet")
    assert node.engine.told(NODE)["inlet/state"] == "open"
    node.live(5)
    assert node.state(valve) is ACCEPTED
    node.answer(valve, "DONE", "inlet")
    assert node.state(valve) is SUCCEEDED
    assert node.engine.told(NODE)["inlet/state"] == "closed"


def test_a_valve_that_only_takes_its_order_is_closed_once_its_time_is_over() -> None:
    node = Node(FIELDS | {"ack_means_done": True})
    node.beat(1)
    valve = node.put("open_valve", NODE, channel="inlet", duration_s=60)
    node.answer(valve, "ACK", "inlet")
    assert node.engine.told(NODE)["inlet/state"] == "open"
    node.advance(61.0)
    node.beat(62)

    assert node.causes(valve)[-1] is Cause.RUN_OVER
    assert node.engine.told(NODE)["inlet/state"] == "closed"
    assert node.engine.told(NODE)["inlet/assumed"] == "yes"


def test_a_valve_is_closed_by_time_over_a_crash_while_it_was_open() -> None:
    node = Node(FIELDS | {"ack_means_done": True})
    node.beat(HOUR)
    valve = node.put("open_valve", NODE, channel="inlet", duration_s=60)
    node.answer(valve, "ACK", "inlet")
    node.crash(away=30.0)
    node.connect()
    node.beat(HOUR + 30)
    assert "inlet/state" not in node.engine.told(NODE)

    node.advance(31.0)
    node.beat(HOUR + 61)
    assert node.state(valve) is SUCCEEDED
    assert node.engine.told(NODE)["inlet/state"] == "closed"


class TestAStop:
    def test_that_the_node_does_not_understand_is_sent_once(self) -> None:
        node = Node(FIELDS | {"type": "irrig"})
        node.beat(1)
        stop = node.put("stop_pump", NODE, channel="pump_acid")
        unknown = {
            "cmd_id": f"md-{stop}",
            "status": "ERROR",
            "error_code": "unknown_command",
        }
        node.hear(f"{HOME}/pump_acid/command_response", unknown)
        node.live(10)
        assert node.state(stop) is FAILED
        assert len(node.taken()) == 1

    def test_that_failed_is_tried_anew_and_no_repeat(self) -> None:
        node = Node(FIELDS | {"type": "irrig"})
        node.beat(1)
        stop = node.put("stop_pump", NODE, channel="pump_acid")
        node.answer(stop, "ERROR")
        node.advance(1.0)
        ids = [json.loads(payload)["cmd_id"] for _, payload in node.taken()]
        assert len(set(ids)) == 2


def test_an_answer_for_an_unknown_id_is_only_counted(node: Node) -> None:
    command = dose(node)
    node.answer(999, "DONE")
    assert node.state(command) is SENT
    assert node.engine.router.answers.uncredited == {"foreign": 1}


class TestWhatTheBrokerKept:
    def test_says_nothing_of_the_present_where_nothing_follows(self) -> None:
        node = Node()
        node.hear(f"{HOME}/status", ONLINE, retain=True)
        assert node.whys(dose(node)) == [Why.NEVER_HEARD]

    def test_says_that_it_is_away_until_it_speaks(self) -> None:
        node = Node()
        node.hear(f"{HOME}/lwt", "offline", retain=True)
        command = dose(node)
        assert node.whys(command) == [Why.OFFLINE]
        node.beat(1)
        assert node.state(command) is SENT

    def test_does_not_unsay_what_it_said_since(self) -> None:
        node = Node()
        node.beat(1)
        node.hear(f"{HOME}/lwt", "offline", retain=True)
        assert node.state(dose(node)) is SENT


class TestARestart:
    def test_that_was_taken_ends_with_the_next_hello(self, node: Node) -> None:
        reboot = node.put("reboot", NODE)
        node.answer(reboot, "ACK", "system")
        node.hear(f"{HOME}/node_hello", HELLO)
        assert node.state(reboot) is SUCCEEDED

    def test_does_not_end_with_the_hello_of_a_node_that_may_not_have_got_it(
        self, node: Node
    ) -> None:
        reboot = node.put("reboot", NODE)
        node.hear(f"{HOME}/node_hello", HELLO)
        assert node.state(reboot) is SENT

    def test_ends_when_the_uptime_falls(self, node: Node) -> None:
        reboot = node.put("reboot", NODE)
        node.advance(5.0)
        node.beat(3)
        assert node.state(reboot) is SUCCEEDED


class TestABinding:
    def test_is_told_seven_times_and_lapses_after_half_an_hour(self) -> None:
        node = Node(SAID)
        node.hear("hydro/node_hello", HELLO)
        node.tell(Adopted(NODE, "welcome:1"))
        for _ in range(60):
            node.advance(30.0)
            node.beat(node.now.steady, LOST_HOME)
        assert node.state(1) is SENT

        node.advance(30.0)
        topics = [topic for topic, _ in node.taken()]
        assert topics.count(f"{LOST_HOME}/config") == 7
        assert topics.count(f"{LOST_HOME}/system/command") == 12
        assert node.state(1) is FAILED

    def test_is_ordered_once_however_often_it_says_hello(self) -> None:
        node = Node(SAID)
        node.tell(Adopted(NODE, "welcome:1"))
        node.tell(Adopted(NODE, "welcome:1"))
        for topic in ("hydro/node_hello", f"{LOST_HOME}/node_hello") * 3:
            node.hear(topic, HELLO)
        assert [topic for topic, _ in node.taken()] == [f"{LOST_HOME}/config"]

    def test_keeps_nothing_waiting(self) -> None:
        node = Node(SAID)
        node.hear("hydro/node_hello", HELLO)
        node.tell(Adopted(NODE, "welcome:1"))
        reboot = node.put("reboot", NODE)
        assert node.state(reboot) is SENT

    def test_is_asked_for_at_the_place_where_the_node_is_now(self) -> None:
        """Most nodes do not tell what they hold once they are bound."""
        node = Node(SAID)
        node.hear("hydro/node_hello", HELLO)
        node.tell(Adopted(NODE, "welcome:1"))
        node.taken()
        node.beat(1)
        assert node.site.nodes[NODE]["assigned"]
        node.advance(30.0)
        ((topic, payload),) = node.taken()
        assert topic == f"{HOME}/system/command"
        assert json.loads(payload)["cmd"] == "report_config"
        node.hear(f"{HOME}/config_report", {"node_id": "nd-ph-1", "channels": CHANNELS})
        assert node.state(1) is SUCCEEDED

    def test_is_not_done_by_what_it_holds_without_a_place(self) -> None:
        node = Node(SAID)
        node.hear("hydro/node_hello", HELLO)
        node.tell(Adopted(NODE, "welcome:1"))
        node.hear(f"{LOST_HOME}/config_report", {"channels": CHANNELS})
        assert node.state(1) is SENT


class TestANodeThatWasReset:
    @pytest.mark.parametrize(
        ("suffix", "content"), [("status", ONLINE), ("heartbeat", {"uptime": 1})]
    )
    def test_gets_its_configuration_again_without_a_person(
        self, node: Node, suffix: str, content: dict[str, Any]
    ) -> None:
        node.hear(f"{LOST_HOME}/{suffix}", content)
        assert [topic for topic, _ in node.taken()] == [f"{LOST_HOME}/config"]
        assert node.command(1).timeline[0].cause is Cause.NODE
        node.hear(f"{HOME}/config_report", {"channels": CHANNELS})
        assert node.state(1) is SUCCEEDED

    def test_gets_none_for_a_hello_whoever_says_it(self, node: Node) -> None:
        for topic in ("hydro/node_hello", "hydro/a/b/c/node_hello"):
            node.hear(topic, HELLO)
        assert node.taken() == []

    def test_gets_none_while_everything_is_paused(self, node: Node) -> None:
        node.pause()
        node.hear(f"{LOST_HOME}/status", ONLINE)
        assert node.taken() == []

    def test_gets_its_secret_no_more_than_once_in_five_minutes(
        self, node: Node
    ) -> None:
        for _ in range(9):
            node.hear(f"{LOST_HOME}/status", ONLINE)
            node.hear(f"{HOME}/config_report", {"channels": CHANNELS})
            node.advance(30.0)
        configurations = [
            topic for topic, _ in node.taken() if topic.endswith("config")
        ]
        assert len(configurations) == 1


def test_what_comes_late_is_not_calibrated_against(node: Node) -> None:
    """By then its sensor is back in other water."""
    node.hear(f"{HOME}/lwt", "offline")
    command = node.put("calibrate", NODE, channel="ph_sensor", stage=1, known_ph=7)
    node.advance(HOUR)
    node.beat(1)
    assert node.taken() == []
    assert node.state(command) is EXPIRED


def test_a_node_that_asks_for_the_time_is_told_past_what_waits(node: Node) -> None:
    dose(node)
    node.taken()
    node.hear("hydro/time/request", {})
    assert [topic for topic, _ in node.taken()] == ["hydro/time/response"]


def test_a_node_that_asks_no_more_is_told_the_time_when_it_refuses(node: Node) -> None:
    """It asks 40 times; a command would else be too early for it for ever."""
    command = dose(node)
    node.taken()
    node.answer(command, "ERROR", error_code="time_not_synced")
    assert [topic for topic, _ in node.taken()] == ["hydro/time/response"]


def test_nothing_is_told_while_the_station_is_paused(node: Node) -> None:
    node.pause()
    node.hear("hydro/time/request", {})
    assert node.taken() == []

    node.go_on()
    assert [topic for topic, _ in node.taken()] == ["hydro/time/response"]
