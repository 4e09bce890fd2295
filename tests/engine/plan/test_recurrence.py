"""On which dates a rule falls, by the clock or the sun, and what is otherwise there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
import math
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    Override,
    Place,
    Rule,
    Sun,
)
from custom_components.mqtt_dispatch.engine.plan.meals import (
    LONGEST_EVERY,
    LONGEST_OFFSET,
    MealError,
    new_meal,
    new_rule,
)
from custom_components.mqtt_dispatch.engine.plan.recurrence import (
    next_occurrence,
    occurrences,
    on_date,
)
from tests.engine.plan.meal_samples import BERLIN, DAY, HOUR, MINUTE, nominals, utc

JULY = utc("2026-07-01T00:00")


def planned(rule: Rule, **fields: Any) -> Meal:
    return new_meal(meal_id="m", name="", rule=rule, params={"portions": 2}, **fields)


def days(meal: Meal, place: Place, start: float, end: float) -> list[str]:
    return [one.date for one in occurrences(meal, start, end, place)]


# What a rule may be


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"time": "08:00", "sun": Sun.SUNRISE}, "time_or_sun"),
        ({}, "invalid_time"),
        ({"time": "08:00", "offset": 5}, "invalid_offset"),
        ({"sun": Sun.SUNSET, "offset": LONGEST_OFFSET + 1}, "invalid_offset"),
        ({"sun": Sun.SUNSET, "offset": -LONGEST_OFFSET - 1}, "invalid_offset"),
        ({"time": "08:00", "every": 0}, "invalid_every"),
        ({"time": "08:00", "every": -2}, "invalid_every"),
        ({"time": "08:00", "every": LONGEST_EVERY + 1}, "invalid_every"),
        ({"time": "08:00", "every": 2}, "first_needed"),
        # 2026-07-06 is a Monday.
        (
            {"time": "08:00", "first": date(2026, 7, 6), "until": date(2026, 7, 5)},
            "never_occurs",
        ),
        (
            {"time": "08:00", "every": 7, "first": date(2026, 7, 6), "weekdays": "tue"},
            "never_occurs",
        ),
        (
            {
                "time": "08:00",
                "first": date(2026, 7, 6),
                "until": date(2026, 7, 7),
                "weekdays": "wed",
            },
            "never_occurs",
        ),
        (
            {
                "time": "08:00",
                "every": 10,
                "first": date(2026, 7, 6),
                "until": date(2026, 7, 15),
                "weekdays": "thu",
            },
            "never_occurs",
        ),
    ],
)
def test_what_no_rule_can_be_is_refused(fields: dict[str, Any], code: str) -> None:
    if "weekdays" in fields:
        fields = {**fields, "weekdays": [fields["weekdays"]]}
    with pytest.raises(MealError) as refused:
        new_rule(**fields)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        # Each falls but once in a while, which is enough.
        ({"every": 10, "first": date(2026, 7, 6), "weekdays": ["thu"]}, "2026-07-16"),
        ({"every": 366, "first": date(2026, 7, 6), "weekdays": ["sun"]}, "2029-07-08"),
        ({"first": date(2026, 7, 6), "until": date(2026, 7, 6)}, "2026-07-06"),
        (
            {"first": date(2026, 7, 6), "until": date(2026, 7, 8), "weekdays": ["wed"]},
            "2026-07-08",
        ),
    ],
)
def test_what_falls_on_any_date_is_a_rule(fields: dict[str, Any], first: str) -> None:
    meal = planned(new_rule(time="08:00", **fields))
    found = next_occurrence(meal, JULY, Place(BERLIN))
    assert found is not None
    assert found.date == first


def test_a_rule_may_be_for_the_last_day_of_the_calendar() -> None:
    last = new_rule(time="08:00", every=366, first=date.max)
    assert next_occurrence(planned(last), JULY, Place(BERLIN)) is None


# On which dates it falls


def test_every_few_days_are_counted_from_the_first() -> None:
    rule = new_rule(time="08:00", every=3, first=date(2026, 6, 29))
    found = days(planned(rule), Place(BERLIN), JULY, JULY + 9 * DAY)
    assert found == ["2026-07-02", "2026-07-05", "2026-07-08"]


def test_nothing_is_before_the_first_or_after_the_last() -> None:
    rule = new_rule(time="08:00", first=date(2026, 7, 3), until=date(2026, 7, 5))
    found = days(planned(rule), Place(BERLIN), 0.0, math.inf)
    assert found == ["2026-07-03", "2026-07-04", "2026-07-05"]


def test_one_date_is_one_meal() -> None:
    rule = new_rule(time="08:00", first=date(2026, 7, 3), until=date(2026, 7, 3))
    assert rule.one_date
    assert days(planned(rule), Place(BERLIN), 0.0, math.inf) == ["2026-07-03"]
    assert (
        next_occurrence(planned(rule), utc("2026-07-03T06:00"), Place(BERLIN)) is None
    )


def test_a_last_date_without_a_first_ends_what_ever_was() -> None:
    rule = new_rule(time="08:00", until=date(2026, 7, 3))
    assert days(planned(rule), Place(BERLIN), JULY, math.inf)[-1] == "2026-07-03"
    assert next_occurrence(planned(rule), JULY + 30 * DAY, Place(BERLIN)) is None


def test_the_last_date_is_in_it_however_late_its_clock_skips_it() -> None:
    # On 2026-09-06 the day in Santiago begins at 01:00.
    there = Place(ZoneInfo("America/Santiago"))
    rule = new_rule(time="00:30", first=date(2026, 9, 5), until=date(2026, 9, 6))
    found = list(occurrences(planned(rule), 0.0, math.inf, there))
    assert nominals(found) == ["2026-09-05T00:30", "2026-09-06T00:30"]
    assert found[1].at == utc("2026-09-06T04:00")


# By the sun


def sun_at(rises: str, sets: str) -> Callable[[Sun, date], float | None]:
    """Return a sun that rises and sets at the same UTC times on every date."""
    times = {Sun.SUNRISE: rises, Sun.SUNSET: sets}
    return lambda event, day: utc(f"{day}T{times[event]}")


HERE = Place(BERLIN, sun_at("03:12:34", "19:47:59"))


@pytest.mark.parametrize(
    ("sun", "offset", "nominal", "at"),
    [
        (Sun.SUNRISE, 0, "2026-07-01T05:12", "2026-07-01T03:12"),
        (Sun.SUNRISE, -30, "2026-07-01T04:42", "2026-07-01T02:42"),
        (Sun.SUNSET, 0, "2026-07-01T21:47", "2026-07-01T19:47"),
        (Sun.SUNSET, 90, "2026-07-01T23:17", "2026-07-01T21:17"),
        # Its date holds it.
        (Sun.SUNRISE, -12 * 60, "2026-07-01T00:00", "2026-06-30T22:00"),
        (Sun.SUNSET, 12 * 60, "2026-07-01T23:59", "2026-07-01T21:59"),
    ],
)
def test_it_goes_by_the_sun_in_whole_minutes_of_its_own_date(
    sun: Sun, offset: int, nominal: str, at: str
) -> None:
    meal = planned(new_rule(sun=sun, offset=offset))
    found = on_date(meal, "2026-07-01", HERE)
    assert found is not None
    assert (found.nominal, found.at) == (nominal, utc(at))


@pytest.mark.parametrize(
    ("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-07-01", 24)]
)
def test_a_date_is_as_long_as_it_is(day: str, length: int) -> None:
    early = on_date(planned(new_rule(sun=Sun.SUNRISE, offset=-720)), day, HERE)
    late = on_date(planned(new_rule(sun=Sun.SUNSET, offset=720)), day, HERE)
    assert early is not None
    assert late is not None
    assert late.at - early.at == length * HOUR - MINUTE
    assert {early.date, late.date} == {day}


def in_the_north(event: Sun, day: date) -> float | None:
    """Return the sun of Longyearbyen, roughly: for months it neither rises nor sets."""
    if date(2026, 4, 18) <= day <= date(2026, 8, 24):
        return None
    if day.replace(year=2026) > date(2026, 10, 25) or day < date(2026, 2, 15):
        return None
    hours = 7 if event is Sun.SUNRISE else 17
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (midnight + timedelta(hours=hours)).timestamp()


NORTH = Place(ZoneInfo("Arctic/Longyearbyen"), in_the_north)


def test_a_day_without_a_sunrise_has_no_such_meal() -> None:
    meal = planned(new_rule(sun=Sun.SUNRISE))
    assert days(meal, NORTH, utc("2026-04-15T00:00"), utc("2026-08-27T00:00")) == [
        "2026-04-15",
        "2026-04-16",
        "2026-04-17",
        "2026-08-25",
        "2026-08-26",
    ]
    assert on_date(meal, "2026-06-21", NORTH) is None


def test_the_next_after_months_of_night_is_found() -> None:
    found = next_occurrence(planned(new_rule(sun=Sun.SUNSET)), JULY, NORTH)
    assert found is not None
    assert found.date == "2026-08-25"


def test_one_time_of_day_on_a_date_without_a_sunrise_is_kept() -> None:
    meal = planned(
        new_rule(sun=Sun.SUNRISE), overrides={"2026-06-21": Override(time="12:00")}
    )
    found = next_occurrence(meal, utc("2026-06-01T00:00"), NORTH)
    assert found is not None
    assert found.nominal == "2026-06-21T12:00"


@pytest.mark.parametrize("every", [1, LONGEST_EVERY])
def test_where_the_sun_never_rises_nobody_looks_for_ever(every: int) -> None:
    asked: list[date] = []

    def never(_: Sun, day: date) -> None:
        asked.append(day)

    rule = new_rule(sun=Sun.SUNRISE, every=every, first=date(2026, 1, 1))
    assert next_occurrence(planned(rule), JULY, Place(BERLIN, never)) is None
    assert len(asked) < 366


def test_without_a_sun_there_is_no_meal_by_it() -> None:
    assert next_occurrence(planned(new_rule(sun=Sun.SUNSET)), JULY, Place()) is None


# What is otherwise on a date


@pytest.fixture
def daily() -> Meal:
    """A meal at eight each day."""
    return planned(new_rule(time="08:00"))


def with_overrides(meal: Meal, **overrides: Override) -> Meal:
    named = {f"2026-07-{day[1:]}": each for day, each in overrides.items()}
    return replace(meal, overrides=named)


def test_one_date_may_be_at_another_time_or_of_another_size(daily: Meal) -> None:
    meal = with_overrides(
        daily, d02=Override(time="09:15"), d03=Override(params={"portions": 1})
    )
    found = list(occurrences(meal, JULY, JULY + 4 * DAY, Place()))
    assert [(one.nominal[8:], one.params["portions"]) for one in found] == [
        ("01T08:00", 2),
        ("02T09:15", 2),
        ("03T08:00", 1),
        ("04T08:00", 2),
    ]
    assert found[1].at == utc("2026-07-02T09:15")


def test_one_date_may_be_skipped_and_occurs_as_such(daily: Meal) -> None:
    meal = with_overrides(daily, d02=Override(skipped=True))
    found = occurrences(meal, JULY, JULY + 3 * DAY, Place())
    assert [one.skipped for one in found] == [False, True, False]


def test_all_up_to_a_date_are_skipped_but_those_that_are_not(daily: Meal) -> None:
    meal = replace(
        with_overrides(daily, d02=Override(skipped=False), d05=Override(skipped=True)),
        skipped_until=date(2026, 7, 3),
    )
    found = occurrences(meal, JULY, JULY + 5 * DAY, Place())
    assert [one.skipped for one in found] == [True, False, True, False, True]


def test_what_is_otherwise_on_a_date_without_a_meal_makes_none() -> None:
    meal = planned(
        new_rule(time="08:00", weekdays=["mon"]),
        overrides={"2026-07-07": Override(time="09:00")},
    )
    assert days(meal, Place(), JULY, JULY + 14 * DAY) == ["2026-07-06", "2026-07-13"]


def test_a_date_that_is_moved_to_before_midnight_keeps_its_place(daily: Meal) -> None:
    meal = with_overrides(daily, d02=Override(time="23:59"), d03=Override(time="00:00"))
    found = list(occurrences(meal, JULY, JULY + 4 * DAY, Place()))
    assert nominals(found) == sorted(nominals(found))
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_sixty_meals_of_a_day_are_all_found() -> None:
    meals = [
        planned(new_rule(time=f"{minute // 60:02}:{minute % 60:02}"))
        for minute in range(0, 24 * 60, 24)
    ]
    assert len(meals) == 60
    for meal in meals:
        assert len(days(meal, Place(BERLIN), JULY, JULY + 30 * DAY)) == 30


@pytest.mark.parametrize("start", [-math.inf, 0.0, JULY, 1e15])
def test_no_rule_is_looked_through_without_end(start: float) -> None:
    rules = [
        new_rule(time="08:00", every=366, first=date(2026, 7, 6), weekdays=["sun"]),
        new_rule(time="08:00", first=date(9990, 1, 1)),
        new_rule(time="08:00", until=date(1, 1, 1)),
        new_rule(sun=Sun.SUNRISE, every=7, first=date(2026, 1, 1)),
    ]
    for rule in rules:
        found = list(islice(occurrences(planned(rule), start, math.inf, NORTH), 5))
        assert len(found) <= 5
        assert WEEKDAYS[0] in rule.weekdays or rule.weekdays == {"sun"}
