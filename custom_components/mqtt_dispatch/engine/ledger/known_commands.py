"""The commands of a station, open or closed, by what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from itertools import takewhile

from ..model.command import Command, CommandState
from .undoing import rivals, undoes_older


class KnownCommands:
    """Finds the newest of a kind for a node, and the rivals of an order.

    The ledger alone writes here.
    """

    def __init__(self, find: Callable[[int], Command | None]) -> None:
        """Begin with none; `find` returns a command that is in here."""
        self._find = find
        self._ids: dict[Hashable, list[int]] = {}

    def newest(self, kind: str, node: str) -> Command | None:
        """Return the newest command of a kind for a node."""
        return next(self.newest_first(kind, node), None)

    def newest_not_cancelled(self, kind: str, node: str) -> Command | None:
        """Return the newest of a kind for a node but for those cancelled unsent."""
        found = self.newest_first(kind, node)
        cancelled = CommandState.CANCELLED
        return next(
            (one for one in found if one.ever_sent or one.state is not cancelled), None
        )

    def newest_succeeded(self, kind: str, node: str) -> Command | None:
        """Return the newest of a kind for a node that it carried out."""
        found = self.newest_first(kind, node)
        return next((one for one in found if one.state is CommandState.SUCCEEDED), None)

    def newest_first(self, kind: str, node: str) -> Iterator[Command]:
        """Go through the commands of a kind for a node, while none changes."""
        return self._newest_first((kind, node))

    def newer(self, command: Command, group: Hashable) -> Iterator[Command]:
        """Go through the newer ones of a group of `rivals`, newest first."""
        found = self._newest_first(group)
        return takewhile(lambda one: one.id > command.id, found)

    def is_newest(self, command: Command) -> bool:
        """Return whether a command is the newest of its kind at one of its nodes."""
        return any(
            newest is not None and newest.id == command.id
            for node in command.nodes
            for newest in (
                self.newest(command.kind, node),
                self.newest_not_cancelled(command.kind, node),
                self.newest_succeeded(command.kind, node),
            )
        )

    def add(self, command: Command) -> None:
        """Take up a command, which has a higher id than those before."""
        for group in _groups(command):
            self._ids.setdefault(group, []).append(command.id)

    def remove(self, command: Command) -> None:
        """Forget a command."""
        for group in _groups(command):
            self._ids[group].remove(command.id)

    def _newest_first(self, group: Hashable) -> Iterator[Command]:
        for command_id in reversed(self._ids.get(group, ())):
            if (command := self._find(command_id)) is not None:
                yield command


def _groups(command: Command) -> Iterator[Hashable]:
    for node, group in rivals(command):
        yield command.kind, node
        if undoes_older(command):
            yield group
