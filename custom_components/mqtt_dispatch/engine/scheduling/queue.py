"""Whose turn it is: lanes, gates, and what stands in a command's way."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..delivery.attempts import Attempts
from ..delivery.duplicates import Duplicates
from ..delivery.pauses import Pauses
from ..ledger.open_commands import OpenCommands
from ..model.clock import Now
from ..model.command import Command, CommandClass, CommandState, DeliveryState
from ..model.policy import Station
from ..model.reason import Reason, Why
from ..model.session import Session
from ..model.step import Gate
from .capacity import Occupied
from .conditions import Halts
from .later import Later
from .readiness import NodeStatus, Relayed, gate_reasons

STATION_LANE = ""
"""The lane of what needs every node; the other lanes bear a node's name."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides whose turn it is, beside the commands themselves."""

    station: Station
    statuses: Mapping[str, NodeStatus]
    halts: Halts
    in_the_way: Sequence[Command]
    """What is in flight, or unconfirmed and still holds its lanes; oldest first."""
    unstored: Container[int]
    """Commands that are not on disk yet, or not all that was ordered with them."""
    relay: Relayed
    attempts: Attempts
    asked: Reason | None
    """Whose answer is waited for, where that keeps all nodes from being told more."""
    occupied: Occupied
    duplicates: Duplicates
    pauses: Pauses
    session: Session


class Queued:
    """The commands that wait for their turn, by lane.

    Only the first of a lane can have its turn, so only those are looked at. What waits
    for its time is not among them yet.
    """

    def __init__(self, commands: OpenCommands, station: Station, later: Later) -> None:
        """Take up those that are open."""
        self._commands = commands
        self._later = later
        self._all = commands.indexed(
            lambda command: (None,) if self._waits(command) else (), order=later.place
        )
        self._by_lane = commands.indexed(
            lambda command: (
                lanes(command, station)
                if self._waits(command) and not _is_in_haste(command)
                else ()
            ),
            order=later.place,
        )
        self._in_haste = commands.indexed(
            lambda command: (
                (None,) if self._waits(command) and _is_in_haste(command) else ()
            )
        )

    def heads(self) -> list[Command]:
        """Return the commands that may have their turn, those in haste first."""
        firsts = sorted(self._by_lane.firsts(), key=self._later.place)
        return [*self.in_haste(), *(self._commands[each] for each in firsts)]

    def in_haste(self) -> list[Command]:
        """Return the commands that wait for nobody, and nobody for them."""
        return [*self._in_haste.of(None)]

    @property
    def count(self) -> int:
        """How many there are."""
        return self._all.count(None)

    def has(self, command_id: int) -> bool:
        """Whether a command is one of them, or will be when its time has come."""
        command = self._commands.get(command_id)
        return command is not None and command.state is CommandState.QUEUED

    def all(self) -> Iterator[Command]:
        """Go through all of them, in the order of their turns, while none changes."""
        return self._all.of(None)

    def _waits(self, command: Command) -> bool:
        queued = command.state is CommandState.QUEUED
        return queued and not self._later.is_early(command)


def _is_in_haste(command: Command) -> bool:
    """Whether a command keeps clear of harm: it waits for no other."""
    return command.command_class is CommandClass.UNTIL_DONE


def lanes(command: Command, station: Station) -> tuple[str, ...]:
    """Return the lanes in which a command takes its turn."""
    if station.policy(command).gate is Gate.ALL_READY:
        return (STATION_LANE,)
    return command.nodes


