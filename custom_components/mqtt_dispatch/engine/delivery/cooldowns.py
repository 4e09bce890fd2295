"""What nodes were too busy for, and until when they are left alone with it."""

from __future__ import annotations

from ..model.clock import Now
from .uncommitted import Part


class Cooldowns:
    """The pauses of deliveries that are to be sent later, at no cost."""

    def __init__(self) -> None:
        """Begin with none."""
        self._until: dict[Part, float] = {}

    def begin(self, part: Part, until: float) -> None:
        """Let a delivery rest until a steady second."""
        self._until[part] = until

    def pass_time(self, now: Now) -> None:
        """End what has rested long enough."""
        self._until = {
            part: until for part, until in self._until.items() if until > now.steady
        }

    def forget(self, part: Part) -> None:
        """Drop the rest of a delivery that has ended."""
        self._until.pop(part, None)

    def resting(self) -> frozenset[Part]:
        """Return the deliveries that rest."""
        return frozenset(self._until)

    def rests(self, part: Part) -> bool:
        """Whether a delivery rests."""
        return part in self._until

    def next_deadline(self) -> float | None:
        """Return the steady second at which the first rest ends."""
        return min(self._until.values(), default=None)
