"""The checker shares no code with what it judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
import sys

import pytest

import simulation

PACKAGE = Path(simulation.__file__).parent
JUDGES = (
    "answering",
    "checker",
    "dates",
    "expiring",
    "facts",
    "guarding",
    "halting",
    "holding",
    "lasting",
    "mealtimes",
    "moving",
    "overdue",
    "picturing",
    "planning",
    "reading",
    "record",
    "repeating",
    "sending",
    "telling",
    *(f"wires.{path.stem}" for path in sorted((PACKAGE / "wires").glob("*.py"))),
)


def imported(module: str) -> Iterator[str]:
    """Yield the full names of all modules that one imports, wherever in it."""
    path = PACKAGE.joinpath(*module.split("."))
    tree = ast.parse(path.with_suffix(".py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert not node.level
            yield node.module


@pytest.mark.parametrize("module", JUDGES)
def test_a_judge_imports_only_judges_and_the_standard_library(module: str) -> None:
    allowed = {"simulation.wires", *(f"simulation.{judge}" for judge in JUDGES)}
    strangers = {
        name
        for name in imported(module)
        if name not in allowed and name.partition(".")[0] not in sys.stdlib_module_names
    }

    assert not strangers


@pytest.mark.parametrize("judge", JUDGES)
def test_the_page_on_reliability_names_each_judge(judge: str) -> None:
    page = (PACKAGE.parent / "docs" / "reliability.md").read_text()
    path = PACKAGE.joinpath(*judge.split(".")).with_suffix(".py")
    described = ast.get_docstring(ast.parse(path.read_text()))
    assert described is not None
    if described.startswith("Judges ") and judge != "checker":
        assert f"`{judge}`" in page


def test_no_module_reads_a_clock_or_waits() -> None:
    real = {"asyncio", "time", "threading", "socket"}
    modules = [
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for path in PACKAGE.rglob("*.py")
        if path.stem != "cli"
    ]
    touching = {
        module
        for module in modules
        if real & {name.partition(".")[0] for name in imported(module)}
    }

    assert not touching
