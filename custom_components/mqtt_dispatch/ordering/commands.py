"""How a person or an automation orders a command: checked, stored, or not at all."""

from __future__ import annotations

import asyncio
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
from ..engine.model.events import (
    Cancel,
    Effect,
    Enqueue,
    Enqueued,
    FeedRefused,
    Finish,
    Guarded,
    Refused,
    Release,
)
from ..engine.plan.meals import MealError
from ..protocols.base import Sending
from ..protocols.params import InvalidCommand
from ..storage.disk import NotStoredError
from ..texts.refusals import as_sentence, refusal_in_words
from .origins import async_origin_of


@contextmanager
def refusals_in_words(where: str | None = None) -> Iterator[None]:
    """Turn what the engine or a protocol refuses into ServiceValidationError.

    `where` names what refuses, if that is one of several.
    """
    try:
        yield
    except (Refused, InvalidCommand, MealError) as refusal:
        hass = async_get_hass()
        key, placeholders = refusal_in_words(hass, refusal.code, refusal.placeholders)
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
    them whatever is given. `expires_in` seconds, None: what the policy of the kind
    says. `confirmed`: whether a person wants it however many feeds there are already.
    """

    coordinator: DispatchCoordinator
    kind: str
    params: Mapping[str, Any]
    nodes: tuple[str, ...]
    cause: Cause
    expires_in: float | None = None
    idempotency_key: str | None = None
    confirmed: bool = False


async def async_order(
    coordinator: DispatchCoordinator,
    kind: str,
    params: Mapping[str, Any],
    nodes: tuple[str, ...],
    cause: Cause,
    *,
    confirmed: bool = False,
    context: Context | None = None,
) -> int:
    """Order one command and return its id; see `Wanted` and `async_order_all`."""
    wanted = Wanted(
        coordinator=coordinator,
        kind=kind,
        params=params,
        nodes=nodes,
        cause=cause,
        confirmed=confirmed,
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
    several = len({*stations}) > 1
    names = [station.name if several else None for station in stations]
    orders: list[Enqueue] = []
    ordered: list[tuple[DispatchCoordinator, int]] = []
    with _all_or_nothing(ordered):
        for each, name in zip(wanted, names, strict=True):
            with refusals_in_words(name):
                orders.append(replace(_checked(each), held=len(wanted) > 1))
        for station, order, name in zip(stations, orders, names, strict=True):
            with refusals_in_words(name):
                await _async_check(station, order, context)
        # Nothing can come between the checks and this. It may still be refused where
        # there is room for one of several that are meant for the same station.
        for station, order, name in zip(stations, orders, names, strict=True):
            with refusals_in_words(name):
                ordered.append((station, _ordered(station.handle(order))))
        await asyncio.gather(*(_async_on_disk(*each) for each in ordered))
    return [command_id for _, command_id in ordered]


@contextmanager
def _all_or_nothing(ordered: list[tuple[DispatchCoordinator, int]]) -> Iterator[None]:
    """Have what is ordered within be sent once all of it is stored.

    If anything is raised, the rest is withdrawn; none of it was sent.
    """
    try:
        yield
    except BaseException:
        for coordinator, command_id in ordered:
            by_now = coordinator.engine.ledger.together.waits_as(command_id)
            if by_now is not None:
                coordinator.handle(Cancel(by_now))
        raise
    for coordinator, command_id in ordered:
        if coordinator.engine.ledger.together.waits_as(command_id) is not None:
            coordinator.handle(Release(command_id))


async def _async_check(
    coordinator: DispatchCoordinator, order: Enqueue, context: Context | None
) -> None:
    """Raise Refused for an order that would be; tell whom a guard refuses."""
    try:
        coordinator.engine.wishes.check(order, now())
    except Guarded as refusal:
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
        expires_in=wanted.expires_in,
        idempotency_key=wanted.idempotency_key,
        confirmed=wanted.confirmed,
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
    await _async_on_disk(coordinator, command_id)
    return command_id


def _ordered(effects: Iterable[Effect]) -> int:
    (command_id,) = (
        effect.command_id for effect in effects if isinstance(effect, Enqueued)
    )
    return command_id


async def _async_on_disk(coordinator: DispatchCoordinator, command_id: int) -> None:
    # What was ordered before may long be on disk: that something else cannot be written
    # now is no reason to deny it.
    ledger = coordinator.engine.ledger
    if command_id in ledger.unstored:
        await coordinator.async_stored()
        if ledger.find(command_id) is None:
            # Who ordered it first, by the same key, was told that it failed.
            raise NotStoredError


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
    protocol = coordinator.protocol
    for node in order.nodes:
        if (status := coordinator.engine.statuses.get(node)) is None:
            raise Refused("unknown_node", node=node)
        for step in range(len(protocol.steps(draft, node, status.readings))):
            sending = Sending(
                command=draft,
                node=node,
                wall=wall,
                step=step,
                readings=status.readings,
            )
            protocol.messages(coordinator.driver.site, sending)
