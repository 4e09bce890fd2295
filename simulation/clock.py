"""The virtual clock of a run, and what will happen when."""

from __future__ import annotations

from collections.abc import Callable
import heapq

from custom_components.mqtt_dispatch.engine.model.clock import Now

WORLD = 0
"""The life of what outlives every process."""

GRAIN = 1e-6
"""Seconds by which timers are late: unix time is no finer, and time must go on."""


class Clock:
    """One time, in seconds since the run began, and the two clocks that a host reads.

    The wall clock can be set; the steady one begins anew with each boot.
    """

    def __init__(self, wall: float) -> None:
        self.time = 0.0
        self._began = wall
        self.wall_ahead = wall
        self.steady_ahead = 1000.0

    def now(self) -> Now:
        return Now(self.wall_ahead + self.time, self.steady_ahead + self.time)

    @property
    def true(self) -> float:
        """The real time, in unix seconds: what nodes go by."""
        return self._began + self.time

    def boot(self) -> None:
        self.steady_ahead = 10.0 - self.time


class Agenda:
    """What is to be done, in the order of its time; the first come first at one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[tuple[float, int, int, Callable[[], None]]] = []
        self._count = 0

    @property
    def time(self) -> float:
        """Seconds since the world began."""
        return self._clock.time

    def after(
        self, seconds: float, action: Callable[[], None], life: int = WORLD
    ) -> None:
        self.at(self.time + seconds, action, life)

    def at(self, at: float, action: Callable[[], None], life: int = WORLD) -> None:
        """Have something done at a time of the world; in seconds."""
        self._count += 1
        heapq.heappush(self._entries, (at, self._count, life, action))

    def next_at(self) -> float | None:
        return self._entries[0][0] if self._entries else None

    def take(self, life: int) -> Callable[[], None] | None:
        """Go to the next entry, and return it if whose it is still lives."""
        at, _, owner, action = heapq.heappop(self._entries)
        self._clock.time = max(self._clock.time, at)
        return action if owner in (WORLD, life) else None
