"""What a newer order undoes: it ends where nothing of it is under way any more."""

from __future__ import annotations

from ..ledger.ledger import Ledger
from ..ledger.undoing import undone_at
from ..model.clock import Now
from ..model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
)
from .deliveries import Deliveries, delivery_of


def end_undone(
    deliveries: Deliveries, ledger: Ledger, command: Command, now: Now
) -> bool:
    """End what a newer order undoes of a command.

    Return whether there was anything to end.
    """
    still_open = [each for each in command.deliveries if each.state.open]
    undone = undone_at(ledger, command) if still_open else {}
    idle = [
        each
        for each in still_open
        if each.node in undone
        and _is_idle(deliveries, command, each, undone[each.node])
    ]
    once = command.command_class is CommandClass.ONCE
    if idle and len(idle) == len(still_open) and not (once and command.ever_sent):
        deliveries.close(command, CommandState.SUPERSEDED, Cause.SUPERSEDED, now)
        return True
    # By one of its own class, an order is replaced as a whole or not at all.
    parts = [
        each
        for each in idle
        if undone[each.node].command_class is not command.command_class
    ]
    for each in parts:
        # What a person had sent once more may have been done the first time.
        in_doubt = once and each.attempts
        state = DeliveryState.UNKNOWN if in_doubt else DeliveryState.FAILED
        deliveries.move(ledger.open[command.id], each, state, Cause.SUPERSEDED, now)
    return bool(parts)


def _is_idle(
    deliveries: Deliveries, command: Command, delivery: Delivery, newer: Command
) -> bool:
    """Whether nothing is under way of a part that a newer order undoes."""
    pending = delivery.state is DeliveryState.PENDING
    is_done = delivery_of(newer, delivery.node).state is DeliveryState.DONE
    match command.command_class:
        case CommandClass.ONCE:
            return pending
        case CommandClass.LATEST:
            return is_done or not deliveries.awaits_answer(command, delivery)
        case CommandClass.UNTIL_DONE if is_done:
            return True
    return pending and not delivery.attempts
