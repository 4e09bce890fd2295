"""A log that a flood cannot flood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
import logging
import time

from .protocols.untrusted import shown

LOGGER = logging.getLogger(__package__)

_PAUSE = 60.0
"""Seconds between two lines."""


class CountedLog:
    """Counts what comes, and says so at most once a minute."""

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing counted. `what` opens each line."""
        self.totals: Counter[str] = Counter()
        self._what = what
        self._clock = clock
        self._unsaid = 0
        self._quiet_until = -_PAUSE

    def count(self, why: str, topic: str, *, is_fault: bool = True) -> None:
        """Count one more. What is no fault is counted, and not said."""
        self.totals[why] += 1
        if not is_fault:
            return
        self._unsaid += 1
        now = self._clock()
        if now < self._quiet_until:
            return
        LOGGER.warning(
            "%s: %d, the latest on %s: %s", self._what, self._unsaid, shown(topic), why
        )
        self._unsaid = 0
        self._quiet_until = now + _PAUSE
