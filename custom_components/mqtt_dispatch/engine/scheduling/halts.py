"""What keeps commands from being sent, whatever their nodes say."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.command import Command, CommandClass
from ..model.reason import Reason, Why


@dataclass(frozen=True, slots=True)
class Halts:
    """What holds all commands, or some of them."""

    everything: Reason | None
    """Why nothing at all is sent."""
    restored: Reason | None
    """Why nothing of class once is sent: a person must confirm first."""
    doubted: float | None
    """Unix seconds: what the wall clock shows, if that is not believed."""

    def of(self, command: Command) -> Reason | None:
        """Return what holds a command."""
        if self.everything is not None:
            return self.everything
        if self.restored and command.command_class is CommandClass.ONCE:
            return self.restored
        if self.doubted is not None and command.is_out_of_time(self.doubted):
            # Nobody knows whether its time is over: it is neither sent nor ended.
            return Reason(Why.CLOCK)
        return None
