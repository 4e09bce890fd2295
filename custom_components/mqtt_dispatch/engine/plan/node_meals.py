"""What became of the meals that nodes feed by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
import math

from ..ledger.ledger import Ledger
from ..ledger.orders import record
from ..model.clock import Now
from ..model.command import Cause, CommandState, DeliveryState
from ..model.events import Enqueue
from ..model.meal import Meal
from ..model.policy import FEED, PlanKeeper, Station
from ..model.reports import Dispensed
from .meals import Occurrence, due, next_occurrence, occurrences

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


class NodeMeals:
    """Writes down each planned meal once: dispensed, failed or missed."""

    def __init__(self, ledger: Ledger, now: Now) -> None:
        """Begin with a look."""
        self._ledger = ledger
        self.next_at: float | None = now.wall
        """Unix seconds: when the next meal is missed if nobody tells of it."""

    def look_again(self, now: Now) -> None:
        """Reckon anew: the meals or the time zone have changed."""
        self.next_at = now.wall

    def take(self, report: Dispensed, station: Station, now: Now) -> None:
        """Take in what a node fed, or failed to, however often it tells it."""
        if report.node not in station.nodes or not self._ledger.dispense(
            report, now.wall
        ):
            return
        if not report.planned:
            return
        found = min(
            self._around(report, station, now),
            key=lambda item: abs(item[1].at - report.started_at),
            default=None,
        )
        if found is not None:
            failed = bool(report.reason)
            became = _Became(
                CommandState.FAILED if failed else CommandState.SUCCEEDED,
                Cause.NODE,
                DeliveryState.FAILED if failed else DeliveryState.DONE,
                report.reason,
            )
            self._record(*found, report.node, became, now)

    def run(self, station: Station, now: Now, *, listening_since: float | None) -> None:
        """Note which meals were missed, of those whose nodes could be heard.

        `listening_since` in unix seconds; None: nobody can be heard now.
        """
        if station.plan_keeper is not PlanKeeper.NODES_THAT_TELL:
            self.next_at = None
            return
        if self.next_at is None or self.next_at > now.wall:
            return
        over = now.wall - TOLD_WITHIN
        for meal in tuple(self._ledger.meals.values()):
            found = due(meal, over, station.zone, math.inf)
            if found.meal != meal:
                self._ledger.meals[meal.id] = found.meal
                self._ledger.touch()
            for occurrence in found.feed:
                if listening_since is None or listening_since > occurrence.at:
                    continue
                for node in meal.nodes or station.nodes:
                    self._record(meal, occurrence, node, _MISSED, now)
        upcoming = [
            following.at
            for meal in self._ledger.meals.values()
            if (following := next_occurrence(meal, over, station.zone))
        ]
        self.next_at = min(upcoming) + TOLD_WITHIN if upcoming else None

    def _around(
        self, report: Dispensed, station: Station, now: Now
    ) -> Iterator[tuple[Meal, Occurrence]]:
        """Yield the meals of which a report may tell and nothing is known yet."""
        for meal in self._ledger.meals.values():
            if report.node in (meal.nodes or station.nodes):
                for occurrence in occurrences(
                    meal,
                    report.started_at - TOLD_WITHIN,
                    math.nextafter(report.started_at + TOLD_WITHIN, math.inf),
                    station.zone,
                ):
                    key = _key(occurrence, report.node)
                    if self._ledger.by_key(key, now.wall) is None:
                        yield meal, occurrence

    def _record(
        self,
        meal: Meal,
        occurrence: Occurrence,
        node: str,
        became: _Became,
        now: Now,
    ) -> None:
        key = _key(occurrence, node)
        if self._ledger.by_key(key, now.wall) is not None:
            return
        order = Enqueue(
            kind=FEED,
            params=meal.params,
            nodes=(node,),
            cause=Cause.MEAL,
            idempotency_key=key,
        )
        command_id = record(
            self._ledger,
            order,
            became.state,
            became.cause,
            now,
            became=became.delivery,
            reason=became.reason,
        )
        if command_id is not None:
            self._ledger.use_key(key, command_id, now.wall)


def _key(occurrence: Occurrence, node: str) -> str:
    return f"{occurrence.idempotency_key}:{node}"
