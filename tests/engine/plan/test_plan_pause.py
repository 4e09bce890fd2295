"""A plan of which nothing is done for a while."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.engine.model.events import (
    PausePlan,
    PutMeal,
    ResumePlan,
)
from custom_components.mqtt_dispatch.engine.model.meal import Became, Rule
from custom_components.mqtt_dispatch.engine.plan.outcomes import became
from tests.engine.driver import DAY, HOUR, MINUTE, NOON, Driver, Writes
from tests.engine.plan.planned import all_of, dates, day_by_day, put

FED, SKIPPED, MISSED, DUE = Became.FED, Became.SKIPPED, Became.MISSED, Became.DUE
EVENING = NOON + 6 * HOUR


def pause(driver: Driver, until: float | None = None) -> None:
    driver.tell(PausePlan(until, "Holidays"))


def outcomes(driver: Driver, meal: str) -> list[Became]:
    return [*dates(driver, meal).values()]


def test_what_is_planned_is_skipped_and_says_why() -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver)
    day_by_day(driver, 2)
    assert outcomes(driver, meal) == [SKIPPED, SKIPPED]
    assert {one.timeline[-1].detail for one in all_of(driver, meal)} == {"Holidays"}
    assert driver.published == []
    assert driver.overdue == []


def test_it_ends_by_itself_over_restarts() -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver, NOON + 2 * DAY)
    driver.crash(away=MINUTE)
    day_by_day(driver, 1)
    driver.crash(away=MINUTE)
    day_by_day(driver, 2)
    assert outcomes(driver, meal) == [SKIPPED, SKIPPED, FED]


@pytest.mark.parametrize("at", [NOON + HOUR - 1, NOON + HOUR])
def test_a_meal_at_its_very_end_is_fed(at: float) -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver, at)
    day_by_day(driver, 1)
    assert outcomes(driver, meal) == [FED]


def test_one_that_was_due_before_goes_on_waiting() -> None:
    driver = Driver()
    meal = put(driver)
    driver.advance(HOUR + 1)
    pause(driver)
    driver.all_ready()
    driver.advance(MINUTE)
    (feed,) = all_of(driver, meal)
    assert driver.times_published(feed.id, "1") == 1


def test_people_order_meanwhile(kitchen: Driver) -> None:
    pause(kitchen)
    feed = kitchen.feed()
    assert kitchen.times_published(feed, "1") == 1


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        # It began and ended while nothing ran: only what came after it is missed.
        (3 * DAY, [SKIPPED, SKIPPED, MISSED]),
        (2 * DAY - HOUR, [SKIPPED, SKIPPED]),
        (9 * DAY, [SKIPPED, SKIPPED, *[MISSED] * 7]),
    ],
)
def test_a_machine_that_was_off_knows_what_lay_in_it(
    away: float, expected: list[Became]
) -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver, NOON + 2 * DAY)
    driver.crash(away=away)
    assert outcomes(driver, meal) == expected


def test_who_resumes_has_the_rest_fed_and_nothing_of_before() -> None:
    driver = Driver()
    lunch, supper = put(driver), put(driver, "18:00")
    pause(driver, NOON + 2 * DAY)
    driver.advance(3 * HOUR)
    driver.tell(ResumePlan())
    driver.crash(away=MINUTE)
    day_by_day(driver, 1)
    assert outcomes(driver, lunch) == [SKIPPED, FED]
    assert outcomes(driver, supper) == [FED]
    assert driver.overdue == []


def test_who_resumes_what_is_over_skips_nothing_more() -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver, NOON + MINUTE)
    driver.writes = Writes.WHEN_TOLD
    driver.advance(HOUR - 1)
    # Its clock was doubted when the meal came due.
    driver.set_clock(10 * DAY)
    driver.heartbeat()
    driver.advance(MINUTE)
    driver.set_clock(-10 * DAY)
    driver.tell(ResumePlan())
    assert outcomes(driver, meal) == [DUE]


def test_resuming_when_nothing_is_paused_changes_nothing() -> None:
    driver = Driver()
    driver.tell(ResumePlan())
    assert driver.engine.ledger.plan_pause is None


def test_one_that_is_prolonged_began_when_it_did() -> None:
    driver = Driver()
    put(driver)
    pause(driver, EVENING)
    driver.advance(2 * HOUR)
    pause(driver, NOON + DAY)
    kept = driver.engine.ledger.plan_pause
    assert kept is not None
    assert (kept.since, kept.until) == (NOON, NOON + DAY)


def test_one_after_another_begins_then() -> None:
    driver = Driver()
    pause(driver, NOON + HOUR)
    driver.advance(2 * HOUR)
    pause(driver)
    kept = driver.engine.ledger.plan_pause
    assert kept is not None
    assert (kept.since, kept.until) == (NOON + 2 * HOUR, None)


@pytest.mark.parametrize("before", [False, True])
def test_one_that_could_not_be_stored_never_was(*, before: bool) -> None:
    driver = Driver()
    meal = put(driver)
    if before:
        pause(driver, NOON + 2 * DAY)
    driver.writes = Writes.FAIL
    driver.tell(ResumePlan() if before else PausePlan())
    driver.writes = Writes.AT_ONCE
    driver.advance(MINUTE)
    day_by_day(driver, 1)
    assert outcomes(driver, meal) == [SKIPPED if before else FED]


def test_a_meal_that_is_moved_behind_it_is_fed_that_day() -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver, NOON + 2 * HOUR)
    driver.advance(3 * HOUR)
    assert outcomes(driver, meal) == [SKIPPED]
    planned = driver.engine.ledger.meals[meal]
    driver.tell(PutMeal(replace(planned, rule=Rule("16:00"))))
    day_by_day(driver, 1)
    (command, *_) = [one for one in all_of(driver, meal) if became(one) is FED]
    assert command.meal is not None
    assert command.meal.nominal == "2026-07-20T16:00"


@pytest.mark.parametrize("by", [-3 * HOUR, 23 * HOUR])
def test_a_clock_that_is_wrong_for_a_moment_does_not_end_it(by: float) -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver, NOON + 5 * HOUR)
    for each in (by, -by):
        driver.set_clock(each)
        driver.heartbeat()
        driver.advance(1)
    day_by_day(driver, 1)
    assert outcomes(driver, meal) == [SKIPPED]


def test_the_clock_may_be_put_back_while_it_lasts() -> None:
    driver = Driver()
    meal = put(driver)
    pause(driver)
    driver.set_clock(-2 * HOUR)
    driver.tell(ResumePlan())
    day_by_day(driver, 1)
    assert outcomes(driver, meal) == [FED]
