"""What follows when nodes have executed ids that this station never gave them.

An older file was put back, the station was set up anew, or somebody else sends there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..delivery.evidence import is_foreign
from ..delivery.transitions import close, deliver
from ..model.clock import Now
from ..model.command import (
    HIGHEST_ID,
    ID_RESERVE,
    Cause,
    Command,
    CommandClass,
    CommandState,
    DeliveryState,
)
from ..model.events import Refused
from .ledger import Ledger

if TYPE_CHECKING:
    from ..wall_clock import WallClock

_AT_FIRST = 30.0
"""Seconds from the first live message of a node in which others may still come late."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A node spoke of a command that this station never sent it."""

    node: str
    command_id: int
    at: float
    """Unix seconds."""


class Past:
    """Watches whether nodes know more than the file from which this run began."""

    def __init__(self, ledger: Ledger, clock: WallClock, now: Now) -> None:
        """Begin with what was loaded; it says itself if it comes from a backup.

        It says so too if the process was killed while a backup was made. Nobody can
        know which, and to ask a person is safe.
        """
        self._ledger, self._clock = ledger, clock
        self._loaded = frozenset(ledger.open)
        self._had_begun = ledger.begun_at > 1
        self._known_to = ledger.begun_at
        """Ids below it are the file's own, or were noticed to be foreign."""
        self._asked_up_to: dict[str, int] = {}
        self._heard_since: dict[str, float] = {}
        self.foreign: dict[str, Foreign] = {}
        """The first sign of another sender at each node, since this run began."""
        if ledger.in_backup:
            ledger.back_up(under_way=False)
            ledger.hold_restored(now.wall)

    def take_last_id(self, node: str, last_id: int, now: Now, *, live: bool) -> None:
        """Draw from the highest id that a node executed what it tells of the file.

        Only what a node tells at first can tell of an older file: whatever is foreign
        after that was sent while this run was there. A retained message may be older
        than what the node did last, and so may a live one that was overtaken.
        """
        since = self._heard_since.get(node, now.steady)
        if live:
            self._heard_since[node] = since
        first = now.steady - since < _AT_FIRST
        if not is_foreign(self._ledger, node, last_id):
            return
        if self._is_news(last_id):
            if not first:
                self._note_foreign(node, last_id, now)
            elif self._had_begun:
                self._ledger.hold_restored(now.wall)
        self._outrun(last_id, lambda command_id: command_id <= last_id, now)
        if self._ledger.waits:
            # Only this one may tell of an older file, and must not do so twice.
            self._ledger.touch_by_report()

    def take_answer(self, node: str, command_id: int, now: Now) -> bool:
        """Return whether an answer to what was never sent tells of another sender.

        An id below the next one may be of a command that is too old to be known.
        """
        if not self._is_news(command_id):
            return False
        self._note_foreign(node, command_id, now)
        self._outrun(command_id, command_id.__eq__, now)
        return True

    def _note_foreign(self, node: str, command_id: int, now: Now) -> None:
        self.foreign.setdefault(node, Foreign(node, command_id, now.wall))

    def _is_news(self, last_id: int) -> bool:
        """Whether an id is not merely one that is too old to be still known."""
        ledger = self._ledger
        given = (
            last_id < self._known_to or ledger.given_from <= last_id < ledger.next_id
        )
        return not given or ledger.find(last_id) is not None

    def _outrun(self, foreign_id: int, known: Callable[[int], bool], now: Now) -> None:
        """Go on above a foreign id.

        A node that drops repeats would drop what bears an id that it knows, so what was
        queued under one goes on as a twin; what was queued after it too, to keep its
        turn. Loaded commands of class once keep their ids: the node may have executed
        just those.
        """
        ledger = self._ledger
        if is_credible(foreign_id):
            self._known_to = max(self._known_to, foreign_id + 1)
            ledger.go_on_above(foreign_id)
        new = [
            command
            for command in ledger.open.values()
            if not command.ever_sent and not self.may_be_known(command, now)
        ]
        too_many = len(new) > ledger.ids_left
        if not too_many and any(known(command.id) for command in new):
            for command in new:
                _twin(ledger, command, now)

    def may_be_known_to(self, node: str, last_id: int, now: Now) -> list[Command]:
        """Return the loaded commands that a node may know, going by its highest id.

        Each is returned once for each node: what is drawn from it is in the ledger.
        """
        if not is_foreign(self._ledger, node, last_id):
            return []
        begin = self._asked_up_to.get(node, 0)
        self._asked_up_to[node] = max(begin, last_id)
        return [
            command
            for command_id in self._loaded
            if begin < command_id <= last_id
            and (command := self._ledger.open.get(command_id)) is not None
            and command.delivery(node) is not None
            and self.may_be_known(command, now)
        ]

    def is_from_elsewhere(self, node: str, last_id: int) -> bool:
        """Whether a node executed an id that was given by another state of this file.

        One that this file gave, and nobody knows any more, is gone with a history.
        """
        ledger = self._ledger
        given_here = last_id < ledger.begun_at and ledger.find(last_id) is None
        return is_foreign(ledger, node, last_id) and not given_here

    def may_be_known(self, command: Command, now: Now) -> bool:
        """Whether nodes may know a command by its id from before an older file.

        What is for later was sent by nobody before its time.
        """
        is_early = self._clock.plausible and (command.not_before or 0.0) > now.wall
        is_loaded = command.id in self._loaded
        return is_loaded and not is_early and command.command_class is CommandClass.ONCE


def is_credible(last_id: int) -> bool:
    """Whether a node may have come that far; beyond, the ids would soon be used up."""
    return last_id <= HIGHEST_ID - ID_RESERVE


def confirm_restore(ledger: Ledger, *, keep: bool, by: str, now: Now) -> None:
    """Let what waits be sent, or (not `keep`) take back what was not sent.

    Raises Refused if nothing is held.
    """
    if ledger.restored_at is None:
        raise Refused("not_restored")
    ledger.release_restored()
    if keep:
        return
    for command in tuple(ledger.open.values()):
        if (
            command.command_class is not CommandClass.ONCE
            or command.state is not CommandState.QUEUED
        ):
            continue
        if not command.ever_sent:
            ledger.put(
                close(command, CommandState.CANCELLED, now.wall, Cause.PERSON, by=by)
            )
            continue
        for delivery in command.deliveries:
            if delivery.state is DeliveryState.PENDING:
                command = deliver(  # noqa: PLW2901 - one step after the other
                    command,
                    delivery.node,
                    DeliveryState.FAILED,
                    now.wall,
                    Cause.PERSON,
                    by=by,
                )
        ledger.put(command)


def _twin(ledger: Ledger, command: Command, now: Now) -> None:
    new = replace(command, id=ledger.take_id())
    ledger.put(new)
    ledger.goes_on_as(command.id, new.id)
    ledger.put(close(command, CommandState.SUPERSEDED, now.wall, Cause.RENUMBERED))
    ledger.keys.goes_on_as(command, new.id)
