"""What comes in: orders, their guards, their ids."""

from __future__ import annotations

from dataclasses import replace

from ..delivery.transitions import close
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
    TimelineEntry,
    name_of,
)
from ..model.events import Enqueue, Refused
from ..model.policy import FEED, Station
from .guards import check_feed

_NOT_ALL_DONE = (CommandState.FAILED, CommandState.REJECTED)
_NEVER_BEGUN = (
    CommandState.CANCELLED,
    CommandState.EXPIRED,
    CommandState.SUPERSEDED,
)


def enqueue(
    ledger: Ledger,
    station: Station,
    order: Enqueue,
    now: Now,
    account: Now | None = None,
) -> int:
    """Put a new command into the ledger; return its id, or that of its key.

    Keys are as old as they are by the `account` of the clock, if that is another one.
    Raises Refused for what the station cannot or must not take; nothing has changed
    then.
    """
    account = account or now
    if (known := known_or_allowed(ledger, station, order, now, account)) is not None:
        return known
    command_id = _put(ledger, station, order, now)
    if order.held:
        ledger.open.together.hold(command_id)
    if order.idempotency_key is not None:
        ledger.keys.use(order.idempotency_key, command_id, account.wall)
    return command_id


def known_or_allowed(
    ledger: Ledger, station: Station, order: Enqueue, now: Now, account: Now
) -> int | None:
    """Return the command that an order already is by its key, and else None.

    Raises Refused for what the station cannot or must not take.
    """
    if order.idempotency_key is not None:
        known = ledger.keys.command_of(order.idempotency_key, account.wall)
        if known is not None:
            return known
    _check(ledger, station, order)
    if order.kind == FEED:
        check_feed(ledger, station, order, now)
    if not ledger.ids_left:
        raise Refused("out_of_ids")
    return None


def order_ending(
    ledger: Ledger, station: Station, order: Enqueue, ended: Command, now: Now
) -> int | None:
    """Order what ends what a command began; return its id.

    No guard and no full queue is in its way. None: no id is left.
    """
    if not ledger.ids_left:
        return None
    because = TimelineEntry(
        now.wall, CommandState.QUEUED, Cause.ENDS, detail=name_of(ended.id)
    )
    return _put(ledger, station, order, now, because=because)


def record(
    ledger: Ledger,
    order: Enqueue,
    state: CommandState,
    cause: Cause,
    now: Now,
    *,
    became: DeliveryState = DeliveryState.PENDING,
    reason: str = "",
    finishes: int | None = None,
) -> int | None:
    """Keep the evidence of what this station does not carry out; return its id.

    `became` is what its nodes made of it by themselves, for a `reason`, be it the rest
    of a command that it `finishes`. It is lost, and the id None, where no id is left.
    """
    if not ledger.ids_left:
        return None
    command = _new(ledger, order, now.wall)
    command = replace(
        command,
        finishes=finishes,
        deliveries=tuple(Delivery(node, became, reason=reason) for node in order.nodes),
    )
    ledger.put(close(command, state, now.wall, cause, by=reason))
    return command.id


def finish(ledger: Ledger, station: Station, command_id: int, now: Now) -> int:
    """Order what an ended command left undone, and certainly so; return the id.

    Nodes that did their part stand as done in it and get nothing. Nor do nodes that may
    have done it: a person must say first what became of that. What is under way already
    is not ordered again. It is no new meal, so no guard is asked. Raises Refused.
    """
    command = ledger.find(command_id)
    if command is None:
        raise Refused("unknown_command", command_id=command_id)
    latest = next(
        (
            part
            for part in reversed(ledger.parts(command))
            if part.state not in _NEVER_BEGUN
        ),
        None,
    )
    if latest is None or latest.state not in _NOT_ALL_DONE:
        if latest is not None and latest.finishes is not None:
            return latest.id
        raise Refused(_unfinished(latest), command_id=command_id)
    order = Enqueue(
        kind=latest.kind,
        params=latest.params,
        nodes=latest.nodes,
        cause=Cause.ACTION,
        key=latest.key,
        meal=latest.meal,
    )
    _check(ledger, station, order)
    return _put(ledger, station, order, now, finished=latest)


def _unfinished(command: Command | None) -> str:
    """Return why a command that was not finished before cannot be finished."""
    if command is None or command.state is CommandState.SUCCEEDED:
        return "nothing_to_finish"
    if command.state is CommandState.UNCONFIRMED:
        return "in_doubt"
    return "not_ended"


def _check(ledger: Ledger, station: Station, order: Enqueue) -> None:
    if order.kind not in station.policies:
        raise Refused("unknown_kind", kind=order.kind)
    if not order.nodes:
        raise Refused("node_needed", kind=order.kind)
    for node in order.nodes:
        if node not in station.nodes:
            raise Refused("unknown_node", node=node)
    if len(ledger.open) >= station.settings.max_open:
        raise Refused("queue_full", limit=station.settings.max_open)


def _put(
    ledger: Ledger,
    station: Station,
    order: Enqueue,
    now: Now,
    *,
    finished: Command | None = None,
    because: TimelineEntry | None = None,
) -> int:
    policy = station.policies[order.kind]
    expires_in = policy.expires_in if order.expires_in is None else order.expires_in
    begins = now.wall if order.at is None else order.at
    command = replace(
        _new(ledger, order, now.wall),
        command_class=policy.class_with(order.params),
        expires_at=None if expires_in is None else begins + expires_in,
        not_before=order.at,
    )
    if finished is not None:
        command = replace(
            command,
            finishes=finished.first_part,
            deliveries=tuple(
                Delivery(delivery.node, delivery.state)
                if delivery.state is DeliveryState.DONE
                else Delivery(delivery.node)
                for delivery in finished.deliveries
            ),
        )
    if because is not None:
        command = replace(command, timeline=(because,))
    ledger.put(command)
    return command.id


def _new(ledger: Ledger, order: Enqueue, wall: float) -> Command:
    return Command(
        id=ledger.take_id(),
        kind=order.kind,
        params=order.params,
        command_class=CommandClass.ONCE,
        created_at=wall,
        expires_at=None,
        key=order.key,
        idempotency_key=order.idempotency_key,
        meal=order.meal,
        taken_off=order.taken_off,
        deliveries=tuple(Delivery(node) for node in order.nodes),
        timeline=(TimelineEntry(wall, CommandState.QUEUED, order.cause),),
    )
