"""What an answer, a deadline or a person does to one command.

A delivery moves from state to state, each time for a cause; `TRANSITIONS` has all the
moves that there are. The state of the command follows from those of its deliveries.
Nothing else changes either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..model.command import (
    Cause,
    Command,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)
from ..model.reports import Readings

_PENDING, _SENT, _ACCEPTED, _UNKNOWN, _DONE, _FAILED, _REJECTED = (
    DeliveryState.PENDING,
    DeliveryState.SENT,
    DeliveryState.ACCEPTED,
    DeliveryState.UNKNOWN,
    DeliveryState.DONE,
    DeliveryState.FAILED,
    DeliveryState.REJECTED,
)
_GIVEN_UP: Final = frozenset({_FAILED, _UNKNOWN})
"""Unknown is what may have been done, failed what may be repeated."""
_TAKEN_BACK: Final = frozenset({_PENDING, _UNKNOWN})

TRANSITIONS: Final[Mapping[DeliveryState, Mapping[Cause, frozenset[DeliveryState]]]] = {
    _PENDING: {
        # It is sent.
        Cause.SENT: frozenset({_SENT}),
        Cause.SENT_AGAIN: frozenset({_SENT}),
        # A node speaks of an attempt before it, which a person had sent again.
        Cause.LATE_ANSWER: frozenset({_SENT, _DONE, _FAILED, _REJECTED}),
        Cause.LAST_ID: frozenset({_DONE}),
        Cause.RESTORED: frozenset({_UNKNOWN}),
        # It is not to be sent any more.
        Cause.NOT_SENT: frozenset({_UNKNOWN}),
        Cause.OUT_OF_TIME: _GIVEN_UP,
        Cause.NODE_REMOVED: _GIVEN_UP,
        Cause.SUPERSEDED: _GIVEN_UP,
        Cause.PERSON: frozenset({_FAILED}),
    },
    _SENT: {
        # Its node speaks.
        Cause.NODE: frozenset({_ACCEPTED, _DONE, _FAILED, _REJECTED, _UNKNOWN}),
        Cause.RESTARTED: frozenset({_DONE}),
        Cause.BUSY: frozenset({_PENDING, _SENT}),
        # It did not leave, or did not last where it was held.
        Cause.NOT_SENT: frozenset({_PENDING, _SENT, _ACCEPTED}),
        Cause.FORGOTTEN: _TAKEN_BACK,
        # Its time is over.
        Cause.TOLD: frozenset({_ACCEPTED, _DONE}),
        Cause.SENT_AGAIN: frozenset({_SENT}),
        Cause.ACCEPT_TIMEOUT: _GIVEN_UP,
        Cause.DONE_TIMEOUT: _GIVEN_UP,
        Cause.OUT_OF_ATTEMPTS: _GIVEN_UP,
        Cause.OUT_OF_TIME: _GIVEN_UP,
        Cause.NODE_REMOVED: _GIVEN_UP,
        Cause.SUPERSEDED: frozenset({_FAILED}),
    },
    _ACCEPTED: {
        # Its node speaks.
        Cause.NODE: frozenset({_DONE, _FAILED, _REJECTED, _UNKNOWN}),
        Cause.RESTARTED: frozenset({_DONE}),
        Cause.BUSY: frozenset({_PENDING, _SENT}),
        # It is no longer held for its node: handed over, or lost.
        Cause.NO_LONGER_HELD: frozenset({_DONE}),
        Cause.NOT_HANDED_OVER: frozenset({_PENDING}),
        Cause.FORGOTTEN: _TAKEN_BACK,
        # Its time is over.
        Cause.RUN_OVER: frozenset({_DONE}),
        Cause.ENDED: frozenset({_DONE}),
        Cause.BROKEN_OFF: frozenset({_UNKNOWN}),
        Cause.SENT_AGAIN: frozenset({_SENT}),
        Cause.DONE_TIMEOUT: _GIVEN_UP,
        Cause.OUT_OF_ATTEMPTS: _GIVEN_UP,
        Cause.OUT_OF_TIME: _GIVEN_UP,
        Cause.NODE_REMOVED: _GIVEN_UP,
        Cause.SUPERSEDED: frozenset({_FAILED}),
    },
    _UNKNOWN: {
        # Late evidence settles a doubt.
        Cause.LATE_ANSWER: frozenset({_DONE, _FAILED, _REJECTED}),
        Cause.LAST_ID: frozenset({_DONE, _FAILED}),
        Cause.RESTARTED: frozenset({_DONE}),
        Cause.RUN_OVER: frozenset({_DONE}),
        Cause.BROKEN_OFF: frozenset({_UNKNOWN}),
        # And so does a person.
        Cause.PERSON: frozenset({_DONE, _FAILED, _PENDING}),
        # What it began was ended by an order of its own.
        Cause.ENDED: frozenset({_DONE, _FAILED}),
    },
    _DONE: {},
    _FAILED: {},
    _REJECTED: {},
}
"""By the state before and the cause, the states that may follow.

