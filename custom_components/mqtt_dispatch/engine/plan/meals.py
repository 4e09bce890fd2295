"""Lines of the plan: what one may be, and how it reads as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
import re
from types import MappingProxyType
from typing import Any, Final

from ..model.meal import (
    USUAL_DEADLINE,
    WEEKDAYS,
    IfMissed,
    Meal,
    Override,
    Rule,
    Sun,
)
from .recurrence import EARLIEST, LATEST, fits

LONGEST_OFFSET: Final = 12 * 60
"""Minutes."""
LONGEST_EVERY: Final = 366
LONGEST_DEADLINE: Final = 24 * 3600.0

_TIME: Final = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::00)?")


class MealError(ValueError):
    """A meal cannot be like this.

    `code` is `invalid_time`, `invalid_weekdays`, `time_or_sun`, `invalid_offset`,
    `invalid_every`, `invalid_deadline`, `first_needed` or `never_occurs`;
    `placeholders` fill in its words.
    """

    def __init__(self, code: str, **placeholders: object) -> None:
        """Keep the reason as data."""
        super().__init__(f"{code}: {placeholders}")
        self.code = code
        self.placeholders = {key: str(value) for key, value in placeholders.items()}


def new_rule(
    *,
    time: str = "",
    weekdays: Iterable[str] = WEEKDAYS,
    sun: Sun | None = None,
    offset: int = 0,
    every: int = 1,
    first: date | None = None,
    until: date | None = None,
) -> Rule:
    """Return when something recurs: at `time`, "HH:MM" or "HH:MM:00", or by the sun.

    Raises MealError.
    """
    if sun is not None and time:
        raise MealError("time_or_sun")
    days = tuple(weekdays)
    if not days or not set(days).issubset(WEEKDAYS):
        raise MealError("invalid_weekdays", weekdays=", ".join(days))
    if abs(offset) > LONGEST_OFFSET or (offset and sun is None):
        raise MealError("invalid_offset", offset=offset)
    if not 1 <= every <= LONGEST_EVERY:
        raise MealError("invalid_every", every=every)
    if every > 1 and first is None:
        raise MealError("first_needed")
    rule = Rule(
        time=clock_time(time) if sun is None else "",
        weekdays=frozenset(days),
        sun=sun,
        offset=offset,
        every=every,
        first=first,
        until=until,
    )
    if first is not None and not _ever_occurs(rule, first):
        raise MealError("never_occurs")
    return rule


def clock_time(text: str) -> str:
    """Return a local time "HH:MM" or "HH:MM:00" as "HH:MM". Raises MealError."""
    parsed = _TIME.fullmatch(text)
    if parsed is None:
        raise MealError("invalid_time", time=text)
    return parsed[1]


def _ever_occurs(rule: Rule, first: date) -> bool:
    """Whether any date fits; weekdays and steps come together within a week of them."""
    later = min(len(WEEKDAYS) * rule.every, (date.max - first).days)
    days = (first + timedelta(days=each) for each in range(0, later + 1, rule.every))
    return any(fits(rule, day) for day in days)


def new_meal(
    *,
    meal_id: str,
    name: str,
    rule: Rule,
    params: Mapping[str, Any],
    kind: str = "feed",
    enabled: bool = True,
    begins: float | None = None,
    nodes: Iterable[str] = (),
    if_missed: IfMissed = IfMissed.FEED_LATE,
    deadline: float = USUAL_DEADLINE,
    skipped_until: date | None = None,
    overrides: Mapping[str, Override] = MappingProxyType({}),
) -> Meal:
    """Return a meal. Raises MealError."""
    if not 0 < deadline <= LONGEST_DEADLINE:
        raise MealError("invalid_deadline", minutes=round(deadline / 60, 1))
    return Meal(
        id=meal_id,
        name=name,
        rule=rule,
        params=dict(params),
        kind=kind,
        enabled=enabled,
        begins=begins,
        nodes=tuple(nodes),
        if_missed=if_missed,
        deadline=deadline,
        skipped_until=skipped_until,
        overrides=dict(overrides),
    )


def as_json(meal: Meal) -> dict[str, Any]:
    """Return the meal as JSON values."""
    return {
        "id": meal.id,
        "name": meal.name,
        "kind": meal.kind,
        "rule": rule_as_json(meal.rule),
        "params": dict(meal.params),
        "enabled": meal.enabled,
        "begins": meal.begins,
        "nodes": list(meal.nodes),
        "if_missed": meal.if_missed.value,
        "deadline": meal.deadline,
        "skipped_until": _text_of(meal.skipped_until),
        "overrides": {
            day: {
                "skipped": override.skipped,
                "time": override.time,
                "params": None if override.params is None else dict(override.params),
            }
            for day, override in sorted(meal.overrides.items())
        },
    }


def rule_as_json(rule: Rule) -> dict[str, Any]:
    """Return the rule as JSON values."""
    return {
        "time": rule.time,
        "weekdays": [day for day in WEEKDAYS if day in rule.weekdays],
        "sun": None if rule.sun is None else rule.sun.value,
        "offset": rule.offset,
        "every": rule.every,
        "first": _text_of(rule.first),
        "until": _text_of(rule.until),
    }


def meal_from_json(data: object) -> Meal:
    """Return the meal that `as_json` wrote. Raises ValueError, saying what is wrong."""
    fields = _typed(data, dict, "a meal")
    begins = fields.get("begins", "missing")
    if begins is not None and not EARLIEST <= _typed(begins, float, "begins") <= LATEST:
        raise ValueError(f"begins is no moment: {begins!r}")
    nodes = _typed(fields.get("nodes"), list, "nodes")
    overrides = _typed(fields.get("overrides"), dict, "overrides")
    return new_meal(
        meal_id=_typed(fields.get("id"), str, "id"),
        name=_typed(fields.get("name"), str, "name"),
        rule=_rule_from_json(fields.get("rule")),
        params=_params(fields.get("params")),
        kind=_typed(fields.get("kind"), str, "kind"),
        enabled=_typed(fields.get("enabled"), bool, "enabled"),
        begins=begins,
        nodes=[_typed(node, str, "a node") for node in nodes],
        if_missed=IfMissed(_typed(fields.get("if_missed"), str, "if_missed")),
        deadline=_typed(fields.get("deadline"), float, "deadline"),
        skipped_until=_date(fields, "skipped_until"),
        overrides={
            str(date.fromisoformat(_typed(day, str, "a date"))): _override(override)
            for day, override in overrides.items()
        },
    )


def _rule_from_json(data: object) -> Rule:
    fields = _typed(data, dict, "a rule")
    weekdays = _typed(fields.get("weekdays"), list, "weekdays")
    sun = fields.get("sun", "missing")
    return new_rule(
        time=_typed(fields.get("time"), str, "time"),
        weekdays=[_typed(day, str, "a weekday") for day in weekdays],
        sun=None if sun is None else Sun(_typed(sun, str, "sun")),
        offset=_typed(fields.get("offset"), int, "offset"),
        every=_typed(fields.get("every"), int, "every"),
        first=_date(fields, "first"),
        until=_date(fields, "until"),
    )


def _override(data: object) -> Override:
    fields = _typed(data, dict, "an override")
    skipped, params = (fields.get(name, "missing") for name in ("skipped", "params"))
    time = _typed(fields.get("time"), str, "time")
    return Override(
        skipped=None if skipped is None else _typed(skipped, bool, "skipped"),
        time=clock_time(time) if time else "",
        params=None if params is None else _params(params),
    )


def _params(data: object) -> dict[str, Any]:
    params = _typed(data, dict, "params")
    _typed(params.get("portions", 1), int, "portions in params")
    return params


def _date(fields: Mapping[str, Any], name: str) -> date | None:
    if (value := fields.get(name, "missing")) is None:
        return None
    try:
        return date.fromisoformat(_typed(value, str, name))
    except ValueError as no_date:
        raise ValueError(f"{name} is no date: {value!r}") from no_date


def _text_of(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _typed[T](value: object, kind: type[T], what: str) -> T:
    if isinstance(value, kind):
        return value
    raise ValueError(f"{what} is no {kind.__name__}: {value!r}")
