"""What a run of the matrix leaves, and which arms count."""

from __future__ import annotations

from importlib.metadata import version

from scripts.matrix.arms import ARMS
from scripts.matrix.control_arms import CONTROL_ARMS
from scripts.matrix.report import report
from scripts.matrix.runs import Run
from scripts.matrix.verdict import Verdict


def test_every_arm_has_a_name_of_its_own() -> None:
    names = [arm.name for arm in ARMS] + [arm.name for arm in CONTROL_ARMS]
    assert len(set(names)) == len(names)


def test_a_document_says_how_it_was_made_and_what_is_missing() -> None:
    lost = Run(
        arm="huey-kill",
        nodes="old",
        point="after the commit",
        verdicts=frozenset({Verdict.LOST}),
        outcomes={},
    )
    text = report(["huey-kill"], [lost], ["kill-old"], 120.0)
    command = f"scripts/crash-matrix --ha {version('homeassistant')} --arm huey-kill"
    assert f"`{command}` gave this in 2 minutes" in text
    assert "figures are missing: kill-old" in text
    assert "| after the commit | 1 | 0 | 1 | 0 |" in text
    assert "## MQTT Dispatch" not in text
