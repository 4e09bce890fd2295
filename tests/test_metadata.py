"""The manifest and the system page agree with the code."""

from __future__ import annotations

import re

from homeassistant.core import HomeAssistant
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
