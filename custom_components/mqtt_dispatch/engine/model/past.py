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

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.commands or self.outcomes or self.dispensed)
