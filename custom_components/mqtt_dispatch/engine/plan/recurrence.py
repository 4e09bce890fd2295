"""When each date of a meal comes: its occurrences.

The time of a meal is what the owner reads on a clock. It becomes an instant like this:

- An occurrence runs when the local clock first shows its time or a later one. So a time
  in an hour that is skipped runs at the next valid minute, and a time in an hour that
  is repeated runs once, in the first pass.
- On a date that a zone skips entirely (Pacific/Apia, 2011-12-30) nothing occurs and
  nothing is missed: as much real time passes from the meal before to the meal after as
  on any other day, and all meals of that date at its end would be a day's food at once.
- By the sun it runs in the minute in which the sun rises or sets, and its offset never
  takes it to another date. On a date on which the sun does not, nothing occurs.

What became of each date stands in `occurrences`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import takewhile
import math
from typing import TYPE_CHECKING, Any, Final

from ..model.meal import WEEKDAYS, Meal, MealDate, Override, Place, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EARLIEST: Final = datetime(2, 1, 1, tzinfo=UTC).timestamp()
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC).timestamp()
_NEVER_DARK: Final = 200
"""Days after which nobody waits any more for the sun to rise or set."""
_DAY: Final = 24 * 3600.0
_AS_EVER: Final = Override()


@dataclass(frozen=True, slots=True)
class Occurrence(MealDate):
    """One date of a meal, as its owner wants it now."""

    at: float
    """Unix seconds."""
    params: Mapping[str, Any]
    skipped: bool = False
    """Whether it is not to happen."""


def next_occurrence(meal: Meal, after: float, place: Place) -> Occurrence | None:
    """Return the first occurrence after `after`, unix seconds.

    What became of it plays no part. None for a disabled meal.
    """
    start = math.nextafter(after, math.inf)
    return next(occurrences(meal, start, math.inf, place), None)


def occurrences(
    meal: Meal, start: float, end: float, place: Place
) -> Iterator[Occurrence]:
    """Yield what occurs from `start` to before `end` (unix seconds), in order.

    So does what is skipped. What became of it plays no part. A disabled meal does not
    occur.
    """
    if not meal.enabled:
        return iter(())
    return takewhile(lambda one: one.at < end, _from(meal, start, place))


def on_date(meal: Meal, day: str, place: Place) -> Occurrence | None:
    """Return what occurs on a local date, "YYYY-MM-DD"; None: nothing does."""
    start = _instant(datetime.fromisoformat(day), place.zone)
    found = occurrences(meal, start, start + 2 * _DAY, place)
    return next((one for one in found if one.date == day), None)


def moment_of(date_of_meal: MealDate, zone: tzinfo) -> float:
    """Return when a date of a meal is, as the owner reads it; unix seconds."""
    return _instant(datetime.fromisoformat(date_of_meal.nominal), zone)


def days_before(occurrence: Occurrence, days: int, zone: tzinfo) -> float:
    """Return when the clock showed what it shows at an occurrence, so many days ago."""
    local = datetime.fromisoformat(occurrence.nominal) - timedelta(days=days)
    return _instant(local, zone)


def fits(rule: Rule, day: date) -> bool:
    """Whether a rule names a date; whether the sun rises on it plays no part."""
    if rule.until is not None and day > rule.until:
        return False
    if rule.first is not None and (
        day < rule.first or (day - rule.first).days % rule.every
    ):
        return False
    return WEEKDAYS[day.weekday()] in rule.weekdays


def local_date(instant: float, zone: tzinfo) -> str:
    """Return what day it is there, as occurrences have it."""
    return str(_wall(instant, zone).date())


def is_nominal(text: str) -> bool:
    """Whether this is a local time to the minute, as the owner reads it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return False
    return _nominal(local) == text


def _from(meal: Meal, start: float, place: Place) -> Iterator[Occurrence]:
    """Yield the occurrences at or after `start`, without end but that of the rule.

    Their nominal times rise and their instants never fall.
    """
    rule, zone = meal.rule, place.zone
    # A skipped time of the day before may run on this one.
    begin = _wall(start, zone).toordinal() - 1
    end = date.max if rule.until is None else rule.until
    if rule.first is not None:
        begin = max(begin, rule.first.toordinal())
    without_sun = 0
    for ordinal in range(begin, min(end.toordinal() + 1, date.max.toordinal())):
        day = date.fromordinal(ordinal)
        if not fits(rule, day) or not _exists(day, zone):
            continue
        override = meal.overrides.get(str(day), _AS_EVER)
        found = _at(rule, override, day, place)
        if found is None:
            without_sun += 1
            if without_sun > _NEVER_DARK:
                return
            continue
        without_sun = 0
        local, at = found
        if at >= start:
            yield Occurrence(
                meal.id,
                _nominal(local),
                at,
                meal.params if override.params is None else override.params,
                _is_skipped(meal, override, day),
            )


def _at(
    rule: Rule, override: Override, day: date, place: Place
) -> tuple[datetime, float] | None:
    """Return when a date comes: what the clock shows then, and unix seconds."""
    if rule.sun is None or override.time:
        local = datetime.fromisoformat(f"{day}T{override.time or rule.time}")
        return local, _instant(local, place.zone)
    if (risen := place.sun(rule.sun, day)) is None:
        return None
    first = _instant(datetime.combine(day, time.min), place.zone)
    tomorrow = datetime.combine(day + timedelta(days=1), time.min)
    last = _instant(tomorrow, place.zone) - 60
    at = min(max((risen + 60 * rule.offset) // 60 * 60, first), last)
    return _wall(at, place.zone), at


def _is_skipped(meal: Meal, override: Override, day: date) -> bool:
    if override.skipped is not None:
        return override.skipped
    return meal.skipped_until is not None and day <= meal.skipped_until


def _exists(day: date, zone: tzinfo) -> bool:
    midnight = datetime.fromisoformat(f"{day}T00:00")
    return _wall(_instant(midnight, zone), zone).date() == day


def _instant(local: datetime, zone: tzinfo) -> float:
    """Return when the clock first shows `local`, or skips it to a later minute."""
    first_pass = local.replace(tzinfo=zone).timestamp()
    if _wall(first_pass, zone) == local:
        return first_pass
    # The second reading counts with the offset after the skip, so it lies before it.
    before_skip = local.replace(tzinfo=zone, fold=1).timestamp()
    minutes = range(math.ceil((first_pass - before_skip) / 60))
    skipped = bisect_left(
        minutes, local, key=lambda minute: _wall(before_skip + 60 * minute, zone)
    )
    return before_skip + 60 * skipped


def _wall(instant: float, zone: tzinfo) -> datetime:
    """Return what the clock shows, to the second, within the years of datetime."""
    within = min(max(instant, EARLIEST), LATEST)
    return datetime.fromtimestamp(math.floor(within), zone).replace(tzinfo=None)


def _nominal(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="minutes")
