"""The actions of MQTT Dispatch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType, VolSchemaType
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .clock import now
from .const import DOMAIN
from .coordinator import DispatchCoordinator
from .engine.model.command import Cause, CommandState, Outcome
from .engine.model.events import Cancel, Dispatching, Refused
from .engine.model.policy import FEED, REBOOT
from .ordering.answers import async_answer, state_of
from .ordering.commands import (
    Wanted,
    async_finish,
    async_order_all,
    refusals_in_words,
)
from .ordering.doubts import async_resolve
from .ordering.given import (
    ATTR_CONFIRM,
    ATTR_WAIT,
    ORDER_FIELDS,
    WAIT,
    checked,
    given,
    order_fields,
    text,
)
from .ordering.meals import MEAL_PARAMS, async_put_meal, async_remove_meal, meals_of
from .ordering.pauses import (
    PAUSE_FIELDS,
    async_cancel_all,
    async_dispatch,
    pause_of,
)
from .ordering.targets import Target, async_target, async_targets, of_kind
from .ordering.valves import async_named_valves
from .protocols import PROTOCOLS, fields_of
from .protocols.fields import Choice, Whole
from .texts.responses import (
    answered,
    command_as_response,
    pause_as_response,
    reason_as_response,
    time_as_response,
    withdrawn_as_response,
)

ATTR_COMMAND_ID: Final = "command_id"
ATTR_DURATION: Final = "duration"
ATTR_KIND: Final = "kind"
ATTR_LIMIT: Final = "limit"
ATTR_MEAL_ID: Final = "meal_id"
ATTR_OUTCOME: Final = "outcome"
ATTR_PARAMS: Final = "params"
ATTR_STATE: Final = "state"

FEED_FIELDS: Final = fields_of(dict.fromkeys(PROTOCOLS, FEED))
MEAL_FIELDS: Final = ("name", "time", "weekdays", *MEAL_PARAMS, "enabled")
_LIMIT: Final = Whole(minimum=1, maximum=1000)
_COMMAND_ID: Final = Whole(minimum=1, maximum=2**31 - 1)
_OUTCOME: Final = Choice(choices=tuple(Outcome))
_STATE: Final = Choice(choices=tuple(CommandState))

type _Handler = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]


# What a field may be is checked where the protocol knows it, so that every refusal
# comes in the user's language: the schemas only name the fields.
def _schema(*optional: str, required: tuple[str, ...] = ()) -> VolSchemaType:
    fields: VolDictType = {vol.Required(ATTR_DEVICE_ID): cv.string}
    fields.update({vol.Required(field): object for field in required})
    fields.update({vol.Optional(field): object for field in optional})
    schema: VolSchemaType = vol.Schema(fields)
    return schema


def _targeted(*optional: str, required: tuple[str, ...] = ()) -> VolSchemaType:
    """Return the schema of an action that is about any number of things at once."""
    fields: VolDictType = {**cv.ENTITY_SERVICE_FIELDS}
    fields.update({vol.Required(field): object for field in required})
    fields.update({vol.Optional(field): object for field in optional})
    schema: VolSchemaType = vol.Schema(fields)
    return schema


@callback
def async_setup_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    optional, only = SupportsResponse.OPTIONAL, SupportsResponse.ONLY
    actions: tuple[tuple[str, _Handler, VolSchemaType, SupportsResponse], ...] = (
        (
            "feed",
            _feed,
            _targeted(*FEED_FIELDS, *ORDER_FIELDS, ATTR_CONFIRM),
            optional,
        ),
        ("schedule", _schedule, _schema(ATTR_MEAL_ID, *MEAL_FIELDS), optional),
        ("unschedule", _unschedule, _schema(required=(ATTR_MEAL_ID,)), optional),
        ("get_schedule", _get_schedule, _schema(), only),
        ("reboot", _reboot, _targeted(), optional),
        (
            "open_valve",
            _open_valve,
            _targeted(ATTR_DURATION, *ORDER_FIELDS),
            optional,
        ),
        (
            "send_command",
            _send_command,
            _targeted(ATTR_PARAMS, *ORDER_FIELDS, ATTR_CONFIRM, required=(ATTR_KIND,)),
            optional,
        ),
        ("cancel_command", _cancel, _schema(required=(ATTR_COMMAND_ID,)), optional),
        (
            "resolve_command",
            _resolve,
            _schema(required=(ATTR_COMMAND_ID, ATTR_OUTCOME)),
            optional,
        ),
        (
            "finish_command",
            _finish,
            _schema(ATTR_WAIT, required=(ATTR_COMMAND_ID,)),
            optional,
        ),
        ("cancel_all", _cancel_all, _targeted(), optional),
        ("pause", _pause, _targeted(*PAUSE_FIELDS), optional),
        ("resume", _resume, _targeted(), optional),
        (
            "get_commands",
            _get_commands,
            _schema(ATTR_COMMAND_ID, ATTR_STATE, ATTR_LIMIT),
            only,
        ),
    )
    for name, handler, schema, response in actions:
        hass.services.async_register(
            DOMAIN, name, handler, schema, supports_response=response
        )


async def _feed(call: ServiceCall) -> ServiceResponse:
    """Feed once."""
    return await _order(call, FEED, given(call, FEED_FIELDS))


async def _reboot(call: ServiceCall) -> ServiceResponse:
    """Reboot nodes, or all nodes of stations."""
    return await _order(call, REBOOT, {})


async def _open_valve(call: ServiceCall) -> ServiceResponse:
    """Open valves for a time, or for the run time that was chosen for each."""
    valves = await async_named_valves(call)
    with refusals_in_words():
        fields = order_fields(call)
    duration, wanted = call.data.get(ATTR_DURATION), []
    for valve in valves:
        with refusals_in_words(valve.entity_id if len(valves) > 1 else None):
            wanted.append(valve.wanted(duration, fields))
    answers = await _ordered(call, wanted, wait=fields.wait)
    names = (valve.entity_id for valve in valves)
    return dict(zip(names, answers, strict=True))


async def _send_command(call: ServiceCall) -> ServiceResponse:
    """Order a command of any kind that the nodes know."""
    params = call.data.get(ATTR_PARAMS, {})
    with refusals_in_words():
        if not isinstance(params, dict):
            raise Refused("invalid_params")
    return await _order(call, str(call.data[ATTR_KIND]), params)


async def _order(
    call: ServiceCall, kind: str, params: dict[str, Any]
) -> ServiceResponse:
    """Order a command at each station that is meant, or none at any."""
    targets = of_kind(await async_targets(call, POLICY_CONTROL), kind)
    for target in targets:
        await target.async_demand_command(kind, target.nodes)
    with refusals_in_words():
        fields = order_fields(call)
    wanted = [
        Wanted(
            coordinator=target.coordinator,
            kind=kind,
            params=params,
            nodes=target.nodes,
            cause=Cause.ACTION,
            expires_in=fields.expires_in,
            idempotency_key=fields.idempotency_key,
            confirmed=fields.confirmed,
        )
        for target in targets
    ]
    answers = await _ordered(call, wanted, wait=fields.wait)
    return answered(call.hass, [target.coordinator for target in targets], answers)


async def _ordered(
    call: ServiceCall, wanted: list[Wanted], *, wait: bool
) -> list[dict[str, Any]]:
    """Order all of that or nothing, and return what became of each."""
    command_ids = await async_order_all(wanted, call.context)
    return await asyncio.gather(
        *(
            async_answer(each.coordinator, command_id, wait=wait)
            for each, command_id in zip(wanted, command_ids, strict=True)
        )
    )


async def _schedule(call: ServiceCall) -> ServiceResponse:
    """Add a meal, or change one."""
    target = await async_target(call, POLICY_CONTROL)
    await target.async_demand_station(POLICY_CONTROL)
    meal_id, upcoming = await async_put_meal(
        target.coordinator,
        text(call, ATTR_MEAL_ID),
        given(call, MEAL_FIELDS),
        () if target.is_station else target.nodes,
    )
    return {"meal_id": meal_id, "next": time_as_response(upcoming)}


async def _unschedule(call: ServiceCall) -> ServiceResponse:
    """Remove a meal."""
    coordinator = await _station_of(call, POLICY_CONTROL)
    meal_id = str(call.data[ATTR_MEAL_ID])
    await async_remove_meal(coordinator, meal_id)
    return {"meal_id": meal_id}


async def _get_schedule(call: ServiceCall) -> ServiceResponse:
    """Tell the meals."""
    coordinator = await _station_of(call, POLICY_READ)
    return {
        "meals": [
            {**meal, "next": time_as_response(upcoming)}
            for meal, upcoming in meals_of(coordinator)
        ]
    }


async def _cancel(call: ServiceCall) -> ServiceResponse:
    """Take back a command that was never sent."""
    target, command_id = await _target_and_command_id(call)
    coordinator, by = target.coordinator, await target.async_caller()
    with refusals_in_words():
        coordinator.handle(Cancel(command_id, by))
    await coordinator.async_stored()
    return state_of(coordinator, command_id)


async def _resolve(call: ServiceCall) -> ServiceResponse:
    """Settle an unconfirmed command."""
    target, command_id = await _target_and_command_id(call)
    coordinator, by = target.coordinator, await target.async_caller()
    with refusals_in_words():
        outcome = Outcome(checked(call, ATTR_OUTCOME, _OUTCOME))
        await async_resolve(coordinator, command_id, outcome, by)
    return state_of(coordinator, command_id)


async def _finish(call: ServiceCall) -> ServiceResponse:
    """Send what an ended command left undone to the nodes that did not do it."""
    target, command_id = await _target_and_command_id(call)
    with refusals_in_words():
        wait = checked(call, ATTR_WAIT, WAIT)
    rest_id = await async_finish(target.coordinator, command_id)
    return await async_answer(target.coordinator, rest_id, wait=bool(wait))


async def _cancel_all(call: ServiceCall) -> ServiceResponse:
    """Withdraw all that waits at stations and was never sent."""
    coordinators, by = await _stations_of(call)
    withdrawn = await async_cancel_all(coordinators, by)
    answers = [
        withdrawn_as_response(one, coordinator.engine.ledger.find)
        for one, coordinator in zip(withdrawn, coordinators, strict=True)
    ]
    return answered(call.hass, coordinators, answers)


async def _pause(call: ServiceCall) -> ServiceResponse:
    """Have stations send nothing, for some time or until somebody resumes."""
    coordinators, _ = await _stations_of(call)
    with refusals_in_words():
        wish = pause_of(given(call, PAUSE_FIELDS), dt_util.now())
    await async_dispatch(coordinators, wish)
    return _pauses(call, coordinators)


async def _resume(call: ServiceCall) -> ServiceResponse:
    """Have stations send again what is ready."""
    coordinators, _ = await _stations_of(call)
    await async_dispatch(coordinators, Dispatching(enabled=True))
    return _pauses(call, coordinators)


def _pauses(
    call: ServiceCall, coordinators: list[DispatchCoordinator]
) -> ServiceResponse:
    answers = [pause_as_response(one.engine.ledger.pause) for one in coordinators]
    return answered(call.hass, coordinators, answers)


async def _stations_of(call: ServiceCall) -> tuple[list[DispatchCoordinator], str]:
    """Return the stations of an action that is about all of each, and who calls."""
    targets = await async_targets(call, POLICY_CONTROL)
    for target in targets:
        await target.async_demand_station(POLICY_CONTROL)
    by = await targets[0].async_caller()
    return [target.coordinator for target in targets], by


async def _station_of(call: ServiceCall, policy: str) -> DispatchCoordinator:
    """Return the station of an action that is about all of it."""
    target = await async_target(call, policy)
    await target.async_demand_station(policy)
    return target.coordinator


async def _target_and_command_id(call: ServiceCall) -> tuple[Target, int]:
    """Return what an action is about that changes what becomes of a command."""
    target = await async_target(call, POLICY_CONTROL)
    with refusals_in_words():
        command_id: int = checked(call, ATTR_COMMAND_ID, _COMMAND_ID)
    command = target.coordinator.engine.ledger.find(command_id)
    if command is not None:
        await target.async_demand_command(command.kind, command.nodes)
    return target, command_id


async def _get_commands(call: ServiceCall) -> ServiceResponse:
    """Tell commands with their timelines, the newest first."""
    coordinator = await _station_of(call, POLICY_READ)
    ledger = coordinator.engine.ledger
    with refusals_in_words():
        limit = checked(call, ATTR_LIMIT, _LIMIT) or 20
        state = checked(call, ATTR_STATE, _STATE)
        command_id = checked(call, ATTR_COMMAND_ID, _COMMAND_ID)
        if command_id is not None and ledger.find(command_id) is None:
            raise Refused("unknown_command", command_id=command_id)
    found = [
        command
        for command in (*ledger.open.values(), *ledger.closed.values())
        if command_id in (None, command.id) and state in (None, command.state)
    ]
    found.sort(key=lambda command: command.id, reverse=True)
    waiting = {
        command.id: reasons for command, reasons in coordinator.engine.waiting(now())
    }
    return {
        "commands": [
            {
                **command_as_response(command),
                "waiting_for": [
                    reason_as_response(reason) for reason in waiting.get(command.id, ())
                ],
            }
            for command in found[:limit]
        ]
    }
