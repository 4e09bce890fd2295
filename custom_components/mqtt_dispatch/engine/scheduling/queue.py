"""Whose turn it is: lanes, gates, and what stands in a command's way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..delivery.duplicates import Duplicates
from ..delivery.pauses import Pauses
from ..delivery.stale_steps import StaleSteps
from ..model.clock import Now
from ..model.command import Command, CommandClass, CommandState, DeliveryState
from ..model.policy import Station
from ..model.step import Gate
from .capacity import Occupied
from .readiness import NodeStatus, Reason, Relayed, Why, gate_reasons
from .wakings import Wakings

STATION_LANE = ""
"""The lane of what needs every node; the other lanes bear a node's name."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides whose turn it is, beside the commands themselves."""

    station: Station
    statuses: Mapping[str, NodeStatus]
    halted: Reason | None
    """Why nothing at all is sent."""
    held: frozenset[int]
    """Unconfirmed commands that still hold their lanes."""
    unstored: frozenset[int]
    """Commands that are not on disk yet."""
    restored: Reason | None
    """Why nothing of class once is sent: a person must confirm first."""
    relay: Relayed
    resting: frozenset[tuple[int, str]]
    """Parts of commands that nodes were too busy for a moment ago."""
    asked: Reason | None
    """Whose answer is waited for, where that keeps all nodes from being told more."""
    occupied: Occupied
    stale_steps: StaleSteps
    duplicates: Duplicates
    pauses: Pauses
    wakings: Wakings


def lanes(command: Command, station: Station) -> tuple[str, ...]:
    """Return the lanes in which a command takes its turn."""
    if station.policy(command).gate is Gate.ALL_READY:
        return (STATION_LANE,)
    return command.nodes


def survey(
    commands: Iterable[Command], situation: Situation, now: Now
) -> Iterator[tuple[Command, tuple[Reason, ...]]]:
    """Go through the waiting commands, each with what it waits for.

    `commands` come in the order of their ids. One without reasons is to be sent at
    once: the turns of those behind it are reckoned as if it were. A node works on one
    command at a time, whatever the lane. Commands of class until_done keep clear of
    harm, so they wait for nobody, and nobody waits for them. Nor does anybody wait for
    what may be in flight beside others.
    """
    commands = tuple(commands)
    taken, busy = _occupied(commands, situation)
    alone = situation.station.settings.one_unanswered
    asked = situation.asked
    for command in sorted(commands, key=_goes_last):
        if command.state is not CommandState.QUEUED:
            continue
        if command.command_class is CommandClass.UNTIL_DONE:
            reasons = _own_reasons(command, situation, now)
            if not reasons:
                reasons = _in_the_way(command, situation)
            if not reasons and alone:
                reasons, asked = _ask(command, asked)
            yield command, reasons
            continue
        own_lanes = lanes(command, situation.station)
        free_lanes = [lane for lane in own_lanes if lane not in taken]
        if len(free_lanes) < len(own_lanes):
            reasons = _found(taken, own_lanes)
        else:
            reasons = _own_reasons(command, situation, now)
            if not reasons:
                reasons = _reserve(command, busy) or _in_the_way(command, situation)
            if not reasons and alone:
                reasons, asked = _ask(command, asked)
        if free_lanes:
            behind = Reason(Why.BEHIND, command_id=command.id)
            taken.update(dict.fromkeys(free_lanes, behind))
        yield command, reasons


def superseded(commands: Iterable[Command]) -> Iterator[tuple[Command, Command]]:
    """Return the commands that a newer one, also stored, makes needless, with it.

    Only those that no node may have: the others must be followed to their end.
    """
    newest: dict[object, Command] = {}
    openings: dict[object, list[Command]] = {}
    for command in commands:
        if command.state is not CommandState.QUEUED or command.ever_sent:
            continue
        match command.command_class:
            case CommandClass.ONCE:
                openings.setdefault(command.replaced_by, []).append(command)
                continue
            case CommandClass.LATEST:
                same: object = command.replaced_by
            case CommandClass.REPEAT | CommandClass.UNTIL_DONE:
                params = repr(sorted(command.params.items()))
                same = (command.kind, command.nodes, params)
        if command.command_class is CommandClass.UNTIL_DONE:
            # Who closes a valve means that no earlier order opens it afterwards.
            for opening in openings.pop(command.replaced_by, ()):
                yield opening, command
        if (older := newest.get(same)) is not None:
            yield older, command
        newest[same] = command


