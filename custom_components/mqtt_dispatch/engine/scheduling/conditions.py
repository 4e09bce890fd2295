"""What holds outside of the commands: the connection, the disk, whoever relays."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model.clock import Now
from .readiness import Reason, Relayed, Why

NOT_PUBLISHED_PAUSE = 5.0
"""Seconds for which nothing is sent after something could not leave."""


@dataclass(slots=True)
class Conditions:
    """What keeps anything at all from being sent."""

    connected: bool = False
    listening_since: float | None = None
    """Steady seconds since when every node could be heard."""
    storage_ok: bool = True
    relay: Relayed = field(default_factory=Relayed)
    pause_until: float | None = None
    """Steady seconds."""

    def connection(self, now: Now, *, up: bool) -> None:
        """Note that the connection to the broker came or went."""
        self.connected = up
        self.listening_since = now.steady if up else None
        self.pause_until = None
        if not up:
            self.relay = Relayed()

    def pause(self, now: Now) -> None:
        """Send nothing for a moment: the connection is gone, whoever says so when."""
        self.pause_until = now.steady + NOT_PUBLISHED_PAUSE

    def pass_time(self, now: Now) -> None:
        """End a pause that is over."""
        if self.pause_until is not None and self.pause_until <= now.steady:
            self.pause_until = None

    def halted(self, *, dispatching: bool) -> Reason | None:
        """Return why no command is sent."""
        if not self.storage_ok:
            return Reason(Why.STORAGE)
        return self.silenced(dispatching=dispatching)

    def silenced(self, *, dispatching: bool) -> Reason | None:
        """Return why nothing at all is sent, be it an answer that is not stored."""
        if not self.connected or self.pause_until is not None:
            return Reason(Why.DISCONNECTED)
        return None if dispatching else Reason(Why.PAUSED)
