"""Firmware that a person has ready for a camera."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from .calls import attribute, shown, use
from .conftest import SetUp
from .nodes import pass_time, settled
from .others import GARDEN, MAC, Camera

UPDATE = "update.garden_pond_firmware"


async def test_firmware_is_installed_when_the_camera_wakes_and_done_when_it_says_so(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
) -> None:
    entry = await set_up(**GARDEN)
    camera = Camera(hass, mqtt_mock)
    assert shown(hass, UPDATE) == "unknown", "it may be ordered all the same"
    await camera.hello(firmware_version="2.1.0")
    await settled(hass, entry.runtime_data)
    await camera.describe(total_chunks_count=0, error=5)
    await settled(hass, entry.runtime_data)
    assert shown(hass, UPDATE) == "on"
    assert attribute(hass, UPDATE, "installed_version") == "2.1.0"
    assert attribute(hass, UPDATE, "latest_version") == "2.2.0"
    assert attribute(hass, UPDATE, "in_progress") is False

    await use(hass, "update.install", UPDATE)
    await camera.hello(firmware_version="2.1.0")
    await pass_time(hass, freezer, 1)
    await settled(hass, entry.runtime_data)
    assert attribute(hass, UPDATE, "in_progress") is True
    assert {"firmware_url": "https://example.com/camera.bin"} in camera.sent()

    await camera.answer()
    await camera.hello(firmware_version="2.1.0")
    await settled(hass, entry.runtime_data)
    assert attribute(hass, UPDATE, "in_progress") is True, "it still runs the old one"
    await camera.hello(firmware_version="2.2.0")
    await settled(hass, entry.runtime_data)
    assert shown(hass, UPDATE) == "off"
    assert attribute(hass, UPDATE, "in_progress") is False


async def test_without_an_address_and_a_version_there_is_nothing_to_install(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(
        **GARDEN
        | {"nodes": {MAC: {"fields": {"firmware_url": "https://example.com/a.bin"}}}}
    )

    assert hass.states.async_entity_ids("update") == []
