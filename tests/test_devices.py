"""The devices of stations and nodes: what they are called, and when they go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .calls import registered
from .nodes import ALL_READINGS, Nodes
from .others import FEEDER, HARDWARE_ID, MAC, STORE_ID


def devices(
    device_registry: dr.DeviceRegistry, entry: MockConfigEntry
) -> dict[str, dr.DeviceEntry]:
    """Return the devices by the part of their identifier that tells them apart."""
    found = {}
    for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id):
        ((_, identifier),) = device.identifiers
        found[identifier.removeprefix(entry.entry_id)] = device
    return found


async def test_device_pages_read_well(
    kitchen: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    found = devices(device_registry, kitchen)

    assert set(found) == {"", "_1", "_2"}
    assert found[""].name == "Kitchen"
    assert found[""].model == "Paired dispenser"
    assert found[""].via_device_id is None
    assert found[""].manufacturer == "MQTT Dispatch"
    assert found[""].entry_type is dr.DeviceEntryType.SERVICE
    assert found["_1"].manufacturer == "DIY"
    assert found["_1"].entry_type is None
    assert found["_1"].connections == set()
    assert found["_1"].name == "Kitchen Node 1"
    assert found["_1"].model == "Paired dispenser"
    assert found["_1"].via_device_id == found[""].id
    assert found["_2"].via_device_id == found[""].id


async def test_nodes_of_each_protocol_have_a_maker_a_model_and_the_mac_they_tell(
    everywhere: list[MockConfigEntry], device_registry: dr.DeviceRegistry
) -> None:
    pages = {}
    for entry in everywhere:
        for known_by, device in devices(device_registry, entry).items():
            assert device.model
            if known_by:
                macs = [mac for _, mac in device.connections]
                page = (device.manufacturer, macs, device.sw_version)
                pages[entry.title, known_by[1:]] = page
    assert pages == {
        ("Kitchen", "1"): ("DIY", [], "2.1.0"),
        ("Kitchen", "2"): ("DIY", [], None),
        ("Orchard", "1"): ("DIY", [], "1.4.17"),
        ("Orchard", "2"): ("DIY", [], "1.4.17"),
        ("Garden", MAC): ("Espressif", ["aa:bb:cc:dd:ee:ff"], "2.1.0"),
        ("Glasshouse", HARDWARE_ID): ("hydro2.0", ["a1:b2:c3:d4:e5:f6"], "3.0.1"),
        ("Glasshouse", STORE_ID): ("hydro2.0", ["0f:1e:2d:3c:4b:5a"], None),
        ("Pets", FEEDER): ("Petnet", [], "2.7.1"),
        ("Barn", "dog"): ("Zigbee2MQTT", [], None),
    }


async def test_the_firmware_stands_on_the_device_of_its_node(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    device_registry: dr.DeviceRegistry,
) -> None:
    await nodes.say("state", "1", {"online": 1, "fw": "2.1.0"})
    found = devices(device_registry, kitchen)
    assert (found["_1"].sw_version, found["_2"].sw_version) == ("2.1.0", None)

    await nodes.say("state", "1", {"online": 1, "fw": "2.2.0"})
    assert devices(device_registry, kitchen)["_1"].sw_version == "2.2.0"

    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()
    assert devices(device_registry, kitchen)["_1"].sw_version == "2.2.0"


async def test_a_renamed_station_and_node_rename_their_devices_and_nothing_else(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    before = registered(entity_registry, kitchen)
    first = next(iter(kitchen.subentries.values()))

    hass.config_entries.async_update_entry(kitchen, title="Cellar")
    hass.config_entries.async_update_subentry(kitchen, first, title="Hopper")
    await hass.async_block_till_done()

    found = devices(device_registry, kitchen)
    assert found[""].name == "Cellar"
    assert found["_1"].name == "Cellar Hopper"
    assert found["_2"].name == "Cellar Node 2"
    assert registered(entity_registry, kitchen).keys() == before.keys()


async def test_a_name_that_the_owner_gave_a_device_wins(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    device_id = devices(device_registry, kitchen)["_1"].id
    device_registry.async_update_device(device_id, name_by_user="Blue box")

    hass.config_entries.async_update_entry(kitchen, title="Cellar")
    await hass.async_block_till_done()

    assert devices(device_registry, kitchen)["_1"].name_by_user == "Blue box"


async def test_a_removed_node_takes_its_device_and_its_entities_with_it(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    await nodes.say("state", "2", ALL_READINGS)
    second = [*kitchen.subentries][1]

    hass.config_entries.async_remove_subentry(kitchen, second)
    await hass.async_block_till_done()

    assert set(devices(device_registry, kitchen)) == {"", "_1"}
    left = registered(entity_registry, kitchen)
    assert not [entity_id for entity_id in left if "node_2" in entity_id]
    assert "binary_sensor.kitchen_node_1_ready" in left


async def removed_on_its_page(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    entry: MockConfigEntry,
    device_id: str,
) -> bool:
    """Have a person delete a device on its page; return whether they could."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)
    remove: Callable[..., Awaitable[dict[str, Any]]] = client.remove_device
    # Newer cores are not told any more which entry a device belongs to.
    names = (device_id, entry.entry_id)[: len(signature(remove).parameters)]
    response = await remove(*names)
    await hass.async_block_till_done()
    return bool(response["success"])


async def test_a_node_that_is_gone_can_be_removed_on_the_page_of_its_device(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    device_registry: dr.DeviceRegistry,
) -> None:
    await nodes.say("state", "1", ALL_READINGS)
    assert await hass.config_entries.async_reload(kitchen.entry_id)
    found = devices(device_registry, kitchen)

    assert await removed_on_its_page(hass, hass_ws_client, kitchen, found["_2"].id)

    assert set(devices(device_registry, kitchen)) == {"", "_1"}
    assert [node.data["node"] for node in kitchen.subentries.values()] == ["1"]
    assert kitchen.runtime_data.engine.station.nodes == ("1",)


async def test_a_node_that_is_there_and_a_station_cannot(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    device_registry: dr.DeviceRegistry,
) -> None:
    await nodes.say("state", "1", ALL_READINGS)
    found = devices(device_registry, kitchen)

    for known_by in ("", "_1"):
        device_id = found[known_by].id
        assert not await removed_on_its_page(hass, hass_ws_client, kitchen, device_id)

    assert set(devices(device_registry, kitchen)) == {"", "_1", "_2"}
    assert len(kitchen.subentries) == 2


async def test_a_node_of_a_station_that_is_not_loaded_can_be_removed(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    kitchen: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
) -> None:
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    device_id = devices(device_registry, kitchen)["_1"].id

    assert await removed_on_its_page(hass, hass_ws_client, kitchen, device_id)

    assert set(devices(device_registry, kitchen)) == {"", "_2"}
