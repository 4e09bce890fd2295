"""What comes in: orders, their guards, their ids."""

from __future__ import annotations

from dataclasses import replace

from .book import Book
from .events import Enqueue, Refused
from .evidence import is_foreign
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


def outrun(
    book: Book, loaded: frozenset[int], node: str, last_id: int, now: Now
) -> None:
    """Go on above a foreign id that a node has executed.

    A node that drops repeats would drop what bears an id that it knows, so what was
    just queued under one goes on as a twin; what was queued after it too, to keep its
    turn. The `loaded` commands keep their ids: the node may know them by those.
    """
    if not is_foreign(book, node, last_id):
        return
    book.next_id = max(book.next_id, last_id + 1)
    new = [
        command
        for command in book.open.values()
        if command.id not in loaded and not command.ever_sent
    ]
    if any(command.id <= last_id for command in new):
        for command in new:
            _twin(book, command, now)


def _twin(book: Book, command: Command, now: Now) -> None:
    new = replace(command, id=book.take_id())
    book.put(new)
    book.goes_on_as(command.id, new.id)
    book.put(close(command, CommandState.SUPERSEDED, now.wall, Cause.RENUMBERED))
    if new.idempotency_key is not None:
        book.use_key(new.idempotency_key, new.id, now.wall)


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
