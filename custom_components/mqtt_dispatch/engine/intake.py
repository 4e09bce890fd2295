"""What comes in: orders, their guards, their ids."""

from __future__ import annotations

from dataclasses import replace

from .book import Book
from .events import Enqueue, Refused
from .guards import check_feed
from .model import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    Now,
    TimelineEntry,
)
from .policy import FEED, Station
from .transitions import close


def enqueue(book: Book, station: Station, order: Enqueue, now: Now) -> int:
    """Put a new command into the book; return its id, or that of its key.

    Raises Refused for what the station cannot or must not take; nothing has changed
    then.
    """
    if order.idempotency_key is not None:
        known = book.by_key(order.idempotency_key, now.wall)
        if known is not None:
            return known
    policy = station.policies.get(order.kind)
    if policy is None:
        raise Refused("unknown_kind", kind=order.kind)
    if not order.nodes:
        raise Refused("node_needed", kind=order.kind)
    for node in order.nodes:
        if node not in station.nodes:
            raise Refused("unknown_node", node=node)
    if len(book.open) >= station.settings.max_open:
        raise Refused("queue_full", limit=station.settings.max_open)
    if order.kind == FEED:
        portions = order.params.get("portions", 1)
        check_feed(book, portions, now.wall, station.settings, station.zone)
    expires_in = policy.expires_in if order.expires_in is None else order.expires_in
    command = replace(
        _new(book, order, now.wall),
        command_class=policy.command_class,
        expires_at=None if expires_in is None else now.wall + expires_in,
    )
    book.put(command)
    if order.idempotency_key is not None:
        book.use_key(order.idempotency_key, command.id, now.wall)
    return command.id


def record(
    book: Book, order: Enqueue, state: CommandState, cause: Cause, now: Now
) -> None:
    """Keep the evidence of an order that is not carried out."""
    command = _new(book, order, now.wall)
    book.put(close(command, state, now.wall, cause))


def twin(book: Book, command: Command, now: Now) -> Command:
    """Go on with a command that no node may have under a new id."""
    new = replace(command, id=book.take_id())
    book.put(new)
    book.goes_on_as(command.id, new.id)
    book.put(close(command, CommandState.SUPERSEDED, now.wall, Cause.RENUMBERED))
    if new.idempotency_key is not None:
        book.use_key(new.idempotency_key, new.id, now.wall)
    return new


def _new(book: Book, order: Enqueue, wall: float) -> Command:
    return Command(
        id=book.take_id(),
        kind=order.kind,
        params=order.params,
        command_class=CommandClass.ONCE,
        created_at=wall,
        expires_at=None,
        key=order.key,
        idempotency_key=order.idempotency_key,
        deliveries=tuple(Delivery(node) for node in order.nodes),
        timeline=(TimelineEntry(wall, CommandState.QUEUED, order.cause),),
    )
