"""A broker, simulated nodes and a Home Assistant that shows them."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
import shutil
import signal
import sys
import tempfile

from homeassistant.util.yaml import load_yaml_dict, save_yaml

from .check import check, until_ready
from .counterparts.zigbee2mqtt.bridge import install, installed_versions
from .counterparts.zigbee2mqtt.played import USUAL_HOME, playing_in
from .parts.api import PASSWORD, USER
from .parts.broker import BrokerKind
from .parts.process import PartError, Process, free_port
from .parts.site import Play, Site
from .parts.stations import KITCHEN, STATIONS, YARD, YARD_BEHIND_BRIDGE, Staged
from .plans import make_plans, order_first

USUAL_PORT = 8123
DASHBOARD = Path(__file__).with_name("demo_dashboard.yaml")
DASHBOARD_PATH = "dispatch-demo"
CONFIGURATION = f"""\
history:
logbook:
lovelace:
  dashboards:
    {DASHBOARD_PATH}:
      mode: yaml
      title: Stations
      icon: mdi:bowl-mix
      filename: {{dashboard}}
"""
ALL = "all"
SIMULATED, REAL = "simulated", "real"
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
        "--protocol",
        choices=[*STATIONS, ALL],
        default=KITCHEN.protocol,
        help="which nodes to simulate; all: a station of each",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="order twice with a restart between, and exit 0 if all of it works",
    )
    parser.add_argument(
        "--broker",
        type=BrokerKind,
        choices=list(BrokerKind),
        help="default: mosquitto where it is installed",
    )
    parser.add_argument(
        "--bridge",
        choices=[SIMULATED, REAL],
        default=SIMULATED,
        help="what speaks as Zigbee2MQTT; real: the program itself, on a radio that"
        " plays devices, which is installed where it is missing",
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
    stations = _stations(arguments.protocol)
    players: Mapping[str, Play] = {}
    if arguments.bridge == REAL:
        stations, players = await _with_real_bridge(stations)
    dashboard = write_dashboard(folder, stations)
    site = Site(
        folder,
        stations=stations,
        broker_kind=arguments.broker,
        port=free_port(USUAL_PORT),
        time_zone=_local_time_zone(),
        more_configuration=CONFIGURATION.format(dashboard=dashboard),
        players=players,
        say=lambda line: print(line, flush=True),
    )
    async with site:
        if arguments.check:
            await check(site, dashboard)
            return 0
        await until_ready(site)
        await make_plans(site)
        await order_first(site)
        address = f"{site.home_assistant.url}/{DASHBOARD_PATH}/{stations[0].slug}"
        print(f"\n  {address}\n  login {USER}, password {PASSWORD}\n", flush=True)
        print("Ctrl-C ends all of it.", flush=True)
        await _until_one_ends(site)
    return 1


def _stations(protocol: str) -> Sequence[Staged]:
    return [*STATIONS.values()] if protocol == ALL else [STATIONS[protocol]]


async def _with_real_bridge(
    stations: Sequence[Staged],
) -> tuple[Sequence[Staged], Mapping[str, Play]]:
    """Return the stations with the devices of the real bridge, and what plays them.

    Raises PartError where none of them is behind it, or it cannot be installed.
    """
    if YARD not in stations:
        raise PartError(f"--bridge {REAL} is for --protocol {YARD.protocol}")
    await install(USUAL_HOME)
    print(f"{installed_versions(USUAL_HOME)} is installed.", flush=True)
    return (
        [YARD_BEHIND_BRIDGE if station is YARD else station for station in stations],
        {YARD.protocol: playing_in(USUAL_HOME)},
    )


def write_dashboard(folder: Path, stations: Sequence[Staged]) -> Path:
    """Write a dashboard with the views of these stations."""
    dashboard = load_yaml_dict(str(DASHBOARD))
    shown = {station.slug for station in stations}
    dashboard["views"] = [view for view in dashboard["views"] if view["path"] in shown]
    path = folder / "dashboard.yaml"
    save_yaml(str(path), dashboard)
    return path


async def _until_one_ends(site: Site) -> None:
    """Wait until a part ends by itself, which none should; raises PartError then."""
    parts: list[Process] = [
        site.broker.process,
        *(simulator.process for simulator in site.simulators.values()),
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
