"""The house: who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
import sys

import pytest

PACKAGE = Path(__file__).parents[2] / "custom_components" / "mqtt_dispatch"
NAME = "custom_components.mqtt_dispatch"

ENGINE = sorted((PACKAGE / "engine").rglob("*.py"))
PROTOCOLS = sorted((PACKAGE / "protocols").rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of all that a module imports, wherever in it."""
    package = (NAME, *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *filter(None, [node.module])))
            if node.module is None:
                yield from (f"{base}.{alias.name}" for alias in node.names)
            else:
                yield base


def is_within(name: str, *packages: str) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in packages)


def is_standard(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_there_is_something_to_look_at() -> None:
    assert len(ENGINE) > 10
    assert len(PROTOCOLS) > 2


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_the_engine_imports_only_the_standard_library_and_itself(path: Path) -> None:
    strangers = [
        name
        for name in imported(path)
        if not is_standard(name) and not is_within(name, f"{NAME}.engine")
    ]

    assert not strangers


@pytest.mark.parametrize("path", PROTOCOLS, ids=name_of)
def test_protocols_import_only_the_words_of_the_engine_and_siblings(path: Path) -> None:
    strangers = [
        name
        for name in imported(path)
        if not is_standard(name)
        and not is_within(
            name,
            f"{NAME}.engine.model",
            f"{NAME}.protocols",
        )
    ]

    assert not strangers


@pytest.mark.parametrize("path", [*ENGINE, *PROTOCOLS], ids=name_of)
def test_the_rules_and_the_wire_know_no_home_assistant(path: Path) -> None:
    assert not [name for name in imported(path) if is_within(name, "homeassistant")]


@pytest.mark.parametrize("path", ENGINE, ids=name_of)
def test_the_engine_reads_no_clock_and_does_no_io(path: Path) -> None:
    touching = ("time", "asyncio", "threading", "socket", "os", "pathlib", "random")

    assert not [name for name in imported(path) if is_within(name, *touching)]


def test_no_other_module_asks_which_protocol_it_is() -> None:
    protocols = {path.stem for path in PROTOCOLS}
    asking = [
        f"{name_of(path)}:{node.lineno}"
        for path in sorted(set(PACKAGE.rglob("*.py")) - set(PROTOCOLS))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare)
        and any(
            isinstance(side, ast.Constant) and side.value in protocols
            for side in (node.left, *node.comparators)
        )
    ]

    assert not asking
