"""Stations are set up and changed by people, and offered when they are heard."""

from __future__ import annotations

import json
from typing import Any

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.mqtt_dispatch import config_flow
from custom_components.mqtt_dispatch.const import DOMAIN

from ..conftest import SetUp
from ..forms import (
    Filled,
    announced,
    ignore,
    new_station,
    node_called_in,
    offers,
    only_offer,
    reconfigured,
)
from ..nodes import Nodes

KITCHEN = {"name": "Kitchen", "protocol": "paired_dispenser"}
DISP = {"prefix": "disp", "nodes": ["1", "2"]}
ANNOUNCEMENT: dict[str, Any] = {
    "station": "Barn",
    "protocol": "paired_dispenser",
    "prefix": "barn",
    "nodes": ["1", "2", "left"],
}


def stations(hass: HomeAssistant) -> list[ConfigEntry[Any]]:
    """Return the stations that are set up."""
    return hass.config_entries.async_entries(DOMAIN, include_ignore=False)


def nodes_in(entry: ConfigEntry[Any]) -> list[tuple[Any, ...]]:
    """Return what is kept of the nodes of a station, in their order."""
    return [
        (node.subentry_type, dict(node.data), node.title, node.unique_id)
        for node in entry.subentries.values()
    ]


@pytest.fixture
async def broker(hass: HomeAssistant, mqtt_mock: Any) -> Any:
    """The MQTT broker."""
    return mqtt_mock


@pytest.fixture
async def station_form(hass: HomeAssistant, broker: Any) -> Filled:
    """The second form of a new station."""
    return await (await new_station(hass)).answer(**KITCHEN)


async def test_a_station_is_set_up_by_hand(hass: HomeAssistant, broker: Any) -> None:
    flow = await new_station(hass)
    assert (flow.result["step_id"], flow.errors) == ("user", {})
    await flow.answer(**KITCHEN)
    assert (flow.result["step_id"], flow.errors) == ("station", {})
    assert flow.suggested == DISP
    await flow.answer(**DISP)

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
    assert [field["name"] for field in result["data_schema"]] == ["prefix", "nodes"]
    result = await (await web.post(step, json=DISP)).json()
    assert (result["type"], result["title"]) == ("create_entry", "Kitchen")
    await hass.async_block_till_done()
    (entry,) = stations(hass)
    assert entry.state is ConfigEntryState.LOADED


async def test_the_order_of_the_nodes_is_kept(
    hass: HomeAssistant, station_form: Filled
) -> None:
    await station_form.answer(prefix="disp", nodes=["b", "c", "a"])
    (entry,) = stations(hass)
    assert [node.unique_id for node in entry.subentries.values()] == ["b", "c", "a"]


async def test_blanks_around_names_and_blank_lines_do_not_count(
    hass: HomeAssistant, broker: Any
) -> None:
    flow = await new_station(hass)
    await flow.answer(name="  Kitchen ", protocol="paired_dispenser")
    await flow.answer(prefix=" disp\n", nodes=[" 1", "", "2 "])
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
    await flow.answer(**DISP)
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
    await station_form.answer(**{**DISP, field: wrong})
    assert station_form.errors == {field: error}
    assert station_form.suggested[field] == wrong, "what was typed is lost"
    await station_form.answer(**DISP)
    assert station_form.result["type"] is FlowResultType.CREATE_ENTRY


async def test_all_that_is_wrong_is_said_at_once(station_form: Filled) -> None:
    await station_form.answer(prefix="#", nodes=[])
    assert station_form.errors == {"prefix": "invalid_prefix", "nodes": "no_nodes"}


async def test_the_same_prefix_is_not_set_up_twice(
    hass: HomeAssistant, kitchen: MockConfigEntry, station_form: Filled
) -> None:
    await station_form.answer(**DISP)
    assert station_form.errors == {"prefix": "prefix_used"}
    assert station_form.result["description_placeholders"]["station"] == "Kitchen"
    assert stations(hass) == [kitchen]
    await station_form.answer(prefix="barn", nodes=["1", "2"])
    assert [entry.unique_id for entry in stations(hass)] == ["disp", "barn"]


async def test_of_two_forms_open_for_the_same_prefix_the_second_is_refused(
    hass: HomeAssistant, broker: Any
) -> None:
    first = await (await new_station(hass)).answer(**KITCHEN)
    second = await (await new_station(hass)).answer(**KITCHEN)
    await first.answer(**DISP)
    await second.answer(prefix="disp", nodes=["3"])
    assert second.errors == {"prefix": "prefix_used"}
    assert len(stations(hass)) == 1


async def test_without_mqtt_nothing_is_asked(hass: HomeAssistant) -> None:
    assert (await new_station(hass)).aborted == "mqtt_unavailable"


