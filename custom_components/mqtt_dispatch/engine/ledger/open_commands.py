"""The open commands, found without going through all that wait."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, ValuesView
from typing import Any, override

from ..model.command import Command, CommandState, DeliveryState
from .together import Together
from .undoing import rivals

type Keys = Callable[[Command], Iterable[Hashable]]
"""`keys(command)`: the groups that a command is in, as it is now."""
type Order = Callable[[int], Any]
"""`order(command_id)`: what a group is sorted by; it stays while a command is in it."""


class Index:
    """Open commands by what they have in common, each group in an order, or by id."""

    def __init__(
        self, commands: Mapping[int, Command], keys: Keys, order: Order | None = None
    ) -> None:
        """Put all that is open in its groups."""
        self._commands = commands
        self._keys = keys
        self._order = order
        self._groups: dict[Hashable, list[int]] = {}
        self._keys_of: dict[int, tuple[Hashable, ...]] = {}
        for command in commands.values():
            self.put(command)

    def of(self, *keys: Hashable) -> Iterator[Command]:
        """Go through some groups, one after the other, while they do not change."""
        for key in keys:
            for command_id in self._groups.get(key, ()):
                yield self._commands[command_id]

    def __contains__(self, key: Hashable) -> bool:
        """Return whether there is anything in a group."""
        return key in self._groups

    def count(self, *keys: Hashable) -> int:
        """Return how many commands are in some groups."""
        return sum(len(self._groups.get(key, ())) for key in keys)

    def firsts(self) -> set[int]:
        """Return the id of the first one of each group."""
        return {group[0] for group in self._groups.values()}

    def put(self, command: Command) -> None:
        """Put a command in the groups in which it is now."""
        keys = tuple(self._keys(command))
        before = self._keys_of.get(command.id, ())
        if keys == before:
            return
        for key in before:
            self._take_out(key, command.id)
        for key in keys:
            insort(self._groups.setdefault(key, []), command.id, key=self._order)
        self._keys_of[command.id] = keys

    def remove(self, command_id: int) -> None:
        """Take a command out of all groups."""
        for key in self._keys_of.pop(command_id, ()):
            self._take_out(key, command_id)

    def _take_out(self, key: Hashable, command_id: int) -> None:
        group = self._groups[key]
        order = self._order
        place = command_id if order is None else order(command_id)
        del group[bisect_left(group, place, key=order)]
        if not group:
            del self._groups[key]


class OpenCommands(Mapping[int, Command]):
    """The commands that have not ended, by id. The ledger alone writes here.

    What an event costs must not depend on what else waits, so whoever looks for some of
    them has an index.
    """

    def __init__(self, commands: Iterable[Command] = ()) -> None:
        """Take up the commands of an earlier run."""
        self._commands = {command.id: command for command in commands}
        self._indexes: list[Index] = []
        self.by_state = self.indexed(lambda command: (command.state,))
        self.by_class = self.indexed(lambda command: (command.command_class,))
        self.known_at = self.indexed(_nodes_that_may_know)
        """By node, what it may know of, and has not ended there."""
        self.never_sent = self.indexed(
            lambda command: () if command.ever_sent else (command.kind,)
        )
        """By kind, what no node may know of."""
        self.rivals = self.indexed(lambda command: dict(rivals(command)).values())
        """Those of which a newer one may undo an older one, at each node."""
        self.together = Together()
        """Those that wait for others, ordered with them."""

    @override
    def __getitem__(self, command_id: int) -> Command:
        return self._commands[command_id]

    @override
    def __iter__(self) -> Iterator[int]:
        return iter(self._commands)

    @override
    def __len__(self) -> int:
        return len(self._commands)

    @override
    def __contains__(self, command_id: object) -> bool:
        return command_id in self._commands

    @override
    def values(self) -> ValuesView[Command]:
        """Return all of them; a view that is as fast as the dictionary's."""
        return self._commands.values()

    def nodes(self) -> set[str]:
        """Return the nodes that they go to."""
        return {node for command in self._commands.values() for node in command.nodes}

    def in_flight(self) -> list[Command]:
        """Return what nodes are expected to answer, oldest first."""
        found = [*self.by_state.of(CommandState.SENT, CommandState.ACCEPTED)]
        return sorted(found, key=lambda command: command.id)

    def may_be_known_at(self, node: str) -> bool:
        """Return whether there is any such command; see `at`."""
        return node in self.known_at

    def at(self, node: str) -> list[Command]:
        """Return what a node may know of, and has not ended there, oldest first."""
        return [*self.known_at.of(node)]

    def indexed(self, keys: Keys, order: Order | None = None) -> Index:
        """Return an index of them that stays true."""
        index = Index(self._commands, keys, order)
        self._indexes.append(index)
        return index

    def put(self, command: Command) -> None:
        """Keep a command as it is now."""
        self._commands[command.id] = command
        for index in self._indexes:
            index.put(command)

    def pop(self, command_id: int) -> Command | None:
        """Take a command out, if it is there."""
        for index in self._indexes:
            index.remove(command_id)
        return self._commands.pop(command_id, None)


def _nodes_that_may_know(command: Command) -> Iterable[str]:
    return (
        delivery.node
        for delivery in command.deliveries
        if delivery.state.in_flight
        or delivery.state is DeliveryState.UNKNOWN
        or (delivery.state is DeliveryState.PENDING and delivery.attempts)
    )
