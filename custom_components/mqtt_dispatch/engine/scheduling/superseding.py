"""What a newer command makes needless."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import pairwise

from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Cause, Command, CommandClass, CommandState
from .overdue import Overdue


class Superseding:
    """Ends what a newer command, also stored, makes needless.

    Only commands that no node may have: the others must be followed to their end.
    """

    def __init__(self, facts: Facts, deliveries: Deliveries, overdue: Overdue) -> None:
        """Take up what is open."""
        self._ledger = facts.ledger
        self._deliveries = deliveries
        self._overdue = overdue
        self._rivals = facts.ledger.open.indexed(_groups)

    def changed(self, command: Command, now: Now) -> None:
        """End what is needless now that a command has changed, or is stored."""
        if (
            command.command_class is CommandClass.UNTIL_DONE
            and command.id not in self._ledger.unstored
        ):
            self._deliveries.undo_older(command)
        if _was_never_sent(command) and self._deliveries.is_undone(command):
            # Its node was too busy for it, or it did not leave, after it was undone.
            self._deliveries.close(
                command, CommandState.SUPERSEDED, Cause.SUPERSEDED, now
            )
            return
        for older, newer in self._needless(command):
            if older.id in self._ledger.open:
                self._deliveries.close(
                    older, CommandState.SUPERSEDED, Cause.SUPERSEDED, now
                )
                self._overdue.replaced(older, newer)

    def _needless(self, command: Command) -> list[tuple[Command, Command]]:
        if not _was_never_sent(command):
            return []
        same = self._stored(("same", *_alike(command)))
        found = [*pairwise(same)]
        match command.command_class:
            case CommandClass.UNTIL_DONE:
                # Who closes a valve means that no earlier order opens it afterwards.
                found.extend(
                    (opening, command)
                    for opening in self._stored(("opens", command.subject))
                    if _is_undone_by(command, opening)
                )
            case CommandClass.ONCE | CommandClass.LATEST:
                for closing in self._stored(("closes", command.subject)):
                    if _is_undone_by(closing, command):
                        return [(command, closing)]
        return found

    def _stored(self, group: Hashable) -> list[Command]:
        return [
            command
            for command in self._rivals.of(group)
            if command.id not in self._ledger.unstored
        ]


def _is_undone_by(closing: Command, opening: Command) -> bool:
    return closing.id > opening.id and {*opening.nodes} <= {*closing.nodes}


def _was_never_sent(command: Command) -> bool:
    return command.state is CommandState.QUEUED and not command.ever_sent


def _alike(command: Command) -> tuple[Hashable, ...]:
    """Return what a newer command must share to take the place of this one."""
    if command.command_class is CommandClass.LATEST:
        return command.replaced_by
    return command.kind, command.nodes, repr(sorted(command.params.items()))


def _groups(command: Command) -> Iterator[Hashable]:
    if command.command_class is CommandClass.UNTIL_DONE:
        # Also once it was sent: what comes back to the queue is older all the same.
        yield "closes", command.subject
    if not _was_never_sent(command):
        return
    match command.command_class:
        case CommandClass.ONCE:
            yield "opens", command.subject
        case CommandClass.UNTIL_DONE:
            yield "same", *_alike(command)
        case CommandClass.LATEST:
            yield "same", *_alike(command)
            yield "opens", command.subject
        case CommandClass.REPEAT:
            yield "same", *_alike(command)
