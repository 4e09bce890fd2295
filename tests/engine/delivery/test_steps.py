"""Commands of several messages: one after the other, each taken before the next."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import Finish, Refused
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Busy,
    Done,
    Failed,
    Readings,
    Rejected,
)
from custom_components.mqtt_dispatch.engine.model.step import Step
from tests.engine.driver import DAY, HOUR, Driver, Writes, a_station, policies

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED


def as_many_as_told(
    command: Command, _node: str, readings: Readings
) -> tuple[Step, ...]:
    """Three messages, or one where the node says that it knows no more."""
    if readings.get("fw") == "old":
        return (Step(),)
    return (Step(),) * int(command.params.get("steps", 3))


def a_driver(**numbers: Any) -> Driver:
    rules = policies(
        set_schedule={"done_timeout": 60.0}, operate={"done_timeout": 60.0}, ping={}
    )
    driver = Driver(
        a_station(policies=rules, words={"steps": as_many_as_told}, **numbers)
    )
    driver.all_ready()
    return driver


@pytest.fixture
def feeder() -> Driver:
    """Return a station whose commands are made of three messages."""
    return a_driver()


def take(driver: Driver, command_id: int, *steps: int, node: str = "1") -> None:
    for step in steps:
        driver.tell(Accepted(node, command_id, step))


def do(driver: Driver, command_id: int, *steps: int, node: str = "1") -> None:
    for step in steps:
        driver.tell(Done(node, command_id, step))


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


def test_a_resend_begins_with_the_first_step(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.advance(30.0)
    assert feeder.steps_sent(plan, "1") == [0, 1, 0]

    take(feeder, plan, 0, 1)
    assert feeder.steps_sent(plan, "1") == [0, 1, 0, 1, 2]


def test_an_answer_just_before_the_resend_goes_on_instead(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.advance(29.5)
    take(feeder, plan, 1)
    feeder.advance(5.0)

    assert feeder.steps_sent(plan, "1") == [0, 1, 2]


def test_what_was_done_of_an_earlier_attempt_is_asked_for_again(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0, 1, 2)
    do(feeder, plan, 0, 1)
    feeder.advance(60.0)
    take(feeder, plan, 0, 1, 2)
    do(feeder, plan, 2)
    assert feeder.state(plan) is ACCEPTED

    do(feeder, plan, 0, 1)
    assert feeder.state(plan) is SUCCEEDED


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


# Class once


def test_once_goes_through_all_its_steps_though_its_node_drops_no_repeats(
    feeder: Driver,
) -> None:
    operate = feeder.order("operate", "1")
    take(feeder, operate, 0, 1, 2)
    do(feeder, operate, 0, 1, 2)

    assert feeder.steps_sent(operate, "1") == [0, 1, 2]
    assert feeder.state(operate) is SUCCEEDED


def test_promise_2_once_with_a_step_that_is_not_answered_is_in_doubt(
    feeder: Driver,
) -> None:
    operate = feeder.order("operate", "1")
    take(feeder, operate, 0)
    feeder.advance(HOUR)

    assert feeder.state(operate) is CommandState.UNCONFIRMED
    assert feeder.steps_sent(operate, "1") == [0, 1]


def test_in_doubt_it_begins_anew_when_a_person_has_it_sent_again(
    feeder: Driver,
) -> None:
    operate = feeder.order("operate", "1")
    take(feeder, operate, 0)
    feeder.advance(HOUR)
    feeder.resolve(operate, Outcome.RESEND)
    assert feeder.steps_sent(operate, "1") == [0, 1, 0]

    take(feeder, operate, 0)
    assert feeder.steps_sent(operate, "1") == [0, 1, 0, 1]


def test_in_doubt_a_step_that_is_done_late_does_not_settle_all_of_it(
    feeder: Driver,
) -> None:
    operate = feeder.order("operate", "1")
    take(feeder, operate, 0)
    feeder.advance(HOUR)
    do(feeder, operate, 0)

    assert feeder.state(operate) is CommandState.UNCONFIRMED


# A busy node


def test_a_node_busy_with_a_later_step_gets_that_step_again_and_no_other(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.tell(Busy("1", plan, step=1))
    feeder.advance(29.5)
    assert feeder.steps_sent(plan, "1") == [0, 1]
    assert feeder.whys(plan) == [Why.BUSY]

    feeder.advance(0.5)
    assert feeder.steps_sent(plan, "1") == [0, 1, 1]
    assert feeder.delivery(plan, "1").attempts == 1


def test_promise_4_a_node_busy_with_a_step_for_ever_ends_when_its_time_is_over(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1", expires_in=HOUR)
    take(feeder, plan, 0)
    for _ in range(200):
        feeder.tell(Busy("1", plan, step=1))
        feeder.advance(30.0)

    assert feeder.state(plan) is FAILED
    assert feeder.causes(plan)[-1] is Cause.OUT_OF_TIME


def test_busy_for_a_step_that_was_taken_changes_nothing(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.tell(Busy("1", plan, step=0))
    take(feeder, plan, 1)

    assert feeder.steps_sent(plan, "1") == [0, 1, 2]


# Restarts and the disk


def test_a_restart_in_the_middle_of_the_steps_begins_anew(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.crash()
    feeder.all_ready()
    feeder.advance(30.0)

    assert feeder.steps_sent(plan, "1") == [0, 1, 0]


def test_promise_2_a_restart_in_the_middle_of_the_steps_of_once_puts_it_in_doubt(
    feeder: Driver,
) -> None:
    operate = feeder.order("operate", "1")
    take(feeder, operate, 0)
    feeder.crash()
    feeder.all_ready()
    feeder.advance(HOUR)

    assert feeder.state(operate) is CommandState.UNCONFIRMED
    assert feeder.steps_sent(operate, "1") == [0, 1]


def test_after_a_restart_the_answer_to_the_latest_step_still_counts(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    do(feeder, plan, 0)
    feeder.crash()
    feeder.all_ready()
    take(feeder, plan, 1, 2)
    do(feeder, plan, 1, 2)

    assert feeder.steps_sent(plan, "1") == [0, 1, 2]
    assert feeder.state(plan) is SUCCEEDED


def test_a_node_that_knows_other_steps_now_gets_them_from_the_first(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1")
    feeder.ready("1", readings={"fw": "old"})
    take(feeder, plan, 0)
    assert feeder.steps_sent(plan, "1") == [0, 0]

    take(feeder, plan, 0)
    do(feeder, plan, 0)
    assert feeder.state(plan) is SUCCEEDED


def test_a_step_that_could_not_be_recorded_goes_when_it_can(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    feeder.writes = Writes.FAIL
    take(feeder, plan, 0)
    assert feeder.steps_sent(plan, "1") == [0]
    assert feeder.whys(plan) == [Why.STORAGE]

    feeder.writes = Writes.AT_ONCE
    feeder.advance(30.0)
    assert feeder.steps_sent(plan, "1") == [0, 1]
    assert feeder.delivery(plan, "1").attempts == 1


def test_promise_4_a_disk_that_stays_full_does_not_keep_steps_for_ever(
    feeder: Driver,
) -> None:
    operate = feeder.order("operate", "1")
    feeder.writes = Writes.FAIL
    take(feeder, operate, 0)
    feeder.advance(DAY)

    assert feeder.state(operate) is CommandState.UNCONFIRMED
    assert feeder.steps_sent(operate, "1") == [0]


def test_a_step_that_did_not_leave_goes_again_and_costs_nothing(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    feeder.not_published(plan, "1")
    feeder.advance(5.0)

    assert feeder.steps_sent(plan, "1") == [0, 1, 1]
    assert feeder.delivery(plan, "1").attempts == 1


# What people decide


def test_in_the_middle_of_its_steps_it_cannot_be_cancelled(feeder: Driver) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)

    with pytest.raises(Refused, match="already_sent"):
        feeder.cancel(plan)


def test_to_finish_one_that_failed_begins_with_the_first_step_where_it_failed(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1", "2")
    take(feeder, plan, 0, 1, 2, node="2")
    do(feeder, plan, 0, 1, 2, node="2")
    take(feeder, plan, 0)
    feeder.tell(Failed("1", plan, "jam", step=0))
    feeder.tell(Finish(plan))
    rest = plan + 1

    assert feeder.deliveries(rest) == [DeliveryState.SENT, DeliveryState.DONE]
    assert feeder.steps_sent(rest, "1") == [0]
    assert feeder.steps_sent(rest, "2") == []


def test_a_newer_one_replaces_it_only_when_no_answer_is_waited_for(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1")
    take(feeder, plan, 0)
    newer = feeder.order("set_schedule", "1")
    feeder.advance(9.5)
    assert feeder.state(plan) is SENT

    feeder.advance(20.5)
    assert feeder.state(plan) is CommandState.SUPERSEDED
    assert feeder.steps_sent(newer, "1") == [0]


def refuse_the_second_step(driver: Driver, command_id: int) -> None:
    """Have a step fail, by which the node tells that it knows one step alone."""
    take(driver, command_id, 0)
    told = {"fw": "old"}
    driver.tell(Failed("1", command_id, "what?", step=1, readings=told))


def test_what_fails_in_steps_that_a_node_does_not_know_is_tried_in_others(
    feeder: Driver,
) -> None:
    plan = feeder.order("set_schedule", "1")
    refuse_the_second_step(feeder, plan)
    assert feeder.state(plan) is SENT
    assert feeder.command(plan).timeline[-1].detail == "what?"
    assert feeder.steps_sent(plan, "1") == [0, 1]

    feeder.advance(30.0)
    assert feeder.steps_sent(plan, "1") == [0, 1, 0]
    feeder.tell(Failed("1", plan, "no", step=0, readings={"fw": "old"}))
    assert feeder.state(plan) is FAILED


def test_what_must_happen_once_is_not_tried_in_other_steps(feeder: Driver) -> None:
    operate = feeder.order("operate", "1")
    refuse_the_second_step(feeder, operate)
    assert feeder.state(operate) is FAILED


def test_what_fails_in_its_last_attempt_is_not_tried_in_other_steps() -> None:
    rules = policies(set_schedule={"attempts": 1})
    driver = Driver(a_station(policies=rules, words={"steps": as_many_as_told}))
    driver.all_ready()
    plan = driver.order("set_schedule", "1")
    refuse_the_second_step(driver, plan)
    assert driver.state(plan) is FAILED
