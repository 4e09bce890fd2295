"""What an earlier attempt may have left with whoever holds commands for nodes."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from ..ledger.ledger import Ledger
from ..model.command import Command, CommandClass
from ..model.policy import Station
from ..scheduling.capacity import Capacity
from .attempts import Attempt, Attempts, Part

_ASKED_IN_VAIN = 3
"""After so many inquiries that nobody answered a command is kept back no more."""


class StaleSteps:
    """Keeps an attempt back while anything like it is still held.

    What bears no id is the same in each attempt, and in the plan that replaces another.
    If it were still held, its answers would be credited to what was sent after it: the
    command would count as done while steps of it, that undo what was done, are yet to
    come, or to be lost with whoever holds them.
    """

    def __init__(
        self,
        station: Station,
        ledger: Ledger,
        capacity: Capacity,
        attempts: Attempts,
    ) -> None:
        """Look at what is known of attempts."""
        self._station = station
        self._ledger = ledger
        self._capacity = capacity
        self._attempts = attempts

    def may_be_held(self, command: Command, node: str) -> bool:
        """Whether anything like the steps of a command may be held for a node.

        What must be done is not kept back. Of what is done by absence a further attempt
        is: while the one before is held, the node has only not asked for it yet.
        """
        if (
            self._station.settings.places is None
            or command.command_class is CommandClass.UNTIL_DONE
            or self._attempts.at((command.id, node)).nothing_held
        ):
            return False
        own = command.delivery(node)
        repeats = own is not None and own.attempts > 0
        return len(self._capacity.steps_of(command, node)) > 1 or (
            repeats and self._station.policy(command).done_by_absence
        )

    def keep_back(self, part: Part) -> bool:
        """Note that a command waits for what is held; False if that is known."""
        attempt = self._attempts.of(part)
        if attempt.asked_in_vain is not None:
            return False
        attempt.asked_in_vain = 0
        return True

    def keeps_back(self, node: str) -> bool:
        """Whether a command for a node waits for what is held."""
        return bool(self._waiting(node))

    def listed(self, node: str, subjects: AbstractSet[str]) -> None:
        """Take in all that is held for a node."""
        for (command_id, _), attempt in self._waiting(node):
            attempt.asked_in_vain = 0
            command = self._ledger.open[command_id]
            if not self._capacity.is_taken_with(command, node, subjects):
                _clear(attempt)

    def unanswered(self, node: str) -> None:
        """Note that nobody said what is held for a node."""
        for _, attempt in self._waiting(node):
            attempt.asked_in_vain = (attempt.asked_in_vain or 0) + 1
            if attempt.asked_in_vain >= _ASKED_IN_VAIN:
                _clear(attempt)

    def _waiting(self, node: str) -> list[tuple[Part, Attempt]]:
        return [
            (part, attempt)
            for part, attempt in self._attempts.at_node(node)
            if attempt.asked_in_vain is not None
        ]


def _clear(attempt: Attempt) -> None:
    attempt.asked_in_vain = None
    attempt.nothing_held = True
