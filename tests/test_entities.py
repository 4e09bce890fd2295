"""All entities of a station together: names, devices, and that they keep quiet."""

from __future__ import annotations

from dataclasses import replace
import json
import logging
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE, EntityCategory
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.policy import REPEAT
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.view import StationStatus
from custom_components.mqtt_dispatch.event import REFUSED
from custom_components.mqtt_dispatch.ordering.commands import async_order
from custom_components.mqtt_dispatch.protocols.base import Kind
from custom_components.mqtt_dispatch.texts.entity_names import ITSELF, NAMED
from tests.nonempty import some

from .calls import registered
from .conftest import SetUp
from .nodes import ALL_READINGS, Nodes, pass_time, settled
from .package import OF_OWNERS

FOLDER = Path(__file__).parents[1] / "custom_components" / DOMAIN

STATION = {
    "binary_sensor.kitchen_meal_overdue": "meal_overdue",
    "binary_sensor.kitchen_ready": "ready",
    "button.kitchen_feed": "feed",
    "button.kitchen_it_did_not_happen": "resolve_failed",
    "button.kitchen_it_happened": "resolve_succeeded",
    "button.kitchen_send_again": "resolve_resend",
    "calendar.kitchen_meals": "meals",
    "event.kitchen_command": "command",
    "event.kitchen_meal": "meal",
    "number.kitchen_portions": "portions",
    "sensor.kitchen_last_fed": "last_fed",
    "sensor.kitchen_next_meal": "next_meal",
    "sensor.kitchen_portions_today": "portions_today",
    "sensor.kitchen_queue": "queue",
    "sensor.kitchen_status": "status",
    "sensor.kitchen_waiting_for": "waiting_for",
    "switch.kitchen_dispatching": "dispatching",
}
NODE = {
    "binary_sensor.kitchen_node_{}_online": "online",
    "binary_sensor.kitchen_node_{}_ready": "ready",
    "button.kitchen_node_{}_reboot": "reboot",
    "sensor.kitchen_node_{}_last_seen": "last_seen",
    "sensor.kitchen_node_{}_uptime": "uptime",
    "sensor.kitchen_node_{}_success_rate_7_days": "success_rate",
    "sensor.kitchen_node_{}_accepted_after_7_days": "accepted_after",
    "sensor.kitchen_node_{}_done_after_7_days": "done_after",
}
READINGS = {
    "sensor.kitchen_node_{}_food_level": "food",
    "sensor.kitchen_node_{}_signal_strength": "rssi",
}
ENABLED_BY_DEFAULT = {
    *STATION,
    "binary_sensor.kitchen_node_1_online",
    "binary_sensor.kitchen_node_1_ready",
    "button.kitchen_node_1_reboot",
    "sensor.kitchen_node_1_food_level",
}


def load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def registered_everywhere(
    entity_registry: er.EntityRegistry, entries: list[MockConfigEntry]
) -> list[er.RegistryEntry]:
    return [
        entity
        for entry in entries
        for entity in registered(entity_registry, entry).values()
    ]


def available_entities(hass: HomeAssistant) -> set[str]:
    return {
        state.entity_id
        for state in hass.states.async_all()
        if state.state != STATE_UNAVAILABLE
    }


async def test_ids_of_a_station_called_kitchen(
    kitchen: MockConfigEntry, nodes: Nodes, entity_registry: er.EntityRegistry
) -> None:
    await nodes.say("state", "1", ALL_READINGS)
    await nodes.say("state", "2", ALL_READINGS)

    assert {
        entity_id: entity.unique_id.removeprefix(f"{kitchen.entry_id}_")
        for entity_id, entity in registered(entity_registry, kitchen).items()
    } == STATION | {
        entity_id.format(node): f"{node}_{key}"
        for node in (1, 2)
        for entity_id, key in (NODE | READINGS).items()
    }


