"""Whether nodes that keep the plan themselves can keep a plan like this one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from ..engine.model.meal import WEEKDAYS, Meal, Override, Rule
from ..engine.model.policy import DAY, PlanKeeper, Station
from ..engine.plan.node_lines import MARGIN, Cycle
from ..engine.plan.recurrence import (
    Occurrence,
    next_occurrence,
    occurrences,
    on_date,
)
from ..protocols.base import Site
from ..protocols.params import InvalidCommand
from ..protocols.planning import Planning, nothing_in_the_way

PLAN_TOO_LONG: Final = "plan_too_long"
_FORESIGHT: Final = 400 * DAY
"""For how long it is looked whether dates overlap: nodes that are refused a line later
say so when it is brought to them."""


def check_node_plan(
    planning: Planning,
    site: Site,
    station: Station,
    meals: Iterable[Meal],
    wall: float,
    *,
    changed: Collection[str],
) -> None:
    """Check that nodes can hold these meals from `wall` (unix seconds) on.

    What is skipped counts among the lines, for it may be put back. `changed` are the
    ids of those that are new (an empty id) or otherwise than before: where others
    overlap, as an earlier version let them, that is no reason not to change these.
    Raises InvalidCommand: `plan_no_sun`, `plan_daily_only` (meal), what
    `Planning.wanted` raises for the lines of any cycle, and `plan_overlaps` (meal,
    other, time).
    """
    home = PlanKeeper.HOME
    kept = [meal for meal in meals if station.keeper_of(meal) is not home]
    for meal in kept:
        _check_rule(meal, planning)
    most = [_at_its_most(meal, planning.cycle) for meal in kept]
    try:
        planning.wanted(site, tuple(_all_ever(most)), wall)
    except InvalidCommand as invalid:
        if invalid.code != PLAN_TOO_LONG:
            raise
        # They may never be lines of one and the same cycle.
        for at in (wall, *_beginnings(most, station, wall)):
            cycle = Cycle.at(at, station, None)
            lines = tuple(line for meal in most for line in cycle.lines(meal))
            planning.wanted(site, lines, at)
    _check_overlaps(planning, site, station, kept, wall, changed=changed)


def _check_rule(meal: Meal, planning: Planning) -> None:
    """Refuse what would be another plan in each cycle, or wrong if a node is away.

    A node that begins anew each day would run on all days what is for some; a first, a
    last and a skipped date need one change each, and are told if that does not arrive.
    """
    rule = meal.rule
    if rule.sun is not None:
        raise InvalidCommand("plan_no_sun")
    is_daily = rule.weekdays == frozenset(WEEKDAYS) and rule.every == 1
    if planning.cycle < len(WEEKDAYS) and not is_daily:
        raise InvalidCommand("plan_daily_only", meal=_named(meal))


def _check_overlaps(
    planning: Planning,
    site: Site,
    station: Station,
    kept: list[Meal],
    wall: float,
    *,
    changed: Collection[str],
) -> None:
    """Refuse what a node would do twice at a time; it refuses the later line then."""
    if planning.overlap is nothing_in_the_way or not changed:
        return
    over, end = wall - MARGIN, wall + _FORESIGHT
    # What a node runs at this moment is among its lines as well.
    dates = [
        (one, meal)
        for meal in kept
        for one in occurrences(
            meal, over - _longest(meal, planning), end, station.place
        )
        if not one.skipped
    ]
    under_way: list[tuple[datetime, Occurrence, Meal]] = []
    for one, meal in sorted(dates, key=lambda each: each[0].nominal):
        begins = datetime.fromisoformat(one.nominal)
        under_way = [each for each in under_way if each[0] > begins]
        for _, other, before in under_way if one.at > over else ():
            shares_a_node = {*station.nodes_of(meal)} & {*station.nodes_of(before)}
            is_new = meal.id in changed or before.id in changed
            lines = _line_of(before, other), _line_of(meal, one)
            if is_new and shares_a_node and planning.overlap(site, *lines, one.at):
                raise InvalidCommand(
                    "plan_overlaps",
                    meal=_named(meal),
                    other=_named(before),
                    time=one.nominal,
                )
        ends = begins + timedelta(seconds=_length(one.params, planning))
        under_way.append((ends, one, meal))


def _longest(meal: Meal, planning: Planning) -> float:
    """Return for how many seconds a meal runs at most."""
    otherwise = (each.params for each in meal.overrides.values())
    every = (meal.params, *(params for params in otherwise if params is not None))
    return max(_length(params, planning) for params in every)


def _length(params: Mapping[str, Any], planning: Planning) -> float:
    return 0.0 if planning.lasts is None else params.get(planning.lasts, 0.0)


def _line_of(meal: Meal, one: Occurrence) -> Meal:
    """Return the line by which a node runs one date of a meal."""
    weekday = WEEKDAYS[date.fromisoformat(one.date).weekday()]
    rule = Rule(one.nominal[11:], frozenset({weekday}))
    return replace(meal, rule=rule, params=one.params)


def _named(meal: Meal) -> str:
    return meal.name or meal.rule.time


def _at_its_most(meal: Meal, days: int) -> Meal:
    """Return a meal as it has most lines: nothing skipped, and in each cycle."""
    overrides = {
        day: replace(each, skipped=None) for day, each in meal.overrides.items()
    }
    every = meal.rule.every if meal.rule.every <= days else 1
    rule = replace(meal.rule, every=every)
    return replace(meal, rule=rule, skipped_until=None, overrides=overrides)


def _all_ever(meals: Iterable[Meal]) -> Iterator[Meal]:
    """Yield every line that meals are in any cycle."""
    for meal in meals:
        known: list[Meal] = []
        for each in (Override(), *meal.overrides.values()):
            rule = Rule(each.time or meal.rule.time, meal.rule.weekdays)
            params = meal.params if each.params is None else each.params
            line = replace(meal, rule=rule, params=params, overrides={})
            if line not in known:
                known.append(line)
        yield from known


def _beginnings(
    meals: Iterable[Meal], station: Station, wall: float
) -> Iterator[float]:
    """Yield the later moments from which a line may be one more."""
    place, cycle = station.place, Cycle.at(wall, station, None)
    for meal in meals:
        first = next_occurrence(meal, wall, place)
        days = {*meal.overrides, *_a_cycle_later(meal.overrides, station.plan_cycle)}
        for one in (first, *(on_date(meal, day, place) for day in days)):
            if one is not None:
                enters = cycle.enters(meal, one) + MARGIN
                if enters > wall:
                    yield enters


def _a_cycle_later(days: Iterable[str], cycle: int) -> Iterator[str]:
    """Yield the dates whose lines nodes did not hold the cycle before."""
    for day in days:
        ordinal = date.fromisoformat(day).toordinal() + cycle
        if ordinal <= date.max.toordinal():
            yield str(date.fromordinal(ordinal))
