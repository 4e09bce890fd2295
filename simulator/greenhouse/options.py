"""What the command line says about greenhouse nodes alone."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator import arguments
from simulator.greenhouse.kinds import TYPES
from simulator.greenhouse.life import Settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FIRMWARES = ("head", "seed", "node_sim", "test_node")


def add_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--firmware",
        choices=FIRMWARES,
        default="head",
        help="the newest (head), the first (seed), or one of the vendor's own"
        " simulators; default: head",
    )
    add(
        "--types",
        type=_types,
        default=("ph", "irrig"),
        metavar="ph,irrig",
        help=f"the types of the nodes, in turn; of {', '.join(TYPES)}",
    )
    add(
        "--interval-scale",
        type=arguments.scale,
        default=1.0,
        metavar="X",
        help="multiplies heartbeat (15 s), boot time (2 s) and all other intervals",
    )
    add(
        "--telemetry-scale",
        type=arguments.scale,
        default=1.0,
        metavar="X",
        help="multiplies the time between two measurements on top (2 to 5 s)",
    )


def settings_from(given: Namespace) -> Settings:
    return Settings(
        prefix=given.prefix,
        interval_scale=given.interval_scale,
        telemetry_scale=given.telemetry_scale,
    )


def _types(text: str) -> tuple[str, ...]:
    types = tuple(name.strip() for name in text.split(","))
    for name in types:
        if name not in TYPES:
            raise argparse.ArgumentTypeError(f"{name!r} is no type of node")
    return types
