"""Recurring meals: when each occurrence is to be fed, and which ones were missed.

The time of a meal is what the owner reads on a clock. It becomes an instant like this:

- An occurrence runs when the local clock first shows its time or a later one. So a time
  in an hour that is skipped runs at the next valid minute, and a time in an hour that
  is repeated runs once, in the first pass.
- On a date that a zone skips entirely (Pacific/Apia, 2011-12-30) nothing occurs and
  nothing is missed: as much real time passes from the meal before to the meal after as
  on any other day, and all meals of that date at its end would be a day's food at once.

Each meal remembers in `handled` how far it was dealt with, as local time: what was read
as handled in one zone is handled in every other.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from itertools import takewhile
import math
import re
from typing import TYPE_CHECKING, Any, Final

from ..model.meal import WEEKDAYS, Meal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DAY: Final = 24 * 60 * 60.0
_LOOK_BACK: Final = 30 * _DAY
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
class Occurrence:
    """One time that a meal is to be fed."""

    meal_id: str
    nominal: str
    """Local "YYYY-MM-DDTHH:MM", as the owner reads it."""
    at: float
    """Unix seconds."""

    @property
    def idempotency_key(self) -> str:
        """What tells the feed of this occurrence, however often it is asked for."""
        return f"meal:{self.meal_id}:{self.nominal}"


@dataclass(frozen=True, slots=True)
class Due:
    """What came due, oldest first, and the meal with all of that handled."""

    meal: Meal
    feed: tuple[Occurrence, ...] = ()
    missed: tuple[Occurrence, ...] = ()


def new_meal(
    *,
    meal_id: str,
    name: str,
    time: str,
    weekdays: Iterable[str],
    params: Mapping[str, Any],
    enabled: bool = True,
    handled: str = "",
    nodes: Iterable[str] = (),
) -> Meal:
    """Return a meal at `time`, which is "HH:MM" or "HH:MM:00".

    For a meal that is edited, `handled` is that of the meal as it was. New or edited, a
    meal must then go through `begun`. Raises MealError.
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
        handled=handled,
        nodes=tuple(nodes),
    )


def begun(meal: Meal, now: float, zone: tzinfo) -> Meal:
    """Return the meal with nothing due before `now` (unix seconds).

    For a meal that was added, edited or enabled. An occurrence that was handled stays
    so, even if the clock or the zone was set back since.
    """
    passed = _up_to(now, _from(meal, now - _DAY, zone))
    return replace(
        meal,
        handled=max(
            _nominal(_wall(now, zone)),
            _believed(meal, now, zone),
            *(occurrence.nominal for occurrence in passed),
        ),
    )


def due(meal: Meal, now: float, zone: tzinfo, late: float) -> Due:
    """Return what came due by `now` (unix seconds) and was not handled yet.

    What is at most `late` seconds late is to be fed, the rest was missed. Of a long
    absence only the last 30 days are told. A meal that never began begins now; so does
    one that is handled more than 24 hours ahead, for only a clock that was wrong does
    that, and it must not keep an animal waiting.
    """
    if not meal.enabled:
        return Due(meal)
    handled = _believed(meal, now, zone)
    if not handled:
        return Due(begun(meal, now, zone))
    since = max(_instant(datetime.fromisoformat(handled), zone), now - _LOOK_BACK)
    unhandled = [
        occurrence
        for occurrence in _up_to(now, _from(meal, since, zone))
        if occurrence.nominal > handled
    ]
    if not unhandled:
        return Due(meal)
    return Due(
        replace(meal, handled=unhandled[-1].nominal),
        feed=tuple(one for one in unhandled if now - one.at <= late),
        missed=tuple(one for one in unhandled if now - one.at > late),
    )


def next_occurrence(meal: Meal, after: float, zone: tzinfo) -> Occurrence | None:
    """Return the first occurrence after `after` (unix seconds) that will be fed.

    With `after` the present, and `due` or `begun` done for it, that is when the meal
    wants to be looked at next. None for a disabled meal.
    """
    if not meal.enabled:
        return None
    handled = _believed(meal, after, zone)
    for occurrence in _from(meal, after, zone):
        if occurrence.at > after and occurrence.nominal > handled:
            return occurrence
    return None


def occurrences(
    meal: Meal, start: float, end: float, zone: tzinfo
) -> Iterator[Occurrence]:
    """Yield what occurs from `start` to before `end` (unix seconds), in order.

    Whether it was handled plays no part. A disabled meal does not occur.
    """
    if not meal.enabled:
        return iter(())
    return takewhile(lambda one: one.at < end, _from(meal, start, zone))


def as_json(meal: Meal) -> dict[str, Any]:
    """Return the meal as JSON values."""
    return {
        "id": meal.id,
        "name": meal.name,
        "time": meal.time,
        "weekdays": [day for day in WEEKDAYS if day in meal.weekdays],
        "params": dict(meal.params),
        "enabled": meal.enabled,
        "handled": meal.handled,
        "nodes": list(meal.nodes),
    }


def meal_from_json(data: object) -> Meal:
    """Return the meal that `as_json` wrote. Raises ValueError, saying what is wrong."""
    fields = _typed(data, dict, "a meal")
    handled = _typed(fields.get("handled"), str, "handled")
    if handled and not _is_nominal(handled):
        raise ValueError(f"handled is no local time to the minute: {handled!r}")
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
        handled=handled,
        nodes=[_typed(node, str, "a node") for node in nodes],
    )


def _typed[T](value: object, kind: type[T], what: str) -> T:
    if isinstance(value, kind):
        return value
    raise ValueError(f"{what} is no {kind.__name__}: {value!r}")


def _is_nominal(text: str) -> bool:
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return False
    return _nominal(local) == text


def _believed(meal: Meal, now: float, zone: tzinfo) -> str:
    """Return `handled`, or nothing if only a wrong clock can have set it."""
    if not meal.handled:
        return ""
    reached = _instant(datetime.fromisoformat(meal.handled), zone)
    return "" if reached > now + _DAY else meal.handled


def _up_to(now: float, found: Iterator[Occurrence]) -> Iterator[Occurrence]:
    return takewhile(lambda occurrence: occurrence.at <= now, found)


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
