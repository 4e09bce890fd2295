"""What was ordered for later: it has its turn once its time has come."""

from __future__ import annotations

from collections.abc import Iterator

from ..deadlines import Due
from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Cause, Command, CommandState
from ..orders.guards import comes_too_soon

type Place = tuple[int, float, int]
"""Where a command stands among others: behind those up to an id, by its own moment."""


class Later:
    """Knows which commands still wait for their time, and the place of the others.

    Whose time has come stands behind what was ordered before that moment, wherever its
    id is, and keeps that place. Until then it needs nobody and is in nobody's way. A
    clock that is not believed has no time come.
    """

    def __init__(self, facts: Facts, deliveries: Deliveries) -> None:
        """Take up what is open, and where that stood whose time has come before."""
        self._settings, self._deliveries = facts.station.settings, deliveries
        self._ledger, self._clock = facts.ledger, facts.clock
        self._deadlines = facts.deadlines
        self._open = facts.ledger.open
        self._come_to_turn: set[int] = set()
        self._places: dict[int, Place] = {}
        self._stood = dict(self._places_before(facts.ledger.now))
        self._early = self._open.indexed(
            lambda command: (None,) if self.is_early(command) else (),
            order=lambda command_id: (self._open[command_id].not_before, command_id),
        )
        facts.deadlines.when(Due.TURN, self._come)
        facts.ledger.when_gone(self._gone)

    def is_early(self, command: Command) -> bool:
        """Whether a command waits for its time."""
        return (
            command.not_before is not None
            and command.state is CommandState.QUEUED
            and command.id not in self._come_to_turn
        )

    def place(self, command_id: int) -> Place:
        """Return the place of a command whose time has come."""
        return self._places.get(command_id) or (command_id, 0.0, command_id)

    def early(self) -> Iterator[Command]:
        """Go through what waits for its time, the next one first."""
        return self._early.of(None)

    @property
    def count(self) -> int:
        """How many wait for their time."""
        return self._early.count(None)

    def changed(self, command: Command, now: Now) -> None:
        """Heed the moment of a command that is new or was changed."""
        at = command.not_before
        if at is None or not self.is_early(command):
            return
        if at > now.wall:
            self._deadlines.set(Due.TURN, command.id, at=at)
        elif self._clock.plausible:
            self._take_turn(command, (command.id, at, command.id), now)

    def look_again(self, now: Now) -> None:
        """Reckon anew: the clock was set, or is believed now."""
        if not self._clock.plausible:
            return
        for command_id in tuple(self._come_to_turn):
            command = self._open[command_id]
            if (command.not_before or 0.0) > now.wall:
                self._come_to_turn.remove(command_id)
                self._open.put(command)
        for command in tuple(self.early()):
            self._come(command.id, now)
            self.changed(command, now)

    def _come(self, command_id: int, now: Now) -> None:
        command = self._open.get(command_id)
        at = None if command is None else command.not_before
        if command is None or at is None or not self.is_early(command):
            return
        if self._clock.plausible and at <= now.wall:
            place = (self._ledger.next_id - 1, at, command_id)
            self._take_turn(command, place, now)

    def _take_turn(self, command: Command, place: Place, now: Now) -> None:
        self._come_to_turn.add(command.id)
        self._places[command.id] = self._stood.pop(command.id, place)
        self._open.put(command)
        if comes_too_soon(self._ledger, self._settings, command, now):
            self._deliveries.close(command, CommandState.CANCELLED, Cause.GUARD, now)

    def _gone(self, command: Command) -> None:
        self._come_to_turn.discard(command.id)
        self._places.pop(command.id, None)
        self._stood.pop(command.id, None)
        self._deadlines.drop(Due.TURN, command.id)

    def _places_before(self, now: Now) -> Iterator[tuple[int, Place]]:
        """Yield where those stood whose time has come in an earlier run."""
        last = 0
        for at, command_id, command in sorted(
            (command.not_before or command.created_at, command.id, command)
            for command in self._open.values()
        ):
            if command.not_before is None:
                last = max(last, command_id)
            elif at <= now.wall:
                yield command_id, (last, at, command_id)
