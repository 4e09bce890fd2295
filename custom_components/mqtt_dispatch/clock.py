"""The clocks of the machine, for an engine that has none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
import time

from .engine.model.clock import Now
from .runtime.ports import Cancel


def now() -> Now:
    """Read both."""
    return Now(wall=time.time(), steady=time.monotonic())


class LoopClock:
    """The clocks, and what the event loop does later."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin with nothing to do."""
        self._loop = loop

    def now(self) -> Now:
        """Read both clocks."""
        return Now(time.time(), time.monotonic())

    def later(self, seconds: float, action: Callable[[], None]) -> Cancel:
        """Do something in so many seconds; 0: right after what is going on."""
        if not seconds:
            return self._loop.call_soon(action).cancel
        return self._loop.call_later(seconds, action).cancel
