"""When the meals of a station are enqueued, and what becomes of missed ones."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import tzinfo
import math
from types import MappingProxyType

from ..delivery.transitions import close
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, CommandState
from ..model.events import Enqueue, Refused
from ..model.meal import Meal
from ..model.policy import FEED, PlanKeeper, Station
from ..orders.enqueue import enqueue, record
from ..wall_clock import WallClock
from .meals import Occurrence, local_date
from .occurrences import Occurrences

_CAUSES = MappingProxyType(
    {"queue_full": Cause.QUEUE_FULL, "node_needed": Cause.NODE_REMOVED}
)
"""Why a meal is not fed, if it is not for a guard."""


class Mealtimes:
    """Keeps the meals of the ledger, and knows when it must next look at them."""

    def __init__(
        self, ledger: Ledger, clock: WallClock, occurrences: Occurrences, now: Now
    ) -> None:
        """Begin with a look at what was missed."""
        self._ledger = ledger
        self._clock = clock
        self._occurrences = occurrences
        self.next_at: float | None = now.wall
        """Unix seconds. None: nothing comes, or the clock cannot say when."""

    def put(self, meal: Meal, station: Station, now: Now) -> str:
        """Add or replace a meal; what was still to come today comes at its new time."""
        meal_id = meal.id or str(self._ledger.take_id())
        meal = replace(meal, id=meal_id)
        before = self._ledger.meals.get(meal_id)
        known = self._clock.look(now).known
        if before is not None and _schedule(before) == _schedule(meal):
            meal = replace(meal, begins=before.begins)
        else:
            taken_back: set[str] = set()
            if known and before is not None and before.time != meal.time:
                account = self._clock.account(now)
                taken_back = self._take_back(before, station.zone, account)
            placed = None if before is None else (before, station.zone)
            meal = self._moved(meal, station, placed, now, taken_back)
        self._ledger.meals[meal_id] = meal
        self._ledger.touch()
        self.look_again(now)
        return meal_id

    def zone_changed(self, zone_before: tzinfo, station: Station, now: Now) -> None:
        """Have what was still to come anywhere come at the time of the new zone."""
        if not self._clock.look(now).known:
            return
        for meal in tuple(self._ledger.meals.values()):
            before = meal, zone_before
            self._ledger.meals[meal.id] = self._moved(meal, station, before, now)
        self._ledger.touch()

    def _moved(
        self,
        meal: Meal,
        station: Station,
        before: tuple[Meal, tzinfo] | None,
        now: Now,
        taken_back: AbstractSet[str] = frozenset(),
    ) -> Meal:
        # What nodes feed by themselves is over when its time is.
        fed_from_here = station.plan_keeper is PlanKeeper.HOME
        open_since = -math.inf if fed_from_here else now.wall
        to_come: set[str] = set()
        if before is not None:
            to_come = self._occurrences.to_come(*before, now, open_since)
        return self._occurrences.begun(meal, station.zone, to_come | taken_back, now)

    def remove(self, meal_id: str, now: Now) -> Meal:
        """Remove a meal and return it. Raises Refused if there is none of that id."""
        if meal_id not in self._ledger.meals:
            raise Refused("unknown_meal", meal_id=meal_id)
        removed = self._ledger.meals.pop(meal_id)
        self._ledger.touch()
        self.look_again(now)
        return removed

    def look_again(self, now: Now) -> None:
        """Reckon anew: the meals or the time zone have changed."""
        self.next_at = now.wall

    def run(self, station: Station, now: Now) -> None:
        """Enqueue what is due, where nodes do not feed by themselves."""
        if self.next_at is None or self.next_at > now.wall:
            return
        self.next_at = None
        if not self._clock.plausible:
            return
        self._occurrences.look(now, station.zone)
        if station.plan_keeper is PlanKeeper.HOME:
            self._feed(station, now)
        upcoming = [
            occurrence.at
            for meal in self._ledger.meals.values()
            if (occurrence := self.next_of(meal, station, now))
        ]
        self.next_at = min(upcoming, default=None)

    def next_of(self, meal: Meal, station: Station, now: Now) -> Occurrence | None:
        """Return when a meal is next."""
        return self._occurrences.next_of(meal, now, station.zone)

    def _feed(self, station: Station, now: Now) -> None:
        """Feed what is due, in the order in which the owner wants it."""
        found = [
            (occurrence, meal)
            for meal in self._ledger.meals.values()
            for occurrence in self._occurrences.due(meal, now.wall, station.zone)
        ]
        found.sort(key=lambda item: (item[0].at, item[0].nominal))
        for occurrence, meal in found:
            order = _order(meal, occurrence, station, now)
            known = self._occurrences.settled(occurrence)
            if now.wall - occurrence.at <= station.settings.late:
                self._occurrences.forget(occurrence)
                command_id = self._enqueue(order, station, now)
            elif known is None or known.nominal != occurrence.nominal:
                command_id = self._give_up(order, Cause.MISSED, now)
            else:
                continue
            self._occurrences.settle(occurrence, command_id)
        self._occurrences.drop_old(now, station.zone)

    def _enqueue(self, order: Enqueue, station: Station, now: Now) -> int | None:
        try:
            return enqueue(self._ledger, station, order, now)
        except Refused as refused:
            cause = _CAUSES.get(refused.code, Cause.GUARD)
            return self._give_up(order, cause, now)

    def _give_up(self, order: Enqueue, cause: Cause, now: Now) -> int | None:
        missed = cause is Cause.MISSED
        state = CommandState.EXPIRED if missed else CommandState.CANCELLED
        return record(self._ledger, order, state, cause, now)

    def _take_back(self, meal: Meal, zone: tzinfo, now: Now) -> set[str]:
        """Take back what was ordered today for a meal that is moved, if it waits."""
        today, dates = local_date(now.wall, zone), set[str]()
        for settled in tuple(self._ledger.occurrences.values()):
            command = self._ledger.open.get(settled.command_id or 0)
            if settled.meal_id != meal.id or settled.date < today:
                continue
            if command is None or command.ever_sent:
                continue
            self._ledger.put(
                close(command, CommandState.CANCELLED, now.wall, Cause.PLAN)
            )
            self._occurrences.forget(settled)
            dates.add(settled.date)
        return dates


def _schedule(meal: Meal) -> tuple[str, frozenset[str], bool]:
    return meal.time, meal.weekdays, meal.enabled


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