async def test_a_station_announces_itself(hass: HomeAssistant, broker: Any) -> None:
    announce(hass, ANNOUNCEMENT, retain=True)
    await hass.async_block_till_done()

    (offer,) = offers(hass)
    assert offer["context"]["title_placeholders"] == {"name": "Barn"}
    assert offer["context"]["unique_id"] == "barn"
    flow = await only_offer(hass).look()
    assert flow.suggested == {"name": "Barn"}
    assert flow.result["description_placeholders"] == {
        "station": "`Barn`",
        "prefix": "`barn`",
        "nodes": "`1`, `2`, `left`",
    }

    await flow.answer(name="Old barn")
    (entry,) = stations(hass)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.title, entry.unique_id) == ("Old barn", "barn")
    assert entry.data == {"protocol": "paired_dispenser", "prefix": "barn"}
    assert [node[1:] for node in nodes_in(entry)] == [
        ({"node": "1"}, "Node 1", "1"),
        ({"node": "2"}, "Node 2", "2"),
        ({"node": "left"}, "Node left", "left"),
    ]


@pytest.mark.parametrize(
    "payload", ["", "{", json.dumps({**ANNOUNCEMENT, "prefix": "barn/#"})]
)
async def test_what_is_no_announcement_offers_nothing(
    hass: HomeAssistant, broker: Any, payload: str
) -> None:
    assert (await announced(hass, payload)).aborted == "invalid_discovery_info"
    assert offers(hass) == []


async def test_what_is_announced_is_shown_as_text_and_nothing_else(
    hass: HomeAssistant, broker: Any
) -> None:
    evil = {**ANNOUNCEMENT, "station": "` ![x](//evil) `", "nodes": ["`<b>`"]}
    flow = await announced(hass, json.dumps(evil))
    shown = flow.result["description_placeholders"]
    assert shown["station"] == "`' ![x](//evil) '`"
    assert shown["nodes"] == "`'<b>'`"


