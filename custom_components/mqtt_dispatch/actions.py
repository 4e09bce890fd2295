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
import voluptuous as vol

from .clock import now
from .const import DOMAIN
from .coordinator import DispatchCoordinator
from .engine.model.command import Cause, CommandState, Outcome
from .engine.model.events import Cancel, Refused
from .engine.model.policy import FEED, REBOOT
from .ordering.commands import async_finish, async_order, refusals_in_words
from .ordering.doubts import async_resolve
from .ordering.meals import MEAL_PARAMS, async_put_meal, async_remove_meal, meals_of
from .ordering.targets import Target, async_target
from .ordering.valves import async_named_valves, async_open_valves
from .protocols import PROTOCOLS, fields_of
from .protocols.fields import Choice, Flag, Whole
from .protocols.params import Field
from .texts.responses import (
    command_as_response,
    reason_as_response,
    results_as_response,
    time_as_response,
)

ATTR_COMMAND_ID: Final = "command_id"
ATTR_DURATION: Final = "duration"
ATTR_EXPIRES_IN: Final = "expires_in"
ATTR_IDEMPOTENCY_KEY: Final = "idempotency_key"
ATTR_KIND: Final = "kind"
ATTR_LIMIT: Final = "limit"
ATTR_MEAL_ID: Final = "meal_id"
ATTR_OUTCOME: Final = "outcome"
ATTR_PARAMS: Final = "params"
ATTR_STATE: Final = "state"
ATTR_WAIT: Final = "wait"

FEED_FIELDS: Final = fields_of(dict.fromkeys(PROTOCOLS, FEED))
MEAL_FIELDS: Final = ("name", "time", "weekdays", *MEAL_PARAMS, "enabled")
_EXPIRES_IN: Final = Whole(minimum=1, maximum=7 * 24 * 60 * 60)
_LIMIT: Final = Whole(minimum=1, maximum=1000)
_COMMAND_ID: Final = Whole(minimum=1, maximum=2**31 - 1)
_OUTCOME: Final = Choice(choices=tuple(Outcome))
_STATE: Final = Choice(choices=tuple(CommandState))
_WAIT: Final = Flag()
_KEY_LENGTH: Final = 255

type _Handler = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]


# What a field may be is checked where the protocol knows it, so that every refusal
# comes in the user's language: the schemas only name the fields.
def _schema(*optional: str, required: tuple[str, ...] = ()) -> VolSchemaType:
    fields: VolDictType = {vol.Required(ATTR_DEVICE_ID): cv.string}
    fields.update({vol.Required(field): object for field in required})
    fields.update({vol.Optional(field): object for field in optional})
    schema: VolSchemaType = vol.Schema(fields)
    return schema


_ORDER_FIELDS = (ATTR_EXPIRES_IN, ATTR_IDEMPOTENCY_KEY, ATTR_WAIT)


def _target_schema(*optional: str) -> VolSchemaType:
    fields: VolDictType = {vol.Optional(field): object for field in optional}
    schema: VolSchemaType = vol.Schema({**cv.ENTITY_SERVICE_FIELDS, **fields})
    return schema


