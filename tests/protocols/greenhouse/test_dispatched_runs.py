"""What runs for a time, and what stops it."""

from __future__ import annotations

import json

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    Outcome,
)
from tests.engine.driver import HOUR, MINUTE

from .playing import Node
from .samples import FIELDS, HOME, NODE

ONLINE = {"status": "ONLINE"}
SENT = CommandState.SENT
ACCEPTED, SUCCEEDED = CommandState.ACCEPTED, CommandState.SUCCEEDED
FAILED = CommandState.FAILED
UNCONFIRMED = CommandState.UNCONFIRMED


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
