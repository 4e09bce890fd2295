"""What a command was to one node: what became of it there, and how long that took."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..engine.model.command import Cause, Command, CommandState, DeliveryState

_NOT_BY_NODE = frozenset({Cause.TOLD, Cause.PERSON})


class Part(NamedTuple):
    """One command at one node. Times are in seconds; None: it did not come to pass."""

    command_id: int
    node: str
    kind: str
    created_at: float
    """Unix seconds."""
    command_state: str
    command_doubted: bool
    """Whether the command was ever unconfirmed, whatever became of it."""
    state: str
    doubted: bool
    """Whether it was ever unknown at this node."""
    attempts: int
    waited: float | None
    """From when it might be sent until it was."""
    accepted_after: float | None
    """From when it was first sent until the node took it."""
    done_after: float | None
    """From when it was first sent until the node was done with it. None also where it
    was in doubt before, for what is heard late does not tell when it was done."""


def parts_of(command: Command) -> Iterator[Part]:
    """Yield what a command is to each of its nodes, by its timeline."""
    doubted = any(
        entry.node is None and entry.state == CommandState.UNCONFIRMED
        for entry in command.timeline
    )
    ready_at = max(command.created_at, command.not_before or 0.0)
    for delivery in command.deliveries:
        node = delivery.node
        sent_at = _first(command, node, DeliveryState.SENT)
        in_doubt = _first(command, node, DeliveryState.UNKNOWN) is not None
        accepted_at = _first(command, node, DeliveryState.ACCEPTED, by_node=True)
        done_at = _first(command, node, DeliveryState.DONE, by_node=True)
        yield Part(
            command_id=command.id,
            node=node,
            kind=command.kind,
            created_at=command.created_at,
            command_state=command.state.value,
            command_doubted=doubted,
            state=delivery.state.value,
            doubted=in_doubt,
            attempts=delivery.attempts,
            waited=between(ready_at, sent_at),
            accepted_after=between(sent_at, accepted_at),
            done_after=None if in_doubt else between(sent_at, done_at),
        )


def part_of_columns(columns: tuple[Any, ...]) -> Part:
    """Return the part of a command that was never in doubt, and whose node answers.

    The columns are those that `reading` selects.
    """
    command_id, node, kind, created_at, command_state, state, attempts = columns[:7]
    sent_at, accepted_at, done_at = columns[7:]
    return Part(
        command_id=command_id,
        node=node,
        kind=kind,
        created_at=created_at,
        command_state=command_state,
        command_doubted=False,
        state=state,
        doubted=False,
        attempts=attempts,
        waited=between(created_at, sent_at),
        accepted_after=between(sent_at, accepted_at),
        done_after=between(sent_at, done_at),
    )


def between(start: float | None, end: float | None) -> float | None:
    """Return the seconds from one moment to another; a clock that was set: none."""
    return None if start is None or end is None else max(0.0, end - start)


def _first(
    command: Command, node: str, state: DeliveryState, *, by_node: bool = False
) -> float | None:
    for entry in command.timeline:
        if entry.node == node and entry.state == state:
            return None if by_node and entry.cause in _NOT_BY_NODE else entry.at
    return None
