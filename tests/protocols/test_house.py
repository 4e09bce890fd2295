"""The wire stands by itself: it knows the words of the engine and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path
import sys

import pytest

from custom_components.mqtt_dispatch import protocols
from custom_components.mqtt_dispatch.engine.model import Command, CommandClass
from custom_components.mqtt_dispatch.protocols.base import qos_of

FOLDER = Path(str(protocols.__file__)).parent
MODULES = sorted(FOLDER.glob("*.py"))
SIBLINGS = {module.stem for module in MODULES}


def imported(module: Path) -> set[str]:
    """Return what a module imports, relative names with their dots."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_protocol_imports_the_words_of_the_engine_alone(module: Path) -> None:
    allowed = {"..engine.model", "..engine.reports"} | {
        f".{sibling}" for sibling in SIBLINGS
    }
    foreign = {
        name
        for name in imported(module) - allowed
        if name.split(".", maxsplit=1)[0] not in sys.stdlib_module_names
    }
    assert not foreign


def test_each_protocol_is_known_by_its_own_key() -> None:
    keys = ("paired_dispenser", "esp32_cam", "valve_hub", "greenhouse", "petnet")
    assert {key: known.key for key, known in protocols.PROTOCOLS.items()} == {
        key: key for key in keys
    }


@pytest.mark.parametrize("command_class", CommandClass)
def test_promise_2_no_client_keeps_what_must_happen_once(
    command_class: CommandClass,
) -> None:
    command = Command(
        id=1,
        kind="any",
        params={},
        command_class=command_class,
        created_at=0.0,
        expires_at=None,
        deliveries=(),
    )

    assert qos_of(command) == (0 if command_class is CommandClass.ONCE else 1)
