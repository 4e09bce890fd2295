"""The promises hold with nodes that are the library of `firmware/`, cuts and all."""

from __future__ import annotations

import shutil

import pytest

from simulation.casts.native_dispenser import KEY
from simulation.cli import run_seed
from simulation.lines import digest

pytestmark = pytest.mark.skipif(
    not (shutil.which("g++") or shutil.which("clang++")),
    reason="no C++ compiler: install g++",
)

SEEDS = range(1, 9)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_is_kept(seed: int) -> None:
    _, figures = run_seed(seed, 1, 1.0, KEY)

    assert not figures.violations


def test_the_worlds_are_rough_enough_and_one_seed_is_one_run() -> None:
    record, figures = run_seed(2, 1, 1.0, KEY)
    again, _ = run_seed(2, 1, 1.0, KEY)

    assert figures.faults["power gone in a write"]
    assert figures.crashes
    assert figures.executed
    assert digest(record) == digest(again)
