"""The document that a run of the matrix leaves."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
import platform
import subprocess

from scripts.parts.broker import find_mosquitto

from .arms import ARMS
from .control_arms import CONTROL_ARMS
from .runs import Run
from .table import OF_QUEUES, points, proven, resent, totals, trials_at
from .trials import Trial
from .verdict import OF_ANY_NODES, Verdict


def report(
    asked: Sequence[str] | None,
    runs: Sequence[Run],
    broken: Sequence[str],
    seconds: float,
) -> str:
    """Return all tables, with what is needed to repeat them."""
    core = version("homeassistant")
    command = f"scripts/crash-matrix --ha {core}"
    if asked:
        command += f" --arm {' '.join(asked)}"
    parts = [
        f"`{command}` gave this in {seconds / 60:.0f} minutes, with {_versions(core)}.",
    ]
    if broken:
        parts.append(f"**Broke off, so that figures are missing: {', '.join(broken)}**")
    proving = {arm.name: arm.title for arm in ARMS if arm.proves}
    counted = {arm.name: arm.title for arm in ARMS if arm.counted and not arm.proves}
    apart = {arm.name: arm.title for arm in ARMS if arm.apart}
    controls = {arm.name: arm.title for arm in ARMS if arm.control}
    controls |= {arm.name: arm.title for arm in CONTROL_ARMS}
    for heading, titles, columns in (
        ("MQTT Dispatch", counted, OF_ANY_NODES),
        (
            "MQTT Dispatch, where nothing can tell it what it does not know",
            apart,
            OF_ANY_NODES,
        ),
        ("Control arms", controls, OF_QUEUES),
    ):
        mine = [run for run in runs if run.arm in titles]
        if mine:
            parts += [f"## {heading}", totals(titles, mine, columns)]
    if any(run.arm in proving for run in runs):
        parts += ["## Nodes that prove what they did", proven(proving, runs)]
    resends = {arm.name: arm.title for arm in ARMS if arm.resends}
    if any(run.arm in resends for run in runs):
        parts += ["## The hidden resend", resent(resends, runs)]
    for name, title in (counted | proving | apart | controls).items():
        if any(run.arm == name for run in runs):
            judged: Sequence[Verdict] = tuple(Verdict)
            if name not in proving:
                judged = OF_QUEUES if name in controls else OF_ANY_NODES
            parts += [f"### {title} (`{name}`)", points(name, runs, judged)]
    return "\n\n".join(parts) + "\n"


def report_of_trials(
    trials: Sequence[Trial],
    runs: Sequence[Run],
    broken: Sequence[str],
    *,
    every: int,
    seconds: float,
) -> str:
    """Return the tables of the commands of a protocol."""
    core = version("homeassistant")
    command = f"scripts/crash-matrix --ha {core}"
    command += f" --protocol {trials[0].station.protocol}"
    if every > 1:
        command += f" --every {every}"
    parts = [
        f"`{command}` gave this in {seconds / 60:.0f} minutes, with {_versions(core)}.",
    ]
    if broken:
        parts.append(f"**Broke off, so that figures are missing: {', '.join(broken)}**")
    parts.append(trials_at(trials, runs))
    for trial in trials:
        if any(run.arm == trial.name for run in runs):
            parts += [f"### {trial.name}", points(trial.name, runs)]
    return "\n\n".join(parts) + "\n"


def _versions(core: str) -> str:
    mosquitto = find_mosquitto()
    broker = "no mosquitto"
    if mosquitto is not None:
        # It has no option that only tells the version, and says it with its help.
        said = subprocess.run(
            [mosquitto, "-h"], capture_output=True, text=True, check=False
        )
        broker = said.stdout.splitlines()[0]
    return f"Home Assistant {core}, {broker}, Python {platform.python_version()}"
