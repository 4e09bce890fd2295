"""How a person or an automation orders a command: checked, stored, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from homeassistant.core import async_get_hass
from homeassistant.exceptions import ServiceValidationError

from ..clock import now
from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.command import HIGHEST_ID, Cause, Command, Delivery
from ..engine.model.events import Effect, Enqueue, Enqueued, Finish, Refused
from ..engine.plan.meals import MealError
from ..protocols.base import Sending
from ..protocols.params import InvalidCommand
from ..storage.disk import NotStoredError
from ..texts.refusals import refusal_in_words


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Turn what the engine or a protocol refuses into ServiceValidationError."""
    try:
        yield
    except (Refused, InvalidCommand, MealError) as refusal:
        key, placeholders = refusal_in_words(
            async_get_hass(), refusal.code, refusal.placeholders
        )
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
        ) from refusal


async def async_order(
    coordinator: DispatchCoordinator,
    kind: str,
    params: Mapping[str, Any],
    nodes: tuple[str, ...],
    cause: Cause,
    *,
    expires_in: float | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Order a command and return its id once it is on disk.

    `nodes` in the order of the station; a kind for the whole station goes to all of
    them whatever is given. `expires_in` seconds, None: what the policy of the kind
    says. Raises ServiceValidationError for what may not be ordered, and
    NotStoredError (a HomeAssistantError) if it could not be stored; nothing is
    ordered then.
    """
    with refusals_in_words():
        order = check_order(
            coordinator, kind, params, nodes, cause=cause, expires_in=expires_in
        )
        effects = coordinator.handle(replace(order, idempotency_key=idempotency_key))
    return await _async_stored(coordinator, effects)


def check_order(
    coordinator: DispatchCoordinator,
    kind: str,
    params: Mapping[str, Any],
    nodes: tuple[str, ...],
    *,
    cause: Cause = Cause.ACTION,
    expires_in: float | None = None,
) -> Enqueue:
    """Return an order that may be placed. Raises InvalidCommand, and Refused."""
    checked = coordinator.protocol.check(kind, params)
    order = Enqueue(
        kind=kind,
        params=checked,
        nodes=_nodes(coordinator, kind, nodes),
        cause=cause,
        key=coordinator.protocol.kinds[kind].key(checked),
        expires_in=expires_in,
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
    (command_id,) = (
        effect.command_id for effect in effects if isinstance(effect, Enqueued)
    )
    # What was ordered before may long be on disk: that something else cannot be written
    # now is no reason to deny it.
    ledger = coordinator.engine.ledger
    if command_id in ledger.unstored:
        await coordinator.async_stored()
        if ledger.find(command_id) is None:
            # Who ordered it first, by the same key, was told that it failed.
            raise NotStoredError
    return command_id


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
