"""What a node's account of itself proves of a command."""

from __future__ import annotations

from collections.abc import Iterator

from ..ledger.ledger import Ledger
from ..model.command import Cause, Command, DeliveryState

BY_NODE = frozenset({Cause.NODE, Cause.LATE_ANSWER, Cause.LAST_ID, Cause.RESTARTED})
"""Causes that a node gave by what it said."""


def is_foreign(ledger: Ledger, node: str, last_id: int) -> bool:
    """Whether a node executed an id that this station, as it knows, never sent it.

    That id was given before a restore, or before the station was set up anew.
    """
    command = ledger.find(last_id)
    delivery = None if command is None else command.delivery(node)
    return delivery is None or delivery.attempts == 0


def executed(command_id: int, last_id: int) -> bool | None:
    """Return whether a node's highest id says that it executed a command.

    None: it says nothing. Commands overtake each other (a reboot goes before a meal
    that waits) and get lost on their way, so a later id tells only of its own command:
    of one that is known, and no less of one that was given before a restore or is gone
    with a history.
    """
    if last_id < command_id:
        return False
    return True if last_id == command_id else None


def unanswered(ledger: Ledger) -> Iterator[Command]:
    """Yield the latest commands that were sent and that no node said anything of.

    Newest first, back to the first that a node spoke of. What is under way tells
    nothing yet.
    """
    for command_id in sorted((*ledger.open, *ledger.closed), reverse=True):
        command = ledger.open.get(command_id) or ledger.closed[command_id]
        if command.state.in_flight or not command.ever_sent:
            continue
        if any(entry.cause in BY_NODE for entry in command.timeline):
            return
        yield command


def is_wanted_again(command: Command, node: str) -> bool:
    """Whether it waits for a node because a person wants it sent there again."""
    causes = (
        entry.cause
        for entry in reversed(command.timeline)
        if entry.node == node and entry.state == DeliveryState.PENDING
    )
    return next(causes, None) is Cause.PERSON


def was_turned_away(command: Command, node: str) -> bool:
    """Whether a node was too busy for a command: it knows it, though none is sent."""
    return any(
        entry.node == node and entry.cause is Cause.BUSY for entry in command.timeline
    )


def ran_its_course(
    command: Command, node: str, lasts: float, began_at: float, at: float
) -> bool | None:
    """Return whether a node that took a command was up until that was over.

    It is up `at` this moment, since `began_at` in unix seconds, and takes `lasts`
    seconds. None: it says nothing, yet or any more. That it was broken off is said
    once, for a clock that is set would unsay it.
    """
    taken_at = None
    for entry in reversed(command.timeline):
        if entry.node != node:
            continue
        if entry.cause is Cause.BROKEN_OFF:
            return None
        if entry.state == DeliveryState.ACCEPTED:
            taken_at = entry.at
        elif entry.state == DeliveryState.SENT:
            if taken_at is None:
                return None
            if began_at > entry.at:
                return False
            return True if taken_at + lasts <= at else None
    return None


def was_acknowledged(command: Command, node: str) -> bool:
    """Whether a node said that it took the latest attempt, and still has time for it.

    That its silence was taken for it, or that its time is over, stands there otherwise.
    """
    causes = [entry.cause for entry in command.timeline if entry.node == node]
    return bool(causes) and causes[-1] in BY_NODE


def was_told(command: Command, node: str) -> bool:
    """Whether a message surely came that its node need not answer."""
    return any(
        entry.node == node and entry.cause is Cause.TOLD for entry in command.timeline
    )


def began_after(command: Command, newer: Command, node: str) -> bool:
    """Whether a node says that it began after it had said what undoes that is done.

    It may have been told both, and heard one late or never.
    """
    done_at = _latest_at(newer, node, DeliveryState.DONE)
    began_at = _latest_at(command, node, DeliveryState.ACCEPTED)
    return (
        done_at is not None
        and began_at is not None
        and began_at > done_at
        and command.was_taken_by(node)
    )


def _latest_at(command: Command, node: str, state: DeliveryState) -> float | None:
    """Return when a node came into a state last; unix seconds. None: never."""
    return next(
        (
            entry.at
            for entry in reversed(command.timeline)
            if entry.node == node and entry.state == state
        ),
        None,
    )
