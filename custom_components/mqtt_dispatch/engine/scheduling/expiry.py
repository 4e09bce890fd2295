"""Commands whose time is over before all of them was sent."""

from __future__ import annotations

from dataclasses import replace

from ..deadlines import Due
from ..delivery.deliveries import Deliveries
from ..delivery.timeouts import Timeouts
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState


class Expiry:
    """Ends what is queued for longer than it may be, and what of it was not sent.

    What of a command in flight is still to be sent then ends in `Timeouts.look_at`. A
    clock that is not believed ends nothing: what is out of time by it waits until it is
    (see `Halts`), and what was ordered by it has its time by the one that is.
    """

    def __init__(
        self, facts: Facts, deliveries: Deliveries, timeouts: Timeouts, now: Now
    ) -> None:
        """Take up what is open."""
        self._ledger, self._clock = facts.ledger, facts.clock
        self._deadlines = facts.deadlines
        self._deliveries = deliveries
        self._timeouts = timeouts
        self._given: dict[int, float] = {}
        """Until when each may be sent; unix seconds."""
        self._in_doubt: dict[int, float] = {}
        """The same in steady seconds, where a clock gave it that was not believed."""
        facts.deadlines.when(Due.EXPIRY, self._expire)
        for command in facts.ledger.open.values():
            self._heed(command, now)

    def look_again(self, now: Now) -> None:
        """End what is out of time by a clock that is believed now."""
        if self._clock.plausible:
            for command_id, ends in self._in_doubt.items():
                if (ordered := self._ledger.open.get(command_id)) is not None:
                    at = now.wall + ends - now.steady
                    self._ledger.put(replace(ordered, expires_at=at))
            self._in_doubt.clear()
        for command in tuple(self._ledger.open.values()):
            self.changed(command, now)

    def changed(self, command: Command, now: Now) -> None:
        """Heed the time of a command that changed; it may have come back too late."""
        self._doubt(command, now)
        if command.state is CommandState.QUEUED and command.is_out_of_time(now.wall):
            # It must not have its turn once more.
            self._expire(command.id, now)
        else:
            self._heed(command, now)

    def closed(self, command_id: int) -> None:
        """Wait for it no more."""
        self._given.pop(command_id, None)
        self._in_doubt.pop(command_id, None)
        self._deadlines.drop(Due.EXPIRY, command_id)

    def _doubt(self, command: Command, now: Now) -> None:
        """Keep by the steady clock what was given until a moment of a doubtful one."""
        if (at := command.expires_at) is None:
            return
        before = self._given.get(command.id)
        self._given[command.id] = at
        ordered_now = command.created_at == now.wall and command.not_before is None
        is_given = ordered_now if before is None else before != at
        if is_given and not self._clock.plausible:
            self._in_doubt[command.id] = now.steady + at - now.wall

    def _heed(self, command: Command, now: Now) -> None:
        at = command.expires_at
        queued = command.state is CommandState.QUEUED
        if at is not None and (at > now.wall or queued):
            self._deadlines.set(Due.EXPIRY, command.id, at=at)

    def _expire(self, command_id: int, now: Now) -> None:
        command = self._ledger.open.get(command_id)
        if command is None or command.state is not CommandState.QUEUED:
            return
        if not self._clock.plausible or command_id in self._in_doubt:
            return
        if command.ever_sent:
            self._timeouts.expire(command, now)
        else:
            self._deliveries.close(
                command, CommandState.EXPIRED, Cause.OUT_OF_TIME, now
            )
