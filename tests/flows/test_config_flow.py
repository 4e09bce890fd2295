"""Stations are set up and changed by people."""

from __future__ import annotations

import json
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch.const import DOMAIN

from ..forms import (
    Filled,
    announced,
    ignore,
    new_station,
    node_called_in,
    nodes_in,
    offers,
    reconfigured,
    stations,
)
from ..nodes import Nodes
from .announcing import ANNOUNCEMENT

KITCHEN = {"name": "Kitchen", "protocol": "paired_dispenser"}
DISP: dict[str, Any] = {"prefix": "disp", "nodes": ["1", "2"]}


async def test_a_station_is_set_up_by_hand(hass: HomeAssistant, broker: Any) -> None:
    flow = await new_station(hass)
    assert (flow.result["step_id"], flow.errors) == ("user", {})
    await flow.answer(**KITCHEN)
    assert (flow.result["step_id"], flow.errors) == ("station", {})
    assert flow.suggested == {"prefix": "disp"}
    await flow.answer(prefix="disp")
    assert (flow.result["step_id"], flow.errors) == ("silent", {})
    assert flow.suggested == {"nodes": ["1", "2"]}
    await flow.answer(nodes=["1", "2"])

    assert flow.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = stations(hass)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.title, entry.unique_id) == ("Kitchen", "disp")
    assert entry.data == {"protocol": "paired_dispenser", "prefix": "disp"}
    assert entry.options == {}
    assert nodes_in(entry) == [
        ("node", {"node": "1"}, "Node 1", "1"),
        ("node", {"node": "2"}, "Node 2", "2"),
    ]


async def test_a_station_is_set_up_over_the_web(
    hass: HomeAssistant, broker: Any, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "config", {})
    web = await hass_client()
    flows = "/api/config/config_entries/flow"
    result = await (await web.post(flows, json={"handler": DOMAIN})).json()
    step = f"{flows}/{result['flow_id']}"
    result = await (await web.post(step, json=KITCHEN)).json()
    assert [field["name"] for field in result["data_schema"]] == ["prefix"]
    result = await (await web.post(step, json={"prefix": "disp"})).json()
    assert [field["name"] for field in result["data_schema"]] == ["nodes"]
    result = await (await web.post(step, json={"nodes": ["1", "2"]})).json()
    assert (result["type"], result["title"]) == ("create_entry", "Kitchen")
    await hass.async_block_till_done()
    (entry,) = stations(hass)
    assert entry.state is ConfigEntryState.LOADED


async def test_the_order_of_the_nodes_is_kept(
    hass: HomeAssistant, station_form: Filled
) -> None:
    await station_form.speak_at("disp", ["b", "c", "a"])
    (entry,) = stations(hass)
    assert [node.unique_id for node in entry.subentries.values()] == ["b", "c", "a"]


async def test_blanks_around_names_and_blank_lines_do_not_count(
    hass: HomeAssistant, broker: Any
) -> None:
    flow = await new_station(hass)
    await flow.answer(name="  Kitchen ", protocol="paired_dispenser")
    await flow.speak_at(" disp\n", [" 1", "", "2 "])
    (entry,) = stations(hass)
    assert (entry.title, entry.data["prefix"]) == ("Kitchen", "disp")
    assert [node.unique_id for node in entry.subentries.values()] == ["1", "2"]


async def test_a_bad_name_is_refused_and_can_be_mended(
    hass: HomeAssistant, broker: Any
) -> None:
    flow = await new_station(hass)
    await flow.answer(name="two\nlines", protocol="paired_dispenser")
    assert flow.errors == {"name": "invalid_name"}
    assert flow.suggested["name"] == "two\nlines", "what was typed is lost"
    await flow.answer(**KITCHEN)
    await flow.speak_at(**DISP)
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("field", "wrong", "error"),
    [
        ("prefix", "disp/#", "invalid_prefix"),
        ("nodes", [], "no_nodes"),
        ("nodes", ["", "  "], "no_nodes"),
        ("nodes", ["1", " 1 "], "node_twice"),
        ("nodes", ["1", "a/b"], "invalid_node"),
    ],
)
async def test_a_bad_prefix_or_node_is_refused_and_can_be_mended(
    station_form: Filled, field: str, wrong: Any, error: str
) -> None:
    await station_form.speak_at(**{**DISP, field: wrong})
    assert station_form.errors == {field: error}
    assert station_form.suggested[field] == wrong, "what was typed is lost"
    if field == "prefix":
        await station_form.speak_at(**DISP)
    else:
        await station_form.answer(nodes=["1", "2"])
    assert station_form.result["type"] is FlowResultType.CREATE_ENTRY


async def test_the_same_prefix_is_not_set_up_twice(
    hass: HomeAssistant, kitchen: MockConfigEntry, station_form: Filled
) -> None:
    await station_form.speak_at(**DISP)
    assert station_form.errors == {"prefix": "prefix_used"}
    assert station_form.result["description_placeholders"]["station"] == "Kitchen"
    assert stations(hass) == [kitchen]
    await station_form.speak_at("barn", ["1", "2"])
    assert [entry.unique_id for entry in stations(hass)] == ["disp", "barn"]


