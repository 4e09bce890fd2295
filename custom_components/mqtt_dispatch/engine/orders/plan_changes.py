"""What a change of the plan does to the dates that are near, and what undoes it.

What was ordered for a date and waits is taken back where the date is to be otherwise
now, and is decided anew. Nothing that may have been sent is.
"""

from __future__ import annotations

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import replace
import math
from typing import Any, TypeGuard

from ..delivery.transitions import close
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState
from ..model.events import Refused
from ..model.meal import Became, Meal, MealDate, Place, Settled
from ..model.policy import FEED, PlanKeeper, Station
from ..plan.occurrences import Occurrences
from ..plan.outcomes import became
from ..plan.recurrence import local_date, on_date
from ..wall_clock import WallClock


class PlanChanges:
    """Puts meals into the ledger, and takes back what waits for them."""

    def __init__(
        self, ledger: Ledger, clock: WallClock, occurrences: Occurrences
    ) -> None:
        """Begin with a plan that nobody has changed."""
        self._ledger = ledger
        self._clock = clock
        self._occurrences = occurrences
        self._waited: dict[tuple[str, str], float] = {}
        """Meals and dates for which something waited when they were changed, and until
        when it would have, in unix seconds: so late may they be."""

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
        return removed

    def put_back(self, meal_id: str, before: Meal | None, since: int, now: Now) -> None:
        """Have a meal be as it was before a change that could not be stored.

        `since` is the lowest id that was free then. None: there was no such meal.
        """
        self.decide_anew(since, now, meal_id)
        if before is not None:
            self._ledger.meals[meal_id] = before
        else:
            self._ledger.meals.pop(meal_id, None)
        self._ledger.touch()

    def decide_anew(self, since: int, now: Now, meal_id: str | None = None) -> None:
        """Have what was ordered or skipped for dates from an id on be as if it had not.

        Of a meal, or of all.
        """
        for settled in tuple(self._ledger.occurrences.values()):
            command = self._ledger.find(settled.command_id or 0)
            if (
                command is not None
                and command.id >= since
                and meal_id in (None, settled.meal_id)
                and not command.begun
                and (not command.state.final or _was_skipped(command))
            ):
                self._withdraw(command, settled, now)

    def waited_until(self, date: MealDate) -> float:
        """Return until when a date waited that was changed; 0: it did not."""
        return self._waited.get((date.meal_id, date.date), 0.0)

    def drop_old(self, now: Now) -> None:
        """Forget of what waited what would not any more."""
        self._waited = {
            date: until for date, until in self._waited.items() if now.wall <= until
        }

    def _take_back(self, meal: Meal, new: Meal, place: Place, now: Now) -> set[str]:
        """Take back what was ordered for dates that are to be otherwise, if it waits.

        Returns these dates, which are as if nothing had been ordered for them.
        """
        today, dates = local_date(now.wall, place.zone), set[str]()
        for settled in tuple(self._ledger.occurrences.values()):
            command = self._ledger.find(settled.command_id or 0)
            if settled.meal_id != meal.id or not self._may_take_back(command, now):
                continue
            before = _wanted_on(meal, settled.date, place)
            wanted = _wanted_on(new, settled.date, place)
            # Who moves a meal to another time does not mean what waits since yesterday.
            moves = settled.date < today and _is_at_another(before, wanted)
            if before == wanted or moves:
                continue
            self._withdraw(command, settled, now)
            dates.add(settled.date)
        return dates

    def _withdraw(self, command: Command, settled: Settled, now: Now) -> None:
        if not command.state.final:
            until = math.inf if command.expires_at is None else command.expires_at
            self._waited[settled.meal_id, settled.date] = until
            self._ledger.put(
                close(command, CommandState.CANCELLED, now.wall, Cause.PLAN)
            )
        self._occurrences.forget(settled, settled.node)

    def _may_take_back(self, command: Command | None, now: Now) -> TypeGuard[Command]:
        """Whether it was not begun, and waits, or did before it was skipped."""
        if command is None or command.begun:
            return False
        if not command.state.final:
            return True
        return (
            command.meal is not None
            and became(command) is Became.SKIPPED
            and now.wall <= self.waited_until(command.meal)
        )


def _was_skipped(command: Command) -> bool:
    """Whether the plan had a date skipped, and no person what waited for it."""
    return command.timeline[-1].cause is Cause.SKIPPED


def _dates(meal: Meal) -> tuple[object, ...]:
    """Return all that says when a meal comes, and where."""
    moved = {day: each.time for day, each in meal.overrides.items() if each.time}
    return meal.rule, meal.enabled, meal.nodes, moved


type _Wanted = tuple[str, str, tuple[str, ...], Mapping[str, Any]]
"""When, what, where, and how."""


def _wanted_on(meal: Meal, date: str, place: Place) -> _Wanted | None:
    """Return what is to happen on a date; None: nothing is."""
    found = on_date(meal, date, place)
    if found is None or found.skipped:
        return None
    nodes = () if meal.kind == FEED else meal.nodes
    return found.nominal, meal.kind, nodes, found.params


def _is_at_another(before: _Wanted | None, wanted: _Wanted | None) -> bool:
    return before is not None and wanted is not None and before[0] != wanted[0]
