"""Each protocol stands by itself: it knows no other one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from custom_components.mqtt_dispatch import protocols
from custom_components.mqtt_dispatch.engine.model.command import Command, CommandClass
from custom_components.mqtt_dispatch.protocols.messages import qos_of

FOLDER = Path(str(protocols.__file__)).parent
PACKAGE = protocols.__name__
MODULES = sorted(FOLDER.rglob("*.py"))


def name_of(module: Path) -> str:
    """Return a module's name from the protocols on: `greenhouse.signing`."""
    return ".".join(module.relative_to(FOLDER).with_suffix("").parts)


def imported(module: Path) -> set[str]:
    """Return the full names of the modules that a module imports from."""
    package = [*PACKAGE.split("."), *module.relative_to(FOLDER).parent.parts]
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            within = package[: len(package) + 1 - node.level] if node.level else []
            names.add(".".join([*within, *filter(None, [node.module])]))
    return names


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_protocol_imports_another(module: Path) -> None:
    (folder, *_) = module.relative_to(FOLDER).parts
    others = {f"{PACKAGE}.{key}" for key in protocols.PROTOCOLS if key != folder}
    if module == FOLDER / "__init__.py":
        return
    foreign = {
        name
        for name in imported(module)
        if any(name == other or name.startswith(f"{other}.") for other in others)
    }
    assert not foreign


def test_each_protocol_is_known_by_its_own_key() -> None:
    keys = {path.parent.name for path in FOLDER.glob("*/protocol.py")}
    profiles = {path.stem for path in FOLDER.glob("profiles/*.json")}
    assert {"paired_dispenser", "esp32_cam", "valve_hub", "greenhouse"} <= keys
    assert {"zigbee2mqtt", "tasmota"} <= profiles
    assert {key: known.key for key, known in protocols.PROTOCOLS.items()} == {
        key: key for key in keys | profiles
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
