"""What an action says of a meal, and the meal that it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..engine.model.events import Refused
from ..engine.model.meal import IfMissed, Meal, Override, Rule, Sun
from ..engine.plan.meals import (
    LONGEST_EVERY,
    LONGEST_OFFSET,
    MealError,
    new_meal,
    new_rule,
)
from ..ordering.schemas import (
    Fields,
    Takes,
    a_text,
    an_object,
    in_words,
    takes,
    takes_params,
    texts,
)
from ..protocols import PROTOCOLS
from ..protocols.base import Protocol
from ..protocols.fields import Choice, Flag, Whole
from ..protocols.params import InvalidCommand

MEAL_PARAMS: Final = takes_params(
    {key: each.planned_kind for key, each in PROTOCOLS.items()}
)
"""The params that have a field of their own; `params` takes any."""
NO_DATE: Final = ""
"""Stands for no first or last date, to take one away."""

_ALWAYS: Final = Rule(time="00:00")


def _of_calendar(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Refused("invalid_date", value=value) from None


A_DATE: Final[Takes] = in_words(_of_calendar)
"""Takes a local date."""


def _date_or_none(value: object) -> date | str:
    return NO_DATE if value == NO_DATE else _of_calendar(value)


def _minutes(value: object) -> int:
    """Take minutes, or a time such as "-01:30"."""
    try:
        return Whole(minimum=-LONGEST_OFFSET, maximum=LONGEST_OFFSET).check(
            "offset", value
        )
    except InvalidCommand:
        seconds = _lasting(value)
        if seconds is None or seconds % 60:
            raise MealError("invalid_offset", offset=value) from None
        return int(seconds // 60)


def _seconds(value: object) -> float:
    """Take minutes, or a time such as "00:45", as seconds."""
    try:
        return 60.0 * Whole(minimum=0, maximum=10**6).check("deadline", value)
    except InvalidCommand:
        seconds = _lasting(value)
        if seconds is None:
            raise MealError("invalid_deadline", minutes=value) from None
        return seconds


def _lasting(value: object) -> float | None:
    if not isinstance(value, str | dict | timedelta):
        return None
    try:
        lasts: timedelta = cv.time_period(value)
    except (vol.Invalid, OverflowError):
        return None
    return lasts.total_seconds()


MEAL_FIELDS: Final[Fields] = {
    "name": a_text,
    "time": a_text,
    "sun": takes("sun", Choice(choices=tuple(Sun))),
    "offset": in_words(_minutes),
    "weekdays": texts,
    "every": takes("every", Whole(minimum=1, maximum=LONGEST_EVERY)),
    "from": in_words(_date_or_none),
    "until": in_words(_date_or_none),
    "kind": a_text,
    **MEAL_PARAMS,
    "params": an_object,
    "deadline": in_words(_seconds),
    "if_missed": takes("if_missed", Choice(choices=tuple(IfMissed))),
    "enabled": takes("enabled", Flag()),
}
"""Each as `meal_of` wants it."""


def meal_of(
    before: Meal | None,
    given: Mapping[str, Any],
    protocol: Protocol,
    nodes: tuple[str, ...],
    today: date,
) -> Meal:
    """Return a meal with what is `given` of `MEAL_FIELDS`; else it is as `before`.

    `nodes`: those it is for; none: all, or those of `before`. Raises Refused,
    InvalidCommand and MealError.
    """
    if before is None and not {"time", "sun"} & given.keys():
        raise Refused("missing_field", field="time")
    kind = _kind(before, given, protocol)
    same_kind = before is not None and before.kind == kind
    params = dict(before.params) if before is not None and same_kind else {}
    params |= given.get("params", {})
    params |= {name: given[name] for name in MEAL_PARAMS if name in given}
    if before is not None and not nodes:
        nodes = before.nodes
    is_kept = protocol.planning is not None and protocol.planning.kind == kind
    if protocol.kinds[kind].whole_station and not is_kept:
        nodes = ()
    rule = _rule(_ALWAYS if before is None else before.rule, given, today)
    if before is None:
        before = new_meal(meal_id="", name="", rule=rule, params={})
    changed = new_meal(
        meal_id=before.id,
        name=str(given.get("name", before.name)),
        rule=rule,
        params=protocol.check(kind, params),
        kind=kind,
        nodes=nodes,
        enabled=given.get("enabled", before.enabled),
        if_missed=IfMissed(given.get("if_missed", before.if_missed)),
        deadline=given.get("deadline", before.deadline),
    )
    return replace(
        changed,
        begins=before.begins,
        skipped_until=before.skipped_until,
        overrides=before.overrides if same_kind else _without_params(before),
    )


def _kind(before: Meal | None, given: Mapping[str, Any], protocol: Protocol) -> str:
    kind = str(
        given.get("kind", protocol.planned_kind if before is None else before.kind)
    )
    if kind in protocol.kinds:
        return kind
    if "kind" in given:
        raise InvalidCommand("unknown_kind", kind=kind)
    # Of what these nodes do, nothing is planned more than anything else.
    raise Refused("missing_field", field="kind")


def _rule(before: Rule, given: Mapping[str, Any], today: date) -> Rule:
    time, sun, offset = before.time, before.sun, before.offset
    if "sun" in given:
        time, sun = "", Sun(given["sun"])
    if "time" in given:
        time = str(given["time"])
        if "sun" not in given:
            sun, offset = None, 0
    every = given.get("every", before.every)
    first = _changed_date(given.get("from"), before.first)
    return new_rule(
        time=time,
        sun=sun,
        offset=given.get("offset", offset),
        weekdays=given.get("weekdays", before.weekdays),
        every=every,
        first=today if first is None and every > 1 else first,
        until=_changed_date(given.get("until"), before.until),
    )


def _changed_date(given: date | str | None, before: date | None) -> date | None:
    if given is None:
        return before
    return given if isinstance(given, date) else None


def _without_params(meal: Meal) -> dict[str, Override]:
    return {day: replace(each, params=None) for day, each in meal.overrides.items()}
