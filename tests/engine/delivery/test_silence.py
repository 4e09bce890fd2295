"""Nodes that need not answer: what their silence means, and what other signs show."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Readings,
)
from custom_components.mqtt_dispatch.engine.model.step import Silence, Step
from tests.engine.driver import MINUTE, Driver, Writes, a_station, policies

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
SHARED = frozenset({"refusal"})


def step_of(command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    return (Step(frozenset({"ack"}), frozenset({command.kind}), failed_on=SHARED),)


class Quiet(Driver):
    """Drives one node that answers nothing by itself."""

    def __init__(self, **rules: dict[str, Any]) -> None:
        super().__init__(
            a_station(
                nodes=("1",),
                policies=policies(**rules),
                words={"steps": step_of},
                at_once=5,
            )
        )
        self.connect()
        self.see("1", online=True)


TOLD = {"silence": Silence.DONE, "accept_timeout": 2.0}
TAKEN = {"silence": Silence.TAKEN, "accept_timeout": 2.0}


class TestSilence:
    def test_means_doubt_where_nothing_else_is_said(self) -> None:
        node = Quiet(query={"accept_timeout": 2.0})
        query = node.order("query", "1")
        node.advance(2.0)

        assert node.state(query) is SENT
        assert Cause.ACCEPT_TIMEOUT in node.causes(query)

    def test_means_done_where_being_told_is_all(self) -> None:
        node = Quiet(update_config=TOLD)
        config = node.order("update_config", "1")
        node.advance(1.5)
        assert node.state(config) is SENT

        node.advance(0.5)
        assert node.state(config) is SUCCEEDED
        assert Cause.TOLD in node.causes(config)

    def test_means_taken_where_another_sign_will_show_it(self) -> None:
        node = Quiet(reboot=TAKEN)
        reboot = node.order("reboot", "1")
        node.advance(2.0)
        assert node.state(reboot) is ACCEPTED

        node.tell(Done("1", subject="reboot"))
        assert node.state(reboot) is SUCCEEDED

    def test_says_nothing_once_the_connection_was_lost(self) -> None:
        node = Quiet(update_config=TOLD)
        config = node.order("update_config", "1")
        node.disconnect()
        node.advance(2.0)

        assert node.state(config) is SENT

    def test_says_nothing_of_what_was_sent_before_a_restart(self) -> None:
        """Nobody knows then whether it was published."""
        node = Quiet(update_config=TOLD)
        config = node.order("update_config", "1")
        node.crash()
        node.connect()
        node.advance(2.0)

        assert node.state(config) is SENT

    def test_says_nothing_of_what_did_not_leave(self) -> None:
        node = Quiet(update_config=TOLD)
        config = node.order("update_config", "1")
        node.not_published(config, "1")
        node.advance(2.0)

        assert node.state(config) is not SUCCEEDED

    def test_says_nothing_of_what_is_not_on_disk(self) -> None:
        node = Quiet(update_config=TOLD)
        node.writes = Writes.WHEN_TOLD
        config = node.order("update_config", "1")
        node.advance(2.0)

        assert node.state(config) is not SUCCEEDED

    def test_is_broken_by_an_answer(self) -> None:
        node = Quiet(update_config=TOLD)
        config = node.order("update_config", "1")
        node.tell(Failed("1", subject="refusal", reason="no"))

        assert node.state(config) is FAILED


class TestAnyMessage:
    def test_shows_that_a_ping_came(self) -> None:
        node = Quiet(ping={**TAKEN, "done_by_any_message": True})
        ping = node.order("ping", "1")
        node.advance(MINUTE)
        assert node.state(ping) is ACCEPTED

        node.see("1")
        assert node.state(ping) is SUCCEEDED

    def test_that_is_retained_shows_nothing(self) -> None:
        node = Quiet(ping={**TAKEN, "done_by_any_message": True})
        ping = node.order("ping", "1")
        node.see("1", live=False)

        assert node.state(ping) is SENT


class TestSeveralAtANode:
    def test_follow_when_one_was_taken(self) -> None:
        node = Quiet(reboot=TAKEN, update_config=TOLD)
        node.order("reboot", "1")
        config = node.order("update_config", "1")
        assert node.times_published(config, "1") == 0

        node.advance(2.0)
        assert node.times_published(config, "1") == 1

    def test_do_not_follow_one_that_it_works_on_alone(self) -> None:
        node = Quiet(capture_image={"alone": True}, update_config=TOLD)
        capture = node.order("capture_image", "1")
        config = node.order("update_config", "1")
        node.tell(Accepted("1", subject="ack"))
        assert node.state(capture) is ACCEPTED
        assert node.times_published(config, "1") == 0

        node.tell(Done("1", subject="capture_image"))
        assert node.times_published(config, "1") == 1

    @pytest.mark.parametrize("kind", ["reboot", "update_config"])
    def test_are_not_failed_by_what_may_speak_of_either(self, kind: str) -> None:
        node = Quiet(reboot=TAKEN, update_config=TAKEN)
        orders = {each: node.order(each, "1") for each in ("reboot", "update_config")}
        node.advance(2.0)
        node.tell(Failed("1", subject="refusal", reason="no"))

        assert node.state(orders[kind]).in_flight
