"""What the command line says about nodes of protocol 4 alone."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from simulator import arguments
from simulator.greenhouse.simple.wire import BINDINGS, FIRMWARES, Settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

CAPABILITIES: dict[str, tuple[str, ...]] = {
    "ph": ("ph", "temperature", "dosing_pump"),
    "ec": ("ec", "temperature", "dosing_pump"),
    "climate": ("temperature", "humidity", "co2", "fan", "vent"),
    "irrig": ("pump", "valve", "flow_rate"),
    "light": ("light", "light_intensity"),
    "relay": ("relay",),
    "water_sensor": ("water_level",),
    "recirculation": ("pump", "pump_current"),
    "unknown": (),
}
"""By the types of nodes: what they say that they can do."""


def add_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--firmware", choices=FIRMWARES, default="new", help="default: new")
    add(
        "--types",
        type=_types,
        default=("ph", "irrig"),
        metavar="ph,irrig",
        help=f"the types of the nodes, in turn; of {', '.join(CAPABILITIES)}",
    )
    add(
        "--binding",
        choices=BINDINGS,
        default="report",
        help="a node tells what it holds with a config_report (report) or with a"
        " config_response (response)",
    )
    add(
        "--work-seconds",
        type=arguments.seconds,
        default=3.0,
        metavar="S",
        help="how long a dose or a calibration takes (3); a pump runs as long as it"
        " is told",
    )
    add(
        "--interval-scale",
        type=arguments.scale,
        default=1.0,
        metavar="X",
        help="multiplies heartbeat (30 s) and boot time (2 s)",
    )


def settings_from(given: Namespace) -> Settings:
    return Settings(
        prefix=given.prefix,
        firmware=FIRMWARES[given.firmware],
        work_seconds=given.work_seconds,
        interval_scale=given.interval_scale,
        binding=given.binding,
    )


def _types(text: str) -> tuple[str, ...]:
    types = tuple(name.strip() for name in text.split(","))
    for name in types:
        if name not in CAPABILITIES:
            raise argparse.ArgumentTypeError(f"{name!r} is no type of node")
    return types
