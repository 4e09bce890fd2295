"""The plan as nodes can keep it, which know no dates: its lines for the coming cycle.

A node begins with its plan anew each week, or each day. So a date that is skipped,
moved or changed is told to it as a plan that is otherwise, from when the node last ran
what comes at that time of the cycle, and is put back when the date is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, takewhile
import math
from types import MappingProxyType
from typing import Any, Final, Self

from ..model.meal import WEEKDAYS, Meal, Place, Rule
from ..model.pause import PlanPause
from ..model.policy import MINUTE, Station
from .recurrence import Occurrence, days_before, occurrences

MARGIN: Final = 5 * MINUTE
"""Seconds after which a date is over at a node, too, whose clock may be behind."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """The cycle of a plan that nodes keep which is to come at a moment."""

    after: float
    """Unix seconds: the dates until then are over."""
    place: Place
    days: int
    pause: PlanPause | None = None

    @classmethod
    def at(cls, wall: float, station: Station, pause: PlanPause | None) -> Self:
        """Return the cycle that is to come at a moment, unix seconds."""
        return cls(wall - MARGIN, station.place, station.plan_cycle, pause)

    def lines(self, meal: Meal) -> tuple[Meal, ...]:
        """Return what a meal is in it: lines that go by the time and weekday alone.

        What is the same in every cycle is the meal itself.
        """
        if not meal.enabled or self._is_as_ever(meal):
            return (meal,)
        found: list[tuple[str, Mapping[str, Any], set[str]]] = []
        for one in takewhile(self._is_in_it, self._to_come(meal)):
            if not self._is_skipped(one):
                time, weekdays = one.nominal[11:], self._weekdays_of(one)
                same = (line for line in found if line[:2] == (time, one.params))
                if (line := next(same, None)) is None:
                    found.append((time, one.params, weekdays))
                else:
                    line[2].update(weekdays)
        lines = (
            replace(
                meal,
                rule=Rule(time, frozenset(weekdays)),
                params=params,
                skipped_until=None,
                overrides=MappingProxyType({}),
            )
            for time, params, weekdays in found
        )
        return tuple(sorted(lines, key=_place_in_week))

    def changes_at(self, meal: Meal) -> float | None:
        """Return when these lines may be others by time alone, in unix seconds.

        None: never.
        """
        if not meal.enabled or self._is_as_ever(meal):
            return None
        to_come = self._to_come(meal)
        if (first := next(to_come, None)) is None:
            return None
        entering = map(self._enters, chain((first,), to_come))
        next_in = next((at for at in entering if at > self.after), first.at)
        return min(first.at, next_in) + MARGIN

    def _is_as_ever(self, meal: Meal) -> bool:
        """Whether each cycle is like the other."""
        as_ever = Rule(meal.rule.time, meal.rule.weekdays)
        pause = self.pause
        return (
            meal.rule == as_ever
            and meal.skipped_until is None
            and not meal.overrides
            and (pause is None or self._is_over(pause))
        )

    def _is_over(self, pause: PlanPause) -> bool:
        return pause.until is not None and pause.until <= self.after

    def _to_come(self, meal: Meal) -> Iterator[Occurrence]:
        start = math.nextafter(self.after, math.inf)
        return occurrences(meal, start, math.inf, self.place)

    def _enters(self, occurrence: Occurrence) -> float:
        """Return when a node last ran what comes at the same time of its cycle."""
        return days_before(occurrence, self.days, self.place.zone)

    def _is_in_it(self, occurrence: Occurrence) -> bool:
        return self._enters(occurrence) <= self.after

    def _is_skipped(self, occurrence: Occurrence) -> bool:
        pause = self.pause
        return occurrence.skipped or (pause is not None and pause.covers(occurrence.at))

    def _weekdays_of(self, occurrence: Occurrence) -> set[str]:
        """Return on which weekdays a node runs what is for this date."""
        first = date.fromisoformat(occurrence.date).weekday()
        count = len(WEEKDAYS)
        return {WEEKDAYS[(first + self.days * each) % count] for each in range(count)}


def _place_in_week(line: Meal) -> tuple[str, list[int]]:
    return line.rule.time, sorted(map(WEEKDAYS.index, line.rule.weekdays))
