"""What `scripts/simulate` says, and how it exits."""

from __future__ import annotations

from pathlib import Path
import subprocess
import sys

import pytest

from custom_components.mqtt_dispatch.runtime import publisher
from simulation.casts import PROTOCOLS
from simulation.cli import main

ROOT = Path(__file__).parents[2]


def test_one_seed_is_shown_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "2", "--hours", "0.2", "--trace"]) == 0
    out = capsys.readouterr().out

    assert "Loaded" in out
    assert "digest: " in out
    assert "broken promises: 0" in out


def test_many_seeds_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seeds", "1-6", "--hours", "0.2"]) == 0
    out = capsys.readouterr().out

    assert "seeds: 6" in out
    assert "virtual hours: 2" in out
    assert "seeds per minute" in out


@pytest.mark.slow
def test_processes_find_what_one_finds(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--seeds", "1-30", "--hours", "0.2"]
    main(arguments)
    alone = capsys.readouterr().out
    together = subprocess.run(
        [sys.executable, "-m", "simulation", *arguments, "--jobs", "2"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=280,
    ).stdout

    assert _without_speed(together) == _without_speed(alone)


def _without_speed(told: str) -> list[str]:
    return [line for line in told.splitlines() if "per minute" not in line]


def test_all_protocols_play_one_after_the_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--seeds", "1-2", "--hours", "0.1", "--protocol", "all"]) == 0
    out = capsys.readouterr().out

    told = [line for line in out.splitlines() if line.startswith("protocol: ")]
    assert told == [f"protocol: {key}" for key in PROTOCOLS]


def test_figures_come_as_tables(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--seeds", "1-2", "--hours", "0.2", "--markdown"])

    assert "| broken promises | 0 |" in capsys.readouterr().out


def test_a_broken_promise_is_told_and_exits_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(publisher, "qos_of", lambda _: 1)

    assert main(["--seeds", "1-20"]) == 1
    err = capsys.readouterr().err

    assert "promise 2: s1 at" in err
    assert "scripts/simulate --seed" in err


@pytest.mark.parametrize("seeds", ["5-2", "a-b", "-3"])
def test_a_range_that_is_none_is_refused(seeds: str) -> None:
    with pytest.raises(SystemExit):
        main([f"--seeds={seeds}"])
