"""Commands that must be done and are not, for too long."""

from __future__ import annotations

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Command, CommandClass


class Overdue:
    """When each open command of class until_done becomes a matter for a person."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin to watch over the open commands."""
        self._ledger = ledger
        self._at: dict[int, float] = {}

    def watch(self, alarm_after: float, now: Now) -> None:
        """Take up the commands that are new, and drop those that have ended."""
        self._at = {
            command.id: self._at.get(command.id, now.steady + alarm_after)
            for command in self._ledger.open.values()
            if command.command_class is CommandClass.UNTIL_DONE
        }

    def replaced(self, older: Command, newer: Command) -> None:
        """Let a newer command be as urgent as the one that it replaces."""
        if older.id in self._at:
            self._at[newer.id] = self._at.pop(older.id)

    def due(self, now: Now) -> list[Command]:
        """Return the commands that a person should look after."""
        return [
            self._ledger.open[command_id]
            for command_id, at in self._at.items()
            if at <= now.steady and command_id in self._ledger.open
        ]

    def next_deadline(self, now: Now) -> float | None:
        """Return the steady second at which the next command becomes due."""
        return min(
            (
                at
                for command_id, at in self._at.items()
                if at > now.steady and command_id in self._ledger.open
            ),
            default=None,
        )