What is done, failed or rejected is so for good.
"""

_TAKEN = frozenset({DeliveryState.ACCEPTED, DeliveryState.DONE})
_OUTWEIGHING = (
    (DeliveryState.SENT, CommandState.SENT),
    (DeliveryState.ACCEPTED, CommandState.SENT),
    (DeliveryState.PENDING, CommandState.QUEUED),
    (DeliveryState.UNKNOWN, CommandState.UNCONFIRMED),
    (DeliveryState.FAILED, CommandState.FAILED),
    (DeliveryState.REJECTED, CommandState.REJECTED),
    (DeliveryState.DONE, CommandState.SUCCEEDED),
)
"""The state of one delivery that makes that of the command, first one first."""


def state_of(deliveries: tuple[Delivery, ...]) -> CommandState:
    """Return the state of a command from the states of its deliveries.

    A delivery whose outcome nobody knows outweighs one that failed: a node may have
    done it, and that is what a person must be asked.
    """
    states = {delivery.state for delivery in deliveries}
    if DeliveryState.ACCEPTED in states and states <= _TAKEN:
        return CommandState.ACCEPTED
    return next(meaning for state, meaning in _OUTWEIGHING if state in states)


def deliver(
    command: Command,
    node: str,
    state: DeliveryState,
    at: float,
    cause: Cause,
    *,
    reason: str = "",
    by: str = "",
    attempts: int | None = None,
    repeatable: bool | None = None,
    steps: int | None = None,
) -> Command:
    """Return the command with its delivery to `node` in a new state.

    Raises ValueError for a move that is none of `TRANSITIONS`.

    The state of the command follows, and both transitions stand in the timeline, with
    what the node said (`reason`) or `by` which person it was decided. With `steps` it
    begins an attempt of so many.
    """
    before = next(each.state for each in command.deliveries if each.node == node)
    if state not in TRANSITIONS[before].get(cause, ()):
        msg = f"{before} does not become {state} by {cause}"
        raise ValueError(msg)
    deliveries = tuple(
        replace(
            delivery,
            state=state,
            reason=reason or delivery.reason,
            attempts=delivery.attempts if attempts is None else attempts,
            repeatable=delivery.repeatable if repeatable is None else repeatable,
        )
        if delivery.node == node
        else delivery
        for delivery in command.deliveries
    )
    command = replace(command, deliveries=deliveries).noted(
        TimelineEntry(at, state, cause, node, reason or by)
    )
    if steps is not None:
        command = in_steps(command, node, steps=steps, step=0, ended=())
    return close(command, state_of(deliveries), at, cause, by=by)


def in_steps(
    command: Command,
    node: str,
    *,
    steps: int | None = None,
    step: int | None = None,
    ended: tuple[int, ...] | None = None,
    remembered: Readings | None = None,
) -> Command:
    """Return the command with the latest attempt at `node` at another step.

    That is no transition: what a person follows is the whole of it.
    """
    return replace(
        command,
        deliveries=tuple(
            replace(
                delivery,
                steps=delivery.steps if steps is None else steps,
                step=delivery.step if step is None else step,
                ended=delivery.ended if ended is None else ended,
                remembered=delivery.remembered if remembered is None else remembered,
            )
            if delivery.node == node
            else delivery
            for delivery in command.deliveries
        ),
    )


def close(
    command: Command, state: CommandState, at: float, cause: Cause, *, by: str = ""
) -> Command:
    """Return the command in a state as a whole, whatever its deliveries say."""
    if state is command.state:
        return command
    entry = TimelineEntry(at, state, cause, detail=by)
    return replace(command, state=state).noted(entry)
