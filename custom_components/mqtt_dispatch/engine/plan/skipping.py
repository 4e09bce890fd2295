"""Dates of a meal that are not to happen, though its rule names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.events import Refused, SkipMeal, UnskipMeal
from ..model.meal import Became, Meal, Override, Place
from .occurrences import Occurrences
from .outcomes import became
from .recurrence import Occurrence, on_date

_AS_EVER = Override()


class Skipping:
    """Says how a meal is to be so that dates of it are skipped, or no longer are."""

    def __init__(self, ledger: Ledger, dates: Occurrences) -> None:
        """Look at the plan of a ledger."""
        self._ledger = ledger
        self._dates = dates

    def skip(self, wish: SkipMeal, place: Place, now: Now) -> tuple[Meal, Occurrence]:
        """Return the meal with dates skipped, and the first of them. Raises Refused."""
        meal = self._meal(wish.meal_id)
        if wish.day is not None:
            first = self.to_come_on(meal, wish.day, place, now)
        else:
            first = self._next(meal, place, now)
        if wish.until is None:
            return with_override(meal, first.date, skipped=True), first
        if wish.until < date.fromisoformat(first.date):
            raise Refused("nothing_to_skip", until=wish.until)
        for day, override in meal.overrides.items():
            if override.skipped is False and day <= str(wish.until):
                meal = put_override(meal, day, replace(override, skipped=None))
        return replace(meal, skipped_until=wish.until), first

    def unskip(self, wish: UnskipMeal, place: Place, now: Now) -> Meal:
        """Return the meal with dates as they were planned. Raises Refused."""
        meal = self._meal(wish.meal_id)
        if wish.day is not None:
            day = self.to_come_on(meal, wish.day, place, now).date
            override = replace(meal.overrides.get(day, _AS_EVER), skipped=None)
            as_planned = put_override(meal, day, override)
            if (found := on_date(as_planned, day, place)) and found.skipped:
                return with_override(meal, day, skipped=False)
            return as_planned
        for day, override in meal.overrides.items():
            meal = put_override(meal, day, replace(override, skipped=None))
        return replace(meal, skipped_until=None)

    def to_come_on(self, meal: Meal, day: date, place: Place, now: Now) -> Occurrence:
        """Return what occurs on a date and has not gone so far as to be sent.

        Raises Refused.
        """
        found = on_date(meal, str(day), place)
        if found is None:
            raise Refused("no_such_date", date=day)
        settled = self._dates.settled(found)
        command = (
            None if settled is None else self._ledger.find(settled.command_id or 0)
        )
        if command is not None and not command.begun and became(command) is Became.DUE:
            return found
        passed = found.at <= now.wall and (
            settled is not None
            or all(
                one.date != found.date for one in self._dates.due(meal, now.wall, place)
            )
        )
        if passed or self._dates.is_over(found, now.wall):
            raise Refused("date_is_over", date=day)
        return found

    def _meal(self, meal_id: str) -> Meal:
        if (meal := self._ledger.meals.get(meal_id)) is None:
            raise Refused("unknown_meal", meal_id=meal_id)
        return meal

    def _next(self, meal: Meal, place: Place, now: Now) -> Occurrence:
        found = self._dates.next_wanted(meal, now, place)
        if found is None:
            raise Refused("no_next_date", meal_id=meal.id)
        return found


def with_override(
    meal: Meal,
    day: str,
    *,
    skipped: bool | None = None,
    time: str | None = None,
    params: Mapping[str, object] | None = None,
) -> Meal:
    """Return the meal with one date otherwise; what is not given stays as it is."""
    override = meal.overrides.get(day, _AS_EVER)
    if skipped is not None:
        override = replace(override, skipped=skipped)
    if time is not None:
        override = replace(override, time=time)
    if params is not None:
        override = replace(override, params=dict(params))
    return put_override(meal, day, override)


def put_override(meal: Meal, day: str, override: Override) -> Meal:
    """Return the meal with one date as said; one that is as ever is not kept."""
    others = {other: each for other, each in meal.overrides.items() if other != day}
    kept = {} if override == _AS_EVER else {day: override}
    return replace(meal, overrides=others | kept)