async def test_a_station_that_is_set_up_may_announce_itself_without_a_reload(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    before = kitchen.runtime_data
    announce(hass, {**ANNOUNCEMENT, "prefix": "disp"})
    await hass.async_block_till_done()
    assert offers(hass) == []
    assert "mqtt" in kitchen.discovery_keys, "it was not heard at all"
    assert kitchen.runtime_data is before


async def test_an_announced_station_that_was_set_up_meanwhile_is_refused(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    flow = await announced(hass, json.dumps(ANNOUNCEMENT))
    await set_up(prefix="barn")
    await flow.answer(name="Barn")
    assert flow.aborted == "already_configured"


async def test_setting_up_by_hand_withdraws_the_offer(
    hass: HomeAssistant, station_form: Filled
) -> None:
    await announced(hass, json.dumps(ANNOUNCEMENT))
    await station_form.answer(prefix="barn", nodes=["1"])
    assert offers(hass) == []


async def test_an_ignored_station_is_not_offered_again_but_can_be_set_up_by_hand(
    hass: HomeAssistant, station_form: Filled
) -> None:
    await announced(hass, json.dumps(ANNOUNCEMENT))
    await ignore(hass)
    flow = await announced(hass, json.dumps(ANNOUNCEMENT))
    assert flow.aborted == "already_configured"
    assert offers(hass) == []

    await station_form.answer(prefix="barn", nodes=["1"])
    assert station_form.result["type"] is FlowResultType.CREATE_ENTRY
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.source != SOURCE_IGNORE


async def test_a_new_announcement_takes_the_place_of_the_one_before(
    hass: HomeAssistant, broker: Any
) -> None:
    announce(hass, ANNOUNCEMENT)
    await hass.async_block_till_done()
    announce(hass, {**ANNOUNCEMENT, "nodes": ["7"]})
    await hass.async_block_till_done()
    flow = await only_offer(hass).look()
    assert flow.result["description_placeholders"]["nodes"] == "`7`"


async def test_an_announcement_that_is_taken_back_is_not_offered_any_more(
    hass: HomeAssistant, broker: Any
) -> None:
    announce(hass, ANNOUNCEMENT)
    announce(hass, {**ANNOUNCEMENT, "prefix": "stable"}, topic="stable")
    await hass.async_block_till_done()
    assert len(offers(hass)) == 2
    announce(hass, None)
    await hass.async_block_till_done()
    (offer,) = offers(hass)
    assert offer["context"]["unique_id"] == "stable"


async def test_a_station_that_is_announced_twice_is_offered_once(
    hass: HomeAssistant, broker: Any
) -> None:
    announce(hass, ANNOUNCEMENT)
    announce(hass, ANNOUNCEMENT, topic="again")
    await hass.async_block_till_done()
    assert len(offers(hass)) == 1


async def test_offers_have_an_end(
    hass: HomeAssistant, broker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config_flow, "MOST_OFFERS", 2)
    reasons = [
        (await announced(hass, json.dumps({**ANNOUNCEMENT, "prefix": prefix}))).aborted
        for prefix in ("a", "b", "c")
    ]
    assert reasons == [None, None, "too_many_offers"]


async def test_a_bad_name_of_an_announced_station_can_be_mended(
    hass: HomeAssistant, broker: Any
) -> None:
    flow = await announced(hass, json.dumps(ANNOUNCEMENT))
    await flow.answer(name=" ")
    assert flow.errors == {"name": "invalid_name"}
    await flow.answer(name="Barn")
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_node_that_calls_in_is_offered_and_added(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.ready("3")
    (offer,) = offers(hass)
    assert offer["context"]["title_placeholders"] == {"name": "Kitchen: Node 3"}
    flow = await only_offer(hass).look()
    assert flow.suggested == {"name": "Node 3"}
    assert flow.result["description_placeholders"] == {
        "station": "`Kitchen`",
        "node": "`3`",
    }

    await flow.answer(name="Fountain")
    assert flow.aborted == "node_added"
    await hass.async_block_till_done()
    assert nodes_in(kitchen)[-1] == ("node", {"node": "3"}, "Fountain", "3")
    assert kitchen.state is ConfigEntryState.LOADED
    assert hass.states.get("binary_sensor.kitchen_fountain_ready") is not None
    assert kitchen.runtime_data.engine.station.nodes == ("1", "2", "3")
    assert kitchen.runtime_data.engine.ledger.open == {}, (
        "nothing was sent as a welcome"
    )

    await nodes.ready("3")
    assert offers(hass) == []


async def test_a_node_that_calls_in_often_is_offered_once(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.ready("3")
    await nodes.ready("3")
    await hass.config_entries.async_reload(kitchen.entry_id)
    await nodes.ready("3")
    assert len(offers(hass)) == 1


async def test_an_ignored_node_is_not_offered_again(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    await nodes.ready("3")
    await ignore(hass)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await nodes.ready("3")
    assert offers(hass) == []
    await nodes.ready("4")
    assert len(offers(hass)) == 1, "another node is not ignored with it"


async def test_a_removed_node_that_calls_in_is_offered_again(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    second = list(kitchen.subentries)[1]
    hass.config_entries.async_remove_subentry(kitchen, second)
    await hass.async_block_till_done()
    assert offers(hass) == []
    await nodes.ready("2")
    await only_offer(hass).answer(name="Node 2")
    assert kitchen.runtime_data.engine.station.nodes == ("1", "2")


async def test_the_same_node_of_two_stations_is_offered_at_both(
    hass: HomeAssistant, nodes: Nodes, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(title="Barn", prefix="disp/x/3", nodes=("1",))
    await nodes.ready("3")
    await Nodes(hass, mqtt_mock, "disp/x/3").ready("3")
    assert sorted(offer["context"]["unique_id"] for offer in offers(hass)) == [
        "disp/+/3",
        "disp/x/3/+/3",
    ]


async def test_a_node_that_is_known_by_now_is_not_offered(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    flow = await node_called_in(hass, kitchen.entry_id, "2")
    assert flow.aborted == "already_configured"


async def test_a_node_of_a_removed_station_is_not_offered(
    hass: HomeAssistant, broker: Any
) -> None:
    assert (await node_called_in(hass, "gone", "3")).aborted == "station_removed"


@pytest.mark.parametrize(
    ("name", "error"),
    [(" ", "invalid_name"), ("Node 1", "name_used")],
)
async def test_a_bad_name_of_a_node_that_called_in_can_be_mended(
    hass: HomeAssistant, kitchen: MockConfigEntry, name: str, error: str
) -> None:
    flow = await node_called_in(hass, kitchen.entry_id, "3")
    await flow.answer(name=name)
    assert flow.errors == {"name": error}
    await flow.answer(name="Fountain")
    assert flow.aborted == "node_added"


async def test_removing_a_station_withdraws_the_offers_of_its_nodes_only(
    hass: HomeAssistant, kitchen: MockConfigEntry, set_up: SetUp
) -> None:
    barn = await set_up(title="Barn", prefix="barn")
    await node_called_in(hass, kitchen.entry_id, "3")
    await node_called_in(hass, barn.entry_id, "3")
    await hass.config_entries.async_remove(kitchen.entry_id)
    (offer,) = offers(hass)
    assert offer["context"]["unique_id"] == "barn/+/3"


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
    assert offers(hass) == []


def announce(
    hass: HomeAssistant,
    content: dict[str, Any] | None,
    *,
    topic: str = "kitchen",
    retain: bool = False,
) -> None:
    """Announce a station; None takes it back.

    `retain` is what the broker says of what it kept, not of what comes just now.
    """
    payload = "" if content is None else json.dumps(content)
    async_fire_mqtt_message(hass, f"{DOMAIN}/{topic}/announce", payload, retain=retain)
