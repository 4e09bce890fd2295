"""Meals in any zone, at any time, whatever way the clock goes."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import cache
import json
import math
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st

from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    IfMissed,
    Meal,
    Override,
    Place,
    Rule,
    Sun,
)
from custom_components.mqtt_dispatch.engine.plan.meals import (
    LONGEST_DEADLINE,
    LONGEST_EVERY,
    LONGEST_OFFSET,
    as_json,
    meal_from_json,
    new_meal,
)
from custom_components.mqtt_dispatch.engine.plan.recurrence import occurrences
from tests.engine.plan.meal_samples import (
    APIA,
    DAY,
    HOUR,
    LATE,
    MINUTE,
    NOTHING,
    a_meal,
    begun,
    nominals,
    utc,
)

ZONES = [
    ZoneInfo(key)
    for key in (
        "UTC",
        "Europe/Berlin",
        "Europe/Dublin",
        "Europe/Lisbon",
        "Africa/Casablanca",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Pacific/Honolulu",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Nuuk",
        "Antarctica/Troll",
    )
]
"""Their clocks are never a whole day apart."""
ZONES_AND_THE_DATE_LINE = [*ZONES, APIA, ZoneInfo("Pacific/Kwajalein")]

SINCE = int(utc("1993-01-01T00:00"))
UNTIL = int(utc("2037-12-01T00:00"))


def wall(instant: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant, zone).replace(tzinfo=None)


@cache
def clock_changes(zone: ZoneInfo) -> list[int]:
    def offset(instant: int) -> timedelta | None:
        return datetime.fromtimestamp(instant, zone).utcoffset()

    def change_within(day: int) -> int:
        return day + bisect_left(
            range(int(DAY)),
            True,
            key=lambda second: offset(day + second) != offset(day),
        )

    days = range(SINCE, UNTIL, int(DAY))
    return [change_within(day) for day in days if offset(day) != offset(day + int(DAY))]


@st.composite
def instants(draw: st.DrawFn, zone: ZoneInfo) -> float:
    changes = clock_changes(zone)
    if draw(st.booleans()) and changes:
        change = draw(st.sampled_from(changes))
        return change + draw(st.floats(-1.5 * DAY, 1.5 * DAY))
    return draw(st.floats(SINCE, UNTIL))


times = st.one_of(st.integers(0, 210), st.integers(0, 1439)).map(
    lambda minute: f"{minute // 60:02}:{minute % 60:02}"
)
weekday_sets = st.one_of(
    st.just(frozenset(WEEKDAYS)),
    st.frozensets(st.sampled_from(WEEKDAYS), min_size=1),
)
meals = st.builds(a_meal, time=times, weekdays=weekday_sets)
steps = st.lists(
    st.one_of(
        st.floats(0, 90),
        st.floats(0, 2 * HOUR),
        st.floats(0, 29 * DAY),
        st.sampled_from([0.0, MINUTE, 30 * MINUTE, HOUR, DAY]),
    ),
    max_size=30,
)
lates = st.sampled_from([0.0, MINUTE, LATE, 3 * HOUR, 2 * DAY])


def first_shown(meal: Meal, start: int, end: int, zone: ZoneInfo) -> list[Any]:
    """Watch the clock, minute by minute, as a person would."""
    shown = [(at, wall(at, zone)) for at in range(start, end, 60)]
    found = []
    for day in sorted({local.date() for _, local in shown}):
        if WEEKDAYS[day.weekday()] not in meal.rule.weekdays:
            continue
        nominal = datetime.fromisoformat(f"{day}T{meal.rule.time}")
        if nominal >= shown[0][1]:
            reached = [at for at, local in shown if local >= nominal]
            found += [(f"{day}T{meal.rule.time}", at) for at in reached[:1]]
    return found


@settings(deadline=None)
@given(data=st.data(), zone=st.sampled_from(ZONES_AND_THE_DATE_LINE[1:]), meal=meals)
def test_it_occurs_when_the_clock_first_shows_its_time(
    data: st.DataObject, zone: ZoneInfo, meal: Meal
) -> None:
    changes = clock_changes(zone)
    middle = data.draw(st.sampled_from(changes)) if changes else SINCE
    start, end = middle - int(1.5 * DAY), middle + int(1.5 * DAY)
    found = [
        (one.nominal, one.at) for one in occurrences(meal, start, end, Place(zone))
    ]
    assert found == first_shown(meal, start, end, zone)


@settings(deadline=None)
@given(
    data=st.data(),
    zone=st.sampled_from(ZONES_AND_THE_DATE_LINE),
    meal=meals,
    late=lates,
    steps=steps,
)
def test_a_clock_that_only_goes_on_feeds_or_misses_each_occurrence_once(
    data: st.DataObject, zone: ZoneInfo, meal: Meal, late: float, steps: list[float]
) -> None:
    now = start = data.draw(instants(zone))
    planned = begun(meal, start, zone)
    came_due: list[str] = []
    for step in steps:
        now += step
        came = planned.come(now, zone, late)
        came_due += sorted((*came.missed, *came.fed))
    until_now = occurrences(meal, start, now + 1, Place(zone))
    assert came_due == nominals(one for one in until_now if start < one.at <= now)


@settings(deadline=None)
@given(
    data=st.data(),
    zone=st.sampled_from(ZONES_AND_THE_DATE_LINE),
    meal=meals,
    late=lates,
    steps=steps,
)
def test_a_clock_set_back_by_less_than_a_day_feeds_nothing_twice(
    data: st.DataObject, zone: ZoneInfo, meal: Meal, late: float, steps: list[float]
) -> None:
    now = latest = data.draw(instants(zone))
    planned = begun(meal, now, zone)
    came_due: list[str] = []
    for step in steps:
        back = data.draw(st.one_of(st.just(0.0), st.floats(0, DAY)))
        now = max(now + step - back, latest - DAY + 1)
        latest = max(latest, now)
        came_due += planned.come(now, zone, late).fed
    assert sorted(set(came_due)) == sorted(came_due)


@settings(deadline=None)
@given(data=st.data(), meal=meals, late=lates, steps=steps)
def test_a_traveller_feeds_nothing_twice(
    data: st.DataObject, meal: Meal, late: float, steps: list[float]
) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    now = data.draw(instants(zone))
    planned = begun(meal, now, zone)
    fed: list[str] = []
    for step in steps:
        now += step
        there = data.draw(st.sampled_from(ZONES))
        planned.travel(now, zone, there)
        zone = there
        came = planned.come(now, zone, late)
        # What was missed for being over in one zone is fed if it comes in the next.
        assert not {*came.missed} & {*fed}
        fed += came.fed
    assert sorted(set(fed)) == sorted(fed)


@settings(deadline=None)
@given(
    data=st.data(),
    zone=st.sampled_from(ZONES_AND_THE_DATE_LINE),
    meal=meals,
    back=st.one_of(st.just(0.0), st.floats(0, 10 * DAY)),
)
def test_the_next_occurrence_is_exactly_when_something_comes_due(
    data: st.DataObject, zone: ZoneInfo, meal: Meal, back: float
) -> None:
    latest = data.draw(instants(zone))
    now = latest - back
    planned = begun(meal, latest, zone)
    planned.come(now, zone)
    expected = planned.next_of(now, zone)
    assert expected is not None
    assert planned.come(math.nextafter(expected.at, 0), zone) == NOTHING
    assert planned.come(expected.at, zone).fed == [expected.nominal]


params = st.dictionaries(
    st.text().filter(lambda name: name != "portions"), st.integers()
)
dates = st.dates(date(1993, 1, 1), date(2037, 12, 1))
by_clock = st.builds(
    Rule,
    time=times,
    weekdays=weekday_sets,
    every=st.just(1),
    first=st.none() | dates,
)
by_sun = st.builds(
    Rule,
    weekdays=st.just(frozenset(WEEKDAYS)),
    sun=st.sampled_from(Sun),
    offset=st.integers(-LONGEST_OFFSET, LONGEST_OFFSET),
    every=st.integers(1, LONGEST_EVERY),
    first=dates,
)
overrides = st.builds(
    Override,
    skipped=st.none() | st.booleans(),
    time=st.just("") | times,
    params=st.none() | params,
)


@given(
    meal=st.builds(
        new_meal,
        meal_id=st.text(),
        name=st.text(),
        rule=by_clock | by_sun,
        params=params,
        kind=st.text(),
        enabled=st.booleans(),
        begins=st.one_of(st.none(), st.floats(SINCE, UNTIL)),
        nodes=st.lists(st.text()),
        if_missed=st.sampled_from(IfMissed),
        deadline=st.floats(1.0, LONGEST_DEADLINE),
        skipped_until=st.none() | dates,
        overrides=st.dictionaries(dates.map(str), overrides),
    )
)
def test_every_meal_survives_storage(meal: Meal) -> None:
    assert meal_from_json(json.loads(json.dumps(as_json(meal)))) == meal
