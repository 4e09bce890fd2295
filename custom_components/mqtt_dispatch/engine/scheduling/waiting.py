"""What waits to be sent at one moment, and what for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import merge

from ..model.clock import Now
from ..model.command import Command
from ..model.reason import Reason
from .later import Later
from .queue import Queued, Situation, Turns

type Reasons = tuple[Reason, ...]


class Waiting:
    """The commands that wait, each with what it waits for.

    Those whose time has not come are the last. It is good for one moment. Only what
    stands at the head of a lane, or is in flight, is looked at beforehand; the others
    wait for those.
    """

    def __init__(
        self,
        queued: Queued,
        later: Later,
        in_flight: Mapping[int, tuple[Command, Reasons]],
        situation: Situation,
        now: Now,
    ) -> None:
        """Look at the heads. `in_flight`: what a part of which is still to be sent."""
        self._queued, self._later = queued, later
        self._in_flight = in_flight
        self._halts = situation.halts
        self._turns = Turns(situation, now)
        heads = {
            command.id: (command, reasons)
            for command, reasons in self._turns.survey(queued.heads())
        }
        self._ready = sum(not reasons for _, reasons in heads.values())
        self._looked_at = {**heads, **in_flight}

    def __iter__(self) -> Iterator[tuple[Command, Reasons]]:
        """Go through all of them, while nothing changes."""
        commands = merge(
            self._queued.all(),
            (command for command, _ in self._in_flight.values()),
            key=lambda command: self._later.place(command.id),
        )
        for command in commands:
            if reasons := self.of(command):
                yield command, reasons
        for command in self._later.early():
            yield command, (self._halts.of_early(command),)

    def of(self, command: Command) -> Reasons:
        """Return what one of them waits for; nothing: it is about to be sent."""
        known = self._looked_at.get(command.id)
        return self._turns.behind(command) if known is None else known[1]

    def __len__(self) -> int:
        """Return how many commands wait."""
        queued = self._queued.count + self._later.count
        return queued - self._ready + len(self._in_flight)

    def has(self, command_id: int) -> bool:
        """Whether a command waits."""
        if (known := self._looked_at.get(command_id)) is not None:
            return bool(known[1])
        return self._queued.has(command_id)

    def looked_at(self) -> Iterator[tuple[Command, Reasons]]:
        """Go through those that wait for something else than their turn, oldest first.

        They are the first ones of each lane, and what is in flight.
        """
        for _, (command, reasons) in sorted(self._looked_at.items()):
            if reasons:
                yield command, reasons
