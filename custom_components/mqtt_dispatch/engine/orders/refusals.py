"""Who is refused one feed after the other: something may have run wild."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..deadlines import Deadlines, Due
from ..model.clock import Now
from ..model.policy import HOUR

TOO_OFTEN: Final = 3
"""So many in a row are a matter for a person."""
_FORGOTTEN_AFTER: Final = HOUR
_MOST_NAMES: Final = 5


@dataclass(frozen=True, slots=True)
class Refusals:
    """Feeds were refused one after the other."""

    by: tuple[str, ...]
    """Who ordered them, as people call them; empty where nobody is known."""


class RefusalWatch:
    """Counts the feeds that guards refuse, in memory alone.

    A row ends with a feed that is taken. What a person must know stands until he has
    seen it, or nothing was refused for an hour: who runs wild has some taken, too.
    """

    def __init__(self, deadlines: Deadlines) -> None:
        """Begin with nothing refused."""
        self._deadlines = deadlines
        self._in_a_row = 0
        self._by: tuple[str, ...] = ()
        self.alarm: Refusals | None = None
        """What a person must know."""
        deadlines.when(Due.REFUSALS, self._forget)

    def refused(self, by: str, now: Now) -> None:
        """Count one more."""
        self._in_a_row += 1
        if by and by not in self._by:
            self._by = (*self._by, by)[-_MOST_NAMES:]
        if self.alarm is not None or self._in_a_row >= TOO_OFTEN:
            self.alarm = Refusals(self._by)
        self._deadlines.set(Due.REFUSALS, at=now.steady + _FORGOTTEN_AFTER)

    def accepted(self) -> None:
        """End the row."""
        self._in_a_row = 0
        if self.alarm is None:
            self._by = ()

    def forget(self) -> None:
        """Begin anew."""
        self._in_a_row, self._by, self.alarm = 0, (), None
        self._deadlines.drop(Due.REFUSALS)

    def _forget(self, _: Now) -> None:
        self.forget()
