"""Judges that nothing ends by a clock that cannot be right (3)."""

from __future__ import annotations

import math

from simulation.facts import Facts
from simulation.record import StationBegan, Told

DAY = 86_400.0
MAY_BE_AHEAD = 60.0
"""Seconds by which a clock may be set forward and is believed at once."""
BELIEVED_AFTER = 300.0
"""Seconds after which one is that was set forward by more, and still stands there."""
_GRAIN = 1.0
"""Seconds that do not matter."""


class Expiring:
    """Holds each command that expired against the time that it was given.

    Set back and forward again, a clock is where it was. Who starts with one knows
    nothing better, unless it is a day behind what was stored: the first that is not may
    be right then.
    """

    def __init__(self, began: StationBegan, facts: Facts) -> None:
        self._facts = facts
        self._ahead = self._believed = self._ever = began.wall - began.at
        """By how much the clock is ahead of the time of the record."""
        self._doubted_since: float | None = None

    def clock_set(self, at: float, by: float) -> None:
        self._look(at)
        self._ahead += by
        if self._believed == math.inf:
            self._begin()
        elif self._ahead <= self._believed + MAY_BE_AHEAD:
            self._believed = max(self._believed, self._ahead)
            self._doubted_since = None
        elif self._doubted_since is None:
            self._doubted_since = at
        self._ever = max(self._ever, self._ahead)

    def loaded(self) -> None:
        self._begin()

    def _begin(self) -> None:
        is_behind = self._ahead < self._ever - DAY
        self._believed = math.inf if is_behind else self._ahead
        self._doubted_since = None

    def told(self, entry: Told) -> None:
        if entry.state != "expired" or entry.cause != "out_of_time":
            return
        self._look(entry.at)
        command = self._facts.known.get(entry.command_id)
        if command is None or command.expires_at is None:
            return
        highest = self._believed + MAY_BE_AHEAD
        early = command.expires_at - entry.at - min(self._ahead, highest)
        if early > _GRAIN:
            what = f"#{command.id} was ended {early:.0f} s before its time was over"
            self._facts.break_promise(3, entry.at, what)

    def _look(self, at: float) -> None:
        since = self._doubted_since
        if since is not None and at >= since + BELIEVED_AFTER:
            self._believed, self._doubted_since = self._ahead, None
