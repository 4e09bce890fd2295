"""A station comes, goes, comes again, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch
import weakref

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.mqtt import util as mqtt_util
from homeassistant.components.mqtt.models import DATA_MQTT
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.broker import link
from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.engine.model.clock import first_id
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.history.database import (
    FILE_NAME,
    async_history,
)
from custom_components.mqtt_dispatch.history.reader import one
from custom_components.mqtt_dispatch.ordering.commands import async_order
from custom_components.mqtt_dispatch.runtime import driver
from custom_components.mqtt_dispatch.runtime.archive import HISTORY_DELAY

from .conftest import SetUp, station_entry
from .forms import node_called_in, offers
from .nodes import Nodes, pass_time, settled


def files(hass: HomeAssistant) -> dict[str, bytes]:
    """Return the files of each station, by their names."""
    return {
        path.name: path.read_bytes()
        for path in Path(hass.config.path(".storage")).glob(f"*{DOMAIN}.*")
        if not path.name.startswith(FILE_NAME)
    }


def issues(hass: HomeAssistant) -> list[str]:
    """Return the keys of all our repair issues."""
    return [
        str(issue.translation_key)
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    ]


def subscribed(hass: HomeAssistant) -> list[str]:
    """Return the topic filters that are subscribed to."""
    client: Any = hass.data[DATA_MQTT].client
    return sorted(item.topic for item in client.return_value.subscriptions)


def traces(hass: HomeAssistant) -> dict[str, Any]:
    """Return what a station that runs leaves in Home Assistant."""
    return {
        "subscriptions": subscribed(hass),
        # Home Assistant's own files come and go at the final write, each when it was
        # changed and when it was saved.
        "listeners": {
            event: number
            for event, number in hass.bus.async_listeners().items()
            if event != EVENT_HOMEASSISTANT_FINAL_WRITE
        },
        "signals": {
            str(signal): len(targets)
            for signal, targets in hass.data["dispatcher"].items()
            if targets
        },
        "tasks": sorted(
            task.get_name()
            for task in asyncio.all_tasks()
            if task.get_name().startswith(DOMAIN)
        ),
        "issues": issues(hass),
        "states": sorted(
            state.entity_id
            for state in hass.states.async_all()
            if state.state != "unavailable"
        ),
    }


def state_of(entry: MockConfigEntry) -> ConfigEntryState:
    """Return whether a station is set up."""
    state: ConfigEntryState = entry.state
    return state


async def order_operation(entry: MockConfigEntry) -> int:
    """Order a command that one node can do."""
    params = {"op": "dc", "on": True}
    return await async_order(
        entry.runtime_data, "operate", params, ("1",), Cause.ACTION
    )


async def test_a_station_is_set_up(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    assert kitchen.state is ConfigEntryState.LOADED
    assert {"disp/ack/+", "disp/evt/+", "disp/state/+"} <= set(subscribed(hass))
    await nodes.ready("1")
    assert hass.states.is_state("binary_sensor.kitchen_node_1_online", "on")
    assert issues(hass) == []


async def test_without_mqtt_a_station_is_set_up_later(
    hass: HomeAssistant, mqtt_mock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_util, "AVAILABILITY_TIMEOUT", 0.01)
    Path(hass.config.path("configuration.yaml")).touch()
    (broker,) = hass.config_entries.async_entries("mqtt")
    disabled = ConfigEntryDisabler.USER
    await hass.config_entries.async_set_disabled_by(broker.entry_id, disabled)
    entry = station_entry()
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "mqtt_unavailable"
    assert files(hass) == {}

    await hass.config_entries.async_set_disabled_by(broker.entry_id, None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.LOADED


async def test_when_mqtt_goes_during_setup_it_is_tried_again_and_nothing_is_left(
    hass: HomeAssistant, mqtt_mock: Any
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    before = traces(hass)["subscriptions"]
    gone = HomeAssistantError("MQTT is not set up")
    with patch(f"{link.__name__}.mqtt.async_subscribe", side_effect=gone):
        await hass.config_entries.async_setup(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert traces(hass)["subscriptions"] == before
    assert traces(hass)["tasks"] == []
    await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "storage_corrupt"),
        ("{}", "storage_corrupt"),
        (json.dumps({"version": 99, "minor_version": 1, "data": {}}), "storage_newer"),
        (json.dumps({"version": 1, "minor_version": 99, "data": {}}), "storage_newer"),
    ],
)
async def test_with_files_that_cannot_be_used_a_station_stands_still(
    hass: HomeAssistant, mqtt_mock: Any, content: str, reason: str
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    path = Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
        assert state_of(entry) is ConfigEntryState.SETUP_ERROR
        assert entry.error_reason_translation_key == reason
        assert issues(hass) == [reason]
        assert list(files(hass).values()) == [content.encode()], "it was not kept"
    assert traces(hass)["tasks"] == []

    await hass.config_entries.async_remove(entry.entry_id)
    assert files(hass) == {}
    assert issues(hass) == []


async def test_while_a_file_cannot_be_read_setup_is_tried_again(
    hass: HomeAssistant, mqtt_mock: Any
) -> None:
    entry = station_entry()
    entry.add_to_hass(hass)
    path = Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))
    path.mkdir(parents=True)
    await hass.config_entries.async_setup(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "storage_unreadable"
    path.rmdir()
    await hass.config_entries.async_reload(entry.entry_id)
    assert state_of(entry) is ConfigEntryState.LOADED


async def test_unloading_leaves_nothing_that_runs(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes, mqtt_mock: Any
) -> None:
    """Any timer, task or listener that was forgotten keeps the coordinator alive."""
    await hass.config_entries.async_unload(kitchen.entry_id)
    await hass.async_block_till_done()
    before = traces(hass)

    await hass.config_entries.async_setup(kitchen.entry_id)
    await order_operation(kitchen)
    await nodes.ready()
    await settled(hass, kitchen.runtime_data)
    await nodes.accept(1, "1")
    await nodes.done(1, "1")
    await order_operation(kitchen)
    await nodes.say("state", "3", "not JSON")
    coordinator = weakref.ref(kitchen.runtime_data)
    assert traces(hass) != before

    assert await hass.config_entries.async_unload(kitchen.entry_id)
    await hass.async_block_till_done()
    assert kitchen.state is ConfigEntryState.NOT_LOADED
    assert traces(hass) == before
    mqtt_mock.reset_mock()
    gc.collect()
    assert coordinator() is None


async def test_what_was_ordered_goes_on_after_a_reload(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    command_id = await order_operation(kitchen)
    await hass.config_entries.async_reload(kitchen.entry_id)
    assert nodes.sent("1") == []
    await nodes.ready("1")
    await settled(hass, kitchen.runtime_data)
    assert [message["queue_id"] for message in nodes.sent("1")] == [command_id]


async def test_what_was_sent_is_not_sent_again_after_a_reload(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    freezer: FrozenDateTimeFactory,
) -> None:
    command_id = await order_operation(kitchen)
    await nodes.ready("1")
    await settled(hass, kitchen.runtime_data)
    await hass.config_entries.async_reload(kitchen.entry_id)
    await nodes.ready("1")
    await settled(hass, kitchen.runtime_data)
    command = kitchen.runtime_data.engine.ledger.open[command_id]
    assert command.state is CommandState.SENT
    await pass_time(hass, freezer, 11)
    await settled(hass, kitchen.runtime_data)
    command = kitchen.runtime_data.engine.ledger.open[command_id]
    assert command.state is CommandState.UNCONFIRMED
    assert len(nodes.sent("1")) == 1


async def test_the_last_word_of_a_node_before_unloading_is_on_disk(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    command_id = await order_operation(kitchen)
    await nodes.ready("1")
    await settled(hass, kitchen.runtime_data)
    await nodes.accept(command_id, "1")
    await nodes.done(command_id, "1")
    await hass.config_entries.async_unload(kitchen.entry_id)
    await hass.config_entries.async_setup(kitchen.entry_id)
    command = kitchen.runtime_data.engine.ledger.find(command_id)
    assert command.state is CommandState.SUCCEEDED


async def test_a_station_that_cannot_be_unloaded_goes_on(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload(kitchen.entry_id)
    await order_operation(kitchen)
    await nodes.ready("1")
    await settled(hass, kitchen.runtime_data)
    assert len(nodes.sent("1")) == 1


async def test_removal_leaves_no_file_issue_or_offer_of_this_station(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    set_up: SetUp,
    nodes: Nodes,
    freezer: FrozenDateTimeFactory,
) -> None:
    barn = await set_up(title="Barn", prefix="barn")
    await order_operation(barn)
    done = await order_operation(kitchen)
    await nodes.ready("1")
    await settled(hass, kitchen.runtime_data)
    await nodes.accept(done, "1")
    await nodes.done(done, "1")
    await settled(hass, kitchen.runtime_data)
    await pass_time(hass, freezer, HISTORY_DELAY + 1)
    for task in asyncio.all_tasks():
        if task.get_name() == f"{DOMAIN} Kitchen write":
            await task
    doubtful = await order_operation(kitchen)
    await nodes.ready("1")
    await settled(hass, kitchen.runtime_data)
    await pass_time(hass, freezer, 11)
    assert (
        kitchen.runtime_data.engine.ledger.open[doubtful].state
        is CommandState.UNCONFIRMED
    )
    await node_called_in(hass, kitchen.entry_id, "3")
    stem = f"{DOMAIN}.{kitchen.entry_id}"
    assert stem in files(hass)
    history = async_history(hass)
    assert await history.async_read(one, kitchen.entry_id, done) is not None
    assert issues(hass) == ["unconfirmed"]

    await hass.config_entries.async_remove(kitchen.entry_id)
    await hass.async_block_till_done()
    assert set(files(hass)) == {f"{DOMAIN}.{barn.entry_id}"}
    assert await history.async_read(one, kitchen.entry_id, done) is None
    assert issues(hass) == []
    assert offers(hass) == []
    assert not any(topic.startswith("disp/") for topic in subscribed(hass))
    assert dr.async_entries_for_config_entry(dr.async_get(hass), kitchen.entry_id) == []
    assert barn.state is ConfigEntryState.LOADED


async def test_removal_of_a_station_that_is_not_loaded_leaves_no_file(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    await order_operation(kitchen)
    await hass.config_entries.async_unload(kitchen.entry_id)
    assert files(hass) != {}
    await hass.config_entries.async_remove(kitchen.entry_id)
    assert files(hass) == {}


async def test_a_station_that_is_set_up_again_knows_nothing_of_the_one_before(
    hass: HomeAssistant, kitchen: MockConfigEntry, set_up: SetUp
) -> None:
    await order_operation(kitchen)
    await hass.config_entries.async_remove(kitchen.entry_id)
    again = await set_up()
    assert again.runtime_data.engine.ledger.open == {}


async def test_a_new_name_renames_the_devices(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(kitchen, title="Hall")
    await hass.async_block_till_done()
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), kitchen.entry_id)
    assert {device.name for device in devices} == {
        "Hall",
        "Hall Node 1",
        "Hall Node 2",
    }


async def test_stations_under_nested_prefixes_do_not_hear_each_other(
    hass: HomeAssistant, kitchen: MockConfigEntry, set_up: SetUp, mqtt_mock: Any
) -> None:
    inner = await set_up(title="Inner", prefix="disp/state")
    await Nodes(hass, mqtt_mock, "disp/state").ready("1")
    assert hass.states.is_state("binary_sensor.inner_node_1_online", "on")
    await Nodes(hass, mqtt_mock, "disp").ready("2")
    assert hass.states.is_state("binary_sensor.kitchen_node_1_online", "unknown")
    assert hass.states.is_state("binary_sensor.inner_node_2_online", "unknown")
    assert hass.states.is_state("binary_sensor.kitchen_node_2_online", "on")
    for entry in (inner, kitchen):
        assert entry.runtime_data.malformed.totals == {}
    assert offers(hass) == []


async def test_promise_2_a_station_counts_its_commands_from_the_clock(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    set_up: SetUp,
) -> None:
    """Nodes may remember the ids of one that had their prefix before."""
    monkeypatch.setattr(driver, "first_id", first_id)
    entry = await set_up()

    assert entry.runtime_data.engine.ledger.next_id == 36_536_400
