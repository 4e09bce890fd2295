"""Who adds a station is offered the bridges that are there, and the nodes they know."""

from __future__ import annotations

from collections.abc import Callable
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.mqtt_dispatch.const import CONF_FIELDS
from custom_components.mqtt_dispatch.flows import listening, node_flow

from ..conftest import SetUp, station_entry
from ..forms import (
    Filled,
    announced,
    changed_node,
    new_node,
    new_station,
    only_offer,
    stations,
)

type Say = Callable[..., None]

GARDEN = {"name": "Garden", "protocol": "zigbee2mqtt"}
FEEDER = {
    "friendly_name": "feeder",
    "ieee_address": "0x54ef4410000e5a01",
    "definition": {"model": "ZNCWWSQ01LM", "vendor": "Aqara"},
}
VALVE = {
    "friendly_name": "apples/2",
    "ieee_address": "0xa4c1380000000002",
    "definition": {"model": "PSBZS A1", "vendor": "Lidl"},
}
LAMP = {"friendly_name": "lamp", "definition": {"model": "LED1", "vendor": "IKEA"}}
UNKNOWN = {"friendly_name": "Coordinator", "definition": None}
AQARA = "Aqara pet feeder C1"
PARKSIDE = "Parkside watering timer (Lidl PSBZS A1)"


