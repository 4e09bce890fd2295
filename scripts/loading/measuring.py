"""All that is watched at one Home Assistant for a while."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Self

from .echo import Echo
from .figures import Figure, times
from .journal import Journal
from .rig import Rig
from .stops import Longest, longest
from .watch import Watch

API_LIMIT = 1.0
"""Seconds in which 99 of 100 requests must be answered."""


class Measuring:
    """Watches while it is entered. `heard` and `dropped` are there when it is left."""

    def __init__(self, rig: Rig) -> None:
        self.journal = Journal(rig.home_assistant)
        self.watch = Watch(rig.home_assistant.process.pid)
        self.echo = Echo(rig.api, rig.fleet)
        self.heard = 0
        """How many messages the nodes published."""
        self.dropped = 0
        """How many messages the broker dropped because Home Assistant was slower."""
        self._rig = rig
        self._stack = AsyncExitStack()

    @property
    def stops(self) -> Longest:
        """What held the event loop longest."""
        samples = self.watch.samples
        return longest(self._rig.stops, samples[0].at, samples[-1].at)

    async def __aenter__(self) -> Self:
        fleet = self._rig.fleet
        self.heard, self.dropped = -fleet.published.total(), -fleet.dropped
        await self._stack.enter_async_context(self.watch)
        await self._stack.enter_async_context(self.echo)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        fleet = self._rig.fleet
        self.heard += fleet.published.total()
        self.dropped += fleet.dropped


def beside(ours: Measuring, stock: Measuring) -> list[Figure]:
    """Return how fast both answered, and what else the machine had to do."""
    return [
        times("API answers", ours.echo.api, API_LIMIT, top=99),
        times("API answers, stock", stock.echo.api),
        times("MQTT to a stock sensor beside it", ours.echo.mqtt),
        times("MQTT to a stock sensor, stock", stock.echo.mqtt),
        Figure(
            "Ready to run, but waiting for a core",
            f"{ours.watch.waited_share:.1%} of the time"
            f" (stock: {stock.watch.waited_share:.1%})",
        ),
    ]
