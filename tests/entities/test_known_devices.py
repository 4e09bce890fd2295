"""The page of a node leads to the device that Home Assistant already knows it as."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import CONF_FIELDS
from custom_components.mqtt_dispatch.coordinator import DispatchConfigEntry
from custom_components.mqtt_dispatch.entity import async_find_device

from ..conftest import SetUp
from ..nodes import Player

IEEE = "0x00158d0000000003"
VALVE = {
    "friendly_name": "tap",
    "ieee_address": IEEE,
    "definition": {"model": "POK001", "vendor": "PushOk Hardware"},
}


@pytest.fixture
def others(hass: HomeAssistant) -> MockConfigEntry:
    """The entry of another integration."""
    entry = MockConfigEntry(domain="other")
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def garden(set_up: SetUp, mqtt_mock: Any) -> DispatchConfigEntry:
    """A bridge with a valve."""
    entry: DispatchConfigEntry = await set_up(
        title="Garden",
        protocol="zigbee2mqtt",
        prefix="zigbee2mqtt",
        nodes={"tap": {CONF_FIELDS: {"model": "pushok_valve"}}},
    )
    return entry


def link_of(hass: HomeAssistant, entry: DispatchConfigEntry) -> str | None:
    """Return where the page of the valve leads to."""
    device = async_find_device(hass, entry.entry_id, "tap")
    assert device is not None
    return device.configuration_url


async def described(
    hass: HomeAssistant, mqtt_mock: Any, hardware_id: str = IEEE
) -> None:
    player = Player(hass, mqtt_mock)
    valve = {**VALVE, "ieee_address": hardware_id}
    await player.publish("zigbee2mqtt/bridge/devices", [valve])
    await player.publish("zigbee2mqtt/tap", {"status": "OFF"})
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    "known_by",
    [
        {"identifiers": {("mqtt", f"zigbee2mqtt_{IEEE}")}},
        {"connections": {("zigbee", "0x:00:15:8D:00:00:00:00:03")}},
    ],
    ids=["identifier", "connection"],
)
async def test_a_device_that_is_known_by_the_hardware_id_is_linked_to(
    hass: HomeAssistant,
    others: MockConfigEntry,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    device_registry: dr.DeviceRegistry,
    *,
    known_by: Any,
) -> None:
    known = device_registry.async_get_or_create(
        config_entry_id=others.entry_id, **known_by
    )
    assert link_of(hass, garden) is None, "nobody has said its hardware id"
    await described(hass, mqtt_mock)
    link = f"homeassistant://config/devices/device/{known.id}"
    assert link_of(hass, garden) == link
    await hass.config_entries.async_reload(garden.entry_id)
    assert link_of(hass, garden) == link


async def test_what_nobody_knows_or_several_do_is_linked_to_nothing(
    hass: HomeAssistant,
    others: MockConfigEntry,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    device_registry: dr.DeviceRegistry,
) -> None:
    for place in range(2):
        device_registry.async_get_or_create(
            config_entry_id=others.entry_id, identifiers={("mqtt", f"{place}_{IEEE}")}
        )
    await described(hass, mqtt_mock)
    assert link_of(hass, garden) is None


async def test_a_hardware_id_that_is_too_short_to_tell_is_not_looked_for(
    hass: HomeAssistant,
    others: MockConfigEntry,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    device_registry: dr.DeviceRegistry,
) -> None:
    device_registry.async_get_or_create(
        config_entry_id=others.entry_id, identifiers={("mqtt", "x_0x01_y")}
    )
    await described(hass, mqtt_mock, "0x01")
    assert link_of(hass, garden) is None
