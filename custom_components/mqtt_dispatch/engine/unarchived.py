"""What of a station is over and not in the history yet, and what is there too long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from .facts import Facts
from .model.clock import Now
from .model.meal import Became
from .model.past import Outcome, Past
from .model.policy import DAY
from .plan.outcomes import became_in_all

AT_ONCE: Final = 500
"""Commands that are given to be written at a time."""
_LONG_OFF: Final = 30 * DAY
"""Who was off for longer may as well have begun with a clock years ahead."""


class Unarchived:
    """Says what is to be written, and learns what was.

    Which commands were, the ledger knows: they stand in the hot file until then. What
    became of meals and what nodes fed stands there for days whatever was written, and
    is written once in each run.
    """

    def __init__(self, facts: Facts, now: Now) -> None:
        """Begin with what the ledger knows."""
        self._facts = facts
        self._written: set[object] = set()
        self._began = now.steady
        self._off_for = now.wall - facts.ledger.believed_at

    def lines(self, now: Now) -> Past:
        """Return some of what is to be written, the first commands first."""
        ledger = self._facts.ledger
        # What is not on disk yet may be withdrawn, and then never was.
        stored = (
            ledger.closed[command_id]
            for command_id in sorted(ledger.unarchived - ledger.unstored.keys())
        )
        return Past(
            commands=tuple(islice(stored, AT_ONCE)),
            outcomes=tuple(one for one in self._outcomes() if one not in self._written),
            dispensed=tuple(
                one for one in ledger.feeds.dispensed if one not in self._written
            ),
            older_than=self._older_than(now),
        )

    def written(self, past: Past) -> None:
        """Note what is in the history, and forget of it what no more is asked about."""
        ledger = self._facts.ledger
        self._written.update(past.outcomes, past.dispensed)
        self._written.intersection_update((*self._outcomes(), *ledger.feeds.dispensed))

    def _outcomes(self) -> Iterator[Outcome]:
        ledger = self._facts.ledger
        for settled in ledger.occurrences.values():
            command = ledger.find(settled.command_id or 0)
            if (
                command is not None
                and command.state.final
                and command.id not in ledger.unstored
                and (became := became_in_all(ledger, command)) is not Became.DUE
            ):
                yield Outcome(settled, became)

    def _older_than(self, now: Now) -> float | None:
        """Return up to when all is forgotten; a clock that may be wrong decides none.

        One that a machine began with, long after all that is stored, may be years ahead
        until it has gone on for a day and nobody set it.
        """
        clock = self._facts.clock
        settled = self._off_for < _LONG_OFF or now.steady - self._began > DAY
        if not (clock.plausible and settled):
            return None
        kept_for = self._facts.station.settings.history_days * DAY
        return max(0.0, clock.account(now).wall - kept_for)
