"""How a person or an automation changes the meals: checked, stored, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Cause
from ..engine.model.effects import MealPut
from ..engine.model.events import Enqueue, PutMeals, Refused, RemoveMeal
from ..engine.model.meal import Meal
from ..engine.plan.recurrence import local_date
from ..ordering.commands import check_sendable, refusals_in_words
from ..texts.plan import meal_as_response
from .meal_fields import MEAL_PARAMS, meal_of
from .node_plans import check_node_plan
from .rations import ration_as_response


async def async_put_meal(
    coordinator: DispatchCoordinator,
    meal_id: str | None,
    given: Mapping[str, Any],
    nodes: tuple[str, ...] = (),
) -> str:
    """Add a meal (no id), or change what is `given` of one; return its id.

    `given`: see `meal_of`. It is for `nodes`, or for all. Raises as `async_store_meal`.
    """
    with refusals_in_words():
        before = None if meal_id is None else known_meal(coordinator, meal_id)
        meal = meal_of(before, given, coordinator.protocol, nodes, _today(coordinator))
    return await async_store_meal(coordinator, meal)


async def async_store_meal(coordinator: DispatchCoordinator, meal: Meal) -> str:
    """Add a meal (an empty id), or replace the one with its id; return its id.

    Raises as `async_store_meals`.
    """
    (put_id,) = await async_store_meals(coordinator, meal)
    return put_id


async def async_store_meals(
    coordinator: DispatchCoordinator, *meals: Meal
) -> list[str]:
    """Do that with several meals, or with none of them; return their ids.

    Raises ServiceValidationError for what cannot be, and NotStoredError; nothing has
    changed then.
    """
    with refusals_in_words():
        for meal in meals:
            _check_sendable(coordinator, meal)
        check_plan(coordinator, meals)
        effects = coordinator.handle(PutMeals(meals))
    await coordinator.async_stored()
    return [effect.meal_id for effect in effects if isinstance(effect, MealPut)]


async def async_remove_meal(coordinator: DispatchCoordinator, meal_id: str) -> None:
    """Remove a meal.

    Raises ServiceValidationError if there is none of that id, and NotStoredError; the
    meal is still there then.
    """
    with refusals_in_words():
        coordinator.handle(RemoveMeal(meal_id))
    await coordinator.async_stored()


def meals_as_response(coordinator: DispatchCoordinator) -> list[dict[str, Any]]:
    """Return the meals as they are shown, in the order of their times.

    A param with a field of its own stands beside the others, too.
    """
    shown = []
    for meal in coordinator.engine.ledger.meals.values():
        told = meal_as_response(coordinator, meal)
        own = {
            name: told["params"][name] for name in MEAL_PARAMS & told["params"].keys()
        }
        shown.append({**own, **told, **ration_as_response(coordinator, meal)})
    return sorted(shown, key=_time)


def known_meal(coordinator: DispatchCoordinator, meal_id: str) -> Meal:
    """Return the meal of that id. Raises Refused."""
    try:
        return coordinator.engine.ledger.meals[meal_id]
    except KeyError:
        raise Refused("unknown_meal", meal_id=meal_id) from None


def _today(coordinator: DispatchCoordinator) -> date:
    zone = coordinator.engine.station.zone
    return date.fromisoformat(local_date(now().wall, zone))


def _check_sendable(coordinator: DispatchCoordinator, meal: Meal) -> None:
    """Check that what is planned can be sent. Raises InvalidCommand and Refused."""
    station, protocol = coordinator.engine.station, coordinator.protocol
    overrides = (each.params for each in meal.overrides.values())
    for params in (meal.params, *filter(None, overrides)):
        check_sendable(
            coordinator,
            Enqueue(
                kind=meal.kind,
                params=protocol.check(meal.kind, params),
                nodes=meal.nodes or station.nodes,
                cause=Cause.MEAL,
            ),
        )


def check_plan(coordinator: DispatchCoordinator, meals: Sequence[Meal]) -> None:
    """Check that nodes which keep the plan can hold it with these meals in it.

    Raises InvalidCommand.
    """
    engine, planning = coordinator.engine, coordinator.protocol.planning
    if planning is not None:
        known, changed = engine.ledger.meals, {meal.id for meal in meals}
        others = (other for other in known.values() if other.id not in changed)
        site, every = coordinator.driver.site, (*others, *meals)
        station, wall = engine.station, now().wall
        check_node_plan(planning, site, station, every, wall, changed=changed)


def _time(told: Mapping[str, Any]) -> str:
    """Return the local time at which a meal comes; of one that never does, the last."""
    times = [str(each["time"]) for each in told["occurrences"]]
    return told["time"] or (times[0] if times else "24:00")
