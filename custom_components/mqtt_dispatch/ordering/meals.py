"""How a person or an automation changes the meals: checked, stored, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Cause
from ..engine.model.events import Enqueue, MealPut, PutMeal, Refused, RemoveMeal
from ..engine.model.meal import WEEKDAYS, Meal
from ..engine.plan.meals import as_json, new_meal, new_rule
from ..protocols import PROTOCOLS
from ..protocols.fields import Flag
from .commands import check_sendable, refusals_in_words
from .rations import ration_as_response
from .schemas import takes_params

MEAL_PARAMS = takes_params({key: each.planned_kind for key, each in PROTOCOLS.items()})


async def async_put_meal(
    coordinator: DispatchCoordinator,
    meal_id: str | None,
    given: Mapping[str, Any],
    nodes: tuple[str, ...] = (),
) -> tuple[str, float | None]:
    """Add a meal (no id), or change what is `given` of one.

    Where nodes keep the plan it is for `nodes`, or for all. Returns its id and when it
    is next fed, in unix seconds. Raises ServiceValidationError for what cannot be, and
    NotStoredError; nothing has changed then.
    """
    engine = coordinator.engine
    with refusals_in_words():
        before = _meal(coordinator, meal_id)
        meal = _changed(coordinator, before, given, nodes)
        _check_plan(coordinator, meal)
        effects = coordinator.handle(PutMeal(meal))
    (put_id,) = (effect.meal_id for effect in effects if isinstance(effect, MealPut))
    await coordinator.async_stored()
    meal = engine.ledger.meals[put_id]
    upcoming = engine.plan.mealtimes.next_of(meal, engine.station, now())
    return put_id, None if upcoming is None else upcoming.at


async def async_remove_meal(coordinator: DispatchCoordinator, meal_id: str) -> None:
    """Remove a meal.

    Raises ServiceValidationError if there is none of that id, and NotStoredError; the
    meal is still there then.
    """
    with refusals_in_words():
        coordinator.handle(RemoveMeal(meal_id))
    await coordinator.async_stored()


def meals_of(
    coordinator: DispatchCoordinator,
) -> list[tuple[dict[str, Any], float | None]]:
    """Return the meals as they are shown, each with when it is next fed.

    In the order of their times; unix seconds.
    """
    engine = coordinator.engine
    shown = []
    for meal in engine.ledger.meals.values():
        upcoming = engine.plan.mealtimes.next_of(meal, engine.station, now())
        told = {**_shown(meal), **ration_as_response(coordinator, meal)}
        shown.append((told, None if upcoming is None else upcoming.at))
    return sorted(shown, key=lambda item: str(item[0]["time"]))


def _meal(coordinator: DispatchCoordinator, meal_id: str | None) -> Meal | None:
    if meal_id is None:
        return None
    try:
        return coordinator.engine.ledger.meals[meal_id]
    except KeyError:
        raise Refused("unknown_meal", meal_id=meal_id) from None


def _check_plan(coordinator: DispatchCoordinator, meal: Meal) -> None:
    """Check that nodes which keep the plan can hold it with this meal in it.

    Raises InvalidCommand.
    """
    planning, meals = coordinator.protocol.planning, coordinator.engine.ledger.meals
    if planning is not None:
        others = (other for other in meals.values() if other.id != meal.id)
        planning.wanted(coordinator.driver.site, (*others, meal), now().wall)


def _changed(
    coordinator: DispatchCoordinator,
    before: Meal | None,
    given: Mapping[str, Any],
    nodes: tuple[str, ...],
) -> Meal:
    if before is None and "time" not in given:
        raise Refused("missing_field", field="time")
    params = {} if before is None else dict(before.params)
    params.update({key: given[key] for key in MEAL_PARAMS if key in given})
    planning, kind = coordinator.protocol.planning, coordinator.protocol.planned_kind
    params = coordinator.protocol.check(kind, params)
    if planning is None or not nodes:
        nodes = () if before is None else before.nodes
    everywhere = nodes or coordinator.engine.station.nodes
    check_sendable(
        coordinator,
        Enqueue(kind=kind, params=params, nodes=everywhere, cause=Cause.MEAL),
    )
    rule = None if before is None else before.rule
    weekdays = given.get("weekdays", WEEKDAYS if rule is None else rule.weekdays)
    if not isinstance(weekdays, Collection) or isinstance(weekdays, str):
        weekdays = (weekdays,)
    enabled = given.get("enabled", True if before is None else before.enabled)
    return new_meal(
        meal_id="" if before is None else before.id,
        name=str(given.get("name", "" if before is None else before.name)),
        rule=new_rule(
            time=str(given.get("time", "" if rule is None else rule.time)),
            weekdays=map(str, weekdays),
        ),
        params=params,
        kind=kind,
        enabled=Flag().check("enabled", enabled),
        nodes=nodes,
    )


def _shown(meal: Meal) -> dict[str, Any]:
    data = as_json(meal)
    return {
        "meal_id": meal.id,
        "name": meal.name,
        "time": meal.rule.time,
        "weekdays": [day for day in WEEKDAYS if day in meal.rule.weekdays],
        "enabled": meal.enabled,
        **({"nodes": list(meal.nodes)} if meal.nodes else {}),
        **data["params"],
    }
