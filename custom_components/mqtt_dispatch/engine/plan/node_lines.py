"""The plan as nodes can keep it, which know no dates: its lines for the coming cycle.

A node begins with its plan anew each week, or each day. So a date that is skipped,
moved or changed is told to it as a plan that is otherwise, from when the node last ran
what comes at that time of the cycle, and is put back when the date is over. If it ran
something else then, it is told once what is to run would have been over: what is still
to come of the cycle may overlap with it, though none of their dates do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
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
    lasts: str | None = None
    """The param that says for how many seconds a line runs; None: none."""

    @classmethod
    def at(cls, wall: float, station: Station, pause: PlanPause | None) -> Self:
        """Return the cycle that is to come at a moment, unix seconds."""
        return cls(
            after=wall - MARGIN,
            place=station.place,
            days=station.plan_cycle,
            pause=pause,
            lasts=station.plan_lasts,
        )

    def lines(self, meal: Meal) -> tuple[Meal, ...]:
        """Return what a meal is in it: lines that go by the time and weekday alone.

        What is the same in every cycle is the meal itself.
        """
        if not meal.enabled or self._is_as_ever(meal):
            return (meal,)
        found: list[tuple[str, Mapping[str, Any], set[str]]] = []
        for one in takewhile(partial(self._is_in_it, meal), self._to_come(meal)):
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
        entering = (self.enters(meal, one) for one in chain((first,), to_come))
        next_in = next((at for at in entering if at > self.after), first.at)
        return min(first.at, next_in) + MARGIN

    def enters(self, meal: Meal, occurrence: Occurrence) -> float:
        """Return from when a node may hold the line for a date, in unix seconds.

        That is when it last ran what comes at the same time of its cycle, or when that
        would have been over, if it was not as long a run of the meal.
        """
        at, lasts = self._cycle_before(occurrence), self._length_of(occurrence)
        if not lasts or self._ran(meal, at, occurrence):
            return at
        return at + lasts

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

    def _cycle_before(self, occurrence: Occurrence) -> float:
        return days_before(occurrence, self.days, self.place.zone)

    def _ran(self, meal: Meal, at: float, occurrence: Occurrence) -> bool:
        """Whether the meal ran as long `at` the same time of the cycle before."""
        return any(
            before.nominal[11:] == occurrence.nominal[11:]
            and self._length_of(before) >= self._length_of(occurrence)
            and not self._is_skipped(before)
            for before in occurrences(
                meal, at, math.nextafter(at, math.inf), self.place
            )
        )

    def _length_of(self, occurrence: Occurrence) -> float:
        """Return for how many seconds a node runs what is for a date."""
        return 0.0 if self.lasts is None else occurrence.params.get(self.lasts, 0.0)

    def _is_in_it(self, meal: Meal, occurrence: Occurrence) -> bool:
        return self.enters(meal, occurrence) <= self.after

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