async def test_of_two_forms_open_for_the_same_prefix_the_second_is_refused(
    hass: HomeAssistant, broker: Any
) -> None:
    first = await (await new_station(hass)).answer(**KITCHEN)
    second = await (await new_station(hass)).answer(**KITCHEN)
    await second.answer(prefix="disp")
    await first.speak_at(**DISP)
    await second.answer(nodes=["3"])
    assert second.result["step_id"] == "station"
    assert second.errors == {"prefix": "prefix_used"}
    assert len(stations(hass)) == 1


async def test_without_mqtt_nothing_is_asked(hass: HomeAssistant) -> None:
    assert (await new_station(hass)).aborted == "mqtt_unavailable"


async def test_reconfiguring_changes_name_and_prefix(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    mqtt_mock: Any,
    device_registry: dr.DeviceRegistry,
) -> None:
    flow = await reconfigured(hass, kitchen)
    assert flow.suggested == {"name": "Kitchen", "prefix": "disp"}
    await flow.answer(name="Hall", prefix="hall/feeder")
    assert flow.result["step_id"] == "moved_silent"
    assert kitchen.title == "Kitchen", "nobody has said yes yet"
    await flow.answer()
    assert flow.aborted == "reconfigure_successful"
    await hass.async_block_till_done()

    assert kitchen.state is ConfigEntryState.LOADED
    assert (kitchen.title, kitchen.unique_id) == ("Hall", "hall/feeder")
    assert kitchen.data == {"protocol": "paired_dispenser", "prefix": "hall/feeder"}
    devices = dr.async_entries_for_config_entry(device_registry, kitchen.entry_id)
    assert sorted(str(device.name) for device in devices) == [
        "Hall",
        "Hall Node 1",
        "Hall Node 2",
    ]
    online = "binary_sensor.kitchen_node_1_online"
    await Nodes(hass, mqtt_mock, "hall/feeder").ready("2")
    await nodes.ready("1")
    assert hass.states.is_state(online, "unknown"), "it still hears the old prefix"
    await Nodes(hass, mqtt_mock, "hall/feeder").ready("1")
    assert hass.states.is_state(online, "on"), "it does not hear the new prefix"


async def test_reconfiguring_nothing_reloads_nothing(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    before = kitchen.runtime_data
    flow = await reconfigured(hass, kitchen)
    await flow.answer(name="Kitchen", prefix="disp")
    assert flow.aborted == "reconfigure_successful"
    await hass.async_block_till_done()
    assert kitchen.runtime_data is before


@pytest.mark.parametrize(
    ("name", "prefix", "errors"),
    [
        (" ", "disp", {"name": "invalid_name"}),
        ("Hall", "disp/", {"prefix": "invalid_prefix"}),
        ("Hall", "barn", {"prefix": "prefix_used"}),
        ("", "barn", {"name": "invalid_name", "prefix": "prefix_used"}),
    ],
)
async def test_bad_changes_are_refused_and_can_be_mended(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    name: str,
    prefix: str,
    errors: dict[str, str],
) -> None:
    MockConfigEntry(
        domain=DOMAIN,
        title="Barn",
        unique_id="barn",
        data={"protocol": "paired_dispenser", "prefix": "barn"},
    ).add_to_hass(hass)
    flow = await reconfigured(hass, kitchen)
    await flow.answer(name=name, prefix=prefix)
    assert flow.errors == errors
    assert flow.suggested == {"name": name, "prefix": prefix}
    assert (kitchen.title, kitchen.unique_id) == ("Kitchen", "disp")
    await flow.answer(name="Hall", prefix="hall")
    await flow.answer()
    assert flow.aborted == "reconfigure_successful"
    assert (kitchen.title, kitchen.unique_id) == ("Hall", "hall")


async def test_a_station_may_move_to_a_prefix_that_is_offered_or_ignored(
    hass: HomeAssistant, kitchen: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    await announced(hass, json.dumps(ANNOUNCEMENT))
    await ignore(hass)
    await announced(hass, json.dumps({**ANNOUNCEMENT, "prefix": "stable"}))
    for prefix in ("stable", "barn"):
        flow = await reconfigured(hass, kitchen)
        await flow.answer(name="Kitchen", prefix=prefix)
        await flow.answer()
    assert offers(hass) == []
    assert hass.config_entries.async_entries(DOMAIN) == [kitchen]
    assert "already in use" not in caplog.text


async def test_a_new_prefix_withdraws_the_offers_of_the_old_one(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await node_called_in(hass, kitchen.entry_id, "3")
    flow = await reconfigured(hass, kitchen)
    await flow.answer(name="Hall", prefix="disp")
    assert len(offers(hass)) == 1, "a new name withdraws nothing"
    flow = await reconfigured(hass, kitchen)
    await flow.answer(name="Hall", prefix="hall")
    await flow.answer()
    assert offers(hass) == []
