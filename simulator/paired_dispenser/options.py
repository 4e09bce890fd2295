"""What the command line says about nodes of protocol 1 alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator import arguments
from simulator.paired_dispenser.wire import FIRMWARES, FLAGS, WHILE_BUSY, Settings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--firmware",
        choices=FIRMWARES,
        default="old",
        help="default: old; native is the library of firmware/, which needs a C++"
        " compiler",
    )
    add(
        "--work-seconds",
        type=arguments.seconds,
        default=3.0,
        metavar="S",
        help="how long a command takes (3; real nodes need 30 to 60)",
    )
    add(
        "--interval-scale",
        type=arguments.scale,
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


def settings_from(given: Namespace) -> Settings:
    return Settings(
        prefix=given.prefix,
        firmware=FIRMWARES[given.firmware],
        work_seconds=given.work_seconds,
        interval_scale=given.interval_scale,
        while_busy=given.while_busy,
        flags=given.flags,
    )
