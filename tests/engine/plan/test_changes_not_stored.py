"""A change of the plan that could not be stored: the meal is fed as if nobody had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    CommitFailed,
    Committed,
    Dispatching,
    Event,
    PausePlan,
    PutMeal,
    RemoveMeal,
    ResumePlan,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import Became, Meal
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from custom_components.mqtt_dispatch.engine.plan.skipping import with_override
from tests.engine.driver import HOUR, MINUTE, Driver, Writes, a_station
from tests.engine.plan.planned import all_of, dates, overdue, put

TODAY = "2026-07-20T13:00"
MONDAY = date(2026, 7, 20)
type Change = Callable[[Meal], Event]

CHANGES: dict[str, Change] = {
    "removed": lambda meal: RemoveMeal(meal.id),
    "disabled": lambda meal: PutMeal(replace(meal, enabled=False)),
    "on other days": lambda meal: PutMeal(
        replace(meal, rule=new_rule(time="13:00", weekdays=["tue"]))
    ),
    "earlier": lambda meal: PutMeal(replace(meal, rule=new_rule(time="08:00"))),
    "later": lambda meal: PutMeal(replace(meal, rule=new_rule(time="20:00"))),
    "skipped": lambda meal: SkipMeal(meal.id, MONDAY),
    "paused": lambda _: PausePlan(None, "on holiday"),
}
of_any_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


def fails(driver: Driver, change: Change, meal: str, lasts: float) -> None:
    """Change a meal; that it could not be stored shows in a while."""
    driver.writes = Writes.WHEN_TOLD
    driver.tell(change(driver.engine.ledger.meals[meal]))
    driver.advance(lasts)
    driver.fail_to_commit()
    driver.writes = Writes.AT_ONCE


@of_any_change
def test_a_meal_whose_time_comes_meanwhile_is_fed_once(
    kitchen: Driver, change: Change
) -> None:
    meal = put(kitchen)
    kitchen.advance(HOUR - MINUTE)
    fails(kitchen, change, meal, 11 * MINUTE)
    kitchen.advance(5 * MINUTE)
    fed = [one for one in all_of(kitchen, meal) if one.ever_sent]
    assert [one.meal and one.meal.nominal for one in fed] == [TODAY]
    kitchen.done(fed[0].id)
    assert (dates(kitchen, meal), kitchen.overdue) == ({"2026-07-20": Became.FED}, [])


@of_any_change
def test_what_waited_waits_on_and_is_fed_once(change: Change) -> None:
    driver = Driver()
    meal = put(driver)
    driver.advance(HOUR + 10 * MINUTE)
    fails(driver, change, meal, 40 * MINUTE)
    driver.all_ready()
    driver.advance(MINUTE)
    assert sum(one.ever_sent for one in all_of(driver, meal)) == 1


@of_any_change
def test_what_waits_no_longer_by_then_is_missed_and_told_overdue(
    change: Change,
) -> None:
    driver = Driver()
    meal = put(driver)
    driver.advance(HOUR + 10 * MINUTE)
    fails(driver, change, meal, HOUR)
    driver.advance(MINUTE)
    assert dates(driver, meal) == {"2026-07-20": Became.MISSED}
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])


def test_a_pause_that_could_not_be_ended_goes_on(kitchen: Driver) -> None:
    meal = put(kitchen)
    kitchen.tell(PausePlan(None, "on holiday"))
    kitchen.advance(HOUR - MINUTE)
    fails(kitchen, lambda _: ResumePlan(), meal, 2 * MINUTE)
    kitchen.advance(MINUTE)
    assert kitchen.published == []
    assert dates(kitchen, meal) == {"2026-07-20": Became.SKIPPED}


@pytest.mark.parametrize("second_is_stored", [True, False])
def test_a_change_made_while_another_was_written_does_not_go_with_it(
    *, second_is_stored: bool
) -> None:
    driver = Driver()
    meal = put(driver, "20:00")
    planned = driver.engine.ledger.meals[meal]
    driver.writes = Writes.WHEN_TOLD
    driver.tell(PutMeal(replace(planned, rule=new_rule(time="21:00"))))
    first = driver.engine.snapshot().revision
    driver.tell(PutMeal(replace(planned, rule=new_rule(time="22:00"))))
    driver.tell(CommitFailed(first))
    second = driver.engine.ledger.revision
    driver.tell(Committed(second) if second_is_stored else CommitFailed(second))
    time = driver.engine.ledger.meals[meal].rule.time
    assert time == ("22:00" if second_is_stored else "20:00")


def test_a_pause_ordered_while_another_was_written_does_not_go_with_it() -> None:
    driver = Driver()
    driver.writes = Writes.WHEN_TOLD
    driver.pause()
    first = driver.engine.snapshot().revision
    driver.tell(Dispatching(enabled=False, lasts=HOUR))
    driver.tell(PausePlan(None, ""))
    driver.tell(PausePlan(None, "on holiday"))
    driver.tell(CommitFailed(first))
    assert not driver.engine.ledger.dispatching
    driver.tell(Committed(driver.engine.ledger.revision))
    assert not driver.engine.ledger.dispatching


def test_what_a_feed_takes_off_meanwhile_stays_taken_off() -> None:
    driver = Driver(a_station())
    meal = put(driver, "20:00", portions=3)
    planned = driver.engine.ledger.meals[meal]
    driver.writes = Writes.WHEN_TOLD
    driver.tell(PutMeal(with_override(planned, "2026-07-22", time="21:00")))
    first = driver.engine.snapshot().revision
    feed = driver.feed(1, off_next_meal=True)
    driver.tell(CommitFailed(first))
    driver.commit()
    assert driver.state(feed) is CommandState.QUEUED
    override = driver.engine.ledger.meals[meal].overrides["2026-07-20"]
    assert override.params == {"portions": 2}
