"""How the clocks of a pair differ is shown, and feeds of both begin together."""

from __future__ import annotations

import json

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.ordering.commands import async_order

from ..nodes import CLOCKED, Nodes, pass_time, settled

DIFFERENCE = "sensor.kitchen_node_2_clock_difference"
UNSET = {"online": 1, "ready": 1, "fw": "2.1.0", "clock": 0}


async def both_say(nodes: Nodes, clock: float, *, ahead: float) -> None:
    await nodes.say("state", "1", CLOCKED | {"clock": clock})
    await nodes.say("state", "2", CLOCKED | {"clock": clock + ahead})


async def test_the_difference_is_shown_and_stands_in_the_diagnostics(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    assert hass.states.get(DIFFERENCE) is None
    await both_say(nodes, freezer.time_to_freeze.timestamp(), ahead=-0.35)

    shown = hass.states.get(DIFFERENCE)
    assert shown is not None
    assert (shown.state, shown.attributes["unit_of_measurement"]) == ("350", "ms")
    assert hass.states.get(DIFFERENCE.replace("_2_", "_1_")) is None
    entry = coordinator.config_entry
    assert entry is not None
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert '"clock_difference": 350.0' in json.dumps(told, default=str)

    await nodes.say("state", "1", UNSET)
    shown = hass.states.get(DIFFERENCE)
    assert shown is not None
    assert shown.state == STATE_UNKNOWN


async def test_a_feed_of_nodes_whose_clocks_agree_names_one_moment(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    for _ in range(2):
        await both_say(nodes, freezer.time_to_freeze.timestamp(), ahead=0.1)
        await pass_time(hass, freezer, 1)
    await async_order(coordinator, "feed", {"portions": 1}, (), Cause.ACTION)
    await settled(hass, coordinator)
    sent = [
        json.loads(payload)
        for node in ("1", "2")
        for payload in nodes.published(f"disp/cmd/{node}")
    ]
    moments = [each["execute_at"] for each in sent]
    assert moments == [round(freezer.time_to_freeze.timestamp() + 2.1, 3)] * 2
