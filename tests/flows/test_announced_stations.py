"""Stations that announce themselves are offered, once, for as long as they do."""

from __future__ import annotations

import json
from typing import Any

from homeassistant.config_entries import SOURCE_IGNORE, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch import config_flow
from custom_components.mqtt_dispatch.const import DOMAIN

from ..conftest import SetUp
from ..forms import Filled, announced, ignore, nodes_in, offers, only_offer, stations
from ..others import GARDEN, Camera
from .announcing import ANNOUNCEMENT, announce


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


async def test_an_announced_station_is_not_made_while_the_broker_is_away(
    hass: HomeAssistant, broker: Any
) -> None:
    flow = await announced(hass, json.dumps(ANNOUNCEMENT))
    broker.connected = False
    await flow.answer(name="Old barn")
    assert flow.errors == {"base": "mqtt_disconnected"}
    assert flow.suggested == {"name": "Old barn"}
    assert stations(hass) == []
    broker.connected = True
    await flow.answer(name="Old barn")
    assert flow.result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_announced_station_gets_no_node_that_only_another_may_have(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    await set_up(**GARDEN)
    cameras = {"protocol": "esp32_cam", "prefix": "yard", "nodes": [Camera.spelled]}
    flow = await announced(hass, json.dumps({**ANNOUNCEMENT, **cameras}))
    await flow.answer(name="Yard")
    assert flow.errors == {"base": "node_elsewhere"}


async def test_setting_up_by_hand_withdraws_the_offer(
    hass: HomeAssistant, station_form: Filled
) -> None:
    await announced(hass, json.dumps(ANNOUNCEMENT))
    await station_form.speak_at("barn", ["1"])
    assert offers(hass) == []


async def test_an_ignored_station_is_not_offered_again_but_can_be_set_up_by_hand(
    hass: HomeAssistant, station_form: Filled
) -> None:
    await announced(hass, json.dumps(ANNOUNCEMENT))
    await ignore(hass)
    flow = await announced(hass, json.dumps(ANNOUNCEMENT))
    assert flow.aborted == "already_configured"
    assert offers(hass) == []

    await station_form.speak_at("barn", ["1"])
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
