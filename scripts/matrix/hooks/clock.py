"""A wall clock that can be set, for the integration alone. The steady one stays."""

from __future__ import annotations

import time


class Clock:
    """Takes the place of the module `time` where the integration reads the clocks."""

    monotonic = staticmethod(time.monotonic)

    def __init__(self, ahead: float) -> None:
        """Begin so many seconds ahead of the true time."""
        self._ahead_at_start = ahead
        self._ahead = ahead

    def set(self, seconds: float) -> None:
        """Go so many seconds ahead of what it was at the start, or behind it."""
        self._ahead = self._ahead_at_start + seconds

    def time(self) -> float:
        """Return unix seconds."""
        return time.time() + self._ahead
