"""What is known of a station: each fact has its one owner; the rooms decide by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from .deadlines import Deadlines
from .ledger.ledger import Ledger
from .ledger.snapshot import Snapshot
from .model.clock import Now
from .model.command import Command
from .model.policy import Station
from .scheduling.conditions import Conditions
from .scheduling.statuses import Statuses
from .wall_clock import WallClock


@dataclass(slots=True)
class Facts:
    """The rules of the station, what is stored, what was heard, what is waited for."""

    station: Station
    ledger: Ledger
    clock: WallClock
    statuses: Statuses
    conditions: Conditions
    deadlines: Deadlines

    @classmethod
    def read(
        cls,
        station: Station,
        stored: Snapshot,
        history: Iterable[Command],
        now: Now,
        first_id: int,
    ) -> Self:
        """Return what is known when nothing was heard yet."""
        deadlines = Deadlines()
        ledger = Ledger(stored, history, now, deadlines, first_id)
        nodes, settings = station.nodes, station.settings
        return cls(
            station,
            ledger,
            WallClock(ledger, now),
            Statuses(
                nodes, ledger.open.nodes(), settings, deadlines, station.word_holds
            ),
            Conditions(settings, deadlines),
            deadlines,
        )
