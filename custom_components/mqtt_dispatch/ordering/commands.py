"""How a person or an automation orders a command: checked, stored, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from homeassistant.core import Context, async_get_hass
from homeassistant.exceptions import ServiceValidationError

from ..clock import now
from ..const import DOMAIN
from ..coordinator import DispatchCoordinator, Refusal
from ..engine.model.command import HIGHEST_ID, Cause, Command, Delivery
from ..engine.model.effects import Effect, Enqueued
from ..engine.model.events import (
    Enqueue,
    FeedRefused,
    Finish,
    Guarded,
    Refused,
    TooMany,
)
from ..engine.plan.meals import MealError
from ..protocols.base import Sending
from ..protocols.params import InvalidCommand
from ..station import UNWEIGHED, Portion
from ..texts.refusals import as_sentence, refusal_in_words
from ..texts.responses import results_as_response, time_as_response
from .confirming import Consent
from .origins import async_origin_of
from .together import (
    Ordered,
    all_or_nothing,
    async_all_on_disk,
    async_on_disk,
    names_of,
)


@contextmanager
def refusals_in_words(
    where: str | None = None, portion: Portion = UNWEIGHED
) -> Iterator[None]:
    """Turn what the engine or a protocol refuses into ServiceValidationError.

    `where` names what refuses, if that is one of several. `portion` is that of the
    station, where its guards may refuse.
    """
    try:
        yield
    except (Refused, InvalidCommand, MealError) as refusal:
        hass = async_get_hass()
        key, placeholders = refusal_in_words(
            hass, refusal.code, refusal.placeholders, portion
        )
        if where is not None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="refused_by_one",
                translation_placeholders={
                    "where": where,
                    "refusal": as_sentence(hass, key, placeholders),
                },
            ) from refusal
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
        ) from refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A command that is to be ordered at a station.

    `nodes` in the order of the station; a kind for the whole station goes to all of
    them whatever is given. `at` unix seconds, None: at once. `expires_in` seconds from
    then, None: what the policy of the kind says.
    """

    coordinator: DispatchCoordinator
    kind: str
    params: Mapping[str, Any]
    nodes: tuple[str, ...]
    cause: Cause
    at: float | None = None
    expires_in: float | None = None
    idempotency_key: str | None = None
    consent: Consent = Consent.UNKNOWN
    off_next_meal: bool = False


async def async_order(
    coordinator: DispatchCoordinator,
    kind: str,
    params: Mapping[str, Any],
    nodes: tuple[str, ...],
    cause: Cause,
    *,
    consent: Consent = Consent.UNKNOWN,
    context: Context | None = None,
) -> int:
    """Order one command and return its id; see `Wanted` and `async_order_all`."""
    wanted = Wanted(
        coordinator=coordinator,
        kind=kind,
        params=params,
        nodes=nodes,
        cause=cause,
        consent=consent,
    )
    (command_id,) = await async_order_all([wanted], context)
    return command_id


async def async_order_all(
    wanted: Sequence[Wanted], context: Context | None
) -> list[int]:
    """Order a command at each of some stations and return their ids, all on disk.

    `context` tells who orders. Raises ServiceValidationError for what may not be
    ordered, and NotStoredError (a HomeAssistantError) if it could not be stored;
    nothing is ordered anywhere then.
    """
    stations = [each.coordinator for each in wanted]
    names = names_of(stations)
    orders: list[Enqueue] = []
    for each, name in zip(wanted, names, strict=True):
        with refusals_in_words(name):
            orders.append(replace(_checked(each), held=len(wanted) > 1))
    for each, order, name in zip(wanted, orders, names, strict=True):
        with refusals_in_words(name, each.coordinator.portion):
            await _async_check(each, order, context)
    with all_or_nothing() as ordered:
        # Nothing can come between the checks and this. It may still be refused where
        # there is room for one of several that are meant for the same station.
        for station, order, name in zip(stations, orders, names, strict=True):
            with refusals_in_words(name, station.portion):
                before = station.engine.ledger.next_id
                command_id = _ordered(station.handle(order))
                ordered.append(Ordered(station, command_id, command_id >= before))
        await async_all_on_disk(ordered)
    return [order.command_id for order in ordered]


async def _async_check(wanted: Wanted, order: Enqueue, context: Context | None) -> None:
    """Raise Refused for an order that would be; tell whom a guard refuses.

    Who is asked whether he wants it all the same is not refused.
    """
    coordinator = wanted.coordinator
    try:
        coordinator.engine.wishes.check(order, now())
    except Guarded as refusal:
        if wanted.consent is Consent.ASKED and isinstance(refusal, TooMany):
            raise
        by = await async_origin_of(coordinator.hass, context)
        coordinator.handle(FeedRefused(by))
        coordinator.async_refused(Refusal(order.kind, order.nodes, refusal.code, by))
        raise


