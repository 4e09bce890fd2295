"""The devices of stations and nodes: what they are called, and when they go."""

from __future__ import annotations

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

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
                pages[known_by[1:]] = (device.manufacturer, macs, device.sw_version)
    assert pages == {
        "1": ("DIY", [], "1.4.17"),
        "2": ("DIY", [], "1.4.17"),
        MAC: ("Espressif", ["aa:bb:cc:dd:ee:ff"], "2.1.0"),
        HARDWARE_ID: ("hydro2.0", ["a1:b2:c3:d4:e5:f6"], "3.0.1"),
        STORE_ID: ("hydro2.0", ["0f:1e:2d:3c:4b:5a"], None),
        FEEDER: ("Petnet", [], "2.7.1"),
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
