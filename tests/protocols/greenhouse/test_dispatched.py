"""A greenhouse node on the wire, with the engine behind it."""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import hmac
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.driver import HOUR, MINUTE

from .playing import Node, dose
from .samples import HOME, NODE, SECRET

HELLO = {"message_type": "node_hello", "hardware_id": NODE}
ONLINE = {"status": "ONLINE"}
QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
ACCEPTED, SUCCEEDED = CommandState.ACCEPTED, CommandState.SUCCEEDED
FAILED, EXPIRED = CommandState.FAILED, CommandState.EXPIRED
UNCONFIRMED = CommandState.UNCONFIRMED


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
