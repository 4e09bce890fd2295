"""What is fuzzed. A target takes bytes and raises for what must not be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from . import firmware, seeds
from .mutation import Mutate, mutate, mutate_one
from .stations import FUZZED
from .storage import Storage
from .wire import Playing, Reading

type Execute = Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that takes bytes."""

    begin: Callable[[Path], Execute]
    """`begin(folder)`: what executes inputs; it may keep files in the folder."""
    seeds: Callable[[], Iterator[bytes]]
    mutate: Mutate = mutate
    longest: int = 8192
    """Bytes of an input."""
    every: int
    """After how many executions memory is looked at."""


TARGETS: Mapping[str, Target] = {
    **{
        f"report-{key}": Target(
            begin=lambda _, fuzzed=fuzzed: Reading(fuzzed),  # type: ignore[misc]
            seeds=partial(seeds.messages, fuzzed),
            every=50_000,
        )
        for key, fuzzed in FUZZED.items()
    },
    **{
        f"engine-{key}": Target(
            begin=lambda _, fuzzed=fuzzed: Playing(fuzzed),  # type: ignore[misc]
            seeds=partial(seeds.conversations, fuzzed),
            mutate=mutate_one,
            longest=2048,
            every=1_000,
        )
        for key, fuzzed in FUZZED.items()
    },
    "node": Target(
        begin=lambda _: firmware.Told(),
        seeds=firmware.seeds,
        mutate=firmware.mutate,
        longest=4096,
        every=5_000,
    ),
    "storage": Target(
        begin=lambda folder: Storage(folder / "config"),
        seeds=seeds.files,
        every=5_000,
    ),
}
