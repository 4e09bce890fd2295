"""The plan of a garden: what its owner reads on a clock, as slots that nodes run.

Nodes count in UTC and know no time zone. A plan is therefore right only as long as the
offset from UTC stays the same, and is another one when clocks are set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from math import ceil
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.meal import WEEKDAYS, Meal
from ...engine.model.policy import DAY, HOUR, MINUTE
from ...engine.model.step import Run, Wanted
from ..base import Site
from ..fields import Whole
from ..params import Field, InvalidCommand, check_all
from .events import HIGHEST_VALVE

HIGHEST_SLOT: Final = 99
USUAL_SLOTS: Final = 8
"""As many as old nodes have."""
LONGEST_RUN: Final = 7200

RUN_FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "valve": Whole(0, HIGHEST_VALVE, required=True),
        "duration": Whole(1, LONGEST_RUN, required=True),
    }
)
"""A run of a valve: `duration` in seconds."""

SLOT_FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "hour": Whole(0, 23, required=True),
        "minute": Whole(0, 59, required=True),
        "duration": Whole(1, 65535, required=True),
        "days": Whole(1, 127, required=True),
        "valve": Whole(0, HIGHEST_VALVE, required=True),
    }
)
"""A slot as the wire has it: UTC, seconds, days as bits from Sunday."""

_FIRST_WEEKDAY: Final = 4
"""Of unix time, counted from Sunday: it began on a Thursday."""
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


def wanted(site: Site, meals: tuple[Meal, ...], wall: float) -> tuple[Wanted, ...]:
    """Return the plan for each node, as its slots are to be from `wall` (unix seconds).

    The slots are in the order of the plan's local times. A node that keeps no plan gets
    none, and one that keeps a plan without lines gets an empty one. Raises
    InvalidCommand where a node has fewer slots than its plan has lines
    (`plan_too_long`: node, lines, slots), or a line makes no sense.
    """
    enabled = sorted(
        (meal for meal in meals if meal.enabled),
        key=lambda meal: (meal.rule.time, len(meal.id), meal.id),
    )
    plans = []
    for node, fields in site.nodes.items():
        slots = fields.get("slots", USUAL_SLOTS)
        if not slots:
            continue
        own = [meal for meal in enabled if not meal.nodes or node in meal.nodes]
        if len(own) > slots:
            raise InvalidCommand(
                "plan_too_long", node=node, lines=len(own), slots=slots
            )
        lines = [slot_of(meal, site.zone, wall) for meal in own]
        params = {"clear": slots, "slots": lines}
        plans.append(
            Wanted(
                node=node, kind="set_plan", params=params, holds=bool(params["slots"])
            )
        )
    return tuple(plans)


def slot_of(meal: Meal, zone: tzinfo, wall: float) -> dict[str, Any]:
    """Return a line of the plan in UTC, with the offset in force at `wall`.

    Where that takes it over midnight, its days move with it. A part of a minute in an
    offset, which no zone has had for half a century, is cut off.
    """
    offset = datetime.fromtimestamp(wall, zone).utcoffset()
    ahead = 0 if offset is None else offset.total_seconds() // 60
    hour, minute = meal.rule.time.split(":")
    days_later, minute_of_day = divmod(
        int(hour) * _HOUR + int(minute) - int(ahead), _DAY
    )
    return {
        "hour": minute_of_day // _HOUR,
        "minute": minute_of_day % _HOUR,
        "days": day_mask(meal.rule.weekdays, days_later),
        **check_all(RUN_FIELDS, meal.params),
    }


def overlap(site: Site, one: Meal, other: Meal, wall: float) -> bool:
    """Whether a node refuses one line beside the other; see `Planning.overlap`.

    It compares them in minutes on the days of UTC that they share, whatever their
    valves are, and does not see that a run goes on after midnight.
    """
    slots = [slot_of(line, site.zone, wall) for line in (one, other)]
    begins, others = (slot["hour"] * _HOUR + slot["minute"] for slot in slots)
    lasts, other_lasts = (ceil(slot["duration"] / MINUTE) for slot in slots)
    share_a_day = bool(slots[0]["days"] & slots[1]["days"])
    return share_a_day and begins < others + other_lasts and others < begins + lasts


def runs(
    _site: Site, kind: str, params: Mapping[str, Any], start: float, end: float
) -> Iterator[Run]:
    """Yield what a node runs by itself in a span of time; see `Station.runs`."""
    if kind != "set_plan":
        return
    for day in range(int(start // DAY), int(end // DAY) + 1):
        weekday = 1 << (day + _FIRST_WEEKDAY) % len(WEEKDAYS)
        for slot in params["slots"]:
            at = day * DAY + slot["hour"] * HOUR + slot["minute"] * MINUTE
            if slot["days"] & weekday and start < at <= end:
                yield at, {field: slot[field] for field in RUN_FIELDS}


def in_words(params: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    """Return a run of a valve; see `Planning.in_words`."""
    minutes = f"{round(params['duration'] / 60, 1):g}"
    return "meal_valve", {"valve": params["valve"], "minutes": minutes}


def from_words(said: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what was said of a run of a valve; see `Planning.from_words`."""
    params: dict[str, Any] = {}
    if "valve" in said:
        params["valve"] = said["valve"]
    if "minutes" in said:
        params["duration"] = round(float(said["minutes"]) * 60)
    return params


def day_mask(weekdays: frozenset[str], days_later: int = 0) -> int:
    """Return weekdays as bits: bit 0 is Sunday, bit 6 Saturday.

    `days_later` is how many days each of them moves; it may be negative.
    """
    mask = 0
    for number, weekday in enumerate(WEEKDAYS, start=1):
        if weekday in weekdays:
            mask |= 1 << (number + days_later) % len(WEEKDAYS)
    return mask
