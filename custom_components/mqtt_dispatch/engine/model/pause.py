"""A station that sends nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REASON_LIMIT: Final = 255


@dataclass(frozen=True, slots=True)
class PlanPause:
    """Nothing of the plan is done until its end; what people order is."""

    since: float
    """Unix seconds."""
    until: float | None = None
    """Unix seconds. None: it has no end of its own."""
    reason: str = ""
    """Why, as a person or an automation put it."""

    def covers(self, at: float) -> bool:
        """Whether a moment (unix seconds) lies in it."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent until its end, or until somebody resumes."""

    until: float | None = None
    """Unix seconds. None: it has no end of its own."""
    reason: str = ""
    """Why, as a person or an automation put it."""