async def test_what_is_enabled_by_default(
    kitchen: MockConfigEntry, nodes: Nodes, entity_registry: er.EntityRegistry
) -> None:
    await nodes.say("state", "1", ALL_READINGS)

    assert {
        entity_id
        for entity_id, entity in registered(entity_registry, kitchen).items()
        if entity.disabled_by is None and "node_2" not in entity_id
    } == ENABLED_BY_DEFAULT


async def test_nothing_that_stops_reboots_or_decides_is_reached_by_an_order_for_an_area(
    kitchen: MockConfigEntry, nodes: Nodes, entity_registry: er.EntityRegistry
) -> None:
    await nodes.newer("1")
    found = registered(entity_registry, kitchen)

    for entity_id in (
        "switch.kitchen_dispatching",
        "button.kitchen_node_1_reboot",
        "button.kitchen_it_did_not_happen",
        "button.kitchen_it_happened",
        "button.kitchen_send_again",
    ):
        assert found[entity_id].entity_category is EntityCategory.CONFIG


@pytest.mark.parametrize("language", ["en", "de"])
async def test_each_entity_has_a_name_in_each_language(
    everywhere: list[MockConfigEntry],
    entity_registry: er.EntityRegistry,
    language: str,
) -> None:
    words = load(f"translations/{language}.json")["entity"]

    for entity in some(registered_everywhere(entity_registry, everywhere)):
        assert entity.translation_key is not None
        name = words.get(entity.domain, {}).get(entity.translation_key, {}).get("name")
        assert name, f"{entity.entity_id} has no name"


async def test_each_entity_has_an_icon_of_its_own_or_of_its_device_class(
    everywhere: list[MockConfigEntry], entity_registry: er.EntityRegistry
) -> None:
    icons = load("icons.json")["entity"]

    for entity in some(registered_everywhere(entity_registry, everywhere)):
        own = icons.get(entity.domain, {}).get(entity.translation_key, {})
        assert own.get("default") or entity.original_device_class, entity.entity_id


async def test_each_name_and_icon_belongs_to_an_entity(
    everywhere: list[MockConfigEntry], entity_registry: er.EntityRegistry
) -> None:
    known = {
        (entity.domain, entity.translation_key)
        for entity in registered_everywhere(entity_registry, everywhere)
    }

    # A valve has a meter where its owner says its flow.
    known.add(("sensor", "water"))
    known |= {*OF_OWNERS}
    # What is called like its kind, or says it, is rarer than what is not.
    for name in ("translations/en.json", "translations/de.json", "icons.json"):
        for domain, keys in some(load(name)["entity"].items()):
            whole = {
                key.removesuffix(f"_{ITSELF}").removesuffix(f"_{NAMED}")
                for key in keys
                if key != NAMED
            }
            assert {(domain, key) for key in whole} <= known, name


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_state_has_its_word(language: str) -> None:
    texts = load(f"translations/{language}.json")
    words = texts["entity"]

    assert set(words["sensor"]["status"]["state"]) == set(StationStatus)
    event_type = words["event"]["command"]["state_attributes"]["event_type"]
    refused = event_type["state"].pop(REFUSED)
    assert refused
    assert set(event_type["state"]) == set(CommandState)
    assert event_type["state"] == texts["selector"]["state"]["options"], "two words"
    reason = words["binary_sensor"]["ready"]["state_attributes"]["reason"]["state"]
    of_a_node = set(Why) - {
        Why.DISCONNECTED,
        Why.PAUSED,
        Why.STORAGE,
        Why.RESTORED,
        Why.CLOCK,
        Why.BEHIND,
        Why.NOT_YET,
        Why.UNCONFIRMED,
        Why.NODE_BUSY,
        Why.BUSY,
        Why.FULL,
        Why.STILL_HELD,
        Why.SENDING_IMAGE,
        Why.ECHO,
        Why.PAUSE,
        Why.UNANSWERED,
    }
    assert set(reason) == of_a_node


