"""A greenhouse node on the wire, with the engine behind it."""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import hmac
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.events import Adopted
from custom_components.mqtt_dispatch.engine.model import Cause, CommandState
from custom_components.mqtt_dispatch.engine.readiness import Why
from tests.engine.driver import HOUR, MINUTE

from ..played import Played
from .samples import FIELDS, HOME, NODE, SAID, SECRET

LOST_HOME = f"hydro/gh-temp/zn-temp/{NODE}"
OLD_HOME = "hydro/gh-1/zn-9/nd-ph-1"
HELLO = {"message_type": "node_hello", "hardware_id": NODE}
ONLINE = {"status": "ONLINE", "ts": 1}
QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
ACCEPTED, SUCCEEDED = CommandState.ACCEPTED, CommandState.SUCCEEDED
FAILED, EXPIRED = CommandState.FAILED, CommandState.EXPIRED
UNCONFIRMED = CommandState.UNCONFIRMED


class Node(Played):
    """One node that answers nothing by itself."""

    def __init__(self, said: Mapping[str, Any] = FIELDS) -> None:
        super().__init__("greenhouse", {NODE: said})

    def beat(self, uptime: float, home: str = HOME) -> None:
        self.hear(f"{home}/heartbeat", {"uptime": uptime})

    def answer(self, command_id: int, status: str, channel: str = "doser") -> None:
        answer = {"cmd_id": f"md-{command_id}", "status": status, "ts": 1}
        self.hear(f"{HOME}/{channel}/command_response", answer)

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
    return node.put("dose", NODE, channel="doser", ml=0.1)


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
    messages = [json.loads(payload) for _, payload in node.taken()]
    assert len(messages) == 3
    assert {message["cmd_id"] for message in messages} == {"md-1"}
    first = messages[0]["ts"]
    assert [message["ts"] - first for message in messages] == [0, 30, 60]
    assert [message["sig"] for message in messages] == [*map(sign, messages)]


def test_nothing_is_sent_again_that_the_node_may_have_forgotten(node: Node) -> None:
    """Three attempts are soon over; one that waits for the node is not."""
    command = dose(node)
    assert len(node.taken()) == 1
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
    assert len(node.taken()) == 1
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
    assert len(node.taken()) == 30
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


def test_an_ack_of_old_firmware_is_the_end() -> None:
    node = Node(FIELDS | {"ack_means_done": True, "secret": None})
    node.beat(1)
    command = dose(node)
    node.answer(command, "ACK")
    assert node.state(command) is SUCCEEDED
    ((_, payload),) = node.taken()
    assert json.loads(payload) == {
        "cmd": "dose",
        "cmd_id": "md-1",
        "params": {"ml": 0.1},
    }


def test_an_answer_for_an_unknown_id_is_only_counted(node: Node) -> None:
    command = dose(node)
    node.answer(999, "DONE")
    assert node.state(command) is SENT
    assert node.engine.answers.uncredited == {"foreign": 1}


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
    def test_is_told_six_times_and_lapses_after_half_an_hour(self) -> None:
        node = Node(SAID)
        node.hear("hydro/node_hello", HELLO)
        node.tell(Adopted(NODE, "welcome:1"))
        for _ in range(60):
            node.advance(30.0)
            node.beat(node.now.steady, LOST_HOME)
        assert [topic for topic, _ in node.taken()] == [f"{LOST_HOME}/config"] * 6
        assert node.state(1) is FAILED

    def test_is_ordered_once_however_often_it_says_hello(self) -> None:
        node = Node(SAID)
        node.tell(Adopted(NODE, "welcome:1"))
        node.tell(Adopted(NODE, "welcome:1"))
        for topic in ("hydro/node_hello", f"{LOST_HOME}/node_hello") * 3:
            node.hear(topic, HELLO)
        assert [topic for topic, _ in node.taken()] == [f"{LOST_HOME}/config"]

    @pytest.mark.parametrize("told", ["config_report", "config_response"])
    def test_is_done_when_the_node_tells_it_from_its_place(self, told: str) -> None:
        node = Node(SAID)
        node.hear("hydro/node_hello", HELLO)
        node.tell(Adopted(NODE, "welcome:1"))
        node.hear(f"{LOST_HOME}/config_response", {"status": "OK"})
        assert node.state(1) is ACCEPTED
        node.hear(f"{HOME}/{told}", {"status": "OK", "node_id": "nd-ph-1"})
        assert node.state(1) is SUCCEEDED

    def test_reaches_a_node_that_was_removed_where_it_said_hello(self) -> None:
        node = Node(SAID)
        node.beat(1, OLD_HOME)
        assert not node.engine.statuses[NODE].heard
        node.hear(f"{OLD_HOME}/node_hello", HELLO)
        node.tell(Adopted(NODE, "welcome:2"))
        assert [topic for topic, _ in node.taken()] == [f"{OLD_HOME}/config"]
        node.hear(f"{OLD_HOME}/config_response", {"status": "ERROR"})
        assert node.state(1) is FAILED


class TestANodeThatWasReset:
    @pytest.mark.parametrize(
        ("suffix", "content"),
        [("node_hello", HELLO), ("status", ONLINE), ("heartbeat", {"uptime": 1})],
    )
    def test_gets_its_configuration_again_without_a_person(
        self, node: Node, suffix: str, content: dict[str, Any]
    ) -> None:
        node.hear(f"{LOST_HOME}/{suffix}", content)
        assert [topic for topic, _ in node.taken()] == [f"{LOST_HOME}/config"]
        assert node.command(1).timeline[0].cause is Cause.NODE
        node.hear(f"{HOME}/config_report", {})
        assert node.state(1) is SUCCEEDED

    def test_gets_it_though_it_says_hello_where_all_do(self, node: Node) -> None:
        node.hear("hydro/node_hello", HELLO)
        assert [topic for topic, _ in node.taken()] == [f"{LOST_HOME}/config"]
        assert not node.engine.book.open

    def test_lapses_and_is_tried_anew_when_it_connects_anew(self, node: Node) -> None:
        node.beat(1, LOST_HOME)
        for _ in range(120):
            node.advance(30.0)
            node.beat(node.now.steady, LOST_HOME)
        assert node.state(1) is FAILED
        assert len(node.taken()) == 6
        node.hear(f"{LOST_HOME}/status", ONLINE)
        assert len(node.taken()) == 1


def test_what_comes_late_is_not_calibrated_against(node: Node) -> None:
    """By then its sensor is back in other water."""
    node.hear(f"{HOME}/lwt", "offline")
    command = node.put("calibrate", NODE, channel="ph_sensor", params={"point": 7})
    node.advance(HOUR)
    node.beat(1)
    assert node.taken() == []
    assert node.state(command) is EXPIRED


def test_a_node_that_asks_for_the_time_is_told_past_what_waits(node: Node) -> None:
    dose(node)
    node.taken()
    node.hear("hydro/time/request", {})
    assert [topic for topic, _ in node.taken()] == ["hydro/time/response"]


def test_nothing_is_told_while_the_station_is_paused(node: Node) -> None:
    node.pause()
    node.hear("hydro/time/request", {})
    assert node.taken() == []

    node.go_on()
    assert [topic for topic, _ in node.taken()] == ["hydro/time/response"]
