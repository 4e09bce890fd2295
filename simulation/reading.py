"""Judges what becomes of the messages that came: each is read, in its turn (4)."""

from __future__ import annotations

from collections import deque

from simulation.facts import Facts
from simulation.record import Came, Read

READ_WITHIN = 10.0
"""Seconds: even a long message is read by then, and what came after it."""


class Reading:
    """Follows each message of a station from its coming to its being read."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._unread: deque[Came] = deque()

    def came(self, entry: Came) -> None:
        self.look(entry.at)
        self._unread.append(entry)

    def read(self, entry: Read) -> None:
        """Hold what is read to be what came first."""
        while self._unread:
            first = self._unread.popleft()
            if first[2:] == entry[2:]:
                return
            self._break(first, entry.at)
        what = f"{entry.topic} was read, which had not come, or was due before"
        self._facts.break_promise(4, entry.at, what)

    def loaded(self) -> None:
        """Expect nothing of what came before: whoever was to read it is gone."""
        self._unread.clear()

    def look(self, at: float) -> None:
        while self._unread and at - self._unread[0].at > READ_WITHIN:
            self._break(self._unread.popleft(), at)

    def _break(self, came: Came, at: float) -> None:
        what = f"{came.topic} came at {came.at:.3f} and was not read in its turn"
        self._facts.break_promise(4, at, what)
