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
        """Whether a node takes it: it looks neither at the valve nor at bit 7."""
        return (
            self.hour < 24  # noqa: PLR2004 - hours of a day
            and self.minute < 60  # noqa: PLR2004 - minutes of an hour
            and self.duration > 0
            and self.days > 0
        )

    def starts(self) -> list[int]:
        """Return when it runs, in seconds since the week began on Sunday."""
        of_day = (self.hour * 60 + self.minute) * 60
        return [day * DAY + of_day for day in range(7) if self.days >> day & 1]

    def overlaps(self, other: Slot) -> bool:
        """Whether a node refuses one beside the other.

        It compares them on the days that they share, in minutes, whatever their valves
        are, and does not see that a run goes on after midnight.
        """
        if not self.days & other.days:
            return False
        begins, others_begin = self._minute_of_day, other._minute_of_day
        return begins < others_begin + other._minutes and (
            others_begin < begins + self._minutes
        )

    def next_start(self, now: float) -> float:
        """Return the unix seconds, after `now`, at which it next runs."""
        of_week = (now - _SUNDAY) % WEEK
        return now + min((start - of_week) % WEEK or WEEK for start in self.starts())

    @property
    def _minute_of_day(self) -> int:
        return self.hour * 60 + self.minute

    @property
    def _minutes(self) -> int:
        return -(-self.duration // 60)
