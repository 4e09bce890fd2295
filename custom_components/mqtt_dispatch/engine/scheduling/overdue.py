"""Commands that must be done and are not, for too long."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Command, CommandClass


class Overdue:
    """When each open command of class until_done becomes a matter for a person."""

    def __init__(self, facts: Facts) -> None:
        """Begin with nothing to watch over."""
        self._ledger = facts.ledger
        self._deadlines = facts.deadlines
        self._alarm_after = facts.station.settings.alarm_after
        self._watched: set[int] = set()
        self._due: set[int] = set()
        facts.deadlines.when(Due.ALARM, self._is_due)

    def watch(self, now: Now) -> None:
        """Take up the commands that are new, and drop those that have ended."""
        by_class = self._ledger.open.by_class
        if not (self._watched or by_class.count(CommandClass.UNTIL_DONE)):
            return
        watched = {command.id for command in by_class.of(CommandClass.UNTIL_DONE)}
        for command_id in watched - self._watched:
            self._deadlines.set(
                Due.ALARM, command_id, at=now.steady + self._alarm_after
            )
        for command_id in self._watched - watched:
            self._deadlines.drop(Due.ALARM, command_id)
        self._due &= watched
        self._watched = watched

    def replaced(self, older: Command, newer: Command) -> None:
        """Let a newer command be as urgent as the one that it replaces."""
        if older.id in self._due:
            self._due.add(newer.id)
        elif (at := self._deadlines.at(Due.ALARM, older.id)) is not None:
            self._deadlines.set(Due.ALARM, newer.id, at=at)

    def due(self) -> list[Command]:
        """Return the commands that a person should look after, oldest first."""
        return [
            self._ledger.open[command_id]
            for command_id in sorted(self._due)
            if command_id in self._ledger.open
        ]

    def _is_due(self, command_id: int, _: Now) -> None:
        self._due.add(command_id)
