"""What holds outside of the commands: the connection, the disk, whoever relays."""

from __future__ import annotations

from dataclasses import dataclass

from ..deadlines import Deadlines, Due
from ..model.clock import Now
from ..model.command import Command, CommandClass
from ..model.policy import Settings
from ..model.reason import Reason, Why
from .readiness import Relayed

NOT_PUBLISHED_PAUSE = 5.0
"""Seconds for which nothing is sent after something could not leave."""


class Conditions:
    """What keeps anything at all from being sent."""

    def __init__(self, settings: Settings, deadlines: Deadlines) -> None:
        """Begin without a connection."""
        self._settings = settings
        self._deadlines = deadlines
        self.connected = False
        self.listening_since: float | None = None
        """Steady seconds since when every node could be heard."""
        self.storage_ok = True
        self.relay = Relayed()

    def connection(self, now: Now, *, up: bool) -> None:
        """Note that the connection to the broker came or went."""
        self.connected = up
        self.listening_since = now.steady if up else None
        self._deadlines.drop(Due.CONNECTION)
        if not up:
            self.relay = Relayed()
            self._deadlines.drop(Due.RELAY)
        elif (age := self._settings.relay_age) is not None:
            self._deadlines.set(Due.RELAY, at=now.steady + age)

    @property
    def awaits_relay(self) -> bool:
        """Whether its silence says nothing yet: it could not be heard for long."""
        return self._deadlines.at(Due.RELAY) is not None

    def relay_heard(self, now: Now) -> None:
        """Note that whoever relays is there."""
        self.relay = Relayed(now)
        if (age := self._settings.relay_age) is not None:
            self._deadlines.set(Due.RELAY, at=now.steady + age)

    def pause(self, now: Now) -> None:
        """Send nothing for a moment: the connection is gone, whoever says so when."""
        self._deadlines.set(Due.CONNECTION, at=now.steady + NOT_PUBLISHED_PAUSE)

    def halted(self, *, dispatching: bool) -> Reason | None:
        """Return why no command is sent."""
        if not self.storage_ok:
            return Reason(Why.STORAGE)
        return self.silenced(dispatching=dispatching)

    def silenced(self, *, dispatching: bool) -> Reason | None:
        """Return why nothing at all is sent, be it an answer that is not stored."""
        if not self.connected or self._deadlines.at(Due.CONNECTION) is not None:
            return Reason(Why.DISCONNECTED)
        return None if dispatching else Reason(Why.PAUSED)


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

    def of_early(self, command: Command) -> Reason:
        """Return what a command waits for whose time has not come."""
        at = command.not_before
        if at is not None and self.doubted is not None and at <= self.doubted:
            return Reason(Why.CLOCK)
        return Reason(Why.NOT_YET, until=at)
