"""The manifest and the system page agree with the code."""

from __future__ import annotations

import ast
from importlib.metadata import requires
import re
import sys

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.mqtt_dispatch.const import DOMAIN

from .nonempty import some
from .package import EN, MANIFEST, PACKAGE, SOURCES


async def test_every_line_of_the_system_page_has_its_text(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    from homeassistant.setup import async_setup_component

    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    told = await get_system_health_info(hass, DOMAIN)
    assert set(told) == set(EN["system_health"]["info"])


def test_the_manifest_is_as_home_assistant_wants_it() -> None:
    keys = list(MANIFEST)
    assert keys[:2] == ["domain", "name"]
    assert keys[2:] == sorted(keys[2:])
    assert {
        "codeowners",
        "config_flow",
        "dependencies",
        "documentation",
        "integration_type",
        "iot_class",
        "issue_tracker",
        "requirements",
        "version",
    } <= set(keys)
    assert MANIFEST["domain"] == DOMAIN == PACKAGE.name
    assert MANIFEST["iot_class"] == "local_push"
    assert "mqtt" in MANIFEST["dependencies"]
    assert MANIFEST["mqtt"] == ["mqtt_dispatch/+/announce"]
    assert MANIFEST["codeowners"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])


def test_all_that_is_imported_comes_with_home_assistant() -> None:
    needed = {
        re.split(r"[^\w-]", need, maxsplit=1)[0]
        for need in requires("homeassistant") or ()
    }
    # Newer cores lend the name of voluptuous to an engine of their own.
    comes_along = {"homeassistant", "voluptuous"} | needed
    imported = {
        name.partition(".")[0]
        for node in some([node for tree in SOURCES.values() for node in ast.walk(tree)])
        for name in names_imported_by(node)
    } - sys.stdlib_module_names
    assert imported <= comes_along
    rules = load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))["rules"]
    for library in imported - {"homeassistant"}:
        assert library in rules["dependency-transparency"]["comment"], library


def names_imported_by(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case _:
            return []
