"""Tells when each date of a meal comes, by an account of its own.

It goes by what an owner reads on a clock: a meal comes in the first minute in which his
clock shows its time or a later one. A date that his clocks never show has no meals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTE = 60

type Sun = Callable[[str, date], float | None]
"""`sun(event, day)`: when it rises or sets there; unix seconds."""


def never(_event: str, _day: date) -> float | None:
    """Return that the sun neither rises nor sets."""
    return None


class Coming(NamedTuple):
    """One date of a meal."""

    day: str
    nominal: str
    """What the clock shows then; for a skipped hour, what it should have shown."""
    at: float
    """Unix seconds."""
    skipped: bool
    params: Mapping[str, Any]


def coming(
    meal: Mapping[str, Any], zone: str, sun: Sun, start: float, end: float
) -> Iterator[Coming]:
    """Yield what comes of a stored meal after `start` and not after `end`."""
    if not meal["enabled"]:
        return
    rule = meal["rule"]
    day = day_of(start, zone) - timedelta(days=1)
    last = min(day_of(end, zone), _day(rule["until"], date.max))
    if rule["first"] is not None:
        day = max(day, date.fromisoformat(rule["first"]))
    while day <= last:
        found = _on(meal, day, zone, sun)
        if found is not None and start < found.at <= end:
            yield found
        day += timedelta(days=1)


def is_paused(pause: Mapping[str, Any] | None, at: float) -> bool:
    """Whether a stored pause of the plan covers a moment."""
    if pause is None or at < pause["since"]:
        return False
    return pause["until"] is None or at < pause["until"]


def on_day(meal: Mapping[str, Any], day: date, zone: str, sun: Sun) -> Coming | None:
    """Return what comes of a stored meal on a local date."""
    return _on(meal, day, zone, sun) if meal["enabled"] else None


def day_of(at: float, zone: str) -> date:
    """Return what day it is there."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date()


def _on(meal: Mapping[str, Any], day: date, zone: str, sun: Sun) -> Coming | None:
    rule = meal["rule"]
    if not _names(rule, day):
        return None
    other = meal["overrides"].get(str(day), {})
    clock = other.get("time") or rule["time"]
    if clock:
        nominal = f"{day}T{clock}"
        at = shown_at(day, clock, zone)
    else:
        seen = sun(rule["sun"], day)
        if seen is None:
            return None
        whole = (seen + _MINUTE * rule["offset"]) // _MINUTE * _MINUTE
        midnight = shown_at(day, "00:00", zone)
        next_one = shown_at(day + timedelta(days=1), "00:00", zone)
        if midnight is None or next_one is None:
            return None
        at = max(midnight, min(whole, next_one - _MINUTE))
        nominal = f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
    if at is None:
        return None
    skipped = other.get("skipped")
    if skipped is None:
        until = meal["skipped_until"]
        skipped = until is not None and str(day) <= until
    params = other.get("params")
    return Coming(
        str(day), nominal, at, skipped, meal["params"] if params is None else params
    )


def _names(rule: Mapping[str, Any], day: date) -> bool:
    """Whether a rule is for a date."""
    if (
        day > _day(rule["until"], date.max)
        or WEEK[day.weekday()] not in (rule["weekdays"])
    ):
        return False
    if rule["first"] is None:
        return True
    since = (day - date.fromisoformat(rule["first"])).days
    return since >= 0 and since % rule["every"] == 0


def _day(text: str | None, otherwise: date) -> date:
    return otherwise if text is None else date.fromisoformat(text)


@cache
def shown_at(day: date, clock: str, zone: str) -> float | None:
    """Return when a clock there first shows a time of a date, or a later one.

    None: it never shows that date.
    """
    wanted = datetime.combine(day, time.fromisoformat(clock))
    as_utc = wanted.replace(tzinfo=UTC).timestamp()
    offsets = _offsets(day, zone)
    at = as_utc - max(offsets)
    if len(offsets) == 1:
        return at
    while _shown(at, zone) < wanted:
        at += _MINUTE
    return at if _shows(day, at, clock, zone) else None


def _shows(day: date, at: float, clock: str, zone: str) -> bool:
    """Whether the clocks there show a date at all, of which `at` is `clock`."""
    if _shown(at, zone).date() == day:
        return True
    return clock != "00:00" and shown_at(day, "00:00", zone) is not None


@cache
def _offsets(day: date, zone: str) -> frozenset[float]:
    """Return by how many seconds a zone is ahead of UTC around a date."""
    midnight = datetime.combine(day, time.min, UTC).timestamp()
    hours = (-40, -28, -14, 0, 14, 28, 42, 56)
    return frozenset(_offset(midnight + 3600.0 * each, zone) for each in hours)


def _offset(at: float, zone: str) -> float:
    offset = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
    return 0.0 if offset is None else offset.total_seconds()


def _shown(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None)
