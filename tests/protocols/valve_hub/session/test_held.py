"""Lines of an earlier attempt that a hub still holds for a node that sleeps."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Forgot, Relay
from tests.engine.driver import DAY, HOUR, MINUTE
from tests.engine.hub import Hub

ACCEPTED, SUCCEEDED = CommandState.ACCEPTED, CommandState.SUCCEEDED


@pytest.fixture
def plan(hub: Hub) -> int:
    """Return a plan of two lines that the hub took for a node that then slept long."""
    plan = hub.plan(2)
    hub.take(plan, times=2)
    hub.advance(30 * MINUTE)
    hub.list_nodes()
    return plan


def ordered(hub: Hub, **params: Any) -> int:
    return hub.order("set_plan", "1", params={"slots": 2, **params})


def goes_on_holding(hub: Hub, seconds: float) -> None:
    """Let time pass in which the hub says at each inquiry that it holds the lines."""
    for _ in range(int(seconds / 2.5)):
        hub.tell(Relay())
        if hub.engine.session.asked:
            hub.holds("1", "set_plan", "set_plan")
        hub.advance(2.5)


class TestANewAttempt:
    def test_waits_while_the_hub_holds_lines_like_its_own(
        self, hub: Hub, plan: int
    ) -> None:
        hub.holds("1", "set_plan", "set_plan")

        assert hub.whys(plan) == [Why.STILL_HELD]
        assert hub.steps_sent(plan, "1") == [0, 1]

    def test_is_not_made_when_the_node_has_done_the_earlier_one(
        self, hub: Hub, plan: int
    ) -> None:
        hub.holds("1", "set_plan", "set_plan")
        hub.happens("slot 0")
        hub.happens("slot 1")
        hub.tell(Forgot())
        hub.list_nodes()
        hub.advance(DAY)

        assert hub.state(plan) is SUCCEEDED
        assert hub.steps_sent(plan, "1") == [0, 1]

    def test_is_made_once_the_hub_holds_them_no_longer(
        self, hub: Hub, plan: int
    ) -> None:
        hub.holds("1", "set_plan")
        hub.happens("slot 0")
        hub.holds("1")
        hub.take(plan)

        assert hub.steps_sent(plan, "1") == [0, 1, 0, 1]
        assert hub.delivery(plan, "1").ended == ()

    def test_does_not_wait_for_lines_of_another_kind(self, hub: Hub, plan: int) -> None:
        hub.holds("1", "open_valve", "set_datetime")

        assert hub.steps_sent(plan, "1") == [0, 1, 0]

    def test_is_asked_for_when_the_node_was_heard(self, hub: Hub, plan: int) -> None:
        hub.holds("1", "set_plan")
        hub.advance(20.0)
        asked = len(hub.inquired)
        hub.see("1")

        assert hub.inquired[asked:] == ["1"]
        assert hub.whys(plan) == [Why.UNANSWERED]

    def test_is_asked_for_once_a_minute_beside_that(self, hub: Hub, plan: int) -> None:
        goes_on_holding(hub, MINUTE)
        asked = len(hub.inquired)
        goes_on_holding(hub, 10 * MINUTE)

        assert hub.inquired[asked:].count("1") == 10
        assert hub.whys(plan) == [Why.STILL_HELD]

    def test_is_made_when_nobody_answers_three_times(self, hub: Hub, plan: int) -> None:
        hub.advance(14.5)
        assert hub.steps_sent(plan, "1") == [0, 1]

        hub.advance(0.5)
        assert hub.steps_sent(plan, "1") == [0, 1, 0]

    def test_is_asked_for_again_after_the_connection_was_lost(
        self, hub: Hub, plan: int
    ) -> None:
        hub.holds("1", "set_plan")
        hub.disconnect()
        hub.come_up()
        hub.holds("1")

        assert hub.steps_sent(plan, "1") == [0, 1, 0]

    def test_of_a_hub_that_forgot_does_not_wait_long(self, hub: Hub, plan: int) -> None:
        hub.holds("1", "set_plan")
        hub.tell(Forgot())
        hub.list_nodes()
        hub.holds("1")

        assert hub.steps_sent(plan, "1") == [0, 1, 0]

    def test_promise_4_ends_when_its_time_is_over(self, hub: Hub) -> None:
        plan = hub.plan(2, expires_in=HOUR)
        hub.take(plan, times=2)
        hub.advance(30 * MINUTE)
        hub.list_nodes()
        goes_on_holding(hub, 30 * MINUTE)

        assert hub.state(plan) is CommandState.FAILED
        assert hub.steps_sent(plan, "1") == [0, 1]


class TestAPlanThatReplacesAnother:
    def test_is_not_done_by_what_the_node_does_of_the_other(
        self, hub: Hub, plan: int
    ) -> None:
        newer = ordered(hub, hour=7)
        assert hub.state(plan) is CommandState.SUPERSEDED
        hub.holds("1", "set_plan", "set_plan")
        hub.happens("slot 0")
        hub.happens("slot 1")
        hub.holds("1")
        hub.take(newer, times=2)
        hub.tell(Forgot())
        hub.list_nodes()
        hub.holds("1")

        assert hub.steps_sent(newer, "1") == [0, 1, 0]
        assert hub.state(newer) is not SUCCEEDED

    def test_waits_where_the_other_failed_in_the_middle(self, hub: Hub) -> None:
        first = hub.plan(3)
        hub.take(first)
        hub.refuse()
        assert hub.state(first) is CommandState.REJECTED

        second = ordered(hub)
        hub.holds("1", "set_plan")
        assert hub.whys(second) == [Why.STILL_HELD]


class TestOthers:
    def test_a_command_of_one_line_asks_nothing(self, hub: Hub) -> None:
        hub.open(0)

        assert hub.inquired == [None]

    def test_go_on_while_a_new_attempt_waits(self, hub: Hub, plan: int) -> None:
        hub.holds("1", "set_plan")
        valve, close = hub.open(0), hub.close(1)
        hub.take(valve)
        hub.take(close)

        assert hub.state(valve) is hub.state(close) is ACCEPTED
        assert hub.whys(plan) == [Why.STILL_HELD]

    def test_a_close_of_several_lines_would_not_wait(self, hub: Hub) -> None:
        close = hub.close(0)
        command = hub.command(close)
        assert hub.engine.session.in_the_way(command, "1", hub.now) is None
