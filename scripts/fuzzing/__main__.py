"""`scripts/fuzz`: runs each target for a while, and judges what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
import json
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tempfile

from scripts.loading.figures import Figure, markdown, number, text

from .targets import TARGETS

SLOWEST_INPUT = 10
"""Seconds."""
MOST_MEMORY = 1024
"""MiB."""
GROWTH_LIMIT = 2000
"""Blocks of memory, of which a leak of one an execution would make hundreds of
thousands."""
PATIENCE = 120
"""Seconds beyond the time that was asked for."""
CHECKPOINT = re.compile(r"^checkpoint (.*)$", re.MULTILINE)
COVERAGE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
EXECUTED = re.compile(r"^#(\d+)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """How a target was fuzzed."""

    target: str
    code: int
    output: str

    def figures(self) -> Iterator[Figure]:
        """Yield what is to be told of it."""
        executed = EXECUTED.findall(self.output)
        yield number(f"{self.target}: executions", int(executed[-1]) if executed else 0)
        if found := COVERAGE.findall(self.output):
            first, last = found[0], found[-1]
            yield Figure(
                f"{self.target}: edges covered",
                f"{last[0]} (with the seeds {first[0]})",
            )
            yield Figure(f"{self.target}: inputs that found something new", last[2])
        yield number(f"{self.target}: exceptions", int(self.code != 0), 0)
        yield self._memory()

    def _memory(self) -> Figure:
        what = f"{self.target}: memory"
        points = [json.loads(found) for found in CHECKPOINT.findall(self.output)]
        settled = points[len(points) // 3 :]
        if len(settled) < 2:  # noqa: PLR2004 - a beginning and an end
            return Figure(what, "too short to judge")
        first, last = settled[0], settled[-1]
        grown = last["blocks"] - first["blocks"]
        executions = last["executions"] - first["executions"]
        return Figure(
            what,
            f"{grown:+,} blocks of Python, {first['resident'] / 2**20:.0f} to"
            f" {last['resident'] / 2**20:.0f} MiB in {executions:,} executions",
            f"at most {GROWTH_LIMIT:,} blocks",
            grown <= GROWTH_LIMIT,
        )


def fuzz(target: str, seconds: int, folder: Path) -> Run:
    """Fuzz one target; an input that broke it stays in `folder`."""
    corpus = folder / "corpus" / target
    corpus.mkdir(parents=True)
    for count, content in enumerate(TARGETS[target].seeds()):
        (corpus / f"seed-{count}").write_bytes(content)
    log = folder / f"{target}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "scripts.fuzzing.fuzzer", target),
                *(str(folder), str(corpus)),
                f"-max_total_time={seconds}",
                f"-max_len={TARGETS[target].longest}",
                f"-timeout={SLOWEST_INPUT}",
                f"-rss_limit_mb={MOST_MEMORY}",
                f"-artifact_prefix={folder}/",
                "-print_final_stats=1",
                "-seed=1",
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=seconds + PATIENCE,
            check=False,
        )
    return Run(target, done.returncode, log.read_text(errors="replace"))


def main() -> int:
    """Fuzz all targets one after the other and return the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    parser.add_argument(
        "--target",
        nargs="+",
        action="extend",
        choices=TARGETS,
        metavar="NAME",
        help=f"only these: {', '.join(TARGETS)}",
    )
    parser.add_argument("--markdown", action="store_true", help="print a table")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mqtt_dispatch_fuzz_", dir=_in_memory()))
    figures: list[Figure] = []
    for target in given.target or TARGETS:
        run = fuzz(target, round(60 * given.minutes), folder)
        figures.extend(run.figures())
        if run.code:
            print(f"{run.output[-4000:]}\nThe input and the log are in {folder}.")
    print((markdown if given.markdown else text)(figures))
    if any(figure.kept is False for figure in figures):
        return 1
    shutil.rmtree(folder)
    return 0


def _in_memory() -> str | None:
    """Return a folder that is no disk: every execution of a target writes a file."""
    memory = "/dev/shm"  # noqa: S108 - what is made there has a name of its own
    return memory if os.access(memory, os.W_OK) else None


if __name__ == "__main__":
    sys.exit(main())
