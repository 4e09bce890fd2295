"""scripts/crash-matrix: what may befall a command, at every point of its life."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
import shutil
import sys
import tempfile
import time
import traceback

from .arms import ARMS, Place
from .control_arms import CONTROL_ARMS
from .prepare import environment, prepared
from .report import report, report_of_trials
from .runs import Run
from .trials import TRIALS, Trial
from .tried import tried, with_flash


@dataclass(frozen=True, slots=True)
class Job:
    """All points of one arm, once."""

    arm: str
    name: str
    restarts: bool
    runs: Callable[[], AsyncIterator[Run]]


@dataclass(slots=True)
class Result:
    """What the jobs gave."""

    runs: list[Run]
    broken: list[str]


def main() -> int:
    """Run the arms that were asked for; 1 if one of ours has anything wrong."""
    arguments = _parser().parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mqtt_dispatch_matrix_"))
    began = time.monotonic()
    result = asyncio.run(_run(folder, arguments))
    seconds = time.monotonic() - began
    if arguments.protocol:
        text = report_of_trials(
            TRIALS[arguments.protocol],
            result.runs,
            result.broken,
            every=arguments.every,
            seconds=seconds,
        )
    else:
        text = report(arguments.arm, result.runs, result.broken, seconds)
    print(f"\n{text}")
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")
    counted = {arm.name for arm in ARMS if arm.counted}
    counted |= {trial.name for trials in TRIALS.values() for trial in trials}
    ours = [run for run in result.runs if run.arm in counted]
    if result.broken or any(run.verdicts or run.resent for run in ours):
        print(f"All logs are kept in {folder}.")
        return 1
    shutil.rmtree(folder)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/crash-matrix",
        description=__doc__,
        epilog="--ha VERSION chooses Home Assistant.",
    )
    names = [arm.name for arm in ARMS] + [arm.name for arm in CONTROL_ARMS]
    parser.add_argument(
        "--arm",
        nargs="+",
        action="extend",
        choices=names,
        metavar="NAME",
        help=f"only these: {', '.join(names)}",
    )
    parser.add_argument(
        "--protocol",
        choices=TRIALS,
        help="kill Home Assistant in the lives of two commands of this protocol",
    )
    parser.add_argument(
        "--kind", help="only this one of the two commands", metavar="KIND"
    )
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="at every n-th point of those lives (1)",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=3,
        metavar="N",
        help="how many stands restart Home Assistant side by side (3); twice as many"
        " of those that do not",
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    return parser


async def _run(folder: Path, arguments: argparse.Namespace) -> Result:
    wanted = arguments.arm
    result = Result([], [])
    if arguments.protocol:
        jobs = await _trial_jobs(folder, arguments)
    else:
        known = await prepared(folder)
        jobs = [
            job for job in _jobs(folder, known) if wanted is None or job.arm in wanted
        ]
    heavy = asyncio.Semaphore(arguments.jobs)
    light = asyncio.Semaphore(2 * arguments.jobs)
    await asyncio.gather(
        *(_do(job, heavy if job.restarts else light, result) for job in jobs)
    )
    return result


def _jobs(folder: Path, known: Path) -> Sequence[Job]:
    jobs = []
    for arm in ARMS:
        for settings in arm.settings:
            name = f"{arm.name}-{settings.firmware}"
            place = Place(folder / name, known, environment(folder))
            runs = partial(arm.runs, arm.name, place, settings)
            jobs.append(Job(arm.name, name, arm.restarts, runs))
    for control in CONTROL_ARMS:
        for firmware in control.firmwares:
            name = f"{control.name}-{firmware}"
            runs = partial(control.runs, folder / name, firmware)
            jobs.append(Job(control.name, name, restarts=False, runs=runs))
    return jobs


async def _trial_jobs(folder: Path, arguments: argparse.Namespace) -> list[Job]:
    trials: Sequence[Trial] = TRIALS[arguments.protocol]
    known = await prepared(folder, with_flash(trials[0], folder / "known").station)
    return [
        Job(
            trial.name,
            trial.name,
            restarts=True,
            runs=partial(
                tried,
                folder / trial.name,
                known,
                environment(folder),
                trial,
                every=arguments.every,
            ),
        )
        for trial in trials
        if arguments.kind in (None, trial.order.kind)
    ]


async def _do(job: Job, turn: asyncio.Semaphore, result: Result) -> None:
    async with turn:
        began = time.monotonic()
        number = 0
        try:
            async for run in job.runs():
                number += 1
                print(f"{job.name} {number}: {run}", flush=True)
                result.runs.append(run)
        except Exception:  # noqa: BLE001 - the other arms are to go on
            result.broken.append(job.name)
            print(f"{job.name} broke off:", file=sys.stderr)
            traceback.print_exc()
        seconds = time.monotonic() - began
        print(f"{job.name} ended after {seconds:.0f} s and {number} runs", flush=True)


if __name__ == "__main__":
    sys.exit(main())
