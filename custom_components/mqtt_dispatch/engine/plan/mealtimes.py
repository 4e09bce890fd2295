"""When the meals of a station are enqueued, and what becomes of missed ones."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from ..ledger.ledger import Ledger
from ..ledger.orders import enqueue, record
from ..model.clock import Now
from ..model.command import Cause, CommandState
from ..model.events import Enqueue, Refused
from ..model.meal import Meal
from ..model.policy import FEED, PlanKeeper, Station
from .meals import Occurrence, begun, due, next_occurrence

CLOCK_SET = 1.0
"""Seconds by which the clocks may drift apart before the wall clock counts as set."""

_CAUSES = MappingProxyType(
    {"queue_full": Cause.QUEUE_FULL, "node_needed": Cause.NODE_REMOVED}
)
"""Why a meal is not fed, if it is not for a guard."""


class Mealtimes:
    """Keeps the meals of the ledger, and knows when it must next look at them."""

    def __init__(self, ledger: Ledger, now: Now) -> None:
        """Begin with a look at what was missed."""
        self._ledger = ledger
        self._wall_ahead = now.wall - now.steady
        self.next_at: float | None = now.wall
        """Unix seconds."""

    def put(self, meal: Meal, station: Station, now: Now) -> str:
        """Add or replace a meal; it begins with its next occurrence."""
        meal_id = meal.id or str(self._ledger.take_id())
        self._ledger.meals[meal_id] = begun(
            replace(meal, id=meal_id), now.wall, station.zone
        )
        self._ledger.touch()
        self.look_again(now)
        return meal_id

    def remove(self, meal_id: str, now: Now) -> None:
        """Remove a meal. Raises Refused if there is none of that id."""
        if meal_id not in self._ledger.meals:
            raise Refused("unknown_meal", meal_id=meal_id)
        del self._ledger.meals[meal_id]
        self._ledger.touch()
        self.look_again(now)

    def look_again(self, now: Now) -> None:
        """Reckon anew: the meals or the time zone have changed."""
        self.next_at = now.wall

    def notices_set_clock(self, now: Now) -> bool:
        """Whether the wall clock was set since this was last asked."""
        before, self._wall_ahead = self._wall_ahead, now.wall - now.steady
        return abs(self._wall_ahead - before) > CLOCK_SET

    def run(self, station: Station, now: Now) -> None:
        """Enqueue what is due, where nodes do not feed by themselves."""
        if self.next_at is None or self.next_at > now.wall:
            return
        if station.plan_keeper is PlanKeeper.HOME:
            self._feed(station, now)
        upcoming = self.upcoming(station, now)
        self.next_at = None if upcoming is None else upcoming.at

    def _feed(self, station: Station, now: Now) -> None:
        for meal in tuple(self._ledger.meals.values()):
            found = due(meal, now.wall, station.zone, station.settings.late)
            if found.meal != meal:
                self._ledger.meals[meal.id] = found.meal
                self._ledger.touch()
            for occurrence in found.missed:
                order = _order(meal, occurrence, station, now)
                state, cause = CommandState.EXPIRED, Cause.MISSED
                record(self._ledger, order, state, cause, now)
            for occurrence in found.feed:
                order = _order(meal, occurrence, station, now)
                try:
                    enqueue(self._ledger, station, order, now)
                except Refused as refused:
                    state = CommandState.CANCELLED
                    cause = _CAUSES.get(refused.code, Cause.GUARD)
                    record(self._ledger, order, state, cause, now)

    def upcoming(self, station: Station, now: Now) -> Occurrence | None:
        """Return the next occurrence of any meal."""
        found = [
            occurrence
            for meal in self._ledger.meals.values()
            if (occurrence := next_occurrence(meal, now.wall, station.zone))
        ]
        return min(found, key=lambda occurrence: occurrence.at, default=None)


def _order(meal: Meal, occurrence: Occurrence, station: Station, now: Now) -> Enqueue:
    expires_in = station.policies[FEED].expires_in
    if expires_in is not None:
        expires_in = max(0.0, occurrence.at + expires_in - now.wall)
    return Enqueue(
        kind=FEED,
        params=meal.params,
        nodes=station.nodes,
        cause=Cause.MEAL,
        expires_in=expires_in,
        idempotency_key=occurrence.idempotency_key,
    )
