"""Watches a process and the files of its storage. Needs Linux."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
import contextlib
from dataclasses import dataclass, field
import os
from pathlib import Path
from statistics import linear_regression
import time
from typing import Self

MEBIBYTE = 2**20
SAMPLE_SECONDS = 1.0
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at one moment."""

    at: float
    """Steady seconds."""
    resident: int
    """Bytes."""
    cpu: float
    """Seconds of processor time since its start."""
    waited: float
    """Seconds for which its first thread could have run, and no core was free."""


@dataclass(slots=True)
class Watch:
    """Samples a process once a second while it is entered."""

    pid: int
    samples: list[Sample] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._sample())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.samples.append(sample(self.pid))

    async def _sample(self) -> None:
        while True:
            self.samples.append(sample(self.pid))
            await asyncio.sleep(SAMPLE_SECONDS)

    @property
    def seconds(self) -> float:
        """How long it was watched."""
        return self.samples[-1].at - self.samples[0].at

    @property
    def cpu_share(self) -> float:
        """The share of one core that it used."""
        return self.cpu_seconds / self.seconds

    @property
    def waited_share(self) -> float:
        """The share of the time for which it waited for a core."""
        return (self.samples[-1].waited - self.samples[0].waited) / self.seconds

    @property
    def cpu_seconds(self) -> float:
        """The processor time that it used."""
        return self.samples[-1].cpu - self.samples[0].cpu


def sample(pid: int) -> Sample:
    """Look at a process now."""
    proc = Path(f"/proc/{pid}")
    resident = int((proc / "statm").read_text().split()[1]) * _PAGE
    # The name in parentheses may hold blanks; user and system time are 14th and 15th.
    fields = (proc / "stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / _TICKS
    waited = int((proc / "schedstat").read_text().split()[1]) / 1e9
    return Sample(time.monotonic(), resident, cpu, waited)


def growth(samples: Sequence[Sample]) -> float:
    """Return how fast the memory grew, in MiB a minute, by the least squares."""
    slope = linear_regression(
        [one.at / 60 for one in samples], [one.resident / MEBIBYTE for one in samples]
    ).slope
    return float(slope)


def written(storage: Path) -> dict[str, tuple[int, int]]:
    """Return what changes of each file of the integration when it is written."""
    return {
        path.name: (status.st_ino, status.st_mtime_ns)
        for path in sorted(storage.glob("mqtt_dispatch.*"))
        for status in [path.stat()]
    }


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the least value that so many percent of them do not exceed."""
    ordered = sorted(values)
    index = max(0, -int(-len(ordered) * percent // 100) - 1)
    return ordered[index]
