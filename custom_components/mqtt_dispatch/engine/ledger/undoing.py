"""Which newer order undoes an older one: the one rule, asked wherever it matters."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model.command import Cause, Command, CommandClass, DeliveryState

if TYPE_CHECKING:
    from .ledger import Ledger

_CAME_TRUE = frozenset({DeliveryState.DONE, DeliveryState.UNKNOWN})


def undone_at(ledger: Ledger, command: Command) -> Mapping[str, Command]:
    """Return the nodes at which an order is undone, each with the first that does so.

    Who closes a valve wants nothing that was ordered before to open it afterwards, at
    any node that both go to. One of class latest takes the place of an older one for
    the same nodes, and so does a twin of what no node has yet. An order of which it is
    not sure yet that it is one, or that came to nothing, undoes nothing. What a person
    had sent once more is as new as that, and what is ordered for later as its moment.
    What ends an older order undoes nothing that was ordered after that one.
    """
    return {
        node: newer
        for node, group in rivals(command)
        for newer in ledger.known.newer(command, group)
        if ledger.is_sure(newer.id)
        and (newer.ends is None or newer.ends >= command.id)
        and _stands(newer, node)
        and _undoes(newer, command)
        and newer.created_at >= (command.not_before or 0.0)
        and not _was_sent_anew(command, node, newer.created_at)
    }


@dataclass(frozen=True, slots=True)
class Rivals:
    """What all orders have in common of which one may undo another."""

    alike: Hashable
    node: str


def rivals(command: Command) -> Iterator[tuple[str, Rivals]]:
    """Return the rivals of an order at each of its nodes."""
    is_repeat = command.command_class is CommandClass.REPEAT
    alike = _content(command) if is_repeat else command.subject
    return ((node, Rivals(alike, node)) for node in command.nodes)


def undoes_older(command: Command) -> bool:
    """Whether an order may undo older ones."""
    return command.command_class is not CommandClass.ONCE


def _undoes(newer: Command, older: Command) -> bool:
    match older.command_class, newer.command_class:
        case CommandClass.ONCE | CommandClass.LATEST, CommandClass.UNTIL_DONE:
            return True
        case CommandClass.LATEST, CommandClass.LATEST:
            is_free = older.state.in_flight or not older.ever_sent
            return is_free and newer.nodes == older.nodes
        case one, other:
            is_free = one is CommandClass.UNTIL_DONE or not older.ever_sent
            return is_free and one is other and _content(newer) == _content(older)


def _stands(newer: Command, node: str) -> bool:
    """Whether an order was done at a node, or still is to be.

    What finishes another one has no part in what that has done.
    """
    delivery = newer.delivery(node)
    return delivery is not None and (
        (delivery.state in _CAME_TRUE and delivery.attempts > 0)
        or (delivery.state.open and not newer.state.final)
    )


def _was_sent_anew(command: Command, node: str, at: float) -> bool:
    """Whether a person had it sent to a node once more after a moment."""
    return any(
        entry.at > at
        and entry.node == node
        and entry.cause is Cause.PERSON
        and entry.state == DeliveryState.PENDING
        for entry in command.timeline
    )


def _content(command: Command) -> Hashable:
    return command.kind, command.nodes, repr(sorted(command.params.items()))
