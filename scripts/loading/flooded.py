"""The flood arm: junk on all topics of the stations, and commands must go through."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
import json
from pathlib import Path
import sys
from typing import Any

from scripts.parts.flows import DOMAIN
from scripts.parts.process import PartError, Process

from . import lateness
from .figures import Figure, number, times
from .fleet import WORK_SECONDS, StationPlan
from .flood import Flooded
from .measuring import Measuring, beside
from .orders import Orders, of_orders
from .rig import Rig
from .watch import MEBIBYTE, Watch

RATE = 5000
"""Messages a second."""
SECONDS = 60.0
SEED = 1
BOUNDS_REACHED = 15.0
"""Seconds after which every bounded collection is full."""
GROWTH_LIMIT = 8.0
"""MiB more than with stock sensors that the rest of the flood may leave behind."""
LINES_A_STATION = 4
"""One counted line a minute and station, a complaint of another sender, and their ends:
a flood of a minute and its wake touch three minutes."""
OFFERS_A_STATION = 100


async def flooded(
    folder: Path, stations: Sequence[StationPlan], say: Callable[[str], None]
) -> list[Figure]:
    """Flood stock sensors for a minute, then the stations, with a command a second."""
    async with (
        Rig(folder / "stock", stations, say, stock=True) as rig,
        Measuring(rig) as stock,
    ):
        stock_junk = await _pour(folder / "stock", rig)
        await stock.echo.all_echoed()
    async with Rig(folder / "ours", stations, say) as rig:
        orders = Orders(rig, probes=False)
        say(f"{RATE:,} messages of junk a second for {SECONDS:.0f} s.")
        async with Measuring(rig) as ours:
            flooding = asyncio.create_task(_pour(folder / "ours", rig))
            await orders.give(SECONDS)
            junk = await flooding
            await ours.echo.all_echoed()
        in_time = sum(order.as_wanted for order in orders.given)
        await orders.look_again()
        taken = [
            order.ended_at - order.at - WORK_SECONDS
            for order in orders.given
            if order.ended_at is not None
        ]
        cost = ours.watch.cpu_seconds / junk.messages
        stock_cost = stock.watch.cpu_seconds / stock_junk.messages
        if excerpt := ours.journal.excerpt():
            say(f"The log says:\n{excerpt}")
        return [
            Figure(
                "Junk",
                f"{junk.messages:,} messages,"
                f" {junk.messages / junk.seconds:,.0f} a second",
            ),
            *await _counted(rig),
            *of_orders(rig, orders.given),
            number("succeeded when the flood had been worked off", in_time),
            times("Order to its end, less the work", taken),
            times(
                "Gate open to arrival at a node",
                lateness.of_commands(orders.given, rig.fleet.arrivals),
            ),
            number("Errors in the log", len(ours.journal.errors()), 0),
            number(
                "Lines in the log",
                len(ours.journal.lines()),
                LINES_A_STATION * len(stations),
            ),
            number("Lines in the log, stock", len(stock.journal.lines())),
            number(
                "Offers to add a node",
                await _offers(rig),
                OFFERS_A_STATION * len(stations),
            ),
            *_memory(ours.watch, stock.watch),
            number("Dropped by the broker", ours.dropped),
            number("Dropped by the broker, stock", stock.dropped),
            *beside(ours, stock),
            Figure("CPU", f"{ours.watch.cpu_share:.1%} of one core"),
            Figure("CPU, stock", f"{stock.watch.cpu_share:.1%} of one core"),
            Figure("CPU a message of junk", f"{1e6 * cost:.0f} µs"),
            Figure("CPU a message of junk, stock", f"{1e6 * stock_cost:.0f} µs"),
            Figure("Ours : stock", f"{cost / stock_cost:.2f}"),
        ]


async def _pour(folder: Path, rig: Rig) -> Flooded:
    """Flood from a process of its own."""
    arguments = {
        "port": rig.broker.port,
        "stations": len(rig.stations),
        "nodes": sum(len(station.nodes) for station in rig.stations),
        "rate": RATE,
        "seed": SEED,
        "seconds": SECONDS,
    }
    process = Process(
        "The flood",
        [
            *(sys.executable, "-m", "scripts.loading.flood"),
            *(f"--{name}={value}" for name, value in arguments.items()),
        ],
        folder / "flood.log",
    )
    await process.start()
    try:
        code = await process.ended()
    finally:
        await process.kill()
    if code != 0:
        raise PartError(f"The flood ended with {code}:\n{process.tail()}")
    told = json.loads(process.tail(1))
    return Flooded(told["messages"], told["seconds"])


async def _counted(rig: Rig) -> list[Figure]:
    found = (await rig.ask_diagnostics()).values()
    return [
        number("of it counted as not understood", _sum(found, "not_understood")),
        number("of it counted as not credited", _sum(found, "not_credited")),
    ]


def _sum(found: Any, key: str) -> int:  # noqa: ANN401 - diagnostics are JSON
    return sum(sum(one[key].values()) for one in found)


async def _offers(rig: Rig) -> int:
    flows = await rig.api.ask("config_entries/flow/progress")
    return sum(flow["handler"] == DOMAIN for flow in flows)


def _memory(ours: Watch, stock: Watch) -> list[Figure]:
    grown, stock_grown = _grown(ours), _grown(stock)
    more = (grown[2] - grown[1]) - (stock_grown[2] - stock_grown[1])
    what = f"Memory at the start, after {BOUNDS_REACHED:.0f} s, at the end"
    return [
        Figure(
            what,
            "{:.1f}, {:.1f}, {:.1f} MiB".format(*grown),
            f"last step at most {GROWTH_LIMIT:g} MiB more than stock",
            more <= GROWTH_LIMIT,
        ),
        Figure(f"{what}, stock", "{:.1f}, {:.1f}, {:.1f} MiB".format(*stock_grown)),
    ]


def _grown(watch: Watch) -> tuple[float, float, float]:
    samples = watch.samples
    full = next(one for one in samples if one.at > samples[0].at + BOUNDS_REACHED)
    first, then, last = (
        one.resident / MEBIBYTE for one in (samples[0], full, samples[-1])
    )
    return first, then, last
