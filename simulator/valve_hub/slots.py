"""The slots of a node: when each runs, in UTC, and which of them overlap."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 24 * 60 * 60
WEEK = 7 * DAY
_SUNDAY = 3 * DAY
"""Unix time began on a Thursday."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When a node opens a valve by itself; `days` are bits, Sunday is bit 0."""

    hour: int
    minute: int
    duration: int
    days: int
    valve: int

    @property
    def sensible(self) -> bool:
        return (
            self.hour < 24  # noqa: PLR2004 - hours of a day
            and self.minute < 60  # noqa: PLR2004 - minutes of an hour
            and 1 <= self.duration <= 65_535  # noqa: PLR2004 - two bytes
            and 1 <= self.days <= 127  # noqa: PLR2004 - seven bits
        )

    def starts(self) -> list[int]:
        """Return when it runs, in seconds since the week began on Sunday."""
        of_day = (self.hour * 60 + self.minute) * 60
        return [day * DAY + of_day for day in range(7) if self.days >> day & 1]

    def overlaps(self, other: Slot) -> bool:
        return any(
            (theirs - own) % WEEK < self.duration
            or (own - theirs) % WEEK < other.duration
            for own in self.starts()
            for theirs in other.starts()
        )

    def next_start(self, now: float) -> float:
        """Return the unix seconds, after `now`, at which it next runs."""
        of_week = (now - _SUNDAY) % WEEK
        return now + min((start - of_week) % WEEK or WEEK for start in self.starts())
