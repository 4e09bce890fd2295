"""The promises hold in some worlds; `scripts/simulate` runs many more."""

from __future__ import annotations

from functools import cache

import pytest

from simulation.cli import run_seed
from simulation.tally import Tally

SEEDS = range(1, 41)
"""Planted bugs are looked for in the same ones."""


@cache
def figures_of(seed: int, protocol: str = "paired_dispenser") -> Tally:
    """Run a world once for all that is asked of it."""
    return run_seed(seed, 1, 1.0, protocol)[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_is_kept(seed: int) -> None:
    assert not figures_of(seed).violations


FEWER = range(1, 9)
ROUGH = range(1, 11)
"""So many that each protocol has its crashes."""
OTHERS = ("esp32_cam", "valve_hub", "greenhouse", "petnet", "zigbee2mqtt")


@pytest.mark.parametrize("protocol", OTHERS)
@pytest.mark.parametrize("seed", FEWER)
def test_every_promise_is_kept_by_each_protocol(seed: int, protocol: str) -> None:
    assert not figures_of(seed, protocol).violations


@pytest.mark.parametrize(
    ("protocol", "executions"),
    [
        ("esp32_cam", 60),
        ("valve_hub", 200),
        ("greenhouse", 20),
        ("petnet", 100),
        ("zigbee2mqtt", 100),
    ],
)
def test_the_worlds_of_each_protocol_are_rough_enough(
    protocol: str, executions: int
) -> None:
    figures = [figures_of(seed, protocol) for seed in ROUGH]

    assert sum(one.executed for one in figures) > executions
    assert sum(one.crashes.total() for one in figures) > 5
    if protocol == "esp32_cam":
        assert sum(one.images for one in figures)
    if protocol in ("valve_hub", "petnet"):
        assert sum(one.plans for one in figures)


def test_stations_do_not_disturb_each_other() -> None:
    _, figures = run_seed(7, 3, 0.5)

    assert not figures.violations
    assert figures.executed


def test_the_worlds_are_rough_enough_to_tell_something() -> None:
    figures = [figures_of(seed) for seed in range(1, 16)]

    assert sum(one.executed for one in figures) > 100
    assert sum(one.crashes.total() for one in figures) > 10
    assert sum(one.ends["unconfirmed"] for one in figures) > 5
    kinds = {kind for one in figures for kind in one.faults}
    assert {"crash, killed", "crash, power lost", "older backup put back"} <= kinds
