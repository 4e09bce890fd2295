"""The command line of `python -m simulator`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simulator import arguments
from simulator.connection import Broker
from simulator.control import CONTROL_HELP
from simulator.faults import (
    GRAMMAR,
    FaultError,
    Order,
    describe_faults,
    order_from_text,
)
from simulator.profiled.station import profile_in, simulated_of
from simulator.registry import SIMULATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.simulated import Simulated

_PROGRAM = "python -m simulator"
_DESCRIPTION = """\
Plays the nodes of one station on any MQTT broker, like real ones, with faults to
order. Every execution becomes one line of DIR/ledger.jsonl. Ends on SIGINT or
SIGTERM; the nodes' connections then break as if the power was gone."""
_MORE = f"""\
{_PROGRAM} --protocol PROTOCOL --help
  shows the options and the faults of a protocol; so it does with --profile FILE."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says; `given` is all of it, for the protocol."""

    broker: Broker
    simulated: Simulated
    prefix: str
    nodes: tuple[str, ...]
    ledger: Path
    state: Path | None
    orders: tuple[Order, ...]
    given: argparse.Namespace


def parse(line: Sequence[str]) -> Options:
    """Read the command line; where it makes no sense, say why and raise SystemExit."""
    played = _played_in(line)
    parser = _parser(played)
    given = parser.parse_args(line)
    simulated = SIMULATED[given.protocol] if played is None else played
    try:
        orders = tuple(
            order_from_text(text, given.nodes, simulated.faults) for text in given.fault
        )
    except FaultError as error:
        parser.error(f"argument --fault: {error}")
    return Options(
        broker=Broker(given.host, given.port, given.username, given.password),
        simulated=simulated,
        prefix=given.prefix,
        nodes=given.nodes,
        ledger=given.ledger,
        state=given.state,
        orders=orders,
        given=given,
    )


def _played_in(line: Sequence[str]) -> Simulated | None:
    """Return the protocol that is named; None leaves all complaints to the parser."""
    finder = argparse.ArgumentParser(prog=_PROGRAM, add_help=False, allow_abbrev=False)
    finder.add_argument("--protocol")
    finder.add_argument("--profile", type=Path)
    named, _ = finder.parse_known_args(line)
    if named.profile is None:
        return SIMULATED.get(named.protocol)
    try:
        return simulated_of(profile_in(named.profile))
    except (OSError, ValueError) as error:
        finder.error(f"argument --profile: {error}")


def _parser(simulated: Simulated | None) -> argparse.ArgumentParser:
    said = (
        [_MORE, GRAMMAR] if simulated is None else [describe_faults(simulated.faults)]
    )
    parser = argparse.ArgumentParser(
        prog=_PROGRAM,
        description=_DESCRIPTION,
        epilog="\n\n".join([*said, CONTROL_HELP]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_common(parser, simulated)
    if simulated is not None:
        simulated.add_options(parser)
    return parser


def _add_common(parser: argparse.ArgumentParser, simulated: Simulated | None) -> None:
    prefix = simulated.default_prefix if simulated else None
    nodes = simulated.default_nodes if simulated else ()
    add = parser.add_argument
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--protocol", choices=tuple(SIMULATED))
    what.add_argument(
        "--profile",
        type=Path,
        metavar="FILE",
        help="plays what the profile in this file describes",
    )
    add("--host", default="127.0.0.1")
    add("--port", type=arguments.port, default=1883)
    add("--username")
    add("--password")
    add(
        "--prefix",
        type=arguments.prefix,
        default=prefix,
        help=f"default: {prefix or 'as the protocol has it'}",
    )
    add(
        "--nodes",
        type=arguments.nodes,
        default=nodes,
        metavar=",".join(nodes) or "NODES",
        help=None if nodes else "default: as the protocol has them",
    )
    add("--ledger", type=Path, required=True, metavar="DIR")
    add(
        "--state",
        type=Path,
        metavar="DIR",
        help="flash: what nodes remember outlives the simulator. Without it, a new"
        " start forgets which ids were executed",
    )
    add(
        "--fault",
        action="append",
        default=[],
        metavar="ORDER",
        help="an order for a fault, see below; may be given several times",
    )
