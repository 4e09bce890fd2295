"""Feeds that are taken off the next meal, and given back if they come to nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..ledger.feeds import may_have_fed
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState
from ..model.events import Refused
from ..model.meal import Meal, Override, TakenOff
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
        if meal is None or may_have_fed(command) or self._was_given(off):
            return
        left = meal.params.get("portions", 1) - self._taken_off_else(command, off)
        override = _given_back(meal, off, left)
        if override is None:
            return
        if (settled := self._dates.settled(off)) is not None:
            # It was left out for what never came, so it is due all the same.
            self._dates.forget(settled)
        self._put(put_override(meal, off.date, override))

    def _was_given(self, off: TakenOff) -> bool:
        """Whether anything was ordered for the date."""
        if (settled := self._dates.settled(off)) is None:
            return False
        command = self._ledger.find(settled.command_id or 0)
        return command is None or command.timeline[-1].cause is not Cause.SKIPPED

    def _taken_off_else(self, command: Command, off: TakenOff) -> int:
        """Return what others took off the same date that came to something, or may."""
        return sum(
            other.taken_off.portions
            for other in (*self._ledger.open.values(), *self._ledger.closed.values())
            if other.taken_off is not None
            and other.id != command.id
            and (other.taken_off.meal_id, other.taken_off.date)
            == (off.meal_id, off.date)
            and other.state is not CommandState.SUPERSEDED
            and (not other.state.final or may_have_fed(other))
        )

    def _put(self, meal: Meal) -> None:
        self._ledger.meals[meal.id] = meal
        self._ledger.touch()
        self._changed()


def _given_back(meal: Meal, off: TakenOff, left: int) -> Override | None:
    """Return what is otherwise on the date where `left` is left without a feed.

    None: that is what it is, or a person has changed it since.
    """
    override = meal.overrides.get(off.date)
    if override is None or left <= 0:
        return None
    given = _params(meal, off)
    is_left_out = left <= off.portions and override.skipped
    if not is_left_out and given.get("portions", 1) != left - off.portions:
        return None
    params = {**given, "portions": left}
    return replace(
        override,
        skipped=None if is_left_out else override.skipped,
        params=None if params == meal.params else params,
    )


def _params(meal: Meal, off: TakenOff) -> dict[str, Any]:
    override = meal.overrides.get(off.date)
    given = None if override is None else override.params
    return dict(meal.params if given is None else given)
