"""One life of Home Assistant's process: what it does later, and where it may crash."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from custom_components.mqtt_dispatch.engine.model.clock import Now
from simulation.clock import Agenda, Clock

QUICK_STEP = 0.005
"""Seconds that a step of a write takes at most on a disk that is well."""


class Crash(Exception):  # noqa: N818 - it happens to the process, which has no fault
    """The process is gone, in the middle of what it did."""


class Process:
    """A process, from its start to its stop or crash."""

    def __init__(self, life: int, clock: Clock, agenda: Agenda, random: Random) -> None:
        self.life = life
        self._clock = clock
        self._agenda = agenda
        self._random = random
        self._points_left: int | None = None
        self._slowest_step = QUICK_STEP
        self.ended_at = ""
        """The point at which it crashed."""

    def now(self) -> Now:
        return self._clock.now()

    @property
    def time(self) -> float:
        return self._clock.time

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        self._agenda.after(seconds, action, self.life)

    def disk_seconds(self) -> float:
        return self._random.random() * self._slowest_step

    def set_slowest_step(self, seconds: float | None) -> None:
        """Have steps of writes take up to so many seconds; None: as always."""
        self._slowest_step = QUICK_STEP if seconds is None else seconds

    def crash_after(self, points: int) -> None:
        """Let it crash when it has come past so many points more."""
        self._points_left = points

    def crash_never(self) -> None:
        self._points_left = None

    def point(self, name: str) -> None:
        """Pass a point between two steps. Raises Crash where it was to end."""
        if self._points_left is None:
            return
        if self._points_left == 0:
            self.ended_at = name
            raise Crash
        self._points_left -= 1