class Turns:
    """Whose turn it is at one moment, and what the others wait for.

    A node works on one command at a time, whatever the lane. Nobody waits for what may
    be in flight beside others.
    """

    def __init__(self, situation: Situation, now: Now) -> None:
        """Begin with what stands in each lane, and what keeps each node busy."""
        self._situation = situation
        self._now = now
        self._taken: dict[str, Reason] = {}
        self._busy: dict[str, Reason] = {}
        is_full = situation.occupied.is_full
        for command in situation.in_the_way:
            if _stands_aside(command, situation.station):
                continue
            for delivery in command.deliveries:
                if delivery.state.in_flight and is_full(delivery.node):
                    self._busy[delivery.node] = Reason(
                        Why.NODE_BUSY, delivery.node, command_id=command.id
                    )
            if command.state is CommandState.UNCONFIRMED:
                self._take(command, Why.UNCONFIRMED)
            elif any(map(is_full, command.nodes)):
                self._take(command, Why.BEHIND)

    def survey(
        self, commands: Iterable[Command]
    ) -> Iterator[tuple[Command, tuple[Reason, ...]]]:
        """Go through the heads of the queue, each with what it waits for.

        One without reasons is to be sent at once: the turns of those behind it are
        reckoned as if it were.
        """
        alone = self._situation.station.settings.one_unanswered
        asked = self._situation.asked
        for command in commands:
            in_haste = command.command_class is CommandClass.UNTIL_DONE
            reasons = () if in_haste else self.behind(command)
            if not reasons:
                pending = _pending_nodes(command)
                reasons = self._own_reasons(command, pending)
                if not (reasons or in_haste):
                    reasons = _reserve(command, self._busy)
                reasons = reasons or self._in_the_way(command, pending)
                if not reasons and alone:
                    reasons, asked = _ask(command, asked)
            if not in_haste:
                self._take(command, Why.BEHIND)
            yield command, reasons

    def ready_nodes(
        self, command: Command, reasons: tuple[Reason, ...]
    ) -> Collection[str]:
        """Return where a command that was surveyed is to be sent now.

        What must be done waits at no node for another one, if its answers bear its id:
        without one, its parts in flight could not be told from those of others.
        """
        pending = _pending_nodes(command)
        if not reasons:
            return pending
        in_haste = command.command_class is CommandClass.UNTIL_DONE
        if not in_haste or not self._situation.occupied.answers_bear_ids(command):
            return ()
        return [
            node
            for node in pending
            if not self._own_reasons(command, [node])
            and not self._in_the_way(command, [node])
        ]

    def behind(self, command: Command) -> tuple[Reason, ...]:
        """Return what has its turn before a command.

        While nothing can have its turn, the reason for that comes first: it is what a
        person can do something about.
        """
        station, halted = self._situation.station, self._situation.halts.everything
        found = _found(self._taken, lanes(command, station))
        return (halted, *found) if halted is not None and found else found

    def _own_reasons(
        self, command: Command, nodes: Iterable[str]
    ) -> tuple[Reason, ...]:
        situation, now = self._situation, self._now
        if (held := situation.halts.of(command)) is not None:
            return (held,)
        if command.id in situation.unstored:
            return (Reason(Why.STORAGE),)
        resting = tuple(
            Reason(Why.BUSY, node)
            for node in nodes
            if situation.attempts.at((command.id, node)).rests
        )
        if resting:
            return resting
        station = situation.station
        return gate_reasons(
            station.policy(command).gate,
            tuple(situation.statuses[node] for node in nodes),
            tuple(situation.statuses.values()),
            situation.relay,
            now=now,
            settings=station.settings,
        )

    def _in_the_way(
        self, command: Command, nodes: Collection[str]
    ) -> tuple[Reason, ...]:
        """Return what keeps a command from its nodes, though they are ready.

        The session of the protocol, a want of places, or answers that could not be told
        from its own.
        """
        situation, now = self._situation, self._now
        has_place = situation.occupied.has_place
        reasons: dict[Reason, None] = {
            reason: None
            for node in nodes
            if has_place(command, node)
            and (reason := situation.session.in_the_way(command, node, now))
        }
        for node in nodes:
            for other in situation.occupied.alike(command, node):
                reasons[Reason(Why.BEHIND, command_id=other.id)] = None
            if situation.pauses.pauses(command, node):
                reasons[Reason(Why.PAUSE, node)] = None
            if situation.duplicates.may_answer(command, node):
                reasons[Reason(Why.ECHO, node)] = None
            if not has_place(command, node):
                reasons[Reason(Why.FULL, node)] = None
        return tuple(reasons)

    def _take(self, command: Command, why: Why) -> None:
        for lane in lanes(command, self._situation.station):
            self._taken.setdefault(lane, Reason(why, command_id=command.id))


def _stands_aside(command: Command, station: Station) -> bool:
    return (
        command.command_class is CommandClass.UNTIL_DONE
        or station.policy(command).beside
    )


def _ask(
    command: Command, asked: Reason | None
) -> tuple[tuple[Reason, ...], Reason | None]:
    """Return what a command waits for, and who is asked, where one is at a time."""
    if asked is not None:
        return (asked,), asked
    return (), Reason(Why.UNANSWERED, command_id=command.id)


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
