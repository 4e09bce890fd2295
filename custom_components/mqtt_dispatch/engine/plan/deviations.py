"""What nodes that keep the plan are about to do otherwise than it is planned by now.

What a node holds is what it last said to have taken. Where that is something else than
it should hold, be it that it could not be reached, or refused it, what the one and the
other come to is compared, and told before it happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
import math
from types import MappingProxyType
from typing import Any, Final

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState
from ..model.meal import Deviation, Meal
from ..model.policy import DAY, MINUTE, PlanKeeper, Station
from ..model.step import Run, Wanted
from ..wall_clock import WallClock
from .desired import Desired
from .node_lines import MARGIN
from .occurrences import skipped_for
from .recurrence import Occurrence, occurrences

WARNED_BEFORE: Final = 30 * MINUTE


class Deviations:
    """Knows what is about to happen otherwise than planned."""

    def __init__(
        self,
        ledger: Ledger,
        clock: WallClock,
        desired: Desired,
        now: Now,
    ) -> None:
        """Begin with a look."""
        self._ledger = ledger
        self._clock = clock
        self._desired = desired
        self.next_at: float | None = now.wall
        """Unix seconds."""
        self.found: tuple[Deviation, ...] = ()
        """What is so near that a person must know of it, in the order of its times."""
        self._kinds: frozenset[str] = frozenset()
        """The kinds that bring a plan."""
        ledger.when_gone(self._ended)

    def look_again(self, now: Now) -> None:
        """Compare anew: what nodes should hold, or hold, may be something else."""
        self.next_at = now.wall

    def _ended(self, command: Command) -> None:
        if command.kind in self._kinds:
            self.look_again(self._ledger.now)

    def run(self, station: Station, now: Now) -> None:
        """Compare what nodes hold with what they should."""
        if self.next_at is None or self.next_at > now.wall:
            return
        self.next_at, self.found = None, ()
        if station.plan_keeper is PlanKeeper.HOME or not self._clock.plausible:
            return
        found: list[Deviation] = []
        moments: list[float] = []
        every = self._desired.wanted(station, now)
        self._kinds = frozenset(wanted.kind for wanted in every)
        for wanted in every:
            ordered_at = self._ordered_at(wanted)
            for each in self._between(wanted, station, now):
                # What was ordered just now has half of the time that is left.
                begins = max(each.at - WARNED_BEFORE, (ordered_at + each.at) / 2)
                if now.wall < begins:
                    moments.append(begins)
                else:
                    moments.append(each.at + MARGIN)
                    found.append(each)
        self.found = tuple(sorted(found, key=lambda each: each.at))
        self.next_at = min(moments, default=None)

    def _between(
        self, wanted: Wanted, station: Station, now: Now
    ) -> Iterator[Deviation]:
        """Yield how what a node holds comes to something else than what it should."""
        held = self._held(wanted)
        if held == wanted.params:
            return
        start = now.wall - MARGIN
        span = start, start + station.plan_cycle * DAY
        should = [*station.runs(wanted.kind, wanted.params, *span)]
        does = [] if held is None else [*station.runs(wanted.kind, held, *span)]
        for these, others, runs in ((does, should, True), (should, does, False)):
            known = set(map(_told_by, others))
            for run in these:
                if _told_by(run) not in known:
                    yield self._named(Deviation(wanted.node, *run, runs), station)

    def _held(self, wanted: Wanted) -> Mapping[str, Any] | None:
        """Return what a node last said to hold; None: nobody knows, or nothing."""
        for command in self._ledger.known.newest_first(wanted.kind, wanted.node):
            if command.state is CommandState.SUCCEEDED:
                return command.params
            if command.timeline[0].cause is Cause.NODE:
                # It has said that it lacks it.
                return None
        return None

    def _ordered_at(self, wanted: Wanted) -> float:
        """Return since when it is tried to bring it; 0: it is not."""
        newest = self._ledger.known.newest(wanted.kind, wanted.node)
        if newest is None or newest.state is CommandState.SUCCEEDED:
            return 0.0
        return newest.timeline[0].at

    def _named(self, deviation: Deviation, station: Station) -> Deviation:
        """Return it with the meal that it is of, as it is planned or was meant."""
        meals = [
            meal
            for meal in self._ledger.meals.values()
            if station.keeper_of(meal) is not PlanKeeper.HOME
            and deviation.node in station.nodes_of(meal)
        ]
        for meal in (*meals, *map(_as_ever, meals)):
            for one in self._at(deviation, meal, station):
                skipped = skipped_for(self._ledger, one) is not None
                return replace(deviation, meal_id=meal.id, skipped=skipped)
        return deviation

    @staticmethod
    def _at(deviation: Deviation, meal: Meal, station: Station) -> Iterator[Occurrence]:
        end = math.nextafter(deviation.at, math.inf)
        for one in occurrences(meal, deviation.at, end, station.place):
            if deviation.params.items() <= one.params.items():
                yield one


def _told_by(run: Run) -> tuple[object, ...]:
    """Return what no other run of a node has."""
    at, params = run
    return at, *sorted(params.items())


def _as_ever(meal: Meal) -> Meal:
    """Return a meal as if all its dates were alike."""
    nothing = MappingProxyType[str, Any]({})
    return replace(meal, enabled=True, skipped_until=None, overrides=nothing)
