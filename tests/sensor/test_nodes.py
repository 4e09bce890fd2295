"""What the sensors of nodes show, through messages and time."""

from __future__ import annotations

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..calls import attribute, shown, state_of
from ..nodes import Nodes, pass_time

FOOD = "sensor.kitchen_node_1_food_level"
SIGNAL = "sensor.kitchen_node_1_signal_strength"
LAST_SEEN = "sensor.kitchen_node_1_last_seen"
UPTIME = "sensor.kitchen_node_1_uptime"


async def test_old_firmware_that_reports_no_readings_gets_no_entities_for_them(
    hass: HomeAssistant, ready: Nodes, entity_registry: er.EntityRegistry
) -> None:
    assert entity_registry.async_get(FOOD) is None
    assert entity_registry.async_get(SIGNAL) is None


async def test_a_reading_gets_its_entity_when_it_first_comes(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    all_enabled: None,
    ready: Nodes,
) -> None:
    await ready.say("state", "1", {"online": 1, "food": 80, "rssi": -61})

    food = state_of(hass, FOOD)
    assert food.state == "80"
    assert food.attributes["unit_of_measurement"] == "%"
    signal = state_of(hass, SIGNAL)
    assert signal.state == "-61"
    assert signal.attributes["unit_of_measurement"] == "dBm"
    assert signal.attributes["device_class"] == "signal_strength"
    assert hass.states.get("sensor.kitchen_node_2_food_level") is None

    await pass_time(hass, freezer, 1)
    await ready.say("state", "1", {"online": 1, "food": 75})
    assert shown(hass, FOOD) == "75"
    assert shown(hass, SIGNAL) == "-61"


async def test_a_reading_is_unavailable_while_its_node_cannot_be_reached(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, ready: Nodes
) -> None:
    await ready.say("state", "1", {"online": 1, "food": 80})
    await pass_time(hass, freezer, 15)
    assert shown(hass, FOOD) == STATE_UNAVAILABLE

    await ready.say("state", "1", {"online": 1})
    assert shown(hass, FOOD) == "80"

    await ready.connection(up=False)
    assert shown(hass, FOOD) == STATE_UNAVAILABLE


async def test_a_retained_reading_is_shown_only_once_its_node_is_heard(
    hass: HomeAssistant, nodes: Nodes
) -> None:
    await nodes.say("state", "1", {"online": 1, "food": 80}, retain=True)
    assert shown(hass, FOOD) == STATE_UNAVAILABLE

    await nodes.ready("1")
    assert shown(hass, FOOD) == "80"


async def test_a_reload_waits_for_readings_again_and_keeps_their_entities(
    hass: HomeAssistant, kitchen: MockConfigEntry, ready: Nodes
) -> None:
    await ready.say("state", "1", {"online": 1, "food": 80})
    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()
    assert shown(hass, FOOD) == STATE_UNAVAILABLE

    await ready.say("state", "1", {"online": 1, "food": 79})
    assert shown(hass, FOOD) == "79"


@pytest.mark.parametrize("entity_id", [LAST_SEEN, UPTIME])
async def test_what_changes_with_each_heartbeat_is_disabled_by_default(
    hass: HomeAssistant,
    ready: Nodes,
    entity_registry: er.EntityRegistry,
    entity_id: str,
) -> None:
    entry = entity_registry.async_get(entity_id)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert hass.states.get(entity_id) is None


async def test_the_signal_is_disabled_by_default(
    hass: HomeAssistant, ready: Nodes, entity_registry: er.EntityRegistry
) -> None:
    await ready.say("state", "1", {"online": 1, "rssi": -61})

    entry = entity_registry.async_get(SIGNAL)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_last_seen_and_uptime_show_once_enabled(
    hass: HomeAssistant,
    all_enabled: None,
    freezer: FrozenDateTimeFactory,
    ready: Nodes,
) -> None:
    assert shown(hass, LAST_SEEN) == "2026-05-28T21:00:00+00:00"
    assert shown(hass, UPTIME) == "2026-05-28T20:58:20+00:00"
    assert attribute(hass, UPTIME, "device_class") in ("uptime", "timestamp")

    await pass_time(hass, freezer, 5)
    await ready.say("state", "1", {"online": 1, "uptime": 107})
    await pass_time(hass, freezer, 0.5)
    assert shown(hass, UPTIME) == "2026-05-28T20:58:20+00:00", "it runs on"
    await ready.say("state", "1", {"online": 1, "uptime": 2})
    await pass_time(hass, freezer, 0.5)
    assert shown(hass, UPTIME) == "2026-05-28T21:00:04+00:00", "it started anew"

    await pass_time(hass, freezer, 15)
    assert shown(hass, LAST_SEEN) == "2026-05-28T21:00:06+00:00"
    assert shown(hass, UPTIME) == STATE_UNAVAILABLE

    await ready.connection(up=False)
    assert shown(hass, LAST_SEEN) == STATE_UNAVAILABLE
