"""How often something may be done that any number of messages ask for."""

from __future__ import annotations


class Pace:
    """Lets a few be done at once, and then one every `every` seconds."""

    def __init__(self, every: float, at_once: int) -> None:
        """Begin rested."""
        self._every = every
        self._ahead = every * (at_once - 1)
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Return in how many seconds the next one may be done, and count it."""
        furthest = now + self._ahead + self._every
        self._next = min(max(self._next, now), furthest)
        wait = max(0.0, self._next - self._ahead - now)
        self._next += self._every
        return wait
