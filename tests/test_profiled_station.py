"""A station whose protocol is made of a profile, in Home Assistant."""

from __future__ import annotations

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.mqtt_dispatch.const import CONF_FIELDS
from custom_components.mqtt_dispatch.coordinator import DispatchConfigEntry
from custom_components.mqtt_dispatch.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.mqtt_dispatch.engine.model.command import CommandState

from .calls import actions_of, shown, use
from .conftest import SetUp
from .forms import offers, only_offer
from .nodes import Player, pass_time, settled
from .protocols.profiled.shipped import spoken
from .repairing import issues

WIRE = spoken("zigbee2mqtt")
FEEDER = "zigbee2mqtt/feeder"
VALVE = "zigbee2mqtt/garden"


@pytest.fixture
async def garden(set_up: SetUp) -> DispatchConfigEntry:
    """A bridge with a feeder and a valve."""
    entry: DispatchConfigEntry = await set_up(
        title="Garden",
        protocol=WIRE.key,
        prefix=WIRE.default_prefix,
        nodes={
            "feeder": {CONF_FIELDS: {"model": "aqara_feeder"}},
            "garden": {CONF_FIELDS: {"model": "neo_valve"}},
        },
    )
    return entry


def entity(hass: HomeAssistant, entry: DispatchConfigEntry, domain: str) -> str:
    """Return the one entity of a node in a domain that orders something there."""
    (found,) = (
        each.entity_id
        for each in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if each.domain == domain
        and each.config_subentry_id is not None
        and each.translation_key in ("feed", "valve_itself")
    )
    return found


async def test_a_valve_of_a_profile_is_opened_and_proves_that_it_closed(
    hass: HomeAssistant,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    freezer: FrozenDateTimeFactory,
) -> None:
    node = Player(hass, mqtt_mock)
    valve = entity(hass, garden, "valve")
    await node.publish(VALVE, {"status": "off", "state": "OFF"})
    assert shown(hass, valve) == "closed"

    await use(hass, "valve.open_valve", valve)
    await settled(hass, garden.runtime_data)
    assert [json.loads(text) for text in node.published(f"{VALVE}/set")] == [
        {"on_with_countdown": 10}
    ]

    await node.publish(VALVE, {"status": "off", "on_with_countdown": 10})
    assert shown(hass, valve) != "open", "the bridge says what it was told"
    await node.publish(VALVE, {"status": "on_manual_app", "state": "ON"})
    assert shown(hass, valve) == "open"
    await pass_time(hass, freezer, 600)
    await node.publish(VALVE, {"status": "off", "state": "OFF"})
    await settled(hass, garden.runtime_data)

    assert shown(hass, valve) == "closed"
    assert _last(garden) is CommandState.SUCCEEDED


async def test_only_what_a_valve_takes_can_be_chosen_as_its_run_time(
    hass: HomeAssistant, garden: DispatchConfigEntry, mqtt_mock: Any
) -> None:
    await Player(hass, mqtt_mock).publish(VALVE, {"status": "off", "state": "OFF"})
    (run_time,) = (
        state
        for state in hass.states.async_all("number")
        if state.entity_id.endswith("run_time")
    )
    assert run_time.attributes["step"] == 1

    with pytest.raises(ServiceValidationError):
        await use(hass, "number.set_value", run_time.entity_id, value=1.5)
    await use(hass, "number.set_value", run_time.entity_id, value=2)
    assert shown(hass, run_time.entity_id) == "2"


async def test_a_feeder_of_a_profile_is_fed_by_the_action(
    hass: HomeAssistant,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    freezer: FrozenDateTimeFactory,
) -> None:
    node = Player(hass, mqtt_mock)
    await node.publish(FEEDER, {"portions_per_day": 3})
    act = actions_of(hass, garden, "feeder")
    await act("feed", portions=2)
    await settled(hass, garden.runtime_data)
    assert node.published(f"{FEEDER}/set") == ['{"serving_size":2}']

    await node.publish(FEEDER, {"portions_per_day": 3, "serving_size": 2})
    await settled(hass, garden.runtime_data)
    assert node.published(f"{FEEDER}/set")[1:] == ['{"feed":"START"}']

    await node.publish(FEEDER, {"portions_per_day": 5, "feeding_source": "remote"})
    await pass_time(hass, freezer, 6)
    await settled(hass, garden.runtime_data)
    assert _last(garden) is CommandState.SUCCEEDED


