"""What an answer, a deadline or a person does to one command."""

from __future__ import annotations

from dataclasses import replace

from ..model.command import (
    Cause,
    Command,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
)

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

    The state of the command follows, and both transitions stand in the timeline, with
    what the node said (`reason`) or `by` which person it was decided. With `steps` it
    begins an attempt of so many.
    """
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
