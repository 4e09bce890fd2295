"""One seed always gives the same run."""

from __future__ import annotations

import os
from pathlib import Path
import subprocess
import sys

import pytest

from simulation.cli import run_seed
from simulation.lines import digest

ROOT = Path(__file__).parents[2]


def digest_of(seed: int) -> str:
    return digest(run_seed(seed, 2, 1.0)[0])


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_the_same_seed_gives_the_same_run(seed: int) -> None:
    assert digest_of(seed) == digest_of(seed)


@pytest.mark.parametrize(
    "protocol", ["esp32_cam", "valve_hub", "greenhouse", "petnet", "zigbee2mqtt"]
)
def test_the_same_seed_gives_the_same_run_of_each_protocol(protocol: str) -> None:
    first, again = (digest(run_seed(3, 1, 1.0, protocol)[0]) for _ in range(2))

    assert first == again


def test_another_seed_gives_another_run() -> None:
    assert digest_of(3) != digest_of(4)


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["1", "77"])
def test_another_process_gives_the_same_run(hash_seed: str) -> None:
    program = "from tests.simulation.test_replay import digest_of; print(digest_of(3))"
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
        text=True,
        timeout=280,
    )

    assert told.stdout.strip() == digest_of(3)
