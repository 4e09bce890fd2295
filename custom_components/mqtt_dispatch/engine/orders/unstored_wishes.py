"""What people asked for that is not on disk yet: what cannot be stored never was."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ..model.clock import Now
from ..model.events import Refused

type TakeBack = Callable[[Now], object]
"""`take_back(now)`: has all be as if it had not been asked for."""


class UnstoredWishes:
    """Takes back what was asked for in a commit that failed.

    Who asked is told by then that nothing has changed.
    """

    def __init__(self) -> None:
        """Begin with nothing asked for."""
        self._asked: list[tuple[int, TakeBack]] = []

    def asked(self, revision: int, take_back: TakeBack) -> None:
        """Note what a revision of the ledger will store."""
        self._asked.append((revision, take_back))

    def stored(self, revision: int) -> None:
        """Note what is on disk."""
        self._take_out(revision)

    def not_stored(self, revision: int, now: Now) -> None:
        """Take back what could not be stored, the newest first."""
        for take_back in reversed(self._take_out(revision)):
            with suppress(Refused):
                # It may be gone in another way since.
                take_back(now)

    def _take_out(self, revision: int) -> list[TakeBack]:
        out = [take_back for at, take_back in self._asked if at <= revision]
        self._asked = [item for item in self._asked if item[0] > revision]
        return out
