"""Moments ahead, as people and automations give them."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta, tzinfo

from homeassistant.util import dt as dt_util


def moment_ahead(value: object, local: datetime, within: timedelta) -> float | None:
    """Return a moment ahead, in unix seconds; None: `value` names none.

    It is a date with a time, or a time of day: the next one. `local` is what the clock
    of the owner says. A time that the clock skips is when it has skipped it.
    """
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    now, zone = local.timestamp(), local.tzinfo
    if zone is None:
        raise ValueError("a clock without a zone")
    found: list[float] = []
    try:
        if (clock := dt_util.parse_time(text)) is not None:
            for days in (0, 1, 2):
                day = local.date() + timedelta(days=days)
                found += _instants(datetime.combine(day, clock), zone)
        elif (moment := dt_util.parse_datetime(text)) is not None:
            ours = moment.tzinfo is None
            found = _instants(moment, zone) if ours else [moment.timestamp()]
    except (ValueError, OverflowError):
        return None
    return min(
        (at for at in found if now < at <= now + within.total_seconds()), default=None
    )


def _instants(shown: datetime, zone: tzinfo) -> list[float]:
    """Return when a clock shows something: it may do so twice, or skip it."""
    passes = [shown.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)]
    found = [at for at in passes if _reading(at, zone) == shown]
    if found:
        return found
    before, after = sorted(map(int, passes))
    seconds = range(before, after)
    return [before + bisect_left(seconds, shown, key=lambda at: _reading(at, zone))]


def _reading(at: float, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)
