"""Commands of several messages: one after the other, each taken before the next."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Failed,
    Rejected,
)
from tests.engine.delivery.stepped import a_driver, do, take
from tests.engine.driver import HOUR, Driver, Writes

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED


def test_a_step_goes_when_the_one_before_is_taken(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    assert feeder.steps_sent(plan, "1") == [0]

    take(feeder, plan, 0)
    assert feeder.steps_sent(plan, "1") == [0, 1]
    take(feeder, plan, 1)
    assert feeder.steps_sent(plan, "1") == [0, 1, 2]


def test_a_step_that_is_taken_twice_sends_the_next_one_once(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0, 0)

    assert feeder.steps_sent(plan, "1") == [0, 1]


def test_an_answer_to_a_step_that_was_never_sent_moves_nothing(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 2)
    do(feeder, plan, 1)

    assert feeder.steps_sent(plan, "1") == [0]
    assert feeder.state(plan) is SENT


def test_it_is_accepted_when_its_last_step_is_taken(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0, 1)
    assert feeder.state(plan) is SENT

    take(feeder, plan, 2)
    assert feeder.state(plan) is ACCEPTED


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0, 0, 2)])
def test_it_succeeds_when_every_step_is_done_in_whatever_order(
    feeder: Driver, order: tuple[int, ...]
) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0, 1, 2)
    do(feeder, plan, *order[:-1])
    assert feeder.state(plan) is ACCEPTED

    do(feeder, plan, order[-1])
    assert feeder.state(plan) is SUCCEEDED


def test_done_without_taken_counts_as_both_for_a_step(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    do(feeder, plan, 0, 1, 2)

    assert feeder.steps_sent(plan, "1") == [0, 1, 2]
    assert feeder.state(plan) is SUCCEEDED


def test_an_earlier_step_that_is_done_does_not_answer_for_the_latest(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    do(feeder, plan, 0)
    feeder.advance(10.0)
    assert Cause.ACCEPT_TIMEOUT in feeder.causes(plan)

    feeder.advance(20.0)
    assert feeder.steps_sent(plan, "1") == [0, 1, 0]


def test_what_is_done_while_the_next_step_is_being_recorded_counts(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1")
    feeder.writes = Writes.WHEN_TOLD
    take(feeder, plan, 0)
    do(feeder, plan, 0)
    feeder.writes = Writes.AT_ONCE
    feeder.commit()
    take(feeder, plan, 1, 2)
    do(feeder, plan, 1, 2)

    assert feeder.state(plan) is SUCCEEDED


@pytest.mark.parametrize("answer", [Accepted, Rejected, Busy])
def test_no_answer_speaks_of_a_step_that_is_only_being_recorded(
    feeder: Driver, answer: Any
) -> None:
    plan = feeder.order("set_schedule", "1")
    feeder.writes = Writes.WHEN_TOLD
    take(feeder, plan, 0)
    feeder.tell(answer("1", plan, step=1))
    feeder.writes = Writes.AT_ONCE
    feeder.commit()

    assert feeder.state(plan) is SENT
    assert feeder.steps_sent(plan, "1") == [0, 1]


def test_promise_1_no_step_goes_before_it_is_recorded(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    feeder.writes = Writes.WHEN_TOLD
    take(feeder, plan, 0)
    assert feeder.steps_sent(plan, "1") == [0]

    feeder.commit()
    stored = feeder.disk.command(plan)
    assert stored is not None
    assert stored.deliveries[0].step == 1
    assert feeder.steps_sent(plan, "1") == [0, 1]


def test_a_refused_step_ends_it_and_no_other_is_sent(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.tell(Rejected("1", plan, "no", step=1))
    feeder.advance(HOUR)

    assert feeder.state(plan) is CommandState.REJECTED
    assert feeder.steps_sent(plan, "1") == [0, 1]


def test_a_refusal_of_a_step_that_was_taken_changes_nothing(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.tell(Rejected("1", plan, "no", step=0))

    assert feeder.state(plan) is SENT


def test_a_step_that_fails_later_fails_it_all(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0, 1)
    feeder.tell(Failed("1", plan, "full", step=0))

    assert feeder.state(plan) is FAILED
    assert feeder.delivery(plan, "1").reason == "full"


def test_at_most_a_window_of_steps_is_taken_and_not_done() -> None:
    feeder = a_driver(step_window=2)
    plan = feeder.order("set_schedule", "1", params={"steps": 4})
    take(feeder, plan, 0, 1)
    assert feeder.steps_sent(plan, "1") == [0, 1]

    do(feeder, plan, 0)
    assert feeder.steps_sent(plan, "1") == [0, 1, 2]


def test_a_window_that_never_opens_ends_with_the_done_timeout() -> None:
    feeder = a_driver(step_window=1)
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.advance(59.5)
    assert feeder.steps_sent(plan, "1") == [0]

    feeder.advance(0.5)
    assert feeder.steps_sent(plan, "1") == [0, 0]
    feeder.advance(HOUR)
    assert feeder.state(plan) is FAILED


def test_a_done_timeout_in_the_middle_sends_no_later_step_before_the_first() -> None:
    feeder = a_driver(step_window=1)
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.reporting = ("2",)
    feeder.see("1", online=False)
    feeder.advance(61.0)
    do(feeder, plan, 0)
    feeder.ready("1")

    assert feeder.steps_sent(plan, "1") == [0, 1]
    assert feeder.delivery(plan, "1").attempts == 1


def test_each_node_goes_on_at_its_own_pace(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1", "2")
    take(feeder, plan, 0, 1, node="2")

    assert feeder.steps_sent(plan, "1") == [0]
    assert feeder.steps_sent(plan, "2") == [0, 1, 2]


def test_promise_5_a_step_that_waits_for_its_node_says_so(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    feeder.reporting = ("2",)
    feeder.see("1", online=False)
    take(feeder, plan, 0)
    assert feeder.whys(plan) == [Why.OFFLINE]

    feeder.ready("1")
    assert feeder.steps_sent(plan, "1") == [0, 1]


def test_promise_4_a_step_that_waits_for_its_node_waits_no_longer_than_the_command(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1", expires_in=40.0)
    feeder.reporting = ("2",)
    feeder.see("1", online=False)
    take(feeder, plan, 0)
    feeder.advance(40.0)

    assert feeder.state(plan) is FAILED
    assert feeder.causes(plan)[-1] is Cause.OUT_OF_TIME
