"""What an earlier attempt may have left with whoever holds commands for nodes."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from ..ledger.ledger import Ledger
from ..model.command import Command, CommandClass
from ..model.policy import Station
from ..scheduling.capacity import Capacity
from .uncommitted import Part

_ASKED_IN_VAIN = 3
"""After so many inquiries that nobody answered a command is kept back no more."""


class StaleSteps:
    """Keeps an attempt of several steps back while anything like it is still held.

    What bears no id is the same in each attempt, and in the plan that replaces another.
    If it were still held, its answers would be credited to what was sent after it: the
    command would count as done while steps of it, that undo what was done, are yet to
    come, or to be lost with whoever holds them.
    """

    def __init__(self, station: Station, ledger: Ledger, capacity: Capacity) -> None:
        """Begin with nothing known."""
        self._station = station
        self._ledger = ledger
        self._capacity = capacity
        self._kept_back: dict[Part, int] = {}
        """With how many inquiries nobody answered."""
        self._cleared: set[Part] = set()

    def may_be_held(self, command: Command, node: str) -> bool:
        """Whether anything like the steps of a command may be held for a node.

        What must be done is not kept back.
        """
        return (
            self._station.settings.places is not None
            and command.command_class is not CommandClass.UNTIL_DONE
            and (command.id, node) not in self._cleared
            and len(self._capacity.steps_of(command, node)) > 1
        )

    def keep_back(self, part: Part) -> bool:
        """Note that a command waits for what is held; False if that is known."""
        if part in self._kept_back:
            return False
        self._kept_back[part] = 0
        return True

    def keeps_back(self, node: str) -> bool:
        """Whether a command for a node waits for what is held."""
        return bool(self._waiting(node))

    def listed(self, node: str, subjects: AbstractSet[str]) -> None:
        """Take in all that is held for a node."""
        for part in self._waiting(node):
            self._kept_back[part] = 0
            command = self._ledger.open[part[0]]
            if not self._capacity.is_taken_with(command, node, subjects):
                self._clear(part)

    def unanswered(self, node: str) -> None:
        """Note that nobody said what is held for a node."""
        for part in self._waiting(node):
            self._kept_back[part] += 1
            if self._kept_back[part] >= _ASKED_IN_VAIN:
                self._clear(part)

    def forget(self, part: Part) -> None:
        """Drop what is known for an attempt that begins, or is not made any more."""
        self._kept_back.pop(part, None)
        self._cleared.discard(part)

    def _waiting(self, node: str) -> list[Part]:
        return [part for part in self._kept_back if part[1] == node]

    def _clear(self, part: Part) -> None:
        del self._kept_back[part]
        self._cleared.add(part)
