"""How much the plan of a station gives: a meal of it, and all of it in a week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.meal import WEEKDAYS, Meal
from ..engine.model.policy import FEED
from ..engine.plan.recurrence import fits, local_date


def ration_as_response(coordinator: DispatchCoordinator, meal: Meal) -> dict[str, Any]:
    """Return what a meal weighs at each of its feeders, if anybody says so."""
    if meal.kind != FEED:
        return {}
    grams = coordinator.portion.weigh(_portions(meal))
    return {} if grams is None else {"grams": grams}


def week_as_response(coordinator: DispatchCoordinator) -> dict[str, Any]:
    """Return what the whole plan gives in the seven days from today, at all feeders.

    It goes by the rules: what is otherwise on one date, or skipped, plays no part.
    Nothing of nodes that do not feed.
    """
    if FEED not in coordinator.protocol.kinds:
        return {}
    portion, station = coordinator.portion, coordinator.engine.station
    today = date.fromisoformat(local_date(now().wall, station.zone))
    week = [today + timedelta(days=day) for day in range(len(WEEKDAYS))]
    portions = sum(
        _portions(meal) * _feeders(coordinator, meal)
        for meal in coordinator.engine.ledger.meals.values()
        if meal.enabled and meal.kind == FEED
        for day in week
        if fits(meal.rule, day)
    )
    grams = portion.weigh(portions)
    return {
        "portions_per_week": portions,
        **({} if grams is None else {"grams_per_week": grams}),
        **({"food": portion.food} if portion.food else {}),
    }


def _portions(meal: Meal) -> int:
    return int(meal.params.get("portions", 1))


def _feeders(coordinator: DispatchCoordinator, meal: Meal) -> int:
    """Return how often the portions of a meal are given when it is due."""
    if coordinator.protocol.kinds[FEED].whole_station:
        return 1
    return len(meal.nodes or coordinator.engine.station.nodes)
