"""What is shown of the plan: the next date that is to happen, and what is overdue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.effects import Changed
from custom_components.mqtt_dispatch.engine.model.events import (
    Cancel,
    Enqueue,
    PausePlan,
    PutMeal,
    RemoveMeal,
    ResumePlan,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import Became
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.view import StationView, view
from tests.engine.driver import DAY, HOUR, NOON, Driver

from .meal_samples import a_meal

TODAY = date(2026, 7, 20)


@pytest.fixture
def driver() -> Driver:
    """A station with a meal an hour from now, each day."""
    driver = Driver()
    driver.tell(PutMeal(a_meal("13:00", meal_id="1")))
    return driver


def shown(driver: Driver) -> StationView:
    return view(driver.engine, driver.now)


def next_meal(driver: Driver) -> str | None:
    upcoming = shown(driver).next_meal
    return None if upcoming is None else upcoming.nominal


def test_the_next_meal_is_the_next_that_is_not_skipped(driver: Driver) -> None:
    driver.tell(PutMeal(a_meal("14:00", meal_id="2")))
    assert next_meal(driver) == "2026-07-20T13:00"
    driver.tell(SkipMeal("1"))
    assert next_meal(driver) == "2026-07-20T14:00"
    driver.tell(SkipMeal("2", until=TODAY + timedelta(days=3)))
    assert next_meal(driver) == "2026-07-21T13:00"


def test_the_next_meal_is_after_a_pause_that_ends_and_none_in_one_that_does_not(
    driver: Driver,
) -> None:
    driver.tell(PausePlan(until=NOON + 2 * DAY + HOUR, reason="away"))
    assert next_meal(driver) == "2026-07-22T13:00"
    driver.tell(PausePlan())
    assert next_meal(driver) is None
    driver.tell(ResumePlan())
    assert next_meal(driver) == "2026-07-20T13:00"


def test_the_end_of_a_pause_of_the_plan_is_looked_at(driver: Driver) -> None:
    driver.tell(PausePlan(until=NOON + 600))
    assert shown(driver).plan_pause is not None
    looks = driver.engine.looks

    driver.advance(601)

    assert driver.engine.looks > looks
    assert shown(driver).plan_pause is None


def test_what_is_taken_off_the_next_meal_and_given_back_is_shown(
    driver: Driver,
) -> None:
    order = Enqueue(
        kind="feed",
        params={"portions": 1},
        nodes=("1", "2"),
        cause=Cause.ACTION,
        off_next_meal=True,
    )
    driver.tell(order)
    upcoming = shown(driver).next_meal
    assert upcoming is not None
    assert upcoming.params == {"portions": 1}

    (command_id,) = driver.engine.ledger.open
    driver.tell(Cancel(command_id))

    upcoming = shown(driver).next_meal
    assert upcoming is not None
    assert upcoming.params == {"portions": 2}


def test_an_overdue_meal_is_shown_with_what_its_command_waits_for(
    driver: Driver,
) -> None:
    assert shown(driver).overdue == ()
    driver.advance(1.5 * HOUR)

    (overdue,) = shown(driver).overdue

    assert overdue.date.nominal == "2026-07-20T13:00"
    assert overdue.expected_by == NOON + 1.5 * HOUR
    assert overdue.params == {"portions": 2}
    assert overdue.command is not None
    assert overdue.command.state is CommandState.QUEUED
    assert [reason.why for reason in overdue.waits_for] == [Why.DISCONNECTED]
    driver.tell(RemoveMeal("1"))
    assert shown(driver).overdue == ()


def outcome(driver: Driver) -> Became | None:
    """Return what the last change made of its date."""
    return driver.engine.plan.became(driver.told[-1])


def test_a_change_tells_what_became_of_a_date_once_it_is_final(driver: Driver) -> None:
    driver.advance(HOUR)
    assert outcome(driver) is None
    (command_id,) = driver.engine.ledger.open
    driver.tell(Cancel(command_id, "Anna"))
    assert outcome(driver) is Became.SKIPPED


def test_what_was_ordered_for_a_date_that_moved_says_nothing_of_it(
    driver: Driver,
) -> None:
    driver.advance(HOUR)
    driver.tell(PutMeal(a_meal("13:10", meal_id="1")))
    assert driver.told[-1].state is CommandState.CANCELLED
    assert outcome(driver) is None


def test_a_feed_by_hand_and_a_command_that_is_gone_are_no_date(driver: Driver) -> None:
    order = Enqueue(
        kind="feed", params={"portions": 1}, nodes=("1", "2"), cause=Cause.ACTION
    )
    driver.tell(order)
    (command_id,) = driver.engine.ledger.open
    driver.tell(Cancel(command_id))
    assert outcome(driver) is None
    gone = Changed(999, CommandState.SUCCEEDED, NOON, Cause.NODE)
    assert driver.engine.plan.became(gone) is None
