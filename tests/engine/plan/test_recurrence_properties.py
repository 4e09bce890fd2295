"""Any rule in zones that change their clocks, against what dateutil makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
import math
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import tz  # type: ignore[import-untyped]
from dateutil.rrule import DAILY, rrule  # type: ignore[import-untyped]
from hypothesis import assume, given, settings, strategies as st

from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Override,
    Place,
    Rule,
    Sun,
)
from custom_components.mqtt_dispatch.engine.plan.meals import (
    LONGEST_OFFSET,
    MealError,
    new_meal,
    new_rule,
)
from custom_components.mqtt_dispatch.engine.plan.recurrence import (
    next_occurrence,
    occurrences,
)
from tests.engine.plan.meal_samples import DAY

ZONES = (
    "Europe/Berlin",
    "Australia/Adelaide",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
"""Of these only the last never changes its clocks; Lord Howe by half an hour."""
CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "Australia/Adelaide": ("2026-04-05", "2026-10-04"),
    "America/Santiago": ("2026-04-04", "2026-09-05", "2026-09-06"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Asia/Kolkata": ("2026-07-01",),
}
BEGIN = date(2026, 1, 1)

zones = st.sampled_from(ZONES)
times = st.one_of(st.integers(0, 210), st.integers(0, 1439)).map(
    lambda minute: f"{minute // 60:02}:{minute % 60:02}"
)
weekday_sets = st.just(list(WEEKDAYS)) | st.lists(
    st.sampled_from(WEEKDAYS), min_size=1, unique=True
)
days = st.integers(0, 400).map(lambda later: BEGIN + timedelta(days=later))


def near_a_change(zone: str) -> st.SearchStrategy[date]:
    changes = st.sampled_from(CHANGES[zone]).map(date.fromisoformat)
    return st.builds(
        lambda day, by: day + timedelta(days=by), changes, st.integers(-3, 1)
    )


def first_shown(local: datetime, zone: str) -> float:
    """Return when a clock first shows a time or a later one, in unix seconds."""
    there = tz.gettz(zone)
    assert there is not None
    here = local.replace(tzinfo=there)
    if tz.datetime_exists(here):
        return here.timestamp()
    at = int(tz.resolve_imaginary(here).timestamp())
    while datetime.fromtimestamp(at - 60, there).replace(tzinfo=None) >= local:
        at -= 60
    return at


def rule_or_none(**fields: Any) -> Rule | None:
    """Return a rule; None: it would never occur."""
    try:
        return new_rule(**fields)
    except MealError as error:
        if error.code != "never_occurs":
            raise
        return None


@settings(deadline=None)
@given(
    data=st.data(),
    zone=zones,
    time=times,
    weekdays=weekday_sets,
    every=st.integers(1, 40),
    lasts=st.none() | st.integers(0, 120),
)
def test_a_rule_occurs_when_dateutil_says_so(
    *,
    data: st.DataObject,
    zone: str,
    time: str,
    weekdays: list[str],
    every: int,
    lasts: int | None,
) -> None:
    first = data.draw(days | near_a_change(zone))
    until = None if lasts is None else first + timedelta(days=lasts)
    begin = datetime.fromisoformat(f"{first}T{time}")
    account = rrule(
        DAILY,
        interval=every,
        dtstart=begin,
        until=None if until is None else datetime.fromisoformat(f"{until}T23:59"),
        byweekday=[WEEKDAYS.index(day) for day in weekdays],
    )
    end = begin + timedelta(days=150)
    expected = [
        (local.isoformat(timespec="minutes"), first_shown(local, zone))
        for local in account.between(begin, end, inc=True)
    ]
    rule = rule_or_none(
        time=time, weekdays=weekdays, every=every, first=first, until=until
    )
    if rule is None:
        assert expected == []
        return
    meal = new_meal(meal_id="m", name="", rule=rule, params={})
    stop = first_shown(end, zone) + 1
    found = occurrences(meal, 0.0, stop, Place(ZoneInfo(zone)))
    assert [(one.nominal, one.at) for one in found] == expected


@settings(deadline=None)
@given(data=st.data(), zone=zones, time=times, otherwise=st.none() | times)
def test_a_daily_meal_comes_once_on_every_date_around_a_change(
    data: st.DataObject, zone: str, time: str, otherwise: str | None
) -> None:
    """Whatever moment it is asked from, and though one date is at another time."""
    moved, start = data.draw(near_a_change(zone)), data.draw(near_a_change(zone))
    overrides = {} if otherwise is None else {str(moved): Override(time=otherwise)}
    meal = new_meal(
        meal_id="m",
        name="",
        rule=new_rule(time=time),
        params={},
        overrides=overrides,
    )
    after = datetime.combine(start, datetime.min.time()).timestamp()
    after += data.draw(st.floats(-DAY, DAY))
    expected = []
    for later in range(-3, 8):
        day = start + timedelta(days=later)
        named = otherwise if day == moved and otherwise is not None else time
        local = datetime.fromisoformat(f"{day}T{named}")
        at = first_shown(local, zone)
        if after < at:
            expected.append((local.isoformat(timespec="minutes"), at))
    found = []
    for _ in expected:
        one = next_occurrence(meal, after, Place(ZoneInfo(zone)))
        assert one is not None
        found.append((one.nominal, one.at))
        after = one.at
    # Two dates that come in the same minute are two occurrences, next to each other.
    assume(len({at for _, at in expected}) == len(expected))
    assert found == expected


def midnight(day: date, zone: str) -> float:
    """Return when a date begins."""
    return first_shown(datetime.fromisoformat(f"{day}T00:00"), zone)


def a_sun(
    zone: str, minutes: list[float | None]
) -> Callable[[Sun, date], float | None]:
    """Return a sun that rises so many minutes after each midnight, by turns."""

    def sun(event: Sun, day: date) -> float | None:
        since = minutes[(day.toordinal() + (event is Sun.SUNSET)) % len(minutes)]
        return None if since is None else midnight(day, zone) + 60 * since

    return sun


@settings(deadline=None)
@given(
    data=st.data(),
    zone=zones,
    event=st.sampled_from(Sun),
    offset=st.integers(-LONGEST_OFFSET, LONGEST_OFFSET),
    minutes=st.lists(st.none() | st.floats(0, 1380), min_size=1, max_size=9),
)
def test_by_the_sun_it_comes_on_dates_that_have_one_and_within_them(
    data: st.DataObject,
    zone: str,
    event: Sun,
    offset: int,
    minutes: list[float | None],
) -> None:
    start, there = data.draw(near_a_change(zone)), ZoneInfo(zone)
    sun = a_sun(zone, minutes)
    meal = new_meal(
        meal_id="m",
        name="",
        rule=new_rule(sun=event, offset=offset, first=start),
        params={},
    )
    dates = [start + timedelta(days=later) for later in range(9)]
    midnights = [midnight(start + timedelta(days=later), zone) for later in range(10)]
    found = list(occurrences(meal, 0.0, midnights[-1], Place(there, sun)))
    risen = [sun(event, day) for day in dates]
    assert [one.date for one in found] == [
        str(day) for day, at in zip(dates, risen, strict=True) if at is not None
    ]
    for one in found:
        number = dates.index(date.fromisoformat(one.date))
        wanted = (risen[number] or 0.0) + 60 * offset
        assert midnights[number] <= one.at < midnights[number + 1]
        assert one.at % 60 == 0
        within = min(max(wanted, midnights[number]), midnights[number + 1] - 60)
        assert 0 <= within - one.at < 60 or one.at == math.floor(within / 60) * 60
        shown = datetime.fromtimestamp(one.at, there).replace(tzinfo=None)
        assert one.nominal == shown.isoformat(timespec="minutes")