@pytest.fixture
def meanwhile(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Returns what has retained messages come each time somebody listens."""
    coming: list[tuple[str, str]] = []

    async def listen(_seconds: float) -> None:
        for topic, payload in coming:
            async_fire_mqtt_message(hass, topic, payload, retain=True)

    def say(topic: str, content: Any) -> None:
        coming.append((topic, json.dumps(content)))

    monkeypatch.setattr(listening, "sleep", listen)
    return say


def labels(flow: Filled, field: str) -> list[tuple[str, str]]:
    """Return what a field of the form offers: values, and what they are called."""
    (selector,) = (
        selector
        for name, selector in flow.result["data_schema"].schema.items()
        if name == field
    )
    options: Any = selector.config["options"]
    return [(each["value"], each["label"]) for each in options]


def words(flow: Filled) -> dict[str, str]:
    placeholders: dict[str, str] = flow.result["description_placeholders"]
    return placeholders


async def begun(hass: HomeAssistant) -> Filled:
    """Return the form after the name and the protocol of a bridge's station."""
    return await (await new_station(hass)).answer(**GARDEN)


async def test_bridges_that_are_there_are_offered_with_their_devices(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    meanwhile("attic/bridge/devices", [UNKNOWN, LAMP])
    meanwhile("garden/bridge/devices", [UNKNOWN, VALVE, LAMP, FEEDER])
    meanwhile("zigbee2mqtt/bridge/devices", [FEEDER])

    flow = await begun(hass)

    assert flow.result["step_id"] == "bridges"
    assert labels(flow, "prefix") == [
        ("garden", "garden (nodes that are recognised: 2)"),
        ("zigbee2mqtt", "zigbee2mqtt (nodes that are recognised: 1)"),
        ("attic", "attic (nodes that are recognised: 0)"),
    ]
    assert flow.suggested == {"prefix": "garden"}


async def test_recognised_nodes_are_added_with_their_names_and_models(
    hass: HomeAssistant,
    broker: Any,
    meanwhile: Say,
    device_registry: dr.DeviceRegistry,
) -> None:
    meanwhile("garden/bridge/devices", [UNKNOWN, FEEDER, LAMP, VALVE])
    flow = await begun(hass)
    await flow.answer(prefix="garden")

    assert flow.result["step_id"] == "described"
    assert labels(flow, "nodes") == [
        ("apples 2", f"apples/2: {PARKSIDE}"),
        ("feeder", f"feeder: {AQARA}"),
    ]
    assert flow.suggested == {"nodes": ["apples 2", "feeder"]}
    assert (words(flow)["prefix"], words(flow)["others"]) == ("`garden`", "2")
    said = words(flow)["not_provable"]
    assert f"{AQARA} cannot prove:\n- That food fell" in said
    assert f"{PARKSIDE} cannot prove:\n- That water ran." in said

    await flow.answer(nodes=["apples 2", "feeder"])
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = stations(hass)
    assert entry.data == {"protocol": "zigbee2mqtt", "prefix": "garden"}
    nodes = [*entry.subentries.values()]
    assert [(node.title, node.data[CONF_FIELDS]) for node in nodes] == [
        ("apples/2", {"model": "lidl_valve"}),
        ("feeder", {"model": "aqara_feeder"}),
    ]
    await hass.async_block_till_done()
    pages = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    assert {page.model for page in pages} >= {AQARA, PARKSIDE}


async def test_nodes_may_be_left_out(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    meanwhile("garden/bridge/devices", [FEEDER, VALVE])
    meanwhile("other/bridge/devices", "nonsense")
    flow = await begun(hass)
    await flow.answer(prefix="garden")
    broker.connected = False
    await flow.answer()
    assert flow.errors == {"base": "mqtt_disconnected"}
    broker.connected = True
    await flow.answer()
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = stations(hass)
    assert not entry.subentries


async def test_a_bridge_without_a_known_device_says_so_and_may_be_taken(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    meanwhile("attic/bridge/devices", [UNKNOWN, LAMP])
    flow = await begun(hass)
    await flow.answer(prefix="attic")
    assert (flow.result["step_id"], words(flow)["others"]) == ("unrecognised", "2")
    await flow.answer()
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY


async def test_bridges_that_are_stations_already_are_not_offered_again(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    station_entry(title="Attic", prefix="attic").add_to_hass(hass)
    meanwhile("attic/bridge/devices", [FEEDER])
    flow = await begun(hass)
    assert flow.result["step_id"] == "station", "there is no other one"

    meanwhile("garden/bridge/devices", [FEEDER])
    flow = await begun(hass)
    assert [prefix for prefix, _ in labels(flow, "prefix")] == ["garden"]
    await flow.answer(prefix="attic")
    assert flow.errors == {"prefix": "prefix_used"}
    assert words(flow)["station"] == "Attic"
    await flow.answer(prefix="attic/#")
    assert flow.errors == {"prefix": "invalid_prefix"}
    assert flow.suggested == {"prefix": "attic/#"}


async def test_another_prefix_may_be_typed_and_is_heard(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    meanwhile("garden/bridge/devices", [FEEDER])
    meanwhile("far/away/bridge/devices", [VALVE])
    flow = await begun(hass)
    broker.connected = False
    await flow.answer(prefix="far/away")
    assert flow.errors == {"base": "mqtt_disconnected"}
    broker.connected = True
    await flow.answer(prefix="far/away")
    assert flow.result["step_id"] == "described"
    assert [node for node, _ in labels(flow, "nodes")] == ["apples 2"]


async def test_a_prefix_where_nothing_is_described_asks_for_names_and_models(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    flow = await begun(hass)
    assert flow.result["step_id"] == "station"
    await flow.answer(prefix="quiet")
    assert flow.result["step_id"] == "silent"
    await flow.answer(nodes=["tap", "bowl"])

    assert flow.result["step_id"] == "about_node"
    assert words(flow)["node"] == "`tap`"
    assert ("lidl_valve", PARKSIDE) in labels(flow, "model")
    await flow.answer(model="lidl_valve")
    assert words(flow)["node"] == "`bowl`"
    await flow.answer(model="aqara_feeder")
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = stations(hass)
    nodes = [*entry.subentries.values()]
    assert [(node.title, node.data[CONF_FIELDS]["model"]) for node in nodes] == [
        ("Node tap", "lidl_valve"),
        ("Node bowl", "aqara_feeder"),
    ]


async def test_a_model_that_is_gone_meanwhile_is_refused(
    hass: HomeAssistant,
    broker: Any,
    meanwhile: Say,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flow = await begun(hass)
    await flow.answer(prefix="quiet")
    await flow.answer(nodes=["tap"])
    monkeypatch.setattr(
        "custom_components.mqtt_dispatch.flows.station_making.answers",
        lambda *_: ({}, {"model": "invalid_choice"}),
    )
    await flow.answer(model="lidl_valve")
    assert flow.errors == {"model": "invalid_choice"}


async def test_a_prefix_that_was_taken_while_models_were_asked_is_not_set_up_twice(
    hass: HomeAssistant, broker: Any, meanwhile: Say
) -> None:
    flow = await begun(hass)
    await flow.answer(prefix="quiet")
    await flow.answer(nodes=["tap"])
    station_entry(title="Other", prefix="quiet").add_to_hass(hass)
    await flow.answer(model="lidl_valve")
    assert flow.aborted == "already_configured"
    assert [entry.title for entry in stations(hass)] == ["Other"]


async def test_an_announced_station_is_asked_for_the_models_of_its_nodes(
    hass: HomeAssistant, broker: Any
) -> None:
    payload = {
        "station": "Yard",
        "protocol": "zigbee2mqtt",
        "prefix": "yard",
        "nodes": ["tap"],
    }
    await announced(hass, json.dumps(payload))
    offer = await only_offer(hass).look()
    await offer.answer(name="Yard")
    assert offer.result["step_id"] == "about_node"
    await offer.answer(model="lidl_valve")
    assert offer.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = stations(hass)
    (node,) = entry.subentries.values()
    assert node.data[CONF_FIELDS] == {"model": "lidl_valve"}


async def test_a_broker_that_goes_while_bridges_are_looked_for_is_said(
    hass: HomeAssistant, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose_it(_seconds: float) -> None:
        broker.connected = False

    monkeypatch.setattr(listening, "sleep", lose_it)
    flow = await begun(hass)
    assert (flow.result["step_id"], flow.errors) == (
        "user",
        {"base": "mqtt_disconnected"},
    )


async def test_a_flood_of_bridges_and_devices_is_bounded(
    hass: HomeAssistant,
    broker: Any,
    meanwhile: Say,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "MOST_READ", 4)
    monkeypatch.setattr(listening, "MOST_NODES", 2)
    monkeypatch.setattr(listening, "MOST_PREFIXES", 3)
    many = [{**FEEDER, "friendly_name": f"feeder {place}"} for place in range(4)]
    for place in range(4):
        meanwhile(f"bridge{place}/bridge/devices", many)
    meanwhile("late/bridge/devices", [FEEDER])
    meanwhile("bridge0/bridge/devices", " " * 1_100_000)
    meanwhile("zigbee2mqtt/bridge/devices", [FEEDER])

    flow = await begun(hass)

    offered = labels(flow, "prefix")
    assert [prefix for prefix, _ in offered] == ["bridge0", "bridge1", "bridge2"]
    assert offered[0][1] == "bridge0 (nodes that are recognised: 2)"


async def test_what_a_node_cannot_prove_is_said_before_it_is_added_and_later(
    hass: HomeAssistant, set_up: SetUp, broker: Any
) -> None:
    entry = await set_up(
        title="Garden", protocol="zigbee2mqtt", prefix="garden", nodes={}
    )
    flow = await new_node(hass, entry)
    assert ("aqara_feeder", AQARA) in labels(flow, "model")
    await flow.answer(node="bowl", name="Bowl", model="aqara_feeder")

    assert flow.result["step_id"] == "not_provable"
    said = words(flow)["not_provable"]
    assert f"{AQARA} cannot prove:\n- That food" in said
    assert "on top of the plan of Home Assistant" in said
    assert not entry.subentries
    await flow.answer()
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    change = await changed_node(hass, entry, "bowl")
    assert f"{AQARA} cannot prove:" in words(change)["not_provable"]


async def test_what_stays_open_without_us_is_said_before_it_is_added(
    hass: HomeAssistant, set_up: SetUp, broker: Any
) -> None:
    entry = await set_up(
        title="Garden", protocol="zigbee2mqtt", prefix="garden", nodes={}
    )
    flow = await new_node(hass, entry)
    await flow.answer(node="tap", name="Tap", model="pushok_valve")

    said = words(flow)["not_provable"]
    assert said.startswith("Good to know of Ball valve drive without a timer (PushOk):")
    assert "the bridge is down, or the valve is out of reach, it stays open." in said
    assert "cannot prove:\n- That water ran." in said


async def test_a_profile_that_went_while_that_was_read_adds_no_node(
    hass: HomeAssistant,
    set_up: SetUp,
    broker: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await set_up(
        title="Garden", protocol="zigbee2mqtt", prefix="garden", nodes={}
    )
    flow = await new_node(hass, entry)
    await flow.answer(node="bowl", model="aqara_feeder")
    monkeypatch.setattr(node_flow, "is_known", lambda _entry: False)
    await flow.answer()
    assert flow.aborted == "profile_missing"


async def test_a_node_that_was_added_while_that_was_read_is_not_added_twice(
    hass: HomeAssistant, set_up: SetUp, broker: Any
) -> None:
    entry = await set_up(
        title="Garden", protocol="zigbee2mqtt", prefix="garden", nodes={}
    )
    first, second = [await new_node(hass, entry) for _ in range(2)]
    for flow in (first, second):
        await flow.answer(node="bowl", model="aqara_feeder")
    await first.answer()
    await second.answer()
    assert second.aborted == "already_configured"
    assert len(entry.subentries) == 1
