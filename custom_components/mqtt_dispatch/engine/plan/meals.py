"""Recurring meals: when each occurrence is to be fed.

The time of a meal is what the owner reads on a clock. It becomes an instant like this:

- An occurrence runs when the local clock first shows its time or a later one. So a time
  in an hour that is skipped runs at the next valid minute, and a time in an hour that
  is repeated runs once, in the first pass.
- On a date that a zone skips entirely (Pacific/Apia, 2011-12-30) nothing occurs and
  nothing is missed: as much real time passes from the meal before to the meal after as
  on any other day, and all meals of that date at its end would be a day's food at once.

What became of each date stands in `occurrences`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from itertools import takewhile
import math
import re
from typing import TYPE_CHECKING, Any, Final

from ..model.meal import WEEKDAYS, Meal, MealDate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TIME: Final = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::00)?")
_EARLIEST: Final = datetime(2, 1, 1, tzinfo=UTC).timestamp()
_LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC).timestamp()


class MealError(ValueError):
    """A meal cannot be like this.

    `code` is `invalid_time` or `invalid_weekdays`; `placeholders` fill in its words.
    """

    def __init__(self, code: str, **placeholders: object) -> None:
        """Keep the reason as data."""
        super().__init__(f"{code}: {placeholders}")
        self.code = code
        self.placeholders = {key: str(value) for key, value in placeholders.items()}


@dataclass(frozen=True, slots=True)
class Occurrence(MealDate):
    """One time that a meal is to be fed."""

    at: float
    """Unix seconds."""


def new_meal(
    *,
    meal_id: str,
    name: str,
    time: str,
    weekdays: Iterable[str],
    params: Mapping[str, Any],
    enabled: bool = True,
    begins: float | None = None,
    nodes: Iterable[str] = (),
) -> Meal:
    """Return a meal at `time`, which is "HH:MM" or "HH:MM:00".

    Raises MealError.
    """
    parsed = _TIME.fullmatch(time)
    if parsed is None:
        raise MealError("invalid_time", time=time)
    days = tuple(weekdays)
    if not days or not set(days).issubset(WEEKDAYS):
        raise MealError("invalid_weekdays", weekdays=", ".join(days))
    return Meal(
        id=meal_id,
        name=name,
        time=parsed[1],
        weekdays=frozenset(days),
        params=dict(params),
        enabled=enabled,
        begins=begins,
        nodes=tuple(nodes),
    )


def next_occurrence(meal: Meal, after: float, zone: tzinfo) -> Occurrence | None:
    """Return the first occurrence after `after`, unix seconds.

    What became of it plays no part. None for a disabled meal.
    """
    start = math.nextafter(after, math.inf)
    return next(occurrences(meal, start, math.inf, zone), None)


def occurrences(
    meal: Meal, start: float, end: float, zone: tzinfo
) -> Iterator[Occurrence]:
    """Yield what occurs from `start` to before `end` (unix seconds), in order.

    What became of it plays no part. A disabled meal does not occur.
    """
    if not meal.enabled:
        return iter(())
    return takewhile(lambda one: one.at < end, _from(meal, start, zone))


def local_date(instant: float, zone: tzinfo) -> str:
    """Return what day it is there, as occurrences have it."""
    return str(_wall(instant, zone).date())


def as_json(meal: Meal) -> dict[str, Any]:
    """Return the meal as JSON values."""
    return {
        "id": meal.id,
        "name": meal.name,
        "time": meal.time,
        "weekdays": [day for day in WEEKDAYS if day in meal.weekdays],
        "params": dict(meal.params),
        "enabled": meal.enabled,
        "begins": meal.begins,
        "nodes": list(meal.nodes),
    }


def meal_from_json(data: object) -> Meal:
    """Return the meal that `as_json` wrote. Raises ValueError, saying what is wrong."""
    fields = _typed(data, dict, "a meal")
    begins = fields.get("begins", "missing")
    if begins is not None and not (
        _EARLIEST <= _typed(begins, float, "begins") <= _LATEST
    ):
        raise ValueError(f"begins is no moment: {begins!r}")
    weekdays = _typed(fields.get("weekdays"), list, "weekdays")
    params = _typed(fields.get("params"), dict, "params")
    nodes = _typed(fields.get("nodes"), list, "nodes")
    _typed(params.get("portions", 1), int, "portions in params")
    return new_meal(
        meal_id=_typed(fields.get("id"), str, "id"),
        name=_typed(fields.get("name"), str, "name"),
        time=_typed(fields.get("time"), str, "time"),
        weekdays=[_typed(day, str, "a weekday") for day in weekdays],
        params=params,
        enabled=_typed(fields.get("enabled"), bool, "enabled"),
        begins=begins,
        nodes=[_typed(node, str, "a node") for node in nodes],
    )


def _typed[T](value: object, kind: type[T], what: str) -> T:
    if isinstance(value, kind):
        return value
    raise ValueError(f"{what} is no {kind.__name__}: {value!r}")


def is_nominal(text: str) -> bool:
    """Whether this is a local time to the minute, as the owner reads it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return False
    return _nominal(local) == text


def _from(meal: Meal, start: float, zone: tzinfo) -> Iterator[Occurrence]:
    """Yield the occurrences at or after `start`, without end.

    Their nominal times rise and their instants never fall.
    """
    # A skipped time of the day before may run on this one.
    day_before = _wall(start, zone).toordinal() - 1
    for ordinal in range(day_before, date.max.toordinal()):
        day = date.fromordinal(ordinal)
        if WEEKDAYS[day.weekday()] not in meal.weekdays or not _exists(day, zone):
            continue
        local = datetime.fromisoformat(f"{day}T{meal.time}")
        at = _instant(local, zone)
        if at >= start:
            yield Occurrence(meal.id, _nominal(local), at)


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
    within = min(max(instant, _EARLIEST), _LATEST)
    return datetime.fromtimestamp(math.floor(within), zone).replace(tzinfo=None)


def _nominal(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="minutes")
