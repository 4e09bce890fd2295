"""How many feeds people and automations have ordered lately."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from ..model.clock import Now
from ..model.command import Cause, Command, CommandState
from ..model.policy import FEED, HOUR
from .together import came_to_nothing

_BY_SOMEBODY = (Cause.ACTION, Cause.BUTTON)


class OrderedFeeds:
    """The feeds that were ordered within the last hour, whatever became of them.

    In steady seconds, for nobody can set that clock; what was ordered before this run
    began by what the wall clock said then. Meals of the plan are not ordered, and what
    finishes a feed is no new one.
    """

    def __init__(self, commands: Iterable[Command], now: Now) -> None:
        """Take up what an earlier run knew."""
        self._at = {
            command.id: now.steady - max(0.0, now.wall - command.created_at)
            for command in commands
            if _counts(command) and now.wall - command.created_at < HOUR
        }

    def put(self, command: Command, steady: float) -> None:
        """Take in a command that is new; what goes on under another id is no longer."""
        if not _counts(command):
            self._at.pop(command.id, None)
        elif command.id not in self._at:
            self._drop_old(steady)
            self._at[command.id] = steady

    def _drop_old(self, steady: float) -> None:
        """Drop the first ones, as far as they are of more than an hour ago."""
        old = takewhile(lambda key: self._at[key] <= steady - HOUR, self._at)
        for command_id in tuple(old):
            del self._at[command_id]

    def goes_on_as(self, command_id: int, twin: int) -> None:
        """Take a command under another id for the same order."""
        if command_id in self._at:
            self._at[twin] = self._at.pop(command_id)

    def drop(self, command_id: int) -> None:
        """Forget what never was."""
        self._at.pop(command_id, None)

    def within_an_hour(self, steady: float) -> list[float]:
        """Return how many seconds ago each was ordered, the oldest first."""
        ages = (steady - at for at in self._at.values())
        return sorted((age for age in ages if age < HOUR), reverse=True)


def _counts(command: Command) -> bool:
    return (
        command.kind == FEED
        and command.finishes is None
        and command.timeline[0].cause in _BY_SOMEBODY
        and command.state is not CommandState.SUPERSEDED
        and not came_to_nothing(command)
    )
