"""Nodes that restart, are reset, or are bound to a place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import Adopted

from .playing import Node
from .samples import CHANNELS, HOME, NODE, SAID

LOST_HOME = f"hydro/gh-temp/zn-temp/{NODE}"
HELLO = {"message_type": "node_hello", "hardware_id": NODE}
ONLINE = {"status": "ONLINE"}
SENT = CommandState.SENT
SUCCEEDED = CommandState.SUCCEEDED
FAILED = CommandState.FAILED


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
