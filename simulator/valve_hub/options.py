"""What the command line says about a hub alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import arguments
from simulator.valve_hub.wire import BRIDGES, Settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--wake-seconds",
        type=arguments.scale,
        default=30.0,
        metavar="S",
        help="how long nodes sleep at first (30; real ones 60 and more)",
    )
    add(
        "--duration-scale",
        type=arguments.scale,
        default=1.0,
        metavar="X",
        help="multiplies how long valves and curtains run",
    )
    add("--valves", type=int, choices=range(1, 65), default=2, metavar="N")
    add("--slots", type=int, choices=range(1, 101), default=100, metavar="N")
    add(
        "--curtains",
        type=arguments.nodes,
        default=(),
        metavar="3,4",
        help="nodes that have a curtain and no valves",
    )
    add(
        "--sensors",
        type=arguments.nodes,
        default=(),
        metavar="4,5",
        help="nodes that measure; those without a curtain do nothing else",
    )
    add(
        "--bridge",
        choices=BRIDGES,
        default="plain",
        help="lines as they are, or in JSON as Tasmota has them",
    )
    add(
        "--without",
        type=lambda text: tuple(text.split(",")),
        default=(),
        metavar="WORD,..",
        help="commands that this hub is too old for, as SEND_ACTUATOR",
    )


def settings_from(given: Namespace) -> Settings:
    return Settings(
        prefix=given.prefix,
        wake_seconds=given.wake_seconds,
        duration_scale=given.duration_scale,
        valves=given.valves,
        slots=given.slots,
        curtains=frozenset(given.curtains),
        sensors=frozenset(given.sensors),
        bridge=given.bridge,
        without=frozenset(given.without),
    )
