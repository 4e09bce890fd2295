"""How long a command in doubt keeps those behind it waiting."""

from __future__ import annotations

from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Command, CommandState


class LaneHolds:
    """The unconfirmed commands that still hold their lanes."""

    def __init__(self, ledger: Ledger, hold: float, now: Now) -> None:
        """Take up the holds of an earlier run, each for what was left of it."""
        self._ledger = ledger
        self._hold = hold
        self._until: dict[int, float] = {}
        for command in ledger.open.values():
            left = self._left(command, now)
            if left > 0:
                self._until[command.id] = now.steady + left

    def begin(self, command: Command, now: Now) -> None:
        """Hold the lanes of a command that has just come into doubt."""
        self._until[command.id] = now.steady + self._hold

    def pass_time(self, now: Now) -> None:
        """End what was held long enough, or is in doubt no longer."""
        for command_id, until in tuple(self._until.items()):
            command = self._ledger.open.get(command_id)
            if (
                until <= now.steady
                or command is None
                or command.state is not CommandState.UNCONFIRMED
            ):
                del self._until[command_id]

    def held(self) -> frozenset[int]:
        """Return the commands that hold their lanes."""
        return frozenset(self._until)

    def next_deadline(self) -> float | None:
        """Return the steady second at which the first hold ends."""
        return min(self._until.values(), default=None)

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
