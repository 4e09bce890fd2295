"""What was a number is a light or a cover, and still is what its owner made of it."""

from __future__ import annotations

import logging

from homeassistant.components.homeassistant.exposed_entities import (
    async_expose_entity,
    async_should_expose,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN

from ..conftest import station_entry
from ..others import CHANNELS, HARDWARE_ID, with_channels

STATION = with_channels(
    *CHANNELS,
    *(
        {"name": name, "type": "ACTUATOR", "actuator_type": "PWM"}
        for name in ("dimmer", "heater2")
    ),
)
"""With a lamp, a vent, and a fan and a heater that are numbers as before."""


def registry_of_before(
    hass: HomeAssistant, entry: MockConfigEntry
) -> dict[str, er.RegistryEntry]:
    """Have the registries hold what the version before made of the station."""
    (subentry_id,) = entry.subentries
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        config_subentry_id=subentry_id,
        identifiers={(DOMAIN, f"{entry.entry_id}_{HARDWARE_ID}")},
    )
    registry = er.async_get(hass)
    return {
        key: registry.async_get_or_create(
            platform,
            DOMAIN,
            f"{entry.entry_id}_{HARDWARE_ID}_{key}",
            config_entry=entry,
            config_subentry_id=subentry_id,
            device_id=device.id,
            suggested_object_id=f"glasshouse_nutrients_{name}",
        )
        for platform, key, name in (
            ("light", "light_lamp", "lamp_light"),
            ("number", "pwm_lamp", "lamp_power"),
            ("number", "pwm_dimmer", "dimmer_power"),
            ("number", "pwm_window", "window_power"),
            ("number", "pwm_fan", "fan_power"),
            ("number", "pwm_heater2", "heater2_power"),
            ("valve", "valve_inlet", "valve_inlet"),
            ("sensor", "level_max/water_level_switch", "level_max"),
            ("sensor", "tank/ph", "tank_ph"),
        )
    }


async def test_entities_of_before_are_moved_with_what_their_owner_made_of_them(
    hass: HomeAssistant, mqtt_mock: object
) -> None:
    entry = station_entry(**STATION)
    entry.add_to_hass(hass)
    before, registry = registry_of_before(hass, entry), er.async_get(hass)
    area = ar.async_get(hass).async_create("Hothouse")
    registry.async_update_entity(
        before["pwm_window"].entity_id,
        name="Ridge",
        icon="mdi:window-open",
        area_id=area.id,
        labels={"air"},
        hidden_by=er.RegistryEntryHider.USER,
    )
    registry.async_update_entity(
        before["pwm_dimmer"].entity_id, disabled_by=er.RegistryEntryDisabler.USER
    )
    registry.async_update_entity(before["light_lamp"].entity_id, name="Sun")

    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert (entry.version, entry.minor_version) == (1, 3)

    def now(platform: str, key: str) -> er.RegistryEntry | None:
        unique_id = f"{entry.entry_id}_{HARDWARE_ID}_{key}"
        entity_id = registry.async_get_entity_id(platform, DOMAIN, unique_id)
        return registry.async_get(entity_id) if entity_id else None

    vent = now("cover", "vent_window")
    assert vent is not None
    assert (vent.name, vent.icon, vent.area_id) == ("Ridge", "mdi:window-open", area.id)
    assert vent.labels == {"air"}
    assert vent.hidden_by is er.RegistryEntryHider.USER
    assert hass.states.get(vent.entity_id) is not None
    dimmer = now("light", "light_dimmer")
    assert dimmer is not None
    assert dimmer.disabled_by is er.RegistryEntryDisabler.USER
    lamp = now("light", "light_lamp")
    assert lamp is not None
    assert lamp.id == before["light_lamp"].id
    assert lamp.name == "Sun"
    level = now("binary_sensor", "level_max/water_level_switch")
    assert level is not None
    assert level.entity_id == "binary_sensor.glasshouse_nutrients_level_max"
    assert now("sensor", "level_max/water_level_switch") is None
    for key in ("pwm_lamp", "pwm_dimmer", "pwm_window"):
        assert now("number", key) is None, "nothing is left behind"
    for platform, key in (
        ("number", "pwm_fan"),
        ("number", "pwm_heater2"),
        ("valve", "valve_inlet"),
        ("sensor", "tank/ph"),
    ):
        kept = now(platform, key)
        assert kept is not None
        assert kept.id == before[key].id


async def test_what_was_not_exposed_to_voice_stays_so_and_the_log_names_what_moved(
    hass: HomeAssistant, mqtt_mock: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    caplog.set_level(logging.INFO)
    entry = station_entry(**STATION)
    entry.add_to_hass(hass)
    before, registry = registry_of_before(hass, entry), er.async_get(hass)
    window, lamp = before["pwm_window"].entity_id, before["pwm_dimmer"].entity_id
    for assistant in ("conversation", "cloud.alexa"):
        async_expose_entity(hass, assistant, window, should_expose=True)
        async_expose_entity(hass, assistant, lamp, should_expose=False)
    registry.async_update_entity_options(lamp, "number", {"unit_of_measurement": "%"})

    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    for assistant in ("conversation", "cloud.alexa"):
        for domain, name, exposed in (
            ("cover", "window_power", True),
            ("light", "dimmer_power", False),
        ):
            entity_id = f"{domain}.glasshouse_nutrients_{name}"
            assert async_should_expose(hass, assistant, entity_id) is exposed
            assert f"number.glasshouse_nutrients_{name} is {entity_id} now" in (
                caplog.text
            )
    now = registry.async_get("light.glasshouse_nutrients_dimmer_power")
    assert now is not None
    assert "number" not in now.options


async def test_a_station_of_a_later_version_is_left_alone(
    hass: HomeAssistant, mqtt_mock: object
) -> None:
    entry = station_entry(**STATION)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, version=2)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR
