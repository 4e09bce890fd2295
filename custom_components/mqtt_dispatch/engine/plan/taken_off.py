"""Feeds that are taken off the next meal, and given back if they come to nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..ledger.feeds import may_have_fed
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Command, CommandState
from ..model.events import Refused
from ..model.meal import Meal, TakenOff
from ..model.policy import FEED, Station
from .occurrences import Occurrences
from .skipping import put_override, with_override


class TakingOff:
    """Has a date get so much less as a feed before it gave.

    The date stands in the plan with what is left of it, so it is shown, counted and,
    where nodes keep the plan, sent to them like any other change of one date.
    """

    def __init__(
        self, ledger: Ledger, dates: Occurrences, changed: Callable[[], None]
    ) -> None:
        """Watch what becomes of such feeds; `changed`: the plan is another one."""
        self._changed = changed
        self._ledger = ledger
        self._dates = dates
        ledger.when_gone(self._gone)

    def of_next(self, portions: int, station: Station, now: Now) -> TakenOff:
        """Return what such a feed takes off, and of which date.

        Raises Refused: `no_next_meal`.
        """
        found = [
            occurrence
            for meal in self._ledger.meals.values()
            if meal.kind == FEED
            and (occurrence := self._dates.next_wanted(meal, now, station.place))
        ]
        if not found:
            raise Refused("no_next_meal")
        first = min(found, key=lambda one: (one.at, one.nominal))
        taken = min(portions, first.params.get("portions", 1))
        return TakenOff(first.meal_id, first.nominal, taken)

    def take(self, off: TakenOff) -> None:
        """Have the date get so much less."""
        meal = self._ledger.meals[off.meal_id]
        left = _params(meal, off).get("portions", 1) - off.portions
        if left > 0:
            params = {**_params(meal, off), "portions": left}
            self._put(with_override(meal, off.date, params=params))
        else:
            self._put(with_override(meal, off.date, skipped=True))

    def _gone(self, command: Command) -> None:
        """Give back what was taken off for a feed that certainly fed nothing."""
        off = command.taken_off
        if off is None or command.state is CommandState.SUPERSEDED:
            return
        meal = self._ledger.meals.get(off.meal_id)
        if meal is None or may_have_fed(command) or self._dates.settled(off):
            return
        override = meal.overrides.get(off.date)
        if override is None:
            return
        if override.skipped:
            override = replace(override, skipped=None)
        elif override.params is not None:
            portions = override.params.get("portions", 1) + off.portions
            params = {**override.params, "portions": portions}
            as_planned = params == meal.params
            override = replace(override, params=None if as_planned else params)
        self._put(put_override(meal, off.date, override))

    def _put(self, meal: Meal) -> None:
        self._ledger.meals[meal.id] = meal
        self._ledger.touch()
        self._changed()


def _params(meal: Meal, off: TakenOff) -> dict[str, Any]:
    override = meal.overrides.get(off.date)
    given = None if override is None else override.params
    return dict(meal.params if given is None else given)
