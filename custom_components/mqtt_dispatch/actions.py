"""The actions of MQTT Dispatch."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.util import dt as dt_util

from .clock import now
from .const import DOMAIN
from .coordinator import DispatchCoordinator
from .engine.model.command import Cause, Outcome
from .engine.model.events import Cancel, Dispatching, ResumePlan
from .engine.model.policy import FEED, REBOOT
from .exporting.actions import EXPORT_ACTIONS
from .figures.actions import FIGURES_ACTIONS
from .history.actions import HISTORY_ACTIONS
from .ordering.commands import (
    Wanted,
    async_answer,
    async_finish,
    async_order_all,
    refusals_in_words,
    state_of,
)
from .ordering.doubts import async_resolve
from .ordering.given import (
    AT,
    ATTR_WAIT,
    CONFIRM,
    OFF_NEXT_MEAL,
    ORDER_FIELDS,
    WAIT,
    given,
    order_fields,
)
from .ordering.pauses import (
    PAUSE_FIELDS,
    async_cancel_all,
    async_dispatch,
    pause_of,
)
from .ordering.schemas import (
    Action,
    Fields,
    a_text,
    an_object,
    as_given,
    for_a_device,
    for_targets,
    takes,
    takes_params,
)
from .ordering.targets import (
    Target,
    async_stations,
    async_target,
    async_targets,
    of_kind,
)
from .ordering.valves import LONGEST_RUN, async_named_valves
from .planning.meal_actions import MEAL_ACTIONS
from .planning.plan_pauses import async_pause_plan, plan_pause_of
from .protocols import PROTOCOLS
from .protocols.fields import Choice, Whole
from .texts.responses import (
    answered,
    pause_as_response,
    withdrawn_as_response,
)

ATTR_COMMAND_ID: Final = "command_id"
ATTR_DURATION: Final = "duration"
ATTR_KIND: Final = "kind"
ATTR_OUTCOME: Final = "outcome"
ATTR_PARAMS: Final = "params"
ATTR_WHAT: Final = "what"
WHAT_STATION: Final = "station"
WHAT_PLAN: Final = "plan"

FEED_FIELDS: Final = takes_params(dict.fromkeys(PROTOCOLS, FEED))
_WHAT: Final[Fields] = {
    ATTR_WHAT: takes(ATTR_WHAT, Choice(choices=(WHAT_STATION, WHAT_PLAN)))
}
_COMMAND_ID: Final[Fields] = {
    ATTR_COMMAND_ID: takes(ATTR_COMMAND_ID, Whole(minimum=1, maximum=2**31 - 1))
}
_DURATION: Final[Fields] = {
    ATTR_DURATION: takes(ATTR_DURATION, Whole(minimum=1, maximum=LONGEST_RUN))
}


@callback
def async_setup_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    optional = SupportsResponse.OPTIONAL
    actions: tuple[Action, ...] = (
        (
            "feed",
            _feed,
            for_targets(
                {**FEED_FIELDS, **AT, **ORDER_FIELDS, **OFF_NEXT_MEAL, **CONFIRM}
            ),
            optional,
        ),
        ("reboot", _reboot, for_targets(), optional),
        (
            "open_valve",
            _open_valve,
            for_targets({**_DURATION, **ORDER_FIELDS}),
            optional,
        ),
        (
            "send_command",
            _send_command,
            for_targets(
                {ATTR_PARAMS: an_object, **ORDER_FIELDS, **CONFIRM}, {ATTR_KIND: a_text}
            ),
            optional,
        ),
        ("cancel_command", _cancel, for_a_device(required=_COMMAND_ID), optional),
        (
            "resolve_command",
            _resolve,
            for_a_device(
                required={
                    **_COMMAND_ID,
                    ATTR_OUTCOME: takes(ATTR_OUTCOME, Choice(choices=tuple(Outcome))),
                }
            ),
            optional,
        ),
        ("finish_command", _finish, for_a_device(WAIT, _COMMAND_ID), optional),
        ("cancel_all", _cancel_all, for_targets(), optional),
        (
            "pause",
            _pause,
            for_targets({**_WHAT, **dict.fromkeys(PAUSE_FIELDS, as_given)}),
            optional,
        ),
        ("resume", _resume, for_targets(_WHAT), optional),
    )
    of_others = (
        *MEAL_ACTIONS,
        *HISTORY_ACTIONS,
        *FIGURES_ACTIONS,
        *EXPORT_ACTIONS,
    )
    for name, handler, schema, response in (*actions, *of_others):
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
    return await _order(call, str(call.data[ATTR_KIND]), params)


async def _order(
    call: ServiceCall, kind: str, params: dict[str, Any]
) -> ServiceResponse:
    """Order a command at each station that is meant, or none at any."""
    targets = of_kind(await async_targets(call, POLICY_CONTROL), kind)
    for target in targets:
        await target.async_demand_command(kind, target.nodes)
    fields = order_fields(call)
    wanted = [
        Wanted(
            coordinator=target.coordinator,
            kind=kind,
            params=params,
            nodes=target.nodes,
            cause=Cause.ACTION,
            at=fields.at,
            expires_in=fields.expires_in,
            idempotency_key=fields.idempotency_key,
            consent=fields.consent,
            off_next_meal=fields.off_next_meal,
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
        outcome = Outcome(call.data[ATTR_OUTCOME])
        await async_resolve(coordinator, command_id, outcome, by)
    return state_of(coordinator, command_id)


async def _finish(call: ServiceCall) -> ServiceResponse:
    """Send what an ended command left undone to the nodes that did not do it."""
    target, command_id = await _target_and_command_id(call)
    rest_id = await async_finish(target.coordinator, command_id)
    wait = bool(call.data.get(ATTR_WAIT))
    return await async_answer(target.coordinator, rest_id, wait=wait)


async def _cancel_all(call: ServiceCall) -> ServiceResponse:
    """Withdraw all that waits at stations and was never sent."""
    coordinators, by = await async_stations(call)
    withdrawn = await async_cancel_all(coordinators, by)
    answers = [
        withdrawn_as_response(one, coordinator.engine.ledger.find)
        for one, coordinator in zip(withdrawn, coordinators, strict=True)
    ]
    return answered(call.hass, coordinators, answers)


async def _pause(call: ServiceCall) -> ServiceResponse:
    """Have stations send nothing, or do nothing of their plan, until then."""
    coordinators, _ = await async_stations(call)
    with refusals_in_words():
        wish = pause_of(given(call, PAUSE_FIELDS), dt_util.now())
    if _is_about_plan(call):
        await async_pause_plan(coordinators, plan_pause_of(wish))
    else:
        await async_dispatch(coordinators, wish)
    return _pauses(call, coordinators)


async def _resume(call: ServiceCall) -> ServiceResponse:
    """Have stations send again what is ready, or do what is planned."""
    coordinators, _ = await async_stations(call)
    if _is_about_plan(call):
        await async_pause_plan(coordinators, ResumePlan())
    else:
        await async_dispatch(coordinators, Dispatching(enabled=True))
    return _pauses(call, coordinators)


def _is_about_plan(call: ServiceCall) -> bool:
    return call.data.get(ATTR_WHAT) == WHAT_PLAN


def _pauses(
    call: ServiceCall, coordinators: list[DispatchCoordinator]
) -> ServiceResponse:
    of_plan = _is_about_plan(call)
    answers = [
        pause_as_response(
            one.engine.plan.paused(now()) if of_plan else one.engine.ledger.pause
        )
        for one in coordinators
    ]
    return answered(call.hass, coordinators, answers)


async def _target_and_command_id(call: ServiceCall) -> tuple[Target, int]:
    """Return what an action is about that changes what becomes of a command."""
    target = await async_target(call, POLICY_CONTROL)
    command_id: int = call.data[ATTR_COMMAND_ID]
    command = target.coordinator.engine.ledger.find(command_id)
    if command is not None:
        await target.async_demand_command(command.kind, command.nodes)
    return target, command_id
