"""The next date of the plan and those of today, and what became of each."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import CommandState
from ..engine.model.events import Refused
from ..engine.model.meal import Became, Meal
from ..texts.meal_summaries import meal_in_words
from ..texts.meals import name_of, why_ended
from ..texts.plan import PlannedDate, planned_date, planned_dates
from ..texts.sentences import node_title

_UNDER_WAY: Final = {
    CommandState.QUEUED: "waiting",
    CommandState.SENT: "dispensing",
    CommandState.ACCEPTED: "dispensing",
    CommandState.UNCONFIRMED: "unconfirmed",
}
"""What is said of a date of which nothing became yet, by the state of its command."""


def meals_of(coordinator: DispatchCoordinator, *, may_control: bool) -> dict[str, Any]:
    """Return what is planned: what comes next, all dates of today, how many meals."""
    meals = coordinator.engine.ledger.meals
    today = [
        (
            each.at,
            each.nominal,
            date_shown(coordinator, meal, each, may_control=may_control),
        )
        for meal in meals.values()
        for each in planned_dates(coordinator, meal, 1)
    ]
    today.sort(key=lambda item: item[:2])
    return {
        "planned": len(meals),
        "next": _next(coordinator, may_control=may_control),
        "today": [shown for _, _, shown in today],
    }


def _next(
    coordinator: DispatchCoordinator, *, may_control: bool
) -> dict[str, Any] | None:
    upcoming = coordinator.data.next_meal
    meals = coordinator.engine.ledger.meals
    if upcoming is None or (meal := meals.get(upcoming.meal_id)) is None:
        return None
    to_come = planned_date(coordinator, upcoming, None)
    return date_shown(coordinator, meal, to_come, may_control=may_control)


def date_shown(
    coordinator: DispatchCoordinator,
    meal: Meal,
    shown: PlannedDate,
    *,
    may_control: bool,
) -> dict[str, Any]:
    """Return a date, what became of it, and what may still be done about it."""
    command = coordinator.engine.ledger.find(shown.command_id or 0)
    params = shown.occurrence.params if command is None else command.params
    state = "unknown" if shown.became is None else shown.became.value
    why = None
    if shown.became is Became.DUE:
        under_way = None if command is None else _UNDER_WAY.get(command.state)
        state = under_way or "pending"
    elif command is not None:
        why = why_ended(coordinator, command)
    return {
        "meal_id": meal.id,
        "title": name_of(coordinator, meal),
        "in_words": meal_in_words(coordinator, meal.name, meal.kind, params),
        "kind": meal.kind,
        "date": shown.occurrence.date,
        "time": shown.nominal[11:],
        "at": shown.at,
        "node": node_title(coordinator, shown.node) or None,
        "state": state,
        "why": why,
        "command_id": shown.command_id,
        "may": _may(coordinator, meal, shown) if may_control else [],
    }


def _may(coordinator: DispatchCoordinator, meal: Meal, shown: PlannedDate) -> list[str]:
    """Return whether a date can be skipped, or happen after all."""
    engine, occurrence = coordinator.engine, shown.occurrence
    skipping, day = engine.wishes.meals.skipping, date.fromisoformat(occurrence.date)
    try:
        skipping.to_come_on(meal, day, engine.station.place, now())
    except Refused:
        return []
    return ["unskip" if occurrence.skipped else "skip"]
