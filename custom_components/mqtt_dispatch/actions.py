"""The actions of MQTT Dispatch."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Final

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

from .const import DOMAIN
from .coordinator import DispatchCoordinator, now
from .engine.events import Cancel, Refused
from .engine.model import Cause, Command, CommandState, Outcome
from .engine.policy import FEED, REBOOT
from .meal_orders import async_put_meal, async_remove_meal, meals_of
from .ordering import async_order, refusals_in_words
from .protocols.base import Field
from .protocols.fields import Choice, Flag, Whole
from .settling import async_resolve
from .targets import target_of

ATTR_COMMAND_ID: Final = "command_id"
ATTR_EXPIRES_IN: Final = "expires_in"
ATTR_IDEMPOTENCY_KEY: Final = "idempotency_key"
ATTR_KIND: Final = "kind"
ATTR_LIMIT: Final = "limit"
ATTR_MEAL_ID: Final = "meal_id"
ATTR_OUTCOME: Final = "outcome"
ATTR_PARAMS: Final = "params"
ATTR_STATE: Final = "state"
ATTR_WAIT: Final = "wait"

FEED_FIELDS: Final = ("portions", "hopper", "bowl", "pet")
MEAL_FIELDS: Final = (
    "name",
    "time",
    "weekdays",
    "portions",
    "hopper",
    "bowl",
    "enabled",
)
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
    coordinator, nodes = target_of(call.hass, call.data[ATTR_DEVICE_ID])
    with refusals_in_words():
        expires_in = _checked(call, ATTR_EXPIRES_IN, _EXPIRES_IN)
        key = _idempotency_key(call)
        wait = _checked(call, ATTR_WAIT, _WAIT)
    command_id = await async_order(
        coordinator,
        kind,
        params,
        nodes,
        Cause.ACTION,
        expires_in=expires_in,
        idempotency_key=key,
    )
    if not wait:
        return _state(coordinator, command_id)
    policy = coordinator.engine.station.policies[kind]
    await coordinator.async_ended(command_id, policy.done_timeout)
    return {
        **_state(coordinator, command_id),
        "nodes": _results(coordinator.engine.book.find(command_id)),
    }


async def _schedule(call: ServiceCall) -> ServiceResponse:
    """Add a meal, or change one."""
    coordinator, _ = target_of(call.hass, call.data[ATTR_DEVICE_ID])
    meal_id, upcoming = await async_put_meal(
        coordinator, _text(call.data.get(ATTR_MEAL_ID)), _given(call, MEAL_FIELDS)
    )
    return {"meal_id": meal_id, "next": _time(upcoming)}


async def _unschedule(call: ServiceCall) -> ServiceResponse:
    """Remove a meal."""
    coordinator, _ = target_of(call.hass, call.data[ATTR_DEVICE_ID])
    meal_id = str(call.data[ATTR_MEAL_ID])
    await async_remove_meal(coordinator, meal_id)
    return {"meal_id": meal_id}


async def _get_schedule(call: ServiceCall) -> ServiceResponse:
    """Tell the meals."""
    coordinator, _ = target_of(call.hass, call.data[ATTR_DEVICE_ID])
    return {
        "meals": [
            {**meal, "next": _time(upcoming)}
            for meal, upcoming in meals_of(coordinator)
        ]
    }


async def _cancel(call: ServiceCall) -> ServiceResponse:
    """Take back a command that was never sent."""
    coordinator, _ = target_of(call.hass, call.data[ATTR_DEVICE_ID])
    with refusals_in_words():
        command_id = _checked(call, ATTR_COMMAND_ID, _COMMAND_ID)
        coordinator.handle(Cancel(command_id))
    await coordinator.async_stored()
    return _state(coordinator, command_id)


async def _resolve(call: ServiceCall) -> ServiceResponse:
    """Settle an unconfirmed command."""
    coordinator, _ = target_of(call.hass, call.data[ATTR_DEVICE_ID])
    with refusals_in_words():
        command_id = _checked(call, ATTR_COMMAND_ID, _COMMAND_ID)
        outcome = Outcome(_checked(call, ATTR_OUTCOME, _OUTCOME))
        await async_resolve(coordinator, command_id, outcome)
    return _state(coordinator, command_id)


async def _get_commands(call: ServiceCall) -> ServiceResponse:
    """Tell commands with their timelines, the newest first."""
    coordinator, _ = target_of(call.hass, call.data[ATTR_DEVICE_ID])
    book = coordinator.engine.book
    with refusals_in_words():
        limit = _checked(call, ATTR_LIMIT, _LIMIT) or 20
        state = _checked(call, ATTR_STATE, _STATE)
        command_id = _checked(call, ATTR_COMMAND_ID, _COMMAND_ID)
        if command_id is not None and book.find(command_id) is None:
            raise Refused("unknown_command", command_id=command_id)
    found = [
        command
        for command in (*book.open.values(), *book.closed.values())
        if command_id in (None, command.id) and state in (None, command.state)
    ]
    found.sort(key=lambda command: command.id, reverse=True)
    waiting = {
        command.id: reasons for command, reasons in coordinator.engine.waiting(now())
    }
    return {
        "commands": [
            {
                **_described(command),
                "waiting_for": [
                    {
                        "why": reason.why.value,
                        "node": reason.node,
                        "since": _time(reason.since),
                        "command_id": reason.command_id,
                    }
                    for reason in waiting.get(command.id, ())
                ],
            }
            for command in found[:limit]
        ]
    }


def _described(command: Command) -> dict[str, Any]:
    return {
        "command_id": command.id,
        "kind": command.kind,
        "params": dict(command.params),
        "class": command.command_class.value,
        "state": command.state.value,
        "created_at": _time(command.created_at),
        "expires_at": _time(command.expires_at),
        "idempotency_key": command.idempotency_key,
        "nodes": _results(command),
        "timeline": [
            {
                "at": _time(entry.at),
                "state": str(entry.state),
                "cause": entry.cause.value,
                "node": entry.node,
                "detail": entry.detail,
            }
            for entry in command.timeline
        ],
    }


def _results(command: Command | None) -> dict[str, Any]:
    if command is None:
        return {}
    return {
        delivery.node: {
            "state": delivery.state.value,
            "attempts": delivery.attempts,
            "reason": delivery.reason,
        }
        for delivery in command.deliveries
    }


def _state(coordinator: DispatchCoordinator, command_id: int) -> dict[str, Any]:
    command = coordinator.engine.book.find(command_id)
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


def _time(wall: float | None) -> str | None:
    return None if wall is None else datetime.fromtimestamp(wall, UTC).isoformat()
