"""The part of iCalendar's recurrence rules (RFC 5545, RRULE) that meals understand.

Days of the week, every so many days, every so many weeks on one day, without an end, up
to a date or so many times. What recurs otherwise is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
import re
from typing import Final

from ..engine.model.events import Refused
from ..engine.model.meal import WEEKDAYS, Rule
from ..engine.plan.meals import new_rule
from ..engine.plan.recurrence import fits
from ..protocols.untrusted import shown

_DAYS: Final = dict(
    zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), WEEKDAYS, strict=True)
)
_CODES: Final = {day: code for code, day in _DAYS.items()}
_EVERY_DAY: Final = frozenset(WEEKDAYS)
_BY_THE_SUN: Final = "12:00"
_WEEK: Final = len(WEEKDAYS)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")
_MOMENT: Final = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")
_UNDERSTOOD: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL", "WKST"})


def rrule_of(rule: Rule) -> str | None:
    """Return how a calendar says on which dates a rule is; None: on one alone.

    It ends at its time on the last date, as Home Assistant's own calendar writes it.
    """
    if rule.one_date:
        return None
    days = rule.weekdays
    parts = {"FREQ": "DAILY"}
    if rule.every % _WEEK == 0 and rule.first is not None:
        parts = {"FREQ": "WEEKLY"}
        if (weeks := rule.every // _WEEK) > 1:
            parts["INTERVAL"] = str(weeks)
        days = frozenset({WEEKDAYS[rule.first.weekday()]})
    elif rule.every > 1:
        parts["INTERVAL"] = str(rule.every)
    elif days != _EVERY_DAY:
        parts = {"FREQ": "WEEKLY"}
    if days != _EVERY_DAY:
        parts["BYDAY"] = ",".join(_CODES[day] for day in WEEKDAYS if day in days)
    if rule.until is not None:
        time = (rule.time or _BY_THE_SUN).replace(":", "")
        parts["UNTIL"] = f"{rule.until:%Y%m%d}T{time}00"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def says_the_same(rrule: str | None, rule: Rule) -> bool:
    """Whether a calendar says what a rule is already; its times play no part."""
    own = rrule_of(rule)
    if rrule is None or own is None:
        return rrule is own
    return _comparable(rrule) == _comparable(own)


def rule_of(rrule: str | None, start: datetime, today: date, zone: tzinfo) -> Rule:
    """Return what recurs like that from `start`, local and to the minute.

    None: once. Of what is past no more is kept than it takes. Raises Refused and
    MealError.
    """
    time, first = f"{start:%H:%M}", start.date()
    if rrule is None:
        return new_rule(time=time, first=first, until=first)
    parts = _parts(rrule)
    interval = _number(parts, "INTERVAL", rrule) or 1
    count = _number(parts, "COUNT", rrule)
    weekdays = _weekdays(parts, rrule)
    if (count is not None and "UNTIL" in parts) or "FREQ" not in parts:
        raise _not_like_this(rrule)
    if parts["FREQ"] == "WEEKLY":
        weekdays = weekdays or {WEEKDAYS[first.weekday()]}
        if interval > 1:
            if len(weekdays) > 1:
                raise Refused("one_weekday_only", weeks=interval)
            (weekday,) = weekdays
            week_begins = parts.get("WKST", "MO")
            first = _in_its_week(first, weekday, week_begins, interval)
            interval *= _WEEK
    elif parts["FREQ"] != "DAILY":
        raise _not_like_this(rrule)
    rule = new_rule(
        time=time,
        weekdays=weekdays or WEEKDAYS,
        every=interval,
        first=first,
        until=_until(parts["UNTIL"], time, zone, rrule) if "UNTIL" in parts else None,
    )
    if count is not None:
        rule = replace(rule, until=_last(rule, first, count))
    return rule if interval > 1 or first > today else replace(rule, first=None)


def _parts(rrule: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in rrule.upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name not in _UNDERSTOOD or name in parts:
            raise _not_like_this(rrule)
        parts[name] = value
    return parts


def _comparable(rrule: str) -> Mapping[str, object]:
    """Return what a rule says, in whatever order and however it could be left out."""
    try:
        parts = _parts(rrule)
    except Refused:
        return {"": rrule}
    if until := parts.get("UNTIL"):
        parts["UNTIL"] = until[:8]
    usual = {"INTERVAL": "1", "WKST": "MO"}
    return {
        name: frozenset(value.split(",")) if name == "BYDAY" else value
        for name, value in parts.items()
        if usual.get(name) != value
    }


def _number(parts: Mapping[str, str], name: str, rrule: str) -> int | None:
    if name not in parts:
        return None
    if not _NUMBER.fullmatch(parts[name]):
        raise _not_like_this(rrule)
    return int(parts[name])


def _weekdays(parts: Mapping[str, str], rrule: str) -> set[str]:
    codes = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if not {*codes, parts.get("WKST", "MO")} <= _DAYS.keys():
        raise _not_like_this(rrule)
    return {_DAYS[code] for code in codes}


def _in_its_week(start: date, weekday: str, week_begins: str, weeks: int) -> date:
    """Return the first date on a day of every so many weeks, from `start` on."""
    into_week = (start.weekday() - WEEKDAYS.index(_DAYS[week_begins])) % _WEEK
    begin = start - timedelta(days=into_week)
    later = (WEEKDAYS.index(weekday) - begin.weekday()) % _WEEK
    found = begin + timedelta(days=later)
    return found if found >= start else found + timedelta(weeks=weeks)


def _until(text: str, time: str, zone: tzinfo, rrule: str) -> date:
    """Return the last date that is not after a date, or a moment."""
    if (parsed := _MOMENT.fullmatch(text)) is None:
        raise _not_like_this(rrule)
    try:
        last = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        raise _not_like_this(rrule) from None
    if parsed[2] is None:
        return last.date()
    if parsed[3]:
        last = last.replace(tzinfo=UTC).astimezone(zone)
    before = f"{last:%H:%M}" < time
    return last.date() - timedelta(days=before)


def _last(rule: Rule, first: date, count: int) -> date:
    """Return the last of so many dates."""
    possible = range(first.toordinal(), date.max.toordinal(), rule.every)
    days = (date.fromordinal(each) for each in possible)
    found = (day for day in days if fits(rule, day))
    return next(islice(found, count - 1, None), date.max)


def _not_like_this(rrule: str) -> Refused:
    return Refused("unsupported_recurrence", rule=shown(rrule))
