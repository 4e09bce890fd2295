"""Commands of several messages that are interrupted: begun anew, in doubt, or ended."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import Finish, Refused
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Busy, Failed
from tests.engine.delivery.stepped import as_many_as_told, do, take
from tests.engine.driver import DAY, HOUR, Driver, Writes, a_station, policies

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED


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