async def test_the_schedule_that_a_feeder_keeps_is_set_and_only_told(
    hass: HomeAssistant,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    freezer: FrozenDateTimeFactory,
) -> None:
    node = Player(hass, mqtt_mock)
    await node.publish(FEEDER, {"portions_per_day": 3})
    entries = [{"time": "08:00", "portions": 2, "days": "weekend"}]
    act = actions_of(hass, garden, "feeder")
    ordered = await act(
        "send_command", kind="set_schedule", params={"entries": entries}
    )
    await settled(hass, garden.runtime_data)
    assert node.published(f"{FEEDER}/set") == [
        '{"schedule":[{"days":"weekend","hour":8,"minute":0,"size":2}]}'
    ]

    await pass_time(hass, freezer, 31)
    await settled(hass, garden.runtime_data)
    found = await act("get_commands", command_id=ordered["command_id"])
    (command,) = found["commands"]
    assert command["state"] == "succeeded"
    assert [each["cause"] for each in command["timeline"]][-1] == "told"


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            [{"time": "25:00", "portions": 1}],
            "Meals.1.time: a time of day is needed, such as 08:00, not 25:00",
        ),
        (
            [{"time": "08:00", "portions": 11}],
            "Meals.1.portions: a whole number from 1 to 10 is needed, not 11",
        ),
        (
            [{"time": "08:00", "portions": 1}] * 5,
            "Meals: a list is needed, and no more items in it than 4",
        ),
    ],
    ids=["a time that is none", "too much", "too many lines"],
)
async def test_a_schedule_that_is_none_is_refused_before_anything_is_stored(
    hass: HomeAssistant,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    entries: list[dict[str, Any]],
    said: str,
) -> None:
    await Player(hass, mqtt_mock).publish(FEEDER, {"portions_per_day": 3})
    act = actions_of(hass, garden, "feeder")
    with pytest.raises(ServiceValidationError) as refused:
        await act("send_command", kind="set_schedule", params={"entries": entries})

    assert str(refused.value).rstrip(".") == said
    assert not garden.runtime_data.engine.ledger.open


DEVICES = "zigbee2mqtt/bridge/devices"


def _valve_called(name: str) -> dict[str, Any]:
    """Return what a bridge says of a valve."""
    exposes = [{"property": "on_with_countdown"}]
    return {
        "friendly_name": name,
        "ieee_address": "0x00158d0000000003",
        "definition": {"model": "x", "vendor": "NEO", "exposes": exposes},
    }


async def test_a_valve_that_is_renamed_at_its_bridge_is_the_same_one(
    hass: HomeAssistant, garden: DispatchConfigEntry, mqtt_mock: Any
) -> None:
    node = Player(hass, mqtt_mock)
    valve = entity(hass, garden, "valve")
    await node.publish(DEVICES, [_valve_called("garden")])
    await node.publish(DEVICES, [_valve_called("back/lawn")])
    assert offers(hass) == [], "it is no new one"

    await node.publish("zigbee2mqtt/back/lawn", {"status": "off"})
    assert shown(hass, valve) == "closed"
    await hass.config_entries.async_reload(garden.entry_id)
    await node.publish("zigbee2mqtt/back/lawn", {"status": "off"})
    await use(hass, "valve.open_valve", valve)
    await settled(hass, garden.runtime_data)
    assert node.published("zigbee2mqtt/back/lawn/set") == ['{"on_with_countdown":10}']
    assert node.published(f"{VALVE}/set") == []


