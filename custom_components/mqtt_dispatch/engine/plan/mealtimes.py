"""When the meals of a station are ordered, and what becomes of missed ones."""

from __future__ import annotations

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import replace
import math
from types import MappingProxyType
from typing import Any, Final

from ..delivery.transitions import close
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, CommandState
from ..model.events import Enqueue, Refused
from ..model.meal import Became, IfMissed, Meal, MealDate, Place, Settled
from ..model.policy import FEED, MINUTE, PlanKeeper, Station
from ..orders.enqueue import enqueue, record
from ..wall_clock import WallClock
from .occurrences import Occurrences, skipped_for
from .outcomes import became
from .recurrence import Occurrence, local_date, on_date

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
        self, ledger: Ledger, clock: WallClock, occurrences: Occurrences, now: Now
    ) -> None:
        """Begin with a look at what was missed."""
        self._ledger = ledger
        self._clock = clock
        self._occurrences = occurrences
        self._waited: dict[tuple[str, str], float] = {}
        """Meals and dates for which something waited when they were changed, and until
        when it would have, in unix seconds: so late may they be."""
        self.next_at: float | None = now.wall
        """Unix seconds. None: nothing comes, or the clock cannot say when."""
        self.next_wanted: Occurrence | None = None
        """The next date of any meal that is not skipped, at `next_at` or later."""

    def put(self, meal: Meal, station: Station, now: Now) -> str:
        """Add or replace a meal; what was still to come today comes at its new time."""
        meal_id = meal.id or str(self._ledger.take_id())
        meal = replace(meal, id=meal_id)
        before = self._ledger.meals.get(meal_id)
        known = self._clock.look(now).known
        if known and before is not None:
            account = self._clock.account(now)
            taken_back = self._take_back(before, meal, station.place, account)
        else:
            taken_back = set()
        if before is not None and _dates(before) == _dates(meal):
            meal = replace(meal, begins=before.begins)
        else:
            placed = None if before is None else (before, station.place)
            meal = self._moved(meal, station, placed, now, taken_back)
        self._ledger.meals[meal_id] = meal
        self._ledger.touch()
        self.look_again(now)
        return meal_id

    def place_changed(self, before: Place, station: Station, now: Now) -> None:
        """Have what was still to come anywhere come at the time of the new place."""
        if not self._clock.look(now).known:
            return
        for meal in tuple(self._ledger.meals.values()):
            placed = meal, before
            self._ledger.meals[meal.id] = self._moved(meal, station, placed, now)
        self._ledger.touch()

    def _moved(
        self,
        meal: Meal,
        station: Station,
        before: tuple[Meal, Place] | None,
        now: Now,
        taken_back: AbstractSet[str] = frozenset(),
    ) -> Meal:
        # What nodes feed by themselves is over when its time is.
        fed_from_here = station.keeper_of(meal) is PlanKeeper.HOME
        open_since = -math.inf if fed_from_here else now.wall
        to_come: set[str] = set()
        if before is not None:
            to_come = self._occurrences.to_come(*before, now, open_since)
        return self._occurrences.begun(meal, station.place, to_come | taken_back, now)

    def remove(self, meal_id: str, station: Station, now: Now) -> Meal:
        """Remove a meal, and what waits for it; return it.

        Raises Refused if there is none of that id.
        """
        if meal_id not in self._ledger.meals:
            raise Refused("unknown_meal", meal_id=meal_id)
        removed = self._ledger.meals.pop(meal_id)
        if self._clock.look(now).known:
            gone = replace(removed, enabled=False)
            self._take_back(removed, gone, station.place, self._clock.account(now))
        self._ledger.touch()
        self.look_again(now)
        return removed

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
                self._waited.get((meal.id, occurrence.date), 0.0),
            ):
                self._occurrences.forget(occurrence)
                command_id = self._enqueue(order, station, now)
            elif known is None or known.nominal != occurrence.nominal:
                skips = meal.if_missed is IfMissed.SKIP
                cause = Cause.SKIPPED if skips else Cause.MISSED
                command_id = self._give_up(order, cause, now)
            else:
                continue
            self._occurrences.settle(occurrence, command_id)
        self._waited = {
            date: until for date, until in self._waited.items() if now.wall <= until
        }
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

    def _take_back(self, meal: Meal, new: Meal, place: Place, now: Now) -> set[str]:
        """Take back what was ordered for dates that are to be otherwise, if it waits.

        Returns these dates, which are as if nothing had been ordered for them.
        """
        today, dates = local_date(now.wall, place.zone), set[str]()
        for settled in tuple(self._ledger.occurrences.values()):
            if settled.meal_id != meal.id or not self._may_take_back(settled, now):
                continue
            before = _wanted_on(meal, settled.date, place)
            wanted = _wanted_on(new, settled.date, place)
            # Who moves a meal to another time does not mean what waits since yesterday.
            moves = settled.date < today and _is_at_another(before, wanted)
            if before == wanted or moves:
                continue
            if (command := self._ledger.open.get(settled.command_id or 0)) is not None:
                until = math.inf if command.expires_at is None else command.expires_at
                self._waited[meal.id, settled.date] = until
                self._ledger.put(
                    close(command, CommandState.CANCELLED, now.wall, Cause.PLAN)
                )
            self._occurrences.forget(settled)
            dates.add(settled.date)
        return dates

    def _may_take_back(self, settled: Settled, now: Now) -> bool:
        """Whether it was not begun, and waits, or did before it was skipped."""
        command = self._ledger.find(settled.command_id or 0)
        if command is None or command.begun:
            return False
        if not command.state.final:
            return True
        waited_until = self._waited.get((settled.meal_id, settled.date), 0.0)
        return became(command) is Became.SKIPPED and now.wall <= waited_until


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


def _may_be_late(meal: Meal, station: Station) -> float:
    """Return how many seconds after its time a date may still be ordered."""
    feeds_late = meal.if_missed is IfMissed.FEED_LATE
    return station.settings.late if feeds_late else ON_TIME


def _dates(meal: Meal) -> tuple[object, ...]:
    """Return all that says when a meal comes."""
    moved = {day: each.time for day, each in meal.overrides.items() if each.time}
    return meal.rule, meal.enabled, moved


type _Wanted = tuple[str, str, Mapping[str, Any]]
"""When, what, and how."""


def _wanted_on(meal: Meal, date: str, place: Place) -> _Wanted | None:
    """Return what is to happen on a date; None: nothing is."""
    found = on_date(meal, date, place)
    if found is None or found.skipped:
        return None
    return found.nominal, meal.kind, found.params


def _is_at_another(before: _Wanted | None, wanted: _Wanted | None) -> bool:
    return before is not None and wanted is not None and before[0] != wanted[0]
