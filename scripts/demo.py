"""A broker, two simulated nodes and a Home Assistant that shows them."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
import shutil
import signal
import sys
import tempfile

from .check import check, until_ready
from .parts.api import PASSWORD, USER
from .parts.broker import BrokerKind
from .parts.flows import DOMAIN
from .parts.process import PartError, Process, free_port
from .parts.site import Site

USUAL_PORT = 8123
DASHBOARD = Path(__file__).with_name("demo_dashboard.yaml")
DASHBOARD_PATH = "mqtt-dispatch"
CONFIGURATION = f"""\
history:
logbook:
lovelace:
  dashboards:
    {DASHBOARD_PATH}:
      mode: yaml
      title: MQTT Dispatch
      icon: mdi:bowl-mix
      filename: {DASHBOARD}
"""
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MEALS = [
    {"name": "Breakfast", "time": "07:30", "portions": 2, "weekdays": EVERY_DAY},
    {"name": "Dinner", "time": "18:30", "portions": 2, "weekdays": EVERY_DAY},
]
INTERRUPTED = 130


def main() -> int:
    arguments = _parser().parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mqtt_dispatch_demo_"))
    try:
        return asyncio.run(_run_until_told(folder, arguments))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description=__doc__, epilog="Ctrl-C ends all of it."
    )
    parser.add_argument("--ha", metavar="VERSION", help="of Home Assistant")
    parser.add_argument(
        "--check",
        action="store_true",
        help="feed twice with a restart between, and exit 0 if all of it works",
    )
    parser.add_argument(
        "--broker",
        type=BrokerKind,
        choices=list(BrokerKind),
        help="default: mosquitto where it is installed",
    )
    return parser


async def _run_until_told(folder: Path, arguments: argparse.Namespace) -> int:
    """Run the demo; the first signal ends it, further ones change nothing."""
    running = asyncio.ensure_future(_run(folder, arguments))
    told: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        if not told:
            print("\nEnding all of it.", flush=True)
            running.cancel()
        told.append(number)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, end, number)
    try:
        return await running
    except asyncio.CancelledError:
        return INTERRUPTED if arguments.check else 0
    except PartError as error:
        print(f"FAILED  {error}", file=sys.stderr)
        return 1


async def _run(folder: Path, arguments: argparse.Namespace) -> int:
    site = Site(
        folder,
        broker_kind=arguments.broker,
        port=free_port(USUAL_PORT),
        time_zone=_local_time_zone(),
        more_configuration=CONFIGURATION,
        say=lambda line: print(line, flush=True),
    )
    async with site:
        if arguments.check:
            await check(site)
            return 0
        await until_ready(site)
        await _plan_meals(site)
        address = f"{site.home_assistant.url}/{DASHBOARD_PATH}/kitchen"
        print(f"\n  {address}\n  login {USER}, password {PASSWORD}\n", flush=True)
        print("Ctrl-C ends all of it.", flush=True)
        await _until_one_ends(site)
    return 1


async def _plan_meals(site: Site) -> None:
    station = await site.device_id()
    for meal in MEALS:
        await site.home_assistant.api.call(
            DOMAIN, "schedule", {"device_id": station, **meal}
        )


async def _until_one_ends(site: Site) -> None:
    """Wait until a part ends by itself, which none should; raises PartError then."""
    parts: list[Process] = [
        site.broker.process,
        site.simulator.process,
        site.home_assistant.process,
    ]
    waiting = {asyncio.ensure_future(part.ended()): part for part in parts}
    try:
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    part = waiting[done.pop()]
    raise PartError(f"{part.name} ended by itself:\n{part.tail()}")


def _local_time_zone() -> str:
    _, separator, name = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    return name if separator else "UTC"


if __name__ == "__main__":
    sys.exit(main())
