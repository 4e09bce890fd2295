"""What became of the meals that nodes feed by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
import math

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, CommandState, DeliveryState
from ..model.events import Enqueue
from ..model.meal import Became, Meal
from ..model.policy import PlanKeeper, Station
from ..model.reports import Dispensed
from ..orders.enqueue import record
from ..wall_clock import WallClock
from .mealtimes import order_of
from .occurrences import Occurrences, skipped_for
from .outcomes import became
from .recurrence import Occurrence, next_occurrence, occurrences

TOLD_WITHIN = 300.0
"""Seconds from a meal's time in which its node says that it was fed."""


@dataclass(frozen=True, slots=True)
class _Became:
    """What became of a meal, and why."""

    state: CommandState
    cause: Cause
    delivery: DeliveryState = DeliveryState.PENDING
    reason: str = ""


_MISSED = _Became(CommandState.EXPIRED, Cause.MISSED)
_SKIPPED = _Became(CommandState.CANCELLED, Cause.SKIPPED)


class NodeMeals:
    """Writes down each planned meal once: dispensed, failed or missed."""

    def __init__(
        self, ledger: Ledger, clock: WallClock, occurrences: Occurrences, now: Now
    ) -> None:
        """Begin with a look."""
        self._ledger = ledger
        self._clock = clock
        self._occurrences = occurrences
        self.next_at: float | None = now.wall
        """Unix seconds: when the next meal is missed if nobody tells of it."""

    def look_again(self, now: Now) -> None:
        """Reckon anew: the meals or the time zone have changed."""
        self.next_at = now.wall

    def take(self, report: Dispensed, station: Station, now: Now) -> None:
        """Take in what a node fed, or failed to, however often it tells it."""
        now = self._clock.account(now)
        if report.node not in station.nodes or not self._ledger.dispense(
            report, now.wall
        ):
            return
        if not report.planned:
            return
        found = min(
            self._around(report, station),
            key=lambda item: abs(item[1].at - report.started_at),
            default=None,
        )
        if found is not None:
            failed = bool(report.reason)
            outcome = _Became(
                CommandState.FAILED if failed else CommandState.SUCCEEDED,
                Cause.NODE,
                DeliveryState.FAILED if failed else DeliveryState.DONE,
                report.reason,
            )
            meal, occurrence = found
            order = order_of(meal, occurrence, station, now, report.node)
            self._record(occurrence, order, outcome, now)

    def run(self, station: Station, now: Now, *, listening_since: float | None) -> None:
        """Note which meals were missed, of those whose nodes could be heard.

        `listening_since` in steady seconds; None: nobody can be heard now.
        """
        if self.next_at is None or self.next_at > now.wall:
            return
        self.next_at = None
        meals = _told_of(station, self._ledger.meals.values())
        if not meals or not self._clock.plausible:
            return
        over = now.wall - TOLD_WITHIN
        if listening_since is not None:
            self._miss(station, now.wall - (now.steady - listening_since), over, now)
        upcoming = [
            following.at
            for meal in meals
            if (following := next_occurrence(meal, over, station.place))
        ]
        self.next_at = min(upcoming) + TOLD_WITHIN if upcoming else None

    def _miss(self, station: Station, since: float, over: float, now: Now) -> None:
        found = [
            (occurrence, meal, node)
            for meal in _told_of(station, self._ledger.meals.values())
            for node in station.nodes_of(meal)
            for occurrence in self._occurrences.due(meal, over, station.place, node)
            if occurrence.at >= since
        ]
        found.sort(key=lambda item: (item[0].at, item[0].nominal))
        for occurrence, meal, node in found:
            skipped = skipped_for(self._ledger, occurrence)
            outcome = _MISSED if skipped is None else replace(_SKIPPED, reason=skipped)
            order = order_of(meal, occurrence, station, now, node)
            self._record(occurrence, order, outcome, now)
        self._occurrences.drop_old(now, station.place)

    def _around(
        self, report: Dispensed, station: Station
    ) -> Iterator[tuple[Meal, Occurrence]]:
        """Yield the meals of which a report may tell and nothing is known yet."""
        for meal in _told_of(station, self._ledger.meals.values()):
            if report.node in station.nodes_of(meal):
                for occurrence in occurrences(
                    meal,
                    report.started_at - TOLD_WITHIN,
                    math.nextafter(report.started_at + TOLD_WITHIN, math.inf),
                    station.place,
                ):
                    if not self._is_known(occurrence, report):
                        yield meal, occurrence

    def _is_known(self, occurrence: Occurrence, report: Dispensed) -> bool:
        """Whether it is known what became of a date, be it told by another report.

        One that nobody had told of in time was fed all the same if its node says so.
        """
        known = self._occurrences.settled(occurrence, report.node)
        if known is None or known.nominal != occurrence.nominal:
            return False
        command = self._ledger.find(known.command_id or 0)
        return (
            bool(report.reason)
            or command is None
            or became(command) is not Became.MISSED
        )

    def _record(
        self, occurrence: Occurrence, order: Enqueue, outcome: _Became, now: Now
    ) -> None:
        command_id = record(
            self._ledger,
            order,
            outcome.state,
            outcome.cause,
            now,
            became=outcome.delivery,
            reason=outcome.reason,
        )
        self._occurrences.settle(occurrence, command_id, *order.nodes)


def _told_of(station: Station, meals: Iterable[Meal]) -> list[Meal]:
    """Return the meals of which nodes tell that they fed them."""
    return [
        meal for meal in meals if station.keeper_of(meal) is PlanKeeper.NODES_THAT_TELL
    ]