def _own_reasons(
    command: Command, situation: Situation, now: Now
) -> tuple[Reason, ...]:
    if situation.halted is not None:
        return (situation.halted,)
    if command.id in situation.unstored:
        return (Reason(Why.STORAGE),)
    if situation.restored and command.command_class is CommandClass.ONCE:
        return (situation.restored,)
    resting = tuple(
        Reason(Why.BUSY, delivery.node)
        for delivery in command.deliveries
        if (command.id, delivery.node) in situation.resting
    )
    if resting:
        return resting
    station = situation.station
    pending = tuple(
        delivery.node
        for delivery in command.deliveries
        if delivery.state is DeliveryState.PENDING
    )
    return gate_reasons(
        station.policy(command).gate,
        tuple(situation.statuses[node] for node in pending),
        tuple(situation.statuses.values()),
        situation.relay,
        now=now,
        settings=station.settings,
    ) or tuple(
        reason
        for node in pending
        if (reason := situation.wakings.reason(command, node, now)) is not None
    )


def _occupied(
    commands: Iterable[Command], situation: Situation
) -> tuple[dict[str, Reason], dict[str, Reason]]:
    """Return what stands in each lane, and what keeps each node busy."""
    taken: dict[str, Reason] = {}
    busy: dict[str, Reason] = {}
    is_full = situation.occupied.is_full
    for command in commands:
        if (
            command.command_class is CommandClass.UNTIL_DONE
            or situation.station.policy(command).beside
        ):
            continue
        for delivery in command.deliveries:
            if delivery.state.in_flight and is_full(delivery.node):
                busy[delivery.node] = Reason(
                    Why.NODE_BUSY, delivery.node, command_id=command.id
                )
        if command.state.in_flight and any(map(is_full, command.nodes)):
            blocker = Reason(Why.BEHIND, command_id=command.id)
        elif command.id in situation.held:
            blocker = Reason(Why.UNCONFIRMED, command_id=command.id)
        else:
            continue
        for lane in lanes(command, situation.station):
            taken.setdefault(lane, blocker)
    return taken, busy


def _goes_last(command: Command) -> bool:
    return command.command_class is not CommandClass.UNTIL_DONE


def _ask(
    command: Command, asked: Reason | None
) -> tuple[tuple[Reason, ...], Reason | None]:
    """Return what a command waits for, and who is asked, where one is at a time."""
    if asked is not None:
        return (asked,), asked
    return (), Reason(Why.UNANSWERED, command_id=command.id)


def _in_the_way(command: Command, situation: Situation) -> tuple[Reason, ...]:
    """Return what leaves no place for a command, or no answer that is surely its."""
    reasons: dict[Reason, None] = {}
    pending = _pending_nodes(command)
    for node in command.nodes:
        for other in situation.occupied.alike(command, node):
            reasons[Reason(Why.BEHIND, command_id=other.id)] = None
        if node in pending and situation.pauses.pauses(command, node):
            reasons[Reason(Why.PAUSE, node)] = None
        if situation.duplicates.may_answer(command, node):
            reasons[Reason(Why.ECHO, node)] = None
        if not situation.occupied.has_place(command, node):
            reasons[Reason(Why.FULL, node)] = None
        elif situation.stale_steps.may_be_held(command, node):
            reasons[Reason(Why.STILL_HELD, node)] = None
    return tuple(reasons)


def _reserve(command: Command, busy: dict[str, Reason]) -> tuple[Reason, ...]:
    """Return what keeps the nodes of a command busy; those that are not are kept free.

    Its turn has come: what comes after it must not make it wait for ever.
    """
    nodes = _pending_nodes(command)
    reasons = _found(busy, nodes)
    for node in nodes:
        if node not in busy:
            busy[node] = Reason(Why.NODE_BUSY, node, command_id=command.id)
    return reasons


def _pending_nodes(command: Command) -> list[str]:
    return [
        delivery.node
        for delivery in command.deliveries
        if delivery.state is DeliveryState.PENDING
    ]


def _found(among: Mapping[str, Reason], names: Iterable[str]) -> tuple[Reason, ...]:
    found = [among[name] for name in names if name in among]
    return tuple(found if len(found) == 1 else dict.fromkeys(found))