@callback
def async_setup_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    optional, only = SupportsResponse.OPTIONAL, SupportsResponse.ONLY
    actions: tuple[tuple[str, _Handler, VolSchemaType, SupportsResponse], ...] = (
        ("feed", _feed, _schema(*FEED_FIELDS, *_ORDER_FIELDS), optional),
        ("schedule", _schedule, _schema(ATTR_MEAL_ID, *MEAL_FIELDS), optional),
        ("unschedule", _unschedule, _schema(required=(ATTR_MEAL_ID,)), optional),
        ("get_schedule", _get_schedule, _schema(), only),
        ("reboot", _reboot, _schema(), optional),
        (
            "open_valve",
            _open_valve,
            _target_schema(ATTR_DURATION, *_ORDER_FIELDS),
            optional,
        ),
        (
            "send_command",
            _send_command,
            _schema(ATTR_PARAMS, *_ORDER_FIELDS, required=(ATTR_KIND,)),
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
    return await _order(call, FEED, _given(call, FEED_FIELDS))


async def _reboot(call: ServiceCall) -> ServiceResponse:
    """Reboot a node, or all nodes of a station."""
    return await _order(call, REBOOT, {})


async def _open_valve(call: ServiceCall) -> ServiceResponse:
    """Open valves for a time, or for the run time that was chosen for each."""
    valves = await async_named_valves(call)
    expires_in, key, wait = _order_fields(call)
    duration = call.data.get(ATTR_DURATION)
    command_ids = await async_open_valves(valves, duration, expires_in, key)
    answers = await asyncio.gather(
        *(
            _response(valve.coordinator, command_id, wait=wait)
            for valve, command_id in zip(valves, command_ids, strict=True)
        )
    )
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
    target = await async_target(call, POLICY_CONTROL)
    await target.async_demand_command(kind, target.nodes)
    expires_in, key, wait = _order_fields(call)
    command_id = await async_order(
        target.coordinator,
        kind,
        params,
        target.nodes,
        Cause.ACTION,
        expires_in=expires_in,
        idempotency_key=key,
    )
    return await _response(target.coordinator, command_id, wait=wait)


def _order_fields(call: ServiceCall) -> tuple[float | None, str | None, bool]:
    with refusals_in_words():
        expires_in = _checked(call, ATTR_EXPIRES_IN, _EXPIRES_IN)
        return (
            expires_in,
            _idempotency_key(call),
            bool(_checked(call, ATTR_WAIT, _WAIT)),
        )


async def _response(
    coordinator: DispatchCoordinator, command_id: int, *, wait: bool
) -> ServiceResponse:
    """Return what became of an order; if asked to `wait`, once its nodes are done."""
    command = coordinator.engine.ledger.find(command_id)
    if not wait or command is None:
        return _state(coordinator, command_id)
    policy = coordinator.engine.station.policy(command)
    await coordinator.async_ended(command_id, policy.done_timeout)
    return {
        **_state(coordinator, command_id),
        "nodes": results_as_response(coordinator.engine.ledger.find(command_id)),
    }


async def _schedule(call: ServiceCall) -> ServiceResponse:
    """Add a meal, or change one."""
    target = await async_target(call, POLICY_CONTROL)
    await target.async_demand_station(POLICY_CONTROL)
    meal_id, upcoming = await async_put_meal(
        target.coordinator,
        _text(call.data.get(ATTR_MEAL_ID)),
        _given(call, MEAL_FIELDS),
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
    return _state(coordinator, command_id)


async def _resolve(call: ServiceCall) -> ServiceResponse:
    """Settle an unconfirmed command."""
    target, command_id = await _target_and_command_id(call)
    coordinator, by = target.coordinator, await target.async_caller()
    with refusals_in_words():
        outcome = Outcome(_checked(call, ATTR_OUTCOME, _OUTCOME))
        await async_resolve(coordinator, command_id, outcome, by)
    return _state(coordinator, command_id)


async def _finish(call: ServiceCall) -> ServiceResponse:
    """Send what an ended command left undone to the nodes that did not do it."""
    target, command_id = await _target_and_command_id(call)
    with refusals_in_words():
        wait = _checked(call, ATTR_WAIT, _WAIT)
    rest_id = await async_finish(target.coordinator, command_id)
    return await _response(target.coordinator, rest_id, wait=bool(wait))


async def _station_of(call: ServiceCall, policy: str) -> DispatchCoordinator:
    """Return the station of an action that is about all of it."""
    target = await async_target(call, policy)
    await target.async_demand_station(policy)
    return target.coordinator


async def _target_and_command_id(call: ServiceCall) -> tuple[Target, int]:
    """Return what an action is about that changes what becomes of a command."""
    target = await async_target(call, POLICY_CONTROL)
    with refusals_in_words():
        command_id: int = _checked(call, ATTR_COMMAND_ID, _COMMAND_ID)
    command = target.coordinator.engine.ledger.find(command_id)
    if command is not None:
        await target.async_demand_command(command.kind, command.nodes)
    return target, command_id


async def _get_commands(call: ServiceCall) -> ServiceResponse:
    """Tell commands with their timelines, the newest first."""
    coordinator = await _station_of(call, POLICY_READ)
    ledger = coordinator.engine.ledger
    with refusals_in_words():
        limit = _checked(call, ATTR_LIMIT, _LIMIT) or 20
        state = _checked(call, ATTR_STATE, _STATE)
        command_id = _checked(call, ATTR_COMMAND_ID, _COMMAND_ID)
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


def _state(coordinator: DispatchCoordinator, command_id: int) -> dict[str, Any]:
    command = coordinator.engine.ledger.find(command_id)
    return {
        "command_id": command_id,
        "state": None if command is None else command.state.value,
    }


def _given(call: ServiceCall, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields that are not left out; a template that says None does that."""
    return {name: call.data[name] for name in names if call.data.get(name) is not None}


def _checked(call: ServiceCall, name: str, field: Field) -> Any:  # noqa: ANN401
    """Return a field that may be left out. Raises InvalidCommand."""
    value = call.data.get(name)
    return None if value is None else field.check(name, value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _idempotency_key(call: ServiceCall) -> str | None:
    value = call.data.get(ATTR_IDEMPOTENCY_KEY)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _KEY_LENGTH:
        raise Refused("invalid_idempotency_key", limit=_KEY_LENGTH)
    return value
