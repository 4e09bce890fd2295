"""When a node whose image is complete may sleep."""

from __future__ import annotations

from .book import Book
from .events import Release
from .model import CommandState, Now
from .policy import Station
from .readiness import NodeStatus

LONGEST_STAY = 20.0
"""Seconds for which a node is kept awake for more than its image."""


class Farewells:
    """Lets a node sleep once it got all that it is to get on this waking."""

    def __init__(
        self, station: Station, book: Book, statuses: dict[str, NodeStatus]
    ) -> None:
        """Begin with nobody to be released."""
        self._station = station
        self._book = book
        self._statuses = statuses
        self._owed: dict[str, tuple[str, float]] = {}

    def owe(self, node: str, name: str, now: Now) -> None:
        """Note that a node waits to hear that its image is complete."""
        self._owed[node] = (name, now.steady + LONGEST_STAY)

    def say(self, now: Now) -> list[Release]:
        """Release the nodes for which nothing more is to be done."""
        released = [
            Release(node, name)
            for node, (name, until) in self._owed.items()
            if until <= now.steady or not self._is_needed(node, now)
        ]
        for release in released:
            del self._owed[release.node]
            self._statuses[release.node] = self._statuses[release.node].asleep()
        return released

    def next_deadline(self) -> float | None:
        """Return the steady second at which a node is released at the latest."""
        return min((until for _, until in self._owed.values()), default=None)

    def _is_needed(self, node: str, now: Now) -> bool:
        status = self._statuses[node]
        may_get_more = not status.asleep_reason(now, self._station.settings)
        for command in self._book.open.values():
            if (delivery := command.delivery(node)) is None:
                continue
            if delivery.state.in_flight:
                return True
            if command.state is CommandState.QUEUED and may_get_more:
                return True
        return False
