"""The manifest, the quality scale and the system page agree with the code."""

from __future__ import annotations

import re

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.mqtt_dispatch.const import DOMAIN

from .package import EN, MANIFEST, PACKAGE


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


QUALITY_RULES = (
    "action-setup",
    "appropriate-polling",
    "brands",
    "common-modules",
    "config-flow-test-coverage",
    "config-flow",
    "dependency-transparency",
    "docs-actions",
    "docs-conditions",
    "docs-high-level-description",
    "docs-installation-instructions",
    "docs-removal-instructions",
    "docs-triggers",
    "entity-event-setup",
    "entity-unique-id",
    "has-entity-name",
    "runtime-data",
    "test-before-configure",
    "test-before-setup",
    "unique-config-entry",
    "action-exceptions",
    "config-entry-unloading",
    "docs-configuration-parameters",
    "docs-installation-parameters",
    "entity-unavailable",
    "integration-owner",
    "log-when-unavailable",
    "parallel-updates",
    "reauthentication-flow",
    "test-coverage",
    "devices",
    "diagnostics",
    "discovery-update-info",
    "discovery",
    "docs-data-update",
    "docs-examples",
    "docs-known-limitations",
    "docs-supported-devices",
    "docs-supported-functions",
    "docs-troubleshooting",
    "docs-use-cases",
    "dynamic-devices",
    "entity-category",
    "entity-device-class",
    "entity-disabled-by-default",
    "entity-translations",
    "exception-translations",
    "icon-translations",
    "reconfiguration-flow",
    "repair-issues",
    "stale-devices",
    "async-dependency",
    "inject-websession",
    "strict-typing",
)


def test_the_quality_scale_answers_every_rule() -> None:
    rules = load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))["rules"]
    assert len(QUALITY_RULES) == 54
    assert set(rules) == set(QUALITY_RULES)
    for rule, answer in rules.items():
        if isinstance(answer, dict):
            assert answer["status"] in ("done", "todo", "exempt"), rule
            assert answer["status"] != "exempt" or answer.get("comment"), rule
        else:
            assert answer in ("done", "todo"), rule
