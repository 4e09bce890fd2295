"""What belongs in the history of a station: what has ended, and changes no more."""

from __future__ import annotations

from dataclasses import dataclass

from .command import Command
from .meal import Became, Settled
from .reports import Dispensed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a date of a meal."""

    settled: Settled
    became: Became


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Lines for the history; to write one twice changes nothing."""

    commands: tuple[Command, ...] = ()
    """Closed ones."""
    outcomes: tuple[Outcome, ...] = ()
    dispensed: tuple[Dispensed, ...] = ()
    older_than: float | None = None
    """What is of before that, unix seconds, is kept no longer. None: all is."""

    def __bool__(self) -> bool:
        """Whether there is anything to write, or to be forgotten."""
        return bool(self.has_lines or self.older_than is not None)

    @property
    def has_lines(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.commands or self.outcomes or self.dispensed)
