"""When the meals of a station are ordered, and what becomes of missed ones."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, CommandState
from ..model.events import Enqueue, Refused
from ..model.meal import Became, IfMissed, Meal, MealDate, Settled
from ..model.policy import FEED, MINUTE, PlanKeeper, Station
from ..orders.enqueue import enqueue, record
from ..orders.plan_changes import PlanChanges
from ..wall_clock import WallClock
from .occurrences import Occurrences, skipped_for
from .outcomes import became
from .recurrence import Occurrence

ON_TIME: Final = MINUTE
"""Seconds after its time in which a date counts as not missed."""
_CAUSES: Final = MappingProxyType(
    {
        "queue_full": Cause.QUEUE_FULL,
        "node_needed": Cause.NODE_REMOVED,
        "unknown_node": Cause.NODE_REMOVED,
    }
)
"""Why a meal is not fed, if it is not for a guard."""


class Mealtimes:
    """Keeps the meals of the ledger, and knows when it must next look at them."""

    def __init__(
        self,
        ledger: Ledger,
        clock: WallClock,
        occurrences: Occurrences,
        now: Now,
    ) -> None:
        """Begin with a look at what was missed."""
        self._ledger = ledger
        self._clock = clock
        self._occurrences = occurrences
        self.changes = PlanChanges(ledger, clock, occurrences)
        self.next_at: float | None = now.wall
        """Unix seconds. None: nothing comes, or the clock cannot say when."""
        self.next_wanted: Occurrence | None = None
        """The next date of any meal that is not skipped, at `next_at` or later."""

    def look_again(self, now: Now) -> None:
        """Reckon anew: the meals or the place have changed."""
        self.next_at = now.wall

    def run(self, station: Station, now: Now) -> None:
        """Order what is due, where nodes do not run it by themselves."""
        if self.next_at is None or self.next_at > now.wall:
            return
        self.next_at = self.next_wanted = None
        if not self._clock.plausible:
            return
        self._occurrences.look(now, station.place)
        self._order_due(station, now)
        upcoming, wanted = [], []
        for meal in self._ledger.meals.values():
            occurrence = self.next_of(meal, station, now)
            if occurrence is None:
                continue
            upcoming.append(occurrence.at)
            if skipped_for(self._ledger, occurrence) is not None:
                occurrence = self._occurrences.next_wanted(meal, now, station.place)
            if occurrence is not None:
                wanted.append(occurrence)
        self.next_at = min(upcoming, default=None)
        self.next_wanted = min(
            wanted, key=lambda one: (one.at, one.nominal), default=None
        )

    def next_of(self, meal: Meal, station: Station, now: Now) -> Occurrence | None:
        """Return when a meal is next, be it that it is skipped."""
        return self._occurrences.next_of(meal, now, station.place)

    def _order_due(self, station: Station, now: Now) -> None:
        """Order what is due, in the order in which the owner wants it."""
        found = [
            (occurrence, meal)
            for meal in self._ledger.meals.values()
            if station.keeper_of(meal) is PlanKeeper.HOME
            for occurrence in self._occurrences.due(meal, now.wall, station.place)
        ]
        found.sort(key=lambda item: (item[0].at, item[0].nominal))
        for occurrence, meal in found:
            order = order_of(meal, occurrence, station, now)
            known = self._occurrences.settled(occurrence)
            if (skipped := skipped_for(self._ledger, occurrence)) is not None:
                if self._is_told_skipped(known):
                    continue
                command_id = self._give_up(order, Cause.SKIPPED, now, skipped)
            elif now.wall <= max(
                occurrence.at + _may_be_late(meal, station),
                waited := self.changes.waited_until(occurrence),
            ):
                self._occurrences.forget(occurrence)
                order = _waiting_until(waited, order, now)
                command_id = self._enqueue(order, station, now)
            elif known is None or known.nominal != occurrence.nominal:
                skips = meal.if_missed is IfMissed.SKIP
                cause = Cause.SKIPPED if skips else Cause.MISSED
                command_id = self._give_up(order, cause, now)
            else:
                continue
            self._occurrences.settle(occurrence, command_id)
        self.changes.drop_old(now)
        self._occurrences.drop_old(now, station.place)

    def _is_told_skipped(self, known: Settled | None) -> bool:
        """Whether a date that comes at another time now was skipped before that."""
        command = None if known is None else self._ledger.find(known.command_id or 0)
        return command is not None and became(command) is Became.SKIPPED

    def _enqueue(self, order: Enqueue, station: Station, now: Now) -> int | None:
        try:
            return enqueue(self._ledger, station, order, now)
        except Refused as refused:
            cause = _CAUSES.get(refused.code, Cause.GUARD)
            return self._give_up(order, cause, now, refused.code)

    def _give_up(
        self, order: Enqueue, cause: Cause, now: Now, reason: str = ""
    ) -> int | None:
        missed = cause is Cause.MISSED
        state = CommandState.EXPIRED if missed else CommandState.CANCELLED
        return record(self._ledger, order, state, cause, now, reason=reason)


def order_of(
    meal: Meal, occurrence: Occurrence, station: Station, now: Now, node: str = ""
) -> Enqueue:
    """Return what is to be ordered for one date of a meal, at a node or at all of it.

    It expires as if it had been ordered at its time.
    """
    policy = station.policies.get(meal.kind)
    expires_in = None if policy is None else policy.expires_in
    if expires_in is not None:
        expires_in = max(0.0, occurrence.at + expires_in - now.wall)
    everywhere = () if meal.kind == FEED else meal.nodes
    key = occurrence.idempotency_key
    return Enqueue(
        kind=meal.kind,
        params=occurrence.params,
        nodes=(node,) if node else everywhere or station.nodes,
        cause=Cause.MEAL,
        key=station.key_of(meal.kind, occurrence.params),
        expires_in=expires_in,
        idempotency_key=f"{key}:{node}" if node else key,
        meal=MealDate(occurrence.meal_id, occurrence.nominal),
    )


def _waiting_until(at: float, order: Enqueue, now: Now) -> Enqueue:
    """Return an order that waits at least until then, in unix seconds."""
    if order.expires_in is None:
        return order
    return replace(order, expires_in=max(order.expires_in, at - now.wall))


def _may_be_late(meal: Meal, station: Station) -> float:
    """Return how many seconds after its time a date may still be ordered."""
    feeds_late = meal.if_missed is IfMissed.FEED_LATE
    return station.settings.late if feeds_late else ON_TIME
