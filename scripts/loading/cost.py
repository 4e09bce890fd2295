"""The cost arm: what heartbeats cost beside stock sensors that get the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from .figures import Figure
from .fleet import StationPlan
from .rig import Rig
from .watch import Watch

WARM_UP_SECONDS = 60.0
"""For which Home Assistant still works on its own start."""


async def cost(
    folder: Path,
    stations: Sequence[StationPlan],
    seconds: float,
    say: Callable[[str], None],
) -> list[Figure]:
    """Measure both at the same time, for what else the machine does meets both.

    Nothing looks into either of them: to time each call costs more than the call.
    """
    async with (
        Rig(folder / "stock", stations, say, stock=True, watched=False) as stock,
        Rig(folder / "ours", stations, say, watched=False) as ours,
    ):
        # It is restarted as ours was: an older process is a larger one.
        await stock.home_assistant.restart()
        await asyncio.sleep(WARM_UP_SECONDS)
        say(f"Heartbeats for {seconds:.0f} seconds.")
        heard = -stock.fleet.published.total(), -ours.fleet.published.total()
        async with (
            Watch(stock.home_assistant.process.pid) as of_stock,
            Watch(ours.home_assistant.process.pid) as of_ours,
        ):
            await asyncio.sleep(seconds)
        by_stock = _microseconds(of_stock, heard[0] + stock.fleet.published.total())
        by_ours = _microseconds(of_ours, heard[1] + ours.fleet.published.total())
        waited = f"{of_ours.waited_share:.1%} (stock: {of_stock.waited_share:.1%})"
        return [
            Figure(
                "Messages of the nodes",
                f"{(heard[1] + ours.fleet.published.total()) / seconds:,.0f} a second",
            ),
            Figure("CPU a message, ours", f"{by_ours:.0f} us"),
            Figure("CPU a message, stock sensors", f"{by_stock:.0f} us"),
            Figure(
                "Ours : stock",
                f"{by_ours / by_stock:.2f}",
                "at most 1",
                by_ours <= by_stock,
            ),
            Figure("Ready to run, but waiting for a core", waited),
        ]


def _microseconds(watch: Watch, messages: int) -> float:
    return 1e6 * watch.cpu_seconds / messages