def _checked(wanted: Wanted) -> Enqueue:
    """Return what is wanted as an order that can be sent. Raises what is refused."""
    coordinator, kind = wanted.coordinator, wanted.kind
    checked = coordinator.protocol.check(kind, wanted.params)
    order = Enqueue(
        kind=kind,
        params=checked,
        nodes=_nodes(coordinator, kind, wanted.nodes),
        cause=wanted.cause,
        key=coordinator.protocol.kinds[kind].key(checked),
        at=wanted.at,
        expires_in=wanted.expires_in,
        idempotency_key=wanted.idempotency_key,
        confirmed=wanted.consent is Consent.GIVEN,
        off_next_meal=wanted.off_next_meal,
    )
    check_sendable(coordinator, order)
    return order


async def async_finish(coordinator: DispatchCoordinator, command_id: int) -> int:
    """Order what an ended command left undone, and return the id of that order.

    It is on disk then. Asked again, it is the same order until that has ended. Raises
    ServiceValidationError where nothing is left to do or nobody knows whether there is,
    and NotStoredError if it could not be stored; nothing is ordered then.
    """
    with refusals_in_words():
        effects = coordinator.handle(Finish(command_id))
    return await _async_stored(coordinator, effects)


async def async_send_plan(coordinator: DispatchCoordinator, command: Command) -> None:
    """Order anew what was to bring the plan to a node and did not.

    The plan is still the same: with a change, a newer command brings it. Raises Refused
    if the queue is full, and NotStoredError; nothing is ordered then.
    """
    order = Enqueue(
        kind=command.kind,
        params=command.params,
        nodes=command.nodes,
        cause=Cause.PLAN,
        key=command.key,
    )
    await _async_stored(coordinator, coordinator.handle(order))


async def _async_stored(
    coordinator: DispatchCoordinator, effects: Iterable[Effect]
) -> int:
    command_id = _ordered(effects)
    await async_on_disk(coordinator, command_id)
    return command_id


def _ordered(effects: Iterable[Effect]) -> int:
    (command_id,) = (
        effect.command_id for effect in effects if isinstance(effect, Enqueued)
    )
    return command_id


async def async_answer(
    coordinator: DispatchCoordinator, command_id: int, *, wait: bool
) -> dict[str, Any]:
    """Return what became of an order; if asked to `wait`, once its nodes are done."""
    command = coordinator.engine.ledger.find(command_id)
    if not wait or command is None:
        return state_of(coordinator, command_id)
    policy = coordinator.engine.station.policy(command)
    await coordinator.async_ended(command_id, policy.done_timeout)
    return {
        **state_of(coordinator, command_id),
        "nodes": results_as_response(coordinator.engine.ledger.find(command_id)),
    }


def state_of(coordinator: DispatchCoordinator, command_id: int) -> dict[str, Any]:
    """Return how a command stands; its state is None if it is not known.

    Also for when it was ordered, if that was for later.
    """
    command = coordinator.engine.ledger.find(command_id)
    if command is None:
        return {"command_id": command_id, "state": None}
    at = time_as_response(command.not_before)
    return {
        "command_id": command_id,
        "state": command.state.value,
        **({} if at is None else {"at": at}),
    }


def _nodes(
    coordinator: DispatchCoordinator, kind: str, nodes: tuple[str, ...]
) -> tuple[str, ...]:
    if coordinator.protocol.kinds[kind].whole_station:
        return coordinator.engine.station.nodes
    if not nodes:
        raise Refused("node_needed", kind=kind)
    return nodes


def check_sendable(coordinator: DispatchCoordinator, order: Enqueue) -> None:
    """Check that an order can be put on the wire, whatever id it gets.

    Raises InvalidCommand.
    """
    station = coordinator.engine.station
    policy = station.policies[order.kind]
    expires_in = policy.expires_in if order.expires_in is None else order.expires_in
    wall = now().wall
    draft = Command(
        id=HIGHEST_ID,
        kind=order.kind,
        params=order.params,
        command_class=policy.command_class,
        created_at=wall,
        expires_at=None if expires_in is None else wall + expires_in,
        deliveries=tuple(Delivery(node) for node in order.nodes),
    )
    protocol, site = coordinator.protocol, coordinator.driver.site
    for node in order.nodes:
        if (status := coordinator.engine.statuses.get(node)) is None:
            raise Refused("unknown_node", node=node)
        for step in range(len(protocol.steps(site, draft, node, status.readings))):
            sending = Sending(
                command=draft,
                node=node,
                wall=wall,
                step=step,
                readings=status.readings,
            )
            protocol.messages(site, sending)
