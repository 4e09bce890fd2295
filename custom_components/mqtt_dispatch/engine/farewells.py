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
        self._owed: dict[str, dict[str, None]] = {}
        """By node, the images of which it waits to hear, in their order."""
        self._stays_until: dict[str, float] = {}
        """Steady seconds."""

    def owe(self, node: str, name: str, now: Now) -> None:
        """Note that a node waits to hear that its image is complete."""
        self._owed.setdefault(node, {})[name] = None
        self._stays_until[node] = now.steady + LONGEST_STAY

    def say(self, now: Now) -> list[Release]:
        """Release the nodes for which nothing more is to be done."""
        released = [
            node
            for node, until in self._stays_until.items()
            if until <= now.steady or not self._is_needed(node, now)
        ]
        said = []
        for node in released:
            del self._stays_until[node]
            said += [Release(node, name) for name in self._owed.pop(node)]
            self._statuses[node] = self._statuses[node].asleep()
        return said

    def next_deadline(self) -> float | None:
        """Return the steady second at which a node is released at the latest."""
        return min(self._stays_until.values(), default=None)

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
