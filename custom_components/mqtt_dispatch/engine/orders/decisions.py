"""What people decide of single commands."""

from __future__ import annotations

from dataclasses import replace

from ..delivery.deliveries import Deliveries
from ..delivery.transitions import deliver
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    DeliveryState,
    Outcome,
)
from ..model.effects import Withdrawn
from ..model.events import Refused, Release
from ..model.policy import Station

_MEANING = {
    Outcome.SUCCEEDED: DeliveryState.DONE,
    Outcome.FAILED: DeliveryState.FAILED,
    Outcome.RESEND: DeliveryState.PENDING,
}


def cancel(
    ledger: Ledger, deliveries: Deliveries, command_id: int, by: str, now: Now
) -> None:
    """Take back a command that was never sent. Raises Refused."""
    command = _open(ledger, command_id)
    if command.ever_sent:
        raise Refused("already_sent", command_id=command_id)
    deliveries.close(command, CommandState.CANCELLED, Cause.PERSON, now, by=by)


def release(ledger: Ledger, deliveries: Deliveries, wish: Release, now: Now) -> None:
    """Let a command that waits for what was ordered with it be sent, or take it back.

    Nothing stays of it then but the evidence: who ordered it is told that nothing was.
    """
    if (by_now := ledger.open.together.waits_as(wish.command_id)) is None:
        return
    if wish.all_stored:
        ledger.release(by_now)
    else:
        command = ledger.open[by_now]
        deliveries.close(command, CommandState.CANCELLED, Cause.NOT_SENT, now)
        ledger.forget_order(command)


def cancel_all(ledger: Ledger, deliveries: Deliveries, by: str, now: Now) -> Withdrawn:
    """Take back all that was ordered and never sent.

    What must be done (to close a valve), and what brings nodes the plan or what they
    cannot do without, keeps its turn: who empties the queue does not mean that. It can
    be cancelled one by one.
    """
    gone, kept = [], []
    for command in tuple(ledger.open.values()):
        if why := _keeps_its_turn(command):
            kept.append((command.id, why))
        else:
            deliveries.close(command, CommandState.CANCELLED, Cause.PERSON, now, by=by)
            gone.append(command.id)
    return Withdrawn(tuple(gone), tuple(kept))


def _keeps_its_turn(command: Command) -> str | None:
    if command.ever_sent:
        return "already_sent"
    must_be_done = command.command_class is CommandClass.UNTIL_DONE
    if must_be_done or command.ends is not None:
        return "must_be_done"
    if command.timeline[0].cause in (Cause.PLAN, Cause.WELCOME):
        return "belongs_to_nodes"
    return None


def resolve(
    ledger: Ledger,
    station: Station,
    command_id: int,
    outcome: Outcome,
    *,
    by: str,
    now: Now,
) -> None:
    """Settle an unconfirmed command, or have it sent again. Raises Refused.

    What a node may have that is no longer of the station is not sent again: it stays
    in doubt.
    """
    command = _open(ledger, command_id)
    if command.state is not CommandState.UNCONFIRMED:
        raise Refused("not_unconfirmed", command_id=command_id)
    resends = outcome is Outcome.RESEND
    if resends and not may_be_sent_again(command, station):
        raise Refused("node_removed", command_id=command_id)
    for delivery in command.deliveries:
        if delivery.state is DeliveryState.UNKNOWN and not (
            resends and delivery.node not in station.nodes
        ):
            command = deliver(
                command, delivery.node, _MEANING[outcome], now.wall, Cause.PERSON, by=by
            )
    expires_in = station.policy(command).expires_in
    if resends and expires_in is not None:
        begins = max(now.wall, command.not_before or 0.0)
        command = replace(command, expires_at=begins + expires_in)
    ledger.put(command)


def may_be_sent_again(command: Command, station: Station) -> bool:
    """Whether any node of which a command is in doubt is still of the station."""
    return any(
        delivery.state is DeliveryState.UNKNOWN and delivery.node in station.nodes
        for delivery in command.deliveries
    )


def not_resent(
    ledger: Ledger, deliveries: Deliveries, command_id: int, now: Now
) -> None:
    """Have a command in doubt as it was before it was to be sent again."""
    command = ledger.open.get(command_id)
    for delivery in () if command is None else command.deliveries:
        if delivery.state is DeliveryState.PENDING and delivery.attempts:
            deliveries.move(
                ledger.open[command_id],
                delivery,
                DeliveryState.UNKNOWN,
                Cause.NOT_SENT,
                now,
            )


def _open(ledger: Ledger, command_id: int) -> Command:
    if command_id in ledger.closed:
        state = ledger.closed[command_id].state
        raise Refused("already_closed", command_id=command_id, state=state)
    if command_id not in ledger.open:
        raise Refused("unknown_command", command_id=command_id)
    return ledger.open[command_id]
