"""Dates of a meal that are skipped, or no longer are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.effects import MealSkipped
from custom_components.mqtt_dispatch.engine.model.events import (
    PutMeal,
    Refused,
    RemoveMeal,
    SkipMeal,
    UnskipMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import Became, IfMissed, Rule
from custom_components.mqtt_dispatch.engine.plan.skipping import with_override
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes
from tests.engine.plan.planned import all_of, dates, day_by_day, put

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 7, day) for day in range(20, 24))
FED, SKIPPED = Became.FED, Became.SKIPPED
DUE = Became.DUE


def skip(driver: Driver, meal: str, **which: date) -> str:
    """Skip dates of a meal; return the first of them."""
    (skipped,) = (
        effect
        for effect in driver.tell(SkipMeal(meal, **which))
        if isinstance(effect, MealSkipped)
    )
    return skipped.date.date


def test_the_next_date_is_skipped_once_and_kept_as_skipped() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    assert skip(driver, meal) == "2026-07-20"
    driver.crash()
    day_by_day(driver, 3)
    assert dates(driver, meal) == {
        "2026-07-20": SKIPPED,
        "2026-07-21": FED,
        "2026-07-22": FED,
    }
    (first, *_) = all_of(driver, meal)
    assert first.timeline[-1].cause is Cause.SKIPPED
    assert len(driver.published) == 4


def test_who_skips_the_next_again_skips_the_one_after_it() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    assert [skip(driver, meal), skip(driver, meal)] == ["2026-07-20", "2026-07-21"]


def test_a_date_is_skipped_by_name() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    assert skip(driver, meal, day=WEDNESDAY) == "2026-07-22"
    day_by_day(driver, 4)
    assert [*dates(driver, meal).values()] == [FED, FED, SKIPPED, FED]


def test_all_until_a_date_are_skipped() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    assert skip(driver, meal, until=WEDNESDAY) == "2026-07-20"
    day_by_day(driver, 4)
    assert [*dates(driver, meal).values()] == [SKIPPED, SKIPPED, SKIPPED, FED]


def test_a_machine_that_was_off_meanwhile_skips_them_too() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    skip(driver, meal, until=WEDNESDAY)
    driver.crash(away=3 * DAY)
    assert [*dates(driver, meal).values()] == [SKIPPED, SKIPPED, SKIPPED]
    assert driver.engine.ledger.overdue == {}


def test_skipping_until_ends_by_unskipping_all_or_one_date() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    skip(driver, meal, until=THURSDAY)
    skip(driver, meal, day=date(2026, 7, 24))
    driver.tell(UnskipMeal(meal, TUESDAY))
    day_by_day(driver, 2)
    assert [*dates(driver, meal).values()] == [SKIPPED, FED]
    driver.tell(UnskipMeal(meal))
    day_by_day(driver, 3)
    assert [*dates(driver, meal).values()] == [SKIPPED, FED, FED, FED, FED]
    assert driver.engine.ledger.meals[meal].overrides == {}


def test_a_date_that_is_planned_as_ever_is_no_exception() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    skip(driver, meal, day=TUESDAY)
    driver.tell(UnskipMeal(meal, TUESDAY))
    driver.tell(UnskipMeal(meal, WEDNESDAY))
    assert driver.engine.ledger.meals[meal].overrides == {}


def test_what_else_is_changed_on_a_date_outlives_skips() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    planned = driver.engine.ledger.meals[meal]
    driver.tell(PutMeal(with_override(planned, "2026-07-21", time="14:15")))
    skip(driver, meal, until=WEDNESDAY)
    driver.tell(UnskipMeal(meal, TUESDAY))
    skip(driver, meal, until=THURSDAY)
    driver.tell(UnskipMeal(meal))
    day_by_day(driver, 2)
    told = [one.meal.nominal for one in all_of(driver, meal) if one.meal is not None]
    assert told == ["2026-07-20T13:30", "2026-07-21T14:15"]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (SkipMeal("nobody's"), "unknown_meal"),
        (UnskipMeal("nobody's"), "unknown_meal"),
        (SkipMeal("lunch", until=date(2026, 7, 19)), "nothing_to_skip"),
        (SkipMeal("lunch", day=TUESDAY), "no_such_date"),
        (SkipMeal("lunch", day=date(2026, 7, 13)), "date_is_over"),
        (UnskipMeal("lunch", date(2026, 7, 13)), "date_is_over"),
    ],
)
def test_what_cannot_be_skipped_says_why(
    wish: SkipMeal | UnskipMeal, code: str
) -> None:
    driver = Driver()
    weekly = Rule("13:30", frozenset({"mon"}))
    put(driver, weekly, meal_id="lunch")
    before = driver.engine.snapshot()
    with pytest.raises(Refused, match=code):
        driver.tell(wish)
    assert driver.engine.snapshot() == before


@pytest.mark.parametrize("wish", [SkipMeal, UnskipMeal])
def test_what_was_skipped_and_would_be_over_elsewhere_is_over(
    wish: type[SkipMeal | UnskipMeal],
) -> None:
    """It was dealt with before its time in the zone where its owner is now."""
    driver = Driver()
    meal = put(driver, "13:30")
    skip(driver, meal)
    driver.advance(2 * HOUR)
    driver.tell(ZoneChanged(ZoneInfo("America/Sao_Paulo")))
    driver.advance(3 * HOUR)

    with pytest.raises(Refused, match="date_is_over"):
        driver.tell(wish(meal, MONDAY))


def test_a_disabled_meal_has_no_next_date() -> None:
    driver = Driver()
    meal = put(driver, "13:30", enabled=False)
    with pytest.raises(Refused, match="no_next_date"):
        driver.tell(SkipMeal(meal))


# What waits, is under way, or is over


def test_one_that_waits_is_withdrawn_by_its_skip_and_stays_so() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    driver.advance(HOUR + 45 * MINUTE)
    assert skip(driver, meal, day=MONDAY) == "2026-07-20"
    assert dates(driver, meal) == {"2026-07-20": SKIPPED}
    driver.all_ready()
    driver.advance(HOUR)
    assert driver.published == []


def test_one_that_waits_since_yesterday_is_withdrawn_too() -> None:
    driver = Driver()
    meal = put(driver, "23:50")
    driver.advance(12 * HOUR + 10 * MINUTE)
    assert skip(driver, meal, day=MONDAY) == "2026-07-20"
    driver.all_ready()
    driver.advance(MINUTE)
    assert driver.published == []
    assert dates(driver, meal) == {"2026-07-20": SKIPPED}


def test_one_that_waits_since_yesterday_goes_with_its_meal() -> None:
    driver = Driver()
    meal = put(driver, "23:50")
    driver.advance(12 * HOUR + 10 * MINUTE)
    driver.tell(RemoveMeal(meal))
    driver.all_ready()
    driver.advance(MINUTE)
    assert driver.published == []


@pytest.mark.parametrize("wish", [SkipMeal, UnskipMeal])
def test_what_was_sent_is_not_skipped(
    kitchen: Driver, wish: type[SkipMeal | UnskipMeal]
) -> None:
    meal = put(kitchen, "13:30")
    kitchen.advance(HOUR + 31 * MINUTE)
    (feed,) = all_of(kitchen, meal)
    with pytest.raises(Refused, match="date_is_over"):
        kitchen.tell(wish(meal, MONDAY))
    assert kitchen.state(feed.id) is CommandState.UNCONFIRMED
    kitchen.done(feed.id)
    with pytest.raises(Refused, match="date_is_over"):
        kitchen.tell(wish(meal, MONDAY))
    assert kitchen.state(feed.id) is CommandState.SUCCEEDED


def test_a_skip_in_the_second_before_the_meal_holds(kitchen: Driver) -> None:
    meal = put(kitchen, "13:30")
    kitchen.advance(HOUR + 30 * MINUTE - 1)
    skip(kitchen, meal)
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(HOUR)
    assert kitchen.published == []
    assert dates(kitchen, meal) == {"2026-07-20": SKIPPED}


def test_a_skip_that_could_not_be_stored_feeds(kitchen: Driver) -> None:
    meal = put(kitchen, "13:30")
    kitchen.writes = Writes.FAIL
    kitchen.tell(SkipMeal(meal))
    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(HOUR + 31 * MINUTE)
    (feed,) = all_of(kitchen, meal)
    assert kitchen.times_published(feed.id, "1") == 1


@pytest.mark.parametrize("minutes", [5, 45])
def test_what_waits_waits_on_if_its_skip_could_not_be_stored(minutes: int) -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    driver.advance(HOUR + (30 + minutes) * MINUTE)
    driver.writes = Writes.FAIL
    driver.tell(SkipMeal(meal, day=MONDAY))
    driver.writes = Writes.AT_ONCE
    driver.all_ready()
    driver.advance(MINUTE)
    assert [node for _, node in driver.published] == ["1", "2"]


# What is missed


@pytest.mark.parametrize(
    ("if_missed", "away", "state", "cause"),
    [
        (IfMissed.FEED_LATE, 30 * MINUTE, CommandState.QUEUED, Cause.MEAL),
        (IfMissed.FEED_LATE, 31 * MINUTE, CommandState.EXPIRED, Cause.MISSED),
        (IfMissed.ASK, MINUTE, CommandState.QUEUED, Cause.MEAL),
        (IfMissed.ASK, 2 * MINUTE, CommandState.EXPIRED, Cause.MISSED),
        (IfMissed.SKIP, MINUTE, CommandState.QUEUED, Cause.MEAL),
        (IfMissed.SKIP, 2 * MINUTE, CommandState.CANCELLED, Cause.SKIPPED),
    ],
)
def test_what_passed_while_nothing_ran_is_dealt_with_as_the_meal_says(
    if_missed: IfMissed, away: float, state: CommandState, cause: Cause
) -> None:
    driver = Driver()
    meal = put(driver, "13:30", if_missed=if_missed)
    driver.crash(away=HOUR + 30 * MINUTE + away)
    (command,) = all_of(driver, meal)
    assert (command.state, command.timeline[-1].cause) == (state, cause)


@pytest.mark.parametrize("if_missed", IfMissed)
def test_what_waits_for_its_nodes_is_not_missed(if_missed: IfMissed) -> None:
    driver = Driver()
    meal = put(driver, "13:30", if_missed=if_missed)
    driver.advance(2 * HOUR)
    (command,) = all_of(driver, meal)
    assert command.state is CommandState.QUEUED


# What is changed or moved


def changed(driver: Driver, meal: str, **fields: object) -> None:
    planned = driver.engine.ledger.meals[meal]
    driver.tell(PutMeal(replace(planned, **fields)))  # type: ignore[arg-type]


def fed(driver: Driver, meal: str) -> list[Command]:
    """Return what was sent for a meal once its nodes are there."""
    driver.all_ready()
    driver.advance(MINUTE)
    sent = {command_id for command_id, _ in driver.published}
    return [command for command in all_of(driver, meal) if command.id in sent]


@pytest.mark.parametrize("minutes", [0, 10, 45, 59])
def test_what_waits_is_fed_as_the_meal_is_changed_to(minutes: int) -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    driver.advance(HOUR + (30 + minutes) * MINUTE)
    changed(driver, meal, params={"portions": 3})
    (waiting,) = (one for one in all_of(driver, meal) if not one.state.final)
    assert waiting.expires_at == driver.now.wall + (60 - minutes) * MINUTE
    assert [one.params["portions"] for one in fed(driver, meal)] == [3]


@pytest.mark.parametrize("minutes", [0, 10, 45, 59])
def test_what_waits_waits_on_if_a_change_could_not_be_stored(minutes: int) -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    driver.advance(HOUR + (30 + minutes) * MINUTE)
    driver.writes = Writes.FAIL
    changed(driver, meal, params={"portions": 3})
    driver.writes = Writes.AT_ONCE
    assert [one.params["portions"] for one in fed(driver, meal)] == [2]


def test_what_waits_and_is_moved_comes_then() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    driver.advance(HOUR + 35 * MINUTE)
    changed(driver, meal, rule=Rule("14:00"))
    assert fed(driver, meal) == []
    driver.advance(30 * MINUTE)
    assert len(fed(driver, meal)) == 1


@pytest.mark.parametrize("time", ["13:40", "23:00"])
def test_one_that_is_moved_in_the_minute_before_it_comes_then(time: str) -> None:
    driver = Driver()
    driver.all_ready()
    meal = put(driver, "13:30")
    driver.advance(HOUR + 29 * MINUTE)
    changed(driver, meal, rule=Rule(time))
    driver.advance(2 * MINUTE)
    assert driver.published == []
    day_by_day(driver, 1)
    assert f"2026-07-20T{time}" in {
        one.meal.nominal for one in all_of(driver, meal) if one.meal is not None
    }


@pytest.mark.parametrize("time", ["13:00", "13:29", "14:00", "23:00"])
def test_one_that_was_fed_and_is_moved_is_not_fed_again_that_day(
    kitchen: Driver, time: str
) -> None:
    meal = put(kitchen, "13:30")
    kitchen.advance(HOUR + 31 * MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.done(feed.id)
    changed(kitchen, meal, rule=Rule(time))
    kitchen.advance(10 * HOUR)
    assert [one.id for one in all_of(kitchen, meal)] == [feed.id]


@pytest.mark.parametrize("if_missed", IfMissed)
def test_one_that_was_never_fed_comes_at_the_later_time_it_is_moved_to(
    if_missed: IfMissed,
) -> None:
    driver = Driver()
    meal = put(driver, "13:30", if_missed=if_missed)
    driver.crash(away=4 * HOUR)
    changed(driver, meal, rule=Rule("16:30"))
    driver.advance(31 * MINUTE)
    assert len(fed(driver, meal)) == 1


def test_one_that_is_skipped_stays_so_when_it_is_moved(kitchen: Driver) -> None:
    meal = put(kitchen, "13:30")
    skip(kitchen, meal)
    kitchen.advance(2 * HOUR)
    changed(kitchen, meal, rule=Rule("14:30"))
    kitchen.advance(HOUR)
    assert kitchen.published == []


def test_one_that_a_person_withdrew_stays_so_when_it_is_moved() -> None:
    driver = Driver()
    meal = put(driver, "13:30")
    driver.advance(2 * HOUR)
    (feed,) = all_of(driver, meal)
    driver.cancel(feed.id)
    changed(driver, meal, rule=Rule("14:30"))
    driver.advance(HOUR)
    assert fed(driver, meal) == []


def test_a_meal_that_is_put_at_its_own_minute_begins_tomorrow() -> None:
    driver = Driver()
    driver.advance(30.0)
    driver.all_ready()
    meal = put(driver, "12:00")
    driver.advance(23 * HOUR)
    assert all_of(driver, meal) == []
    driver.advance(HOUR)
    assert len(all_of(driver, meal)) == 1


def test_one_that_is_moved_to_its_own_minute_is_fed_at_once() -> None:
    driver = Driver()
    meal = put(driver, "18:00")
    driver.advance(30.0)
    changed(driver, meal, rule=Rule("12:00"))
    assert len(fed(driver, meal)) == 1
    driver.advance(7 * HOUR)
    assert len(fed(driver, meal)) == 1
