"""The command line of `python -m simulator`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
import math
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.connection import Broker
from simulator.control import CONTROL_HELP
from simulator.faults import ALL, FaultError, Order, describe_faults, order_from_text
from simulator.paired_wire import FIRMWARES, FLAGS, WHILE_BUSY, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

PROTOCOLS = ("paired_dispenser",)
LEAST_SCALE = 0.01
HIGHEST_PORT = 65_535

_DESCRIPTION = """\
Plays the nodes of one station on any MQTT broker, like real ones, with faults to
order. Every execution becomes one line of DIR/ledger.jsonl. Ends on SIGINT or
SIGTERM; the nodes' connections then break as if the power was gone."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    broker: Broker
    protocol: str
    nodes: tuple[str, ...]
    settings: Settings
    ledger: Path
    state: Path | None
    orders: tuple[Order, ...]


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; where it makes no sense, say why and raise SystemExit."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        orders = tuple(order_from_text(text, given.nodes) for text in given.fault)
    except FaultError as error:
        parser.error(f"argument --fault: {error}")
    return Options(
        broker=Broker(given.host, given.port, given.username, given.password),
        protocol=given.protocol,
        nodes=given.nodes,
        settings=Settings(
            prefix=given.prefix,
            firmware=FIRMWARES[given.firmware],
            work_seconds=given.work_seconds,
            interval_scale=given.interval_scale,
            while_busy=given.while_busy,
            flags=given.flags,
        ),
        ledger=given.ledger,
        state=given.state,
        orders=orders,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description=_DESCRIPTION,
        epilog=f"{describe_faults()}\n\n{CONTROL_HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--protocol", choices=PROTOCOLS, required=True)
    add("--host", default="127.0.0.1")
    add("--port", type=_port, default=1883)
    add("--username")
    add("--password")
    add("--prefix", type=_prefix, default="disp", help="default: disp")
    add("--nodes", type=_nodes, default=("1", "2"), metavar="1,2")
    add("--ledger", type=Path, required=True, metavar="DIR")
    add(
        "--state",
        type=Path,
        metavar="DIR",
        help="flash: what nodes remember outlives the simulator. Without it, a new"
        " start forgets which ids were executed",
    )
    add("--firmware", choices=FIRMWARES, default="old", help="default: old")
    add(
        "--work-seconds",
        type=_seconds,
        default=3.0,
        metavar="S",
        help="how long a command takes (3; real nodes need 30 to 60)",
    )
    add(
        "--interval-scale",
        type=_scale,
        default=1.0,
        metavar="X",
        help="multiplies heartbeat (5 s), ready report (2 s) and boot time (2 s)",
    )
    add(
        "--while-busy",
        choices=WHILE_BUSY,
        default="quiet",
        help="a node at work stops its ready reports (quiet), or also says once that"
        " it is not ready (says_so)",
    )
    add(
        "--flags",
        choices=FLAGS,
        default="number",
        help='how nodes spell yes and no: 1, true or "1"',
    )
    add(
        "--fault",
        action="append",
        default=[],
        metavar="ORDER",
        help="an order for a fault, see below; may be given several times",
    )
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port, 1 to {HIGHEST_PORT}")
    return port


def _prefix(text: str) -> str:
    if not text or text.startswith("$") or any(sign in text for sign in "+#\0"):
        raise argparse.ArgumentTypeError(f"{text!r} cannot begin a topic")
    return text


def _nodes(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if not name or name == ALL or any(sign in name for sign in "+#/\0"):
            raise argparse.ArgumentTypeError(f"{name!r} cannot name a node")
    if len(set(names)) != len(names):
        raise argparse.ArgumentTypeError(f"{text} names a node twice")
    return names


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds")
    return seconds


def _scale(text: str) -> float:
    scale = float(text)
    if not LEAST_SCALE <= scale < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number from {LEAST_SCALE}")
    return scale