async def test_a_name_with_levels_is_added_under_one_without(
    hass: HomeAssistant, garden: DispatchConfigEntry, mqtt_mock: Any
) -> None:
    node = Player(hass, mqtt_mock)
    await node.publish(DEVICES, [_valve_called("back/lawn")])
    flow = await only_offer(hass).look()
    assert flow.suggested == {"name": "Node back lawn", "model": "neo_valve"}
    await flow.answer(name="Lawn", model="neo_valve")
    assert flow.aborted == "node_added"
    await hass.async_block_till_done()

    await node.publish("zigbee2mqtt/back/lawn", {"status": "off"})
    act = actions_of(hass, garden, "back lawn")
    await act("open_valve", duration=60)
    await settled(hass, garden.runtime_data)
    assert node.published("zigbee2mqtt/back/lawn/set") == ['{"on_with_countdown":1}']


async def test_an_action_opens_a_valve_for_as_long_as_its_model_takes(
    hass: HomeAssistant, garden: DispatchConfigEntry, mqtt_mock: Any
) -> None:
    node = Player(hass, mqtt_mock)
    await node.publish(VALVE, {"status": "off"})
    await actions_of(hass, garden, "garden")("open_valve", duration=4 * 3600)
    await settled(hass, garden.runtime_data)
    assert node.published(f"{VALVE}/set") == ['{"on_with_countdown":240}']


async def test_what_a_node_is_and_what_it_cannot_prove_stands_in_a_bug_report(
    hass: HomeAssistant, garden: DispatchConfigEntry
) -> None:
    nodes = (await async_get_config_entry_diagnostics(hass, garden))["nodes"]
    assert nodes["garden"]["model"] == {
        "title": "Sprinkler timer that opens with a countdown (NEO, Nous L14)",
        "not_provable": (
            "That water ran.",
            (
                "That it closed, where it was not heard to be open: Zigbee2MQTT says"
                " again what it knew before, and this valve cannot be asked."
            ),
        ),
        "means": (),
    }


async def test_a_person_is_told_of_a_valve_that_did_not_close_and_it_is_closed(
    hass: HomeAssistant,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    freezer: FrozenDateTimeFactory,
) -> None:
    node = Player(hass, mqtt_mock)
    valve = entity(hass, garden, "valve")
    await node.publish(VALVE, {"status": "off"})
    await use(hass, "valve.open_valve", valve)
    await settled(hass, garden.runtime_data)
    await node.publish(VALVE, {"status": "on_manual_app"})
    await pass_time(hass, freezer, 661)
    await settled(hass, garden.runtime_data)

    (issue,) = issues(hass)
    assert issue.translation_key == "unconfirmed"
    assert (
        "has not said in time that it is over; another command is to end it"
        in ((issue.translation_placeholders or {})["known"])
    )
    assert '{"state":"OFF"}' in node.published(f"{VALVE}/set")
    await node.publish(VALVE, {"status": "off"})
    await pass_time(hass, freezer, 2)
    await settled(hass, garden.runtime_data)
    assert issues(hass) == []
    assert shown(hass, valve) == "closed"


async def test_settings_that_hide_what_a_valve_says_are_told_its_owner(
    hass: HomeAssistant,
    garden: DispatchConfigEntry,
    mqtt_mock: Any,
    freezer: FrozenDateTimeFactory,
) -> None:
    node = Player(hass, mqtt_mock)
    await node.publish(
        "zigbee2mqtt/bridge/info", {"config": {"device_options": {"throttle": 5}}}
    )
    await pass_time(hass, freezer, 2)
    found = [each for each in issues(hass) if "node_hindered" in each.issue_id]
    assert len(found) == 2, "of each node"
    assert "throttle" in (found[0].translation_placeholders or {})["known"]

    await node.publish("zigbee2mqtt/bridge/info", {"config": {"device_options": {}}})
    await pass_time(hass, freezer, 2)
    assert issues(hass) == []


def _last(entry: DispatchConfigEntry) -> CommandState:
    ledger = entry.runtime_data.engine.ledger
    found = ledger.find(max([*ledger.open, *ledger.closed]))
    assert found is not None
    return found.state
