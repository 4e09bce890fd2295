"""Judges that no more feeds are taken than an owner allows (7)."""

from __future__ import annotations

from simulation.facts import Facts, Stored
from simulation.record import Answered, Asked, StationBegan

HOUR = 3600.0
_GRAIN = 1.0
"""Seconds that do not matter."""


class Guarding:
    """Counts the feeds that were asked for and taken; the plan is not bounded."""

    def __init__(self, began: StationBegan, facts: Facts) -> None:
        self._facts = facts
        self._waiting = began.feeds_waiting
        self._per_hour = began.feeds_per_hour
        self._asked: dict[int, Asked] = {}
        self._taken: dict[int, float] = {}
        self._clock_set_at = -HOUR

    def asked(self, entry: Asked) -> None:
        if entry.kind == "feed":
            self._asked[entry.intent] = entry

    def answered(self, entry: Answered) -> None:
        asked = self._asked.get(entry.intent)
        command = self._facts.known.get(entry.command_id)
        if asked is None or command is None or command.id in self._taken:
            return
        if command.kind != asked.kind or command.intent[0] < asked.wall - _GRAIN:
            # It was taken before, and its key tells so.
            return
        self._taken[command.id] = asked.at
        within = [at for at in self._taken.values() if asked.at - at < HOUR - _GRAIN]
        if self._per_hour and len(within) > self._per_hour:
            self._broken(entry, f"{len(within)} feeds were taken within an hour")
        waiting = sum(map(self._waits, self._facts.known.values()))
        if self._waiting and waiting > self._waiting:
            self._broken(entry, f"{waiting} feeds wait")

    def clock_set(self, at: float) -> None:
        self._clock_set_at = at

    def loaded(self, at: float) -> None:
        """Forget what nobody can know who begins with another clock."""
        if at - self._clock_set_at < HOUR:
            if self._taken:
                self._facts.excuse(
                    "feeds counted anew: a start after the clock was set"
                )
            self._taken.clear()

    def history_damaged(self) -> None:
        """Forget what nobody can know who has no past."""
        if self._taken:
            self._facts.excuse("feeds counted anew: the history went bad")
        self._taken.clear()

    def restored(self) -> None:
        self._taken.clear()

    def _waits(self, command: Stored) -> bool:
        return (
            command.kind == "feed"
            and command.finishes is None
            and command.state == "queued"
            and not (command.key or "").startswith("meal:")
            and not any(
                (command.id, node) in self._facts.attempted_at for node in command.parts
            )
        )

    def _broken(self, entry: Answered, what: str) -> None:
        self._facts.break_promise(7, entry.at, what)
