"""The actions that are about the plan."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse

from ..coordinator import DispatchCoordinator
from ..ordering.given import given
from ..ordering.schemas import Action, Fields, a_text, for_a_device, for_targets
from ..ordering.targets import async_station, async_stations, async_target
from ..texts.plan import next_as_response
from ..texts.responses import answered
from .meal_fields import A_DATE, MEAL_FIELDS
from .meals import async_put_meal, async_remove_meal, meals_as_response
from .rations import week_as_response
from .skips import Dates, async_skip, async_unskip

ATTR_DATE: Final = "date"
ATTR_MEAL_ID: Final = "meal_id"
ATTR_UNTIL: Final = "until"

_MEAL_ID: Final[Fields] = {ATTR_MEAL_ID: a_text}
_DATE: Final[Fields] = {ATTR_DATE: A_DATE}


async def _schedule(call: ServiceCall) -> ServiceResponse:
    """Add a meal, or change one."""
    target = await async_target(call, POLICY_CONTROL)
    await target.async_demand_station(POLICY_CONTROL)
    coordinator = target.coordinator
    meal_id = await async_put_meal(
        coordinator,
        call.data.get(ATTR_MEAL_ID),
        given(call, MEAL_FIELDS),
        () if target.is_station else target.nodes,
    )
    meal = coordinator.engine.ledger.meals[meal_id]
    return {"meal_id": meal_id, **next_as_response(coordinator, meal)}


async def _unschedule(call: ServiceCall) -> ServiceResponse:
    """Remove a meal."""
    coordinator = await async_station(call, POLICY_CONTROL)
    meal_id = str(call.data[ATTR_MEAL_ID])
    await async_remove_meal(coordinator, meal_id)
    return {"meal_id": meal_id}


async def _skip_meal(call: ServiceCall) -> ServiceResponse:
    """Have a date of the plan not happen, the next or another, or all until one."""
    coordinators = await _planning(call)
    answers = await async_skip(coordinators, _dates(call))
    return answered(call.hass, coordinators, answers)


async def _unskip_meal(call: ServiceCall) -> ServiceResponse:
    """Have a date of the plan that is skipped happen after all, or all of them."""
    coordinators = await _planning(call)
    answers = await async_unskip(coordinators, _dates(call))
    return answered(call.hass, coordinators, answers)


def _dates(call: ServiceCall) -> Dates:
    data = call.data
    return Dates(data.get(ATTR_MEAL_ID), data.get(ATTR_DATE), data.get(ATTR_UNTIL))


async def _planning(call: ServiceCall) -> list[DispatchCoordinator]:
    """Return the stations that are meant and have a plan.

    Who skips a meal in an area does not mean the cameras there.
    """
    coordinators, _ = await async_stations(
        call, lambda target: bool(target.coordinator.engine.ledger.meals)
    )
    return coordinators


async def _get_schedule(call: ServiceCall) -> ServiceResponse:
    """Tell the meals."""
    coordinator = await async_station(call, POLICY_READ)
    meals: list[Any] = meals_as_response(coordinator)
    return {"meals": meals, **week_as_response(coordinator)}


MEAL_ACTIONS: Final[tuple[Action, ...]] = (
    (
        "schedule",
        _schedule,
        for_a_device({**_MEAL_ID, **MEAL_FIELDS}),
        SupportsResponse.OPTIONAL,
    ),
    (
        "unschedule",
        _unschedule,
        for_a_device(required=_MEAL_ID),
        SupportsResponse.OPTIONAL,
    ),
    (
        "skip_meal",
        _skip_meal,
        for_targets({**_MEAL_ID, **_DATE, ATTR_UNTIL: A_DATE}),
        SupportsResponse.OPTIONAL,
    ),
    (
        "unskip_meal",
        _unskip_meal,
        for_targets({**_MEAL_ID, **_DATE}),
        SupportsResponse.OPTIONAL,
    ),
    ("get_schedule", _get_schedule, for_a_device(), SupportsResponse.ONLY),
)
