"""Judges that nothing ends (3) or begins (7) by a clock that cannot be right.

And that what was ordered for later does not go on waiting when its time has come (4).
"""

from __future__ import annotations

import math

from simulation.facts import Facts, Stored
from simulation.record import OpenCommands, StationBegan, Told

DAY = 86_400.0
MAY_BE_AHEAD = 60.0
"""Seconds by which a clock may be set forward and is believed at once."""
BELIEVED_AFTER = 300.0
"""Seconds after which one is that was set forward by more, and still stands there."""
STALLED = 600.0
"""Seconds for which a disk may not write."""
_GRAIN = 1.0
"""Seconds that do not matter."""


class Expiring:
    """Holds what expired, and what was for later, against the time that it was given.

    Set back and forward again, a clock is where it was. Who starts with one knows
    nothing better, unless it is a day behind what was stored: the first that is not may
    be right then. Which one that is nobody knows before the station says anything: it
    is told of no clock that is set.
    """

    def __init__(self, began: StationBegan, facts: Facts) -> None:
        self._facts = facts
        self._ahead = self._believed = self._ever = began.wall - began.at
        """By how much the clock is ahead of the time of the record."""
        self._doubted_since: float | None = None
        self._begins = False
        """Whether it may not have seen yet that its clock is no longer a day behind."""
        self._set_lately: list[tuple[float, float]] = []
        """When the clock was set, and by how much it was ahead until then."""
        self._begun: set[int] = set()
        self._supposed: dict[tuple[int, str], int] = {}
        """The attempts of parts that a file put back may not know of."""
        """What was ordered for later and may have been sent."""

    def clock_set(self, at: float, by: float) -> None:
        self._look(at)
        self._set_lately.append((at, self._may_be_ahead))
        self._ahead += by
        if self._believed == math.inf or self._begins:
            self._begin()
            self._begins = True
        elif self._ahead <= self._believed + MAY_BE_AHEAD:
            self._believed = max(self._believed, self._ahead)
            self._doubted_since = None
        elif self._doubted_since is None:
            self._doubted_since = at
        self._ever = max(self._ever, self._ahead)

    def loaded(self) -> None:
        self._begin()
        self._begins = False

    def _begin(self) -> None:
        is_behind = self._ahead < self._ever - DAY
        self._believed = math.inf if is_behind else self._ahead
        self._doubted_since = None

    def told(self, entry: Told) -> None:
        self._begins = False
        if entry.state != "expired" or entry.cause != "out_of_time":
            return
        self._look(entry.at)
        command = self._facts.known.get(entry.command_id)
        if command is None or command.expires_at is None:
            return
        early = command.expires_at - entry.at - self._ahead_lately(entry.at)
        if early > _GRAIN:
            what = f"#{command.id} was ended {early:.0f} s before its time was over"
            self._facts.break_promise(3, entry.at, what)

    def durable(self, at: float) -> None:
        """Hold what was to be sent later to its moment.

        The record of an attempt may be on disk only some time after it was made.
        """
        self._begins = False
        self._look(at)
        ahead = self._ahead_lately(at)
        for command in self._facts.known.values():
            if command.not_before is None or command.id in self._begun:
                continue
            if not self._attempted(command):
                continue
            self._begun.add(command.id)
            early = command.not_before - at - ahead
            if early > _GRAIN:
                what = f"#{command.id} was sent {early:.0f} s before its time had come"
                self._facts.break_promise(7, at, what)

    def _attempted(self, command: Stored) -> bool:
        """Whether a part was sent; what is only supposed to have been is none."""
        for node, (_, attempts, cause) in command.parts.items():
            if cause == "restored" and self._facts.restores:
                self._supposed[command.id, node] = attempts
            elif attempts > self._supposed.get((command.id, node), 0):
                return True
        return False

    def open_commands(self, entry: OpenCommands) -> None:
        self._begins = False
        for command_id, _, reasons in entry.commands:
            command = self._facts.known.get(command_id)
            if command is None or command.not_before is None:
                continue
            late = entry.at + self._ahead - command.not_before
            if "not_yet" in reasons and late > _GRAIN:
                what = f"#{command_id} waits for its time, which came {late:.0f} s ago"
                self._facts.break_promise(4, entry.at, what)

    def _ahead_lately(self, at: float) -> float:
        """By how much a clock was ahead that was believed when this was done.

        It may be on disk, and told, only some time after that.
        """
        self._set_lately = [one for one in self._set_lately if one[0] > at - STALLED]
        return max([self._may_be_ahead, *(one[1] for one in self._set_lately)])

    @property
    def _may_be_ahead(self) -> float:
        """By how much a clock is ahead at most that is believed."""
        return min(self._ahead, self._believed + MAY_BE_AHEAD)

    def _look(self, at: float) -> None:
        since = self._doubted_since
        if since is not None and at >= since + BELIEVED_AFTER:
            self._believed, self._doubted_since = self._ahead, None
