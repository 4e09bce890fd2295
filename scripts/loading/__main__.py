"""`scripts/load`: measures, prints, and ends with 1 if a limit was broken."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path
import platform
import sys
import tempfile
import time

from homeassistant.const import __version__ as home_assistant_version

from scripts.parts.process import PartError

from .answers import answers
from .cost import cost
from .figures import markdown, text
from .fleet import plan
from .flooded import flooded
from .steady import steady
from .telemetry import telemetry

DEFAULTS = {
    "steady": (50, 500),
    "cost": (50, 500),
    "flood": (5, 50),
    "telemetry": (1, 50),
    "answers": (1, 1),
}
"""How many stations, and how many nodes."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/load", description=__doc__)
    parser.add_argument("--arm", choices=tuple(DEFAULTS), default="steady")
    parser.add_argument(
        "--minutes",
        type=float,
        default=10.0,
        help="of the steady, the cost and the telemetry arm",
    )
    parser.add_argument("--stations", type=int, help="default: 50, in a flood 5")
    parser.add_argument(
        "--nodes",
        type=int,
        help="of all stations; default: 500, in a flood 50",
    )
    parser.add_argument("--markdown", action="store_true", help="print a table")
    given = parser.parse_args()
    stations, nodes = DEFAULTS[given.arm]
    given.stations = given.stations or stations
    given.nodes = given.nodes or nodes
    if not 1 <= given.stations <= given.nodes:
        parser.error("every station needs a node")
    return given


async def _run(given: argparse.Namespace, folder: Path) -> bool:
    started = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {line}", flush=True)

    stations = plan(given.stations, given.nodes)
    match given.arm:
        case "steady":
            figures = await steady(folder, stations, given.minutes, say)
        case "cost":
            figures = await cost(folder, stations, 60 * given.minutes, say)
        case "flood":
            figures = await flooded(folder, stations, say)
        case "telemetry":
            figures = await telemetry(folder, given.nodes, 60 * given.minutes, say)
        case _:
            figures = await answers(folder, say)
    print(
        f"\n{given.arm}: {given.nodes} nodes in {given.stations} stations,"
        f" Home Assistant {home_assistant_version}, Python {platform.python_version()},"
        f" {os.cpu_count()} cores, load before {LOAD_BEFORE:.1f}\n"
    )
    print((markdown if given.markdown else text)(figures))
    return all(figure.kept is not False for figure in figures)


LOAD_BEFORE = os.getloadavg()[0]


def main() -> int:
    """Run one arm and return the exit code."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="mqtt_dispatch_load_") as folder:
        try:
            kept = asyncio.run(_run(given, Path(folder)))
        except PartError as error:
            print(error, file=sys.stderr)
            return 1
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
