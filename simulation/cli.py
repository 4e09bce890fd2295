"""The command line: one seed with its trace, or many with their figures."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
import sys
import time

from simulation.casts import CASTS, PROTOCOLS
from simulation.checker import judge
from simulation.lines import digest, line
from simulation.plan import make_plan
from simulation.record import Entry
from simulation.tally import Tally, in_markdown, in_words, tally
from simulation.world import World
from simulation.years.cli import play_many

SHOWN_VIOLATIONS = 20
CHUNK = 25


def run_seed(
    seed: int, stations: int, hours: float, protocol: str = "paired_dispenser"
) -> tuple[list[Entry], Tally]:
    """Run one seed; return its record and what the checker says of it."""
    plan = make_plan(seed, stations, hours, protocol)
    world = World(plan)
    record = world.run()
    return record, tally(plan, record, world.air, judge(record))


def main(arguments: Sequence[str]) -> int:
    """Return 0 where every promise was kept, 1 where one was broken."""
    options = _parser().parse_args(arguments)
    if options.plans is not None:
        return play_many(options.plans, options.years, options.jobs)
    first, last = options.seeds or (options.seed, options.seed)
    broken: list[tuple[str, Tally]] = []
    for protocol in PROTOCOLS if options.protocol == "all" else (options.protocol,):
        began = time.monotonic()
        if first == last:
            figures = _run_one(first, protocol, options)
        else:
            figures = _run_many(first, last, protocol, options)
        minutes = (time.monotonic() - began) / 60
        show = in_markdown if options.markdown else in_words
        print(show(protocol, figures, minutes), flush=True)
        if figures.violations:
            broken.append((protocol, figures))
    for protocol, figures in broken:
        _complain(protocol, figures, options)
    return 1 if broken else 0


def _complain(protocol: str, figures: Tally, options: argparse.Namespace) -> None:
    for seed, violation in figures.violations[:SHOWN_VIOLATIONS]:
        print(f"{protocol}, seed {seed}: {violation}", file=sys.stderr)
    seeds = sorted({seed for seed, _ in figures.violations})
    print(
        f"{len(figures.violations)} broken promises in {len(seeds)} seeds. To see one:"
        f" scripts/simulate --seed {seeds[0]} --protocol {protocol}"
        f" --stations {options.stations} --hours {options.hours:g} --trace",
        file=sys.stderr,
    )


def _run_one(seed: int, protocol: str, options: argparse.Namespace) -> Tally:
    record, figures = run_seed(seed, options.stations, options.hours, protocol)
    if options.trace:
        print("\n".join(map(line, record)))
    print(f"digest: {digest(record)}")
    return figures


def _run_many(
    first: int, last: int, protocol: str, options: argparse.Namespace
) -> Tally:
    figures = Tally()
    run = partial(
        _figures_of,
        stations=options.stations,
        hours=options.hours,
        protocol=protocol,
    )
    seeds = range(first, last + 1)
    if options.jobs == 1:
        for found in map(run, seeds):
            figures.add(found)
        return figures
    with ProcessPoolExecutor(options.jobs) as pool:
        for found in pool.map(run, seeds, chunksize=CHUNK):
            figures.add(found)
    return figures


def _figures_of(seed: int, stations: int, hours: float, protocol: str) -> Tally:
    return run_seed(seed, stations, hours, protocol)[1]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/simulate",
        description="Run worlds in which everything goes wrong; judge the promises.",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seed", type=int, metavar="N", help="run one seed")
    which.add_argument(
        "--seeds", type=_range, metavar="A-B", help="run all seeds from A to B"
    )
    which.add_argument(
        "--plans",
        type=_range,
        metavar="A-B",
        help="play all plans from A to B through, against an account of their own",
    )
    parser.add_argument(
        "--years", type=float, default=10.0, metavar="Y", help="of each plan"
    )
    parser.add_argument(
        "--protocol",
        choices=(*CASTS, "all"),
        default="paired_dispenser",
        help="whose nodes play (default paired_dispenser); all: those of each protocol,"
        " one after the other; native_dispenser: the library of firmware/, which needs"
        " a C++ compiler",
    )
    parser.add_argument("--stations", type=_positive, default=1, metavar="S")
    parser.add_argument(
        "--hours",
        type=float,
        default=1.0,
        metavar="H",
        help="virtual hours in which things go wrong (default 1); where nodes sleep,"
        " as much is spread over more of them",
    )
    parser.add_argument(
        "--jobs", type=_positive, default=1, metavar="J", help="processes (default 1)"
    )
    parser.add_argument(
        "--trace", action="store_true", help="print all that happened (one seed)"
    )
    parser.add_argument(
        "--markdown", action="store_true", help="print the figures as tables"
    )
    return parser


def _range(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    try:
        found = int(first), int(last if dash else first)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not A-B") from None
    if found[0] > found[1]:
        raise argparse.ArgumentTypeError(f"{text!r} is empty")
    return found


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
