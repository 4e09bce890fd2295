"""What an earlier attempt may have left with the hub, which holds it for a node."""

from __future__ import annotations

from collections.abc import Iterable, Set as AbstractSet
from dataclasses import dataclass

from ...engine.model.command import Command, CommandClass
from ...engine.model.session import Host
from ...engine.model.step import is_taken_with

ASKED_IN_VAIN = 3
"""After so many inquiries that nobody answered a command is kept back no more."""


@dataclass(slots=True)
class _KeptBack:
    """A command that waits for what may be held."""

    command: Command
    asked_in_vain: int = 0
    """How many inquiries nobody answered."""
    nothing_held: bool = False
    """Whether nothing like it is held, as far as can be known: it waits no more."""


class StaleSteps:
    """Keeps an attempt back while anything like it is still held.

    What bears no id is the same in each attempt, and in the plan that replaces another.
    If it were still held, its answers would be credited to what was sent after it: the
    command would count as done while steps of it, that undo what was done, are yet to
    come, or to be lost with the hub.
    """

    def __init__(self, host: Host) -> None:
        """Begin with nothing kept back."""
        self._host = host
        self._by_node: dict[str, dict[int, _KeptBack]] = {}

    def may_be_held(self, command: Command, node: str) -> bool:
        """Whether anything like the steps of a command may be held for a node.

        What must be done is not kept back. Of what is done by absence a further attempt
        is: while the one before is held, the node has only not asked for it yet.
        """
        if command.command_class is CommandClass.UNTIL_DONE:
            return False
        kept = self._by_node.get(node, {}).get(command.id)
        if kept is not None and kept.nothing_held:
            return False
        own = command.delivery(node)
        repeats = own is not None and own.attempts > 0
        return len(self._host.steps_of(command, node)) > 1 or (
            repeats and self._host.station.policy(command).done_by_absence
        )

    def keep_back(self, command: Command, node: str) -> bool:
        """Note that a command waits for what is held; False if that is known."""
        waiting = self._by_node.setdefault(node, {})
        if command.id in waiting:
            return False
        waiting[command.id] = _KeptBack(command)
        return True

    def stopped(self, command_id: int, node: str) -> None:
        """Note that a command was sent, or has ended: what was known holds no more."""
        self._by_node.get(node, {}).pop(command_id, None)

    def keeps_back(self, node: str) -> bool:
        """Whether a command for a node waits for what is held."""
        return any(not kept.nothing_held for kept in self._kept(node))

    def listed(self, node: str, subjects: AbstractSet[str]) -> None:
        """Take in all that is held for a node."""
        for kept in self._kept(node):
            kept.asked_in_vain = 0
            steps = self._host.steps_of(kept.command, node)
            kept.nothing_held |= not is_taken_with(steps, subjects)

    def unanswered(self, node: str) -> None:
        """Note that nobody said what is held for a node."""
        for kept in self._kept(node):
            kept.asked_in_vain += 1
            kept.nothing_held |= kept.asked_in_vain >= ASKED_IN_VAIN

    def _kept(self, node: str) -> Iterable[_KeptBack]:
        return self._by_node.get(node, {}).values()
