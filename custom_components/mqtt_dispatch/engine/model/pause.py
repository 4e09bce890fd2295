"""A station that sends nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REASON_LIMIT: Final = 255


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent until its end, or until somebody resumes."""

    until: float | None = None
    """Unix seconds. None: it has no end of its own."""
    reason: str = ""
    """Why, as a person or an automation put it."""
