"""What is said, and may be asked, of dates that passed while nobody was there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from custom_components.mqtt_dispatch.engine.model.effects import MealSkipped
from custom_components.mqtt_dispatch.engine.model.events import (
    AnswerOverdue,
    PutMeal,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import (
    IfMissed,
    LateAnswer,
    Meal,
    OverdueMeal,
)
from tests.engine.driver import DAY, HOUR, MINUTE, Driver
from tests.engine.plan.meal_samples import a_meal


def away(meal: Meal, seconds: float) -> Driver:
    """Return a station that was away for so long; it left at noon, on 2026-07-20."""
    driver = Driver()
    driver.tell(PutMeal(meal))
    driver.crash(away=seconds)
    return driver


def overdue(driver: Driver) -> list[str]:
    return [meal.nominal for meal in driver.engine.ledger.overdue.values()]


def test_an_older_date_is_not_told_once_the_latest_was_answered() -> None:
    meal = replace(a_meal("13:00"), if_missed=IfMissed.ASK, deadline=2 * HOUR)
    driver = away(meal, DAY + HOUR + 45 * MINUTE)
    assert overdue(driver) == ["2026-07-21T13:00"]

    driver.all_ready()
    driver.tell(AnswerOverdue(meal.id, "2026-07-21T13:00", LateAnswer.FEED_NOW))
    driver.advance(MINUTE)
    assert overdue(driver) == ["2026-07-21T13:00"]

    (fed,) = driver.engine.ledger.open
    driver.done(fed)
    driver.advance(MINUTE)
    assert not overdue(driver)


def test_a_date_that_was_missed_and_is_to_come_later_can_be_skipped() -> None:
    driver = away(a_meal("12:10"), 2 * HOUR)
    missed = driver.engine.ledger.meals["breakfast"]
    driver.tell(PutMeal(replace(missed, rule=replace(missed.rule, time="18:00"))))
    effects = driver.tell(SkipMeal("breakfast", date(2026, 7, 20)))
    driver.advance(5 * HOUR)

    assert [one.date.nominal for one in effects if isinstance(one, MealSkipped)] == [
        "2026-07-20T18:00"
    ]
    assert not driver.engine.ledger.open


def test_what_is_no_longer_overdue_once_it_could_be_stored_is_not_told() -> None:
    ledger = Driver().engine.ledger
    overdue_one = OverdueMeal("breakfast", "2026-07-20T08:00", 1.0)
    ledger.raise_overdue(overdue_one)
    ledger.drop_overdue(overdue_one)

    assert not ledger.stored(ledger.revision)
