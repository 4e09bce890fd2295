"""What the driver needs of the world. Home Assistant has these, and the simulation.

No port may raise, and none may wait: what takes time is told of when it has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ..engine.ledger.snapshot import Snapshot
from ..engine.model.clock import Now
from ..engine.model.effects import Changed, ImageEffect
from ..engine.model.meal import OverdueMeal
from ..engine.model.past import Past
from ..engine.model.reports import Hello
from ..engine.view import StationView
from ..protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message,
    Publication,
    Said,
)

type Cancel = Callable[[], None]
type Written = Callable[[Exception | None], None]
"""Told once when a write has ended, of what went wrong, if anything did."""


class Clock(Protocol):
    """The time, and what is to be done later."""

    def now(self) -> Now:
        """Read both clocks."""

    def later(self, seconds: float, action: Callable[[], None]) -> Cancel:
        """Do something in so many seconds; 0: right after what is going on."""


class Disk(Protocol):
    """The files of a station. Writes are done in the order in which they are asked."""

    def commit(self, snapshot: Snapshot, written: Written) -> None:
        """Write a snapshot that survives a loss of power once it is told."""

    def write_history(self, past: Past, written: Written) -> None:
        """Write what is over beside what the history holds, as durably.

        What is written twice is there once.
        """


class Wire(Protocol):
    """The way to the broker."""

    def tell(
        self,
        publications: tuple[Publication, ...],
        *,
        qos: int,
        expires_in: float,
        not_left: Callable[[], None],
    ) -> None:
        """Publish a command; `not_left` is told if certainly nothing of it left."""

    def say(self, publications: tuple[Publication, ...], *, qos: int) -> None:
        """Publish what is no command."""


class Listeners(Protocol):
    """Who is told what goes on at a station."""

    def shown(self, before: StationView, now: StationView, *, beside: bool) -> None:
        """Take what is shown now; `beside` it, something else that is shown changed."""

    def follows_age(self, node: str) -> bool:
        """Return whether anybody is shown how long ago a node was heard."""

    def changed(self, change: Changed) -> None:
        """Take that a command is in another state, on disk."""

    def overdue(self, meal: OverdueMeal) -> None:
        """Take that a meal should have happened by now, once, on disk."""

    def said(self, news: Learned | Happened) -> None:
        """Take what a node said that concerns no command."""

    def pictured(self, image: ImageEffect) -> None:
        """Take what became of an image."""

    def discovered(self, node: str, hello: Hello) -> None:
        """Take that an unknown node introduced itself."""

    def heard(self, message: Message, said: tuple[Said, ...]) -> None:
        """Take a message as it came, and what it says."""

    def not_understood(self, malformed: Malformed, topic: str) -> None:
        """Take that a message says nothing."""

    def connection(self, *, up: bool) -> None:
        """Take that the connection came or went."""

    def storage(self, error: Exception | None) -> None:
        """Take that nothing can be stored any more, or (None) that it can again."""

    def fault(self, doing: str) -> None:
        """Take that something raised which never should; the exception is current."""
