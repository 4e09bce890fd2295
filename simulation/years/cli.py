"""Many plans, with their figures."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
import sys
import time

from simulation.years.playing import Played, play

SHOWN_PLANS = 20


def play_many(plans: tuple[int, int], years: float, jobs: int) -> int:
    """Play all plans from one to another; return 0 where none is different."""
    began = time.monotonic()
    played: list[Played] = []
    seeds = range(plans[0], plans[1] + 1)
    if jobs == 1:
        played.extend(map(partial(play, years=years), seeds))
    else:
        with ProcessPoolExecutor(jobs) as pool:
            played.extend(pool.map(partial(play, years=years), seeds))
    minutes = (time.monotonic() - began) / 60
    for name, value in _rows(played, years, minutes):
        print(f"{name}: {value}")
    different = [one for one in played if one.differences]
    for one in different[:SHOWN_PLANS]:
        for what in one.differences:
            print(f"plan {one.seed}: {what}", file=sys.stderr)
    return 1 if different else 0


def _rows(played: list[Played], years: float, minutes: float) -> list[tuple[str, str]]:
    counted = {
        "changes by people, starts included": sum(one.changes for one in played),
        "dates that came": sum(one.dates for one in played),
        "of them fed": sum(one.fed for one in played),
        "of them skipped": sum(one.skipped for one in played),
        "of them missed": sum(one.missed for one in played),
        "told overdue": sum(one.overdue for one in played),
        "plans with a difference": sum(bool(one.differences) for one in played),
    }
    return [
        ("plans", f"{len(played):,} of {years:g} years"),
        *((name, f"{count:,}") for name, count in counted.items()),
        ("plans per minute", f"{len(played) / minutes:,.0f}"),
    ]
