"""What became of each date of a meal, and which dates are due.

An occurrence is told by its meal and its local date. Once it was dealt with it is not
due again, whatever becomes of the meal's time, the zone or the clock; until then it is
due at the time that the meal has, and then it is fed or recorded. It is kept as long as
it could come due again.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
import math

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Cause, CommandState
from ..model.meal import Meal, MealDate, Place, Settled
from ..model.policy import DAY
from ..wall_clock import WallClock
from .recurrence import Occurrence, local_date, occurrences

_LOOK_BACK = 30 * DAY
"""Of a longer absence no more is told."""
_YEAR = 366 * DAY
_KEPT_FOR = 2 * DAY
"""For which a zone or a clock that is set could make it come due again."""


class Occurrences:
    """Keeps what became of the occurrences that the ledger holds."""

    def __init__(self, ledger: Ledger, clock: WallClock) -> None:
        """Keep them in a ledger; only a plausible clock says what is due."""
        self._ledger = ledger
        self._clock = clock

    def due(
        self, meal: Meal, until: float, place: Place, node: str = ""
    ) -> list[Occurrence]:
        """Return what came due until then (unix seconds) and was not dealt with."""
        if meal.begins is None:
            return []
        since = max(self.since(meal), until - _LOOK_BACK)
        return [
            occurrence
            for occurrence in occurrences(meal, since, _just_after(until), place)
            if occurrence.at > since and not self.is_over(occurrence, until, node)
        ]

    def next_of(self, meal: Meal, now: Now, place: Place) -> Occurrence | None:
        """Return the occurrence that is the next to be dealt with."""
        after = max(now.wall, self.since(meal))
        for occurrence in occurrences(meal, _just_after(after), math.inf, place):
            if not self.is_over(occurrence, now.wall):
                return occurrence
        return None

    def next_wanted(self, meal: Meal, now: Now, place: Place) -> Occurrence | None:
        """Return the next that is not skipped; None: there is none for a year."""
        after = max(now.wall, self.since(meal))
        start, pause = _just_after(after), self._ledger.plan_pause
        if pause is not None and pause.covers(start):
            start = after + _YEAR if pause.until is None else pause.until
        for occurrence in occurrences(meal, start, after + _YEAR, place):
            if not self.is_over(occurrence, now.wall) and (
                skipped_for(self._ledger, occurrence) is None
            ):
                return occurrence
        return None

    def settle(
        self, occurrence: MealDate, command_id: int | None, node: str = ""
    ) -> None:
        """Keep with which command an occurrence was dealt with."""
        settled = Settled(occurrence.meal_id, occurrence.nominal, command_id, node)
        self._ledger.occurrences[settled.key] = settled
        self._ledger.touch()

    def unsettle(self, date: MealDate, before: Settled | None, node: str = "") -> None:
        """Have a date be as dealt with as it was before."""
        if before is None:
            self.forget(date, node)
        else:
            self.settle(date, before.command_id, node)

    def settled(self, occurrence: MealDate, node: str = "") -> Settled | None:
        """Return what became of it, be it at a node that feeds by itself."""
        key = occurrence.meal_id, occurrence.date, node
        return self._ledger.occurrences.get(key)

    def to_come(
        self, meal: Meal, place: Place, now: Now, open_since: float
    ) -> set[str]:
        """Return the dates of these days that were not dealt with yet.

        What came due until `open_since`, unix seconds, was.
        """
        wall = self._clock.account(now).wall
        return {
            occurrence.date
            for occurrence in (
                *self.due(meal, wall, place),
                *occurrences(meal, _just_after(wall), wall + _KEPT_FOR, place),
            )
            if occurrence.at > open_since
        }

    def begun(
        self, meal: Meal, place: Place, to_come: Container[str], now: Now
    ) -> Meal:
        """Return a meal with when it begins.

        The dates `to_come` come at its time, though that be past. Nothing else is owed
        for the past.
        """
        if not self._clock.known:
            return replace(meal, begins=None)
        wall = self._clock.account(now).wall
        owed = (
            occurrence.at - 1.0
            for occurrence in occurrences(
                meal, wall - _KEPT_FOR, _just_after(wall), place
            )
            if occurrence.date in to_come
        )
        return replace(meal, begins=min([wall, *owed]) + self._clock.behind)

    def look(self, now: Now, place: Place) -> None:
        """Set right what only a wrong clock can have left; it must be plausible now."""
        if self._clock.stays_behind:
            for meal in tuple(self._ledger.meals.values()):
                self._begin(meal, None if meal.begins is None else self.since(meal))
            self._clock.forget_ahead()
        ahead = now.wall if self._clock.corrected else now.wall + DAY
        for meal in tuple(self._ledger.meals.values()):
            if meal.begins is None or self.since(meal) > ahead:
                self._begin(meal, now.wall + self._clock.behind)
        tomorrow = local_date(now.wall + DAY, place.zone)
        for settled in tuple(self._ledger.occurrences.values()):
            if settled.date > tomorrow:
                self.forget(settled)

    def forget(self, settled: MealDate, node: str = "") -> None:
        """Have an occurrence be as if it had never been dealt with."""
        if self._ledger.occurrences.pop((settled.meal_id, settled.date, node), None):
            self._ledger.keys.pop(settled.idempotency_key, None)
            self._ledger.touch()

    def drop_old(self, now: Now, place: Place) -> None:
        """Drop what cannot come due again. Everything until now was dealt with."""
        oldest = local_date(now.wall - 2 * _KEPT_FOR, place.zone)
        kept = {
            key: settled
            for key, settled in self._ledger.occurrences.items()
            if settled.date >= oldest
        }
        meals = tuple(self._ledger.meals.values())
        if len(kept) == len(self._ledger.occurrences) and all(
            _without_old(meal, oldest) is meal for meal in meals
        ):
            return
        self._ledger.occurrences = kept
        begins = now.wall - _KEPT_FOR
        pause = self._ledger.plan_pause
        if pause is not None and pause.until is not None and pause.until < begins:
            self._ledger.pause_plan(None)
        for meal in meals:
            if meal.begins is not None and meal.begins < begins:
                self._begin(_without_old(meal, oldest), begins)

    def _begin(self, meal: Meal, begins: float | None) -> None:
        self._ledger.meals[meal.id] = replace(meal, begins=begins)
        self._ledger.touch()

    def since(self, meal: Meal) -> float:
        """Return after when a meal counts, by the clock as it is set now."""
        return (meal.begins or 0.0) - self._clock.behind

    def is_over(self, occurrence: Occurrence, wall: float, node: str = "") -> bool:
        """Whether it was dealt with.

        What was certainly never fed is not over if its meal was moved to later since,
        or if the clock was ahead when it was missed. What a person withdrew is.
        """
        settled = self.settled(occurrence, node)
        if settled is None:
            return False
        command = self._ledger.find(settled.command_id or 0)
        if (
            node
            or command is None
            or command.state not in (CommandState.EXPIRED, CommandState.CANCELLED)
            or command.begun
            or command.timeline[-1].cause is Cause.PERSON
        ):
            return True
        given_up_at = command.timeline[-1].at
        was_missed = command.state is CommandState.EXPIRED
        return occurrence.at <= given_up_at and (given_up_at <= wall or not was_missed)


def skipped_for(ledger: Ledger, occurrence: Occurrence) -> str | None:
    """Return why a date is skipped, empty if nobody said; None: it is not."""
    pause = ledger.plan_pause
    if pause is not None and pause.covers(occurrence.at):
        return pause.reason
    return "" if occurrence.skipped else None


def _without_old(meal: Meal, oldest: str) -> Meal:
    """Return the meal without what was otherwise on dates that are over."""
    kept = {day: each for day, each in meal.overrides.items() if day >= oldest}
    skipped = meal.skipped_until
    if skipped is not None and str(skipped) < oldest:
        skipped = None
    if len(kept) == len(meal.overrides) and skipped == meal.skipped_until:
        return meal
    return replace(meal, overrides=kept, skipped_until=skipped)


def _just_after(wall: float) -> float:
    return math.nextafter(wall, math.inf)
