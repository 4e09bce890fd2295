"""How long a command in doubt keeps those behind it waiting."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Command, CommandState


class LaneHolds:
    """The unconfirmed commands that still hold their lanes."""

    def __init__(self, facts: Facts, now: Now) -> None:
        """Take up the holds of an earlier run, each for what was left of it."""
        self._ledger = facts.ledger
        self._hold = facts.station.settings.hold
        self._deadlines = facts.deadlines
        for command in facts.ledger.open.values():
            left = self._left(command, now)
            if left > 0:
                facts.deadlines.set(Due.HOLD, command.id, at=now.steady + left)

    def begin(self, command: Command, now: Now) -> None:
        """Hold the lanes of a command that has just come into doubt."""
        self._deadlines.set(Due.HOLD, command.id, at=now.steady + self._hold)

    def held(self) -> list[Command]:
        """Return the commands that hold their lanes."""
        return [
            command
            for command in self._ledger.open.by_state.of(CommandState.UNCONFIRMED)
            if self._deadlines.at(Due.HOLD, command.id) is not None
        ]

    def _left(self, command: Command, now: Now) -> float:
        if command.state is not CommandState.UNCONFIRMED:
            return 0.0
        since = next(
            (
                entry.at
                for entry in reversed(command.timeline)
                if entry.state == CommandState.UNCONFIRMED
            ),
            command.created_at,
        )
        return self._hold - max(0.0, now.wall - since)