async def test_a_protocol_that_does_not_feed_has_nothing_about_feeding(
    hass: HomeAssistant, set_up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from custom_components.mqtt_dispatch.protocols import PROTOCOLS

    protocol = PROTOCOLS["paired_dispenser"]
    kinds = {"ping": Kind(policy=REPEAT, fields={})}
    monkeypatch.setattr(
        "custom_components.mqtt_dispatch.station.PROTOCOLS",
        {"paired_dispenser": replace(protocol, kinds=kinds, readings={})},
    )

    await set_up()
    await Nodes(hass, None).say("state", "1", ALL_READINGS)

    assert set(hass.states.async_entity_ids()) == {
        "binary_sensor.kitchen_plan_overdue",
        "binary_sensor.kitchen_ready",
        "binary_sensor.kitchen_node_1_online",
        "binary_sensor.kitchen_node_1_ready",
        "binary_sensor.kitchen_node_2_online",
        "binary_sensor.kitchen_node_2_ready",
        "calendar.kitchen_plan",
        "event.kitchen_command",
        "event.kitchen_plan",
        "sensor.kitchen_queue",
        "sensor.kitchen_status",
        "sensor.kitchen_waiting_for",
        "switch.kitchen_dispatching",
    }


async def test_nothing_is_used_in_a_way_that_home_assistant_warns_of(
    hass: HomeAssistant, set_up: SetUp, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await set_up()
    await Nodes(hass, None).say("state", "1", ALL_READINGS)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()

    warned = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name != "asyncio"
        and DOMAIN in record.getMessage()
    ]
    assert [text for text in warned if "has not been tested" not in text] == []


async def test_a_hundred_heartbeats_write_no_state_and_no_file(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await nodes.ready()
    await nodes.say("state", "1", ALL_READINGS | {"uptime": 100})
    await pass_time(hass, freezer, 1)
    await nodes.say("state", "2", {"online": 1, "ready": 0, "uptime": 100})
    # A command that waits has its reasons looked at with every heartbeat.
    await async_order(coordinator, "feed", {"portions": 1}, (), Cause.ACTION)
    await settled(hass, coordinator)
    written: list[str] = []

    @callback
    def changed(event: Event[Any]) -> None:
        written.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    writes = coordinator.store.writes

    for second in range(100):
        heartbeat = {"online": 1, "uptime": 101 + second}
        newer = {**heartbeat, "fw": ALL_READINGS["fw"]}
        await nodes.say("state", "1", newer)
        await nodes.say("state", "1", {**newer, "ready": 1, "rssi": -60 - second % 9})
        await nodes.say("state", "2", {**heartbeat, "ready": 0})
        await pass_time(hass, freezer, 2)
    await settled(hass, coordinator)

    assert written == []
    assert coordinator.store.writes == writes


async def test_unloading_and_loading_again_leaves_each_entity_in_its_place(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    entity_registry: er.EntityRegistry,
) -> None:
    await nodes.say("state", "1", ALL_READINGS)
    before = registered(entity_registry, kitchen)
    available = available_entities(hass)
    enabled = [item.entity_id for item in before.values() if item.disabled_by is None]

    assert await hass.config_entries.async_unload(kitchen.entry_id)
    await hass.async_block_till_done()
    assert kitchen.state is ConfigEntryState.NOT_LOADED
    for entity_id in enabled:
        state = hass.states.get(entity_id)
        assert state is not None
        assert state.state == STATE_UNAVAILABLE
    # What the nodes say now reaches nobody.
    await nodes.say("state", "1", ALL_READINGS | {"food": 5})

    assert await hass.config_entries.async_setup(kitchen.entry_id)
    await nodes.say("state", "1", ALL_READINGS | {"food": 70})
    assert registered(entity_registry, kitchen).keys() == before.keys()
    assert available_entities(hass) == available
    food = hass.states.get("sensor.kitchen_node_1_food_level")
    assert food is not None
    assert food.state == "70"
