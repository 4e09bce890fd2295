"""Valves of nodes that say that they are done once they have closed, and of relays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..calls import attribute, shown, use
from ..conftest import Disk, SetUp
from ..nodes import pass_time, settled
from ..others import CHANNELS, Greenhouse, with_channels
from ..repairing import issues

INLET = "valve.glasshouse_nutrients_valve_inlet"
INLET_RUN_TIME = "number.glasshouse_nutrients_valve_inlet_run_time"
INLET_CLOSES_AT = "sensor.glasshouse_nutrients_valve_inlet_closes_at"


@pytest.fixture
async def glasshouse(set_up: SetUp) -> MockConfigEntry:
    """A station with a relay node."""
    return await set_up(**with_channels(*CHANNELS, node_type="relay"))


@pytest.fixture
async def relay(
    hass: HomeAssistant, glasshouse: MockConfigEntry, mqtt_mock: Any
) -> Greenhouse:
    """Its node, played by hand, with a valve that was just opened for 30 s."""
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    await use(hass, "number.set_value", INLET_RUN_TIME, value=30)
    await use(hass, "valve.open_valve", INLET)
    await settled(hass, glasshouse.runtime_data)
    (told,) = node.sent("inlet/command")
    assert told["cmd"] == "set_relay"
    assert told["params"] == {"state": True, "duration_ms": 30_000}
    assert shown(hass, INLET) == STATE_UNKNOWN, "the node has not said anything"
    await node.answer("inlet", 1, "ACK")
    await settled(hass, glasshouse.runtime_data)
    return node


async def test_a_run_is_as_long_as_its_node_was_told_and_ends_by_its_word(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, relay: Greenhouse
) -> None:
    ends = dt_util.utcnow().replace(microsecond=0) + timedelta(seconds=30)
    assert shown(hass, INLET) == "open"
    assert attribute(hass, INLET, "assumed_state") is True, "it only took the order"
    assert dt_util.parse_datetime(shown(hass, INLET_CLOSES_AT)) == ends

    await pass_time(hass, freezer, 29)
    assert shown(hass, INLET) == "open"
    await relay.answer("inlet", 1, "DONE", state=False)
    assert shown(hass, INLET) == "closed"
    assert shown(hass, INLET_CLOSES_AT) == STATE_UNKNOWN
    state = hass.states.get(INLET)
    assert state is not None
    assert "assumed_state" not in state.attributes


async def test_a_run_whose_end_its_node_does_not_tell_is_over_by_time(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    glasshouse: MockConfigEntry,
    relay: Greenhouse,
) -> None:
    await pass_time(hass, freezer, 31)
    assert shown(hass, INLET) == "closed"
    assert attribute(hass, INLET, "assumed_state") is True

    # Nobody heard of its end in time: it is in doubt, and closed all the same.
    await pass_time(hass, freezer, 600)
    await relay.say("heartbeat", {"uptime": 800})
    await settled(hass, glasshouse.runtime_data)
    assert glasshouse.runtime_data.data.unconfirmed
    assert shown(hass, INLET) == "closed"


@pytest.mark.parametrize(
    ("seconds", "answered", "state"),
    [(10, False, "open"), (31, False, "closed"), (10, True, "closed")],
)
async def test_a_run_of_such_a_node_goes_on_over_a_kill(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    glasshouse: MockConfigEntry,
    relay: Greenhouse,
    disk_full: Disk,
    seconds: int,
    answered: bool,
    state: str,
) -> None:
    freezer.tick(seconds)
    if answered:
        await relay.answer("inlet", 1, "DONE", state=False)
        await settled(hass, glasshouse.runtime_data)
    disk_full(True)
    await hass.config_entries.async_unload(glasshouse.entry_id)
    disk_full(False)
    await hass.config_entries.async_setup(glasshouse.entry_id)
    await hass.async_block_till_done()
    await relay.say("heartbeat", {"uptime": 160})

    assert shown(hass, INLET) == state
    assert attribute(hass, INLET, "assumed_state") is True


async def test_a_valve_that_is_a_relay_is_opened_as_one_and_closed_until_it_is_done(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**with_channels(*CHANNELS, node_type="climate"))
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    valve = "valve.glasshouse_nutrients_valve_inlet"
    assert hass.states.get("number.glasshouse_nutrients_valve_inlet_run_time") is None

    await use(hass, "valve.open_valve", valve)
    await settled(hass, entry.runtime_data)
    (told,) = node.sent("inlet/command")
    assert (told["cmd"], told["params"]) == ("set_relay", {"state": True})
    await node.answer("inlet", 1, "DONE", state=True)
    assert shown(hass, valve) == "open"
    assert attribute(hass, valve, "closes_at") is None

    await use(hass, "valve.close_valve", valve)
    await settled(hass, entry.runtime_data)
    for _ in range(16):
        await pass_time(hass, freezer, 20)
        await node.say("heartbeat", {"uptime": 120})
    await settled(hass, entry.runtime_data)
    closes = node.sent("inlet/command")[1:]
    assert {each["cmd_id"] for each in closes} == {"md-2"}
    assert all(each["params"] == {"state": False} for each in closes)
    assert "still_not_done" in [each.translation_key for each in issues(hass)]

    await node.answer("inlet", 2, "DONE", state=False)
    assert shown(hass, valve) == "closed"
    assert "still_not_done" not in [each.translation_key for each in issues(hass)]
