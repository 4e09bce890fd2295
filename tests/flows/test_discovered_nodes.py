"""Nodes that call in and are not known are offered, once."""

from __future__ import annotations

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..conftest import SetUp
from ..forms import ignore, new_node, node_called_in, nodes_in, offers, only_offer
from ..nodes import Nodes
from ..others import GARDEN


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
        "not_provable": "",
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


async def test_a_node_that_was_added_to_another_station_meanwhile_is_refused(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    garden = await set_up(**GARDEN)
    yard = await set_up(**{**GARDEN, "title": "Yard", "prefix": "yard", "nodes": {}})
    offer = await node_called_in(hass, yard.entry_id, "AABBCCDDEE00")
    form = await new_node(hass, garden)
    await form.answer(node="AABBCCDDEE00", name="Tree")
    assert form.result["type"] is FlowResultType.CREATE_ENTRY
    await offer.answer(name="Tree")
    assert offer.aborted == "already_configured"
    assert not yard.subentries


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
