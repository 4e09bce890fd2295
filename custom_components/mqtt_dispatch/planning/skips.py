"""How dates of the plan are skipped, and happen after all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.effects import MealSkipped
from ..engine.model.events import PutMeal, Refused, SkipMeal, UnskipMeal
from ..engine.model.meal import Meal
from ..engine.plan.recurrence import Occurrence, on_date
from ..ordering.commands import refusals_in_words
from ..ordering.together import async_all_stored, names_of
from ..texts.plan import next_as_response
from .meals import check_plan, known_meal


@dataclass(frozen=True, slots=True)
class Dates:
    """Which dates of the plan somebody means."""

    meal_id: str | None = None
    """None: of whichever meal it is."""
    day: date | None = None
    until: date | None = None
    """The last one, where all until then are meant."""


async def async_skip(
    coordinators: Sequence[DispatchCoordinator], dates: Dates
) -> list[dict[str, Any]]:
    """Skip a date at each of some stations, or none at any; return which.

    Without a day it is the next one that is not skipped. Raises ServiceValidationError
    for what cannot be skipped, and NotStoredError; nothing has changed then.
    """
    wishes = []
    for station, name in zip(coordinators, names_of(coordinators), strict=True):
        with refusals_in_words(name):
            wishes.append(_skipping(station, dates))
    undo, told = [], []
    for station, wish in zip(coordinators, wishes, strict=True):
        undo.append(_put_back(station, wish.meal_id))
        effects = station.handle(wish)
        (first,) = (each.date for each in effects if isinstance(each, MealSkipped))
        told.append((station, first))
    await async_all_stored(coordinators, undo)
    return [
        {**_as_response(station, first.meal_id), "date": first.date}
        for station, first in told
    ]


async def async_unskip(
    coordinators: Sequence[DispatchCoordinator], dates: Dates
) -> list[dict[str, Any]]:
    """Have what is skipped at stations happen after all: at each of them, or at none.

    Without a day all that is skipped. Returns the meals that it is about, of each
    station. Raises as `async_skip`.
    """
    wishes = []
    for station, name in zip(coordinators, names_of(coordinators), strict=True):
        with refusals_in_words(name):
            wishes.append(_unskipping(station, dates))
    stations, undo = [], []
    for station, at_station in zip(coordinators, wishes, strict=True):
        for wish in at_station:
            stations.append(station)
            undo.append(_put_back(station, wish.meal_id))
            station.handle(wish)
    await async_all_stored(stations, undo)
    return [
        {"meals": [_as_response(station, wish.meal_id) for wish in at_station]}
        for station, at_station in zip(coordinators, wishes, strict=True)
    ]


def _skipping(coordinator: DispatchCoordinator, dates: Dates) -> SkipMeal:
    """Return the wish that skips what is meant, which can be done. Raises Refused."""
    if dates.day is not None and dates.until is not None:
        raise Refused("date_or_until")
    if dates.meal_id is not None:
        known_meal(coordinator, dates.meal_id)
        wish = SkipMeal(dates.meal_id, dates.day, dates.until)
        _skipped(coordinator, wish)
        return wish
    if dates.until is not None:
        # Who wants nothing of the plan for a while pauses it.
        raise Refused("missing_field", field="meal_id")
    return _next(coordinator, dates.day)


def _next(coordinator: DispatchCoordinator, day: date | None) -> SkipMeal:
    """Return the wish that skips what comes next, be it of a day. Raises Refused."""
    found: list[tuple[float, str, SkipMeal]] = []
    for meal_id in coordinator.engine.ledger.meals:
        wish = SkipMeal(meal_id, day)
        try:
            first = _skipped(coordinator, wish)
        except Refused:
            continue
        if not first.skipped:
            found.append((first.at, first.nominal, SkipMeal(meal_id, day)))
    if not found:
        raise Refused("no_meal_to_come")
    return min(found, key=lambda item: item[:2])[2]


def _skipped(coordinator: DispatchCoordinator, wish: SkipMeal) -> Occurrence:
    """Return what a wish would skip first. Raises Refused."""
    engine = coordinator.engine
    return engine.wishes.meals.skipping.skip(wish, engine.station.place, now())[1]


def _unskipping(coordinator: DispatchCoordinator, dates: Dates) -> list[UnskipMeal]:
    """Return the wishes that undo what is skipped. Raises Refused, InvalidCommand."""
    engine = coordinator.engine
    if dates.meal_id is not None:
        known_meal(coordinator, dates.meal_id)
        wishes = [UnskipMeal(dates.meal_id, dates.day)]
    else:
        wishes = [
            UnskipMeal(meal.id, dates.day) for meal in _skip_any(coordinator, dates.day)
        ]
    if not wishes:
        raise Refused("no_meal_skipped")
    skipping, place = engine.wishes.meals.skipping, engine.station.place
    check_plan(coordinator, [skipping.unskip(wish, place, now()) for wish in wishes])
    return wishes


def _skip_any(coordinator: DispatchCoordinator, day: date | None) -> Iterator[Meal]:
    """Yield the meals of which something is skipped, be it on a day."""
    place = coordinator.engine.station.place
    for meal in coordinator.engine.ledger.meals.values():
        if day is not None:
            found = on_date(meal, str(day), place)
            skips = found is not None and found.skipped
        else:
            each_day = meal.overrides.values()
            skips = meal.skipped_until is not None or any(
                each.skipped for each in each_day
            )
        if skips:
            yield meal


def _put_back(coordinator: DispatchCoordinator, meal_id: str) -> Callable[[], object]:
    meal = coordinator.engine.ledger.meals[meal_id]
    return partial(coordinator.handle, PutMeal(meal))


def _as_response(coordinator: DispatchCoordinator, meal_id: str) -> dict[str, Any]:
    meal = coordinator.engine.ledger.meals[meal_id]
    return {
        "meal_id": meal.id,
        "name": meal.name,
        **next_as_response(coordinator, meal),
    }
