"""The steady arm: heartbeats of many nodes, and a command a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scripts.parts.flows import DOMAIN

from . import lateness
from .figures import Figure, number, times
from .fleet import StationPlan
from .measuring import Measuring, beside
from .orders import Orders, of_orders
from .rig import Rig
from .stops import of_stops
from .watch import MEBIBYTE, Watch, growth, written

LATEST = 1.0
"""Seconds by which anything may be late."""
GROWTH_LIMIT = 1.0
"""MiB a minute that still count as flat."""
SHORTEST_GROWTH = 120.0
"""Seconds below which a growth of memory says nothing."""
QUIET_SECONDS = 30.0
WARM_UP_SECONDS = 30.0
"""For which Home Assistant still works on its own start."""


async def steady(
    folder: Path,
    stations: Sequence[StationPlan],
    minutes: float,
    say: Callable[[str], None],
) -> list[Figure]:
    """Measure heartbeats alone, then with a command a second for so many minutes."""
    async with Rig(folder / "stock", stations, say, stock=True) as rig:
        await asyncio.sleep(WARM_UP_SECONDS)
        async with Measuring(rig) as stock:
            await asyncio.sleep(QUIET_SECONDS)
    async with Rig(folder / "ours", stations, say) as rig:
        await asyncio.sleep(WARM_UP_SECONDS)
        before = written(rig.storage)
        async with Measuring(rig) as quiet:
            await asyncio.sleep(QUIET_SECONDS)
        after = written(rig.storage)

        orders = Orders(rig, probes=True)
        say(f"One command a second for {minutes:g} minutes.")
        async with Measuring(rig) as busy:
            await orders.give(60 * minutes)
        timelines = await _timelines(rig)
        if excerpt := busy.journal.excerpt():
            say(f"The log says:\n{excerpt}")
        return [
            Figure(
                "Messages of the nodes",
                f"{busy.heard / busy.watch.seconds:,.0f} a second",
            ),
            *of_orders(rig, orders.given),
            times(
                "Gate open to arrival at a node",
                lateness.of_commands(orders.given, rig.fleet.arrivals),
                LATEST,
            ),
            *(
                times(f"Deadline passed: {what}", late, LATEST)
                for what, late in lateness.of_deadlines(timelines).items()
            ),
            number("Errors in the log", len(busy.journal.errors()), 0),
            number("Warnings of the integration", len(busy.journal.complaints()), 0),
            number(
                f"Files written in {quiet.heard:,} heartbeats without a command",
                sum(before[name] != at for name, at in after.items()),
                0,
            ),
            _memory(busy.watch),
            number("Messages dropped by the broker", busy.dropped, 0),
            *beside(busy, stock),
            *of_stops("heartbeats only", quiet.stops, stock.stops),
            *of_stops("with commands", busy.stops, stock.stops),
        ]


async def _timelines(rig: Rig) -> list[dict[str, Any]]:
    found = []
    for device in rig.devices.values():
        answer = await rig.api.call(
            DOMAIN, "get_commands", {"device_id": device, "limit": 1000}
        )
        found.extend(answer["commands"])
    return found


def _memory(watch: Watch) -> Figure:
    settled = watch.samples[len(watch.samples) // 3 :]
    slope = growth(settled)
    found = (
        f"{settled[0].resident / MEBIBYTE:.1f} to"
        f" {settled[-1].resident / MEBIBYTE:.1f} MiB, {slope:+.2f} MiB a minute"
    )
    what = "Memory after the first third"
    if settled[-1].at - settled[0].at < SHORTEST_GROWTH:
        return Figure(what, f"{found} (too short to judge)")
    return Figure(
        what, found, f"at most {GROWTH_LIMIT:g} MiB a minute", slope <= GROWTH_LIMIT
    )
