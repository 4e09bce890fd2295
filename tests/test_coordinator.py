"""The engine in the world: hostile messages, a lost broker, a full disk, the end."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
import time
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import mqtt
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.ledger.ledger import HISTORY_LIMIT
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Cancel,
    Changed,
    Enqueue,
    Event,
)
from custom_components.mqtt_dispatch.log import CountedLog
from custom_components.mqtt_dispatch.runtime.archive import HISTORY_DELAY
from custom_components.mqtt_dispatch.storage.disk import NotStoredError
from custom_components.mqtt_dispatch.storage.store import StationStore

from .calls import Act, all_ready, disk_works_again, shown
from .conftest import Disk
from .nodes import CONVEYOR_SECONDS, Nodes, pass_time, settled

LOGGER_NAME = f"custom_components.{DOMAIN}"


def lines(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """Return what we logged, of a level and above."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= level and record.name.startswith(LOGGER_NAME)
    ]


def faults(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return everybody's errors and all tracebacks."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.ERROR or record.exc_info
    ]


async def fed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> CommandState:
    """Feed from the action to the last word of the nodes; return what became of it."""
    await all_ready(hass, freezer, nodes)
    command_id = (await act("feed", portions=1))["command_id"]
    await settled(hass, coordinator)
    await nodes.accept(command_id)
    await nodes.done(command_id)
    await settled(hass, coordinator)
    command = coordinator.engine.ledger.find(command_id)
    assert command is not None
    return command.state


# ---- what comes from the broker


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "a number": b"1",
    "a number of 400 digits": b'{"queue_id": ' + b"9" * 400 + b', "accepted": 1}',
    "a uptime of 400 digits": b'{"online": 1, "uptime": ' + b"9" * 400 + b"}",
    "a float without end": b'{"online": 1, "uptime": 1e999}',
    "nesting of 10,000": b"[" * 10_000 + b"]" * 10_000,
    "nested objects": b'{"a":' * 10_000,
    "a megabyte": b'{"online": "' + b"x" * 1_000_000 + b'"}',
    "an id as a float": b'{"queue_id": 1.0, "accepted": 1, "done": 1}',
    "an id as a text": b'{"queue_id": "1", "accepted": 1, "done": 1}',
    "a negative id": b'{"queue_id": -1, "accepted": 1, "done": 1}',
    "an id of zero": b'{"queue_id": 0, "accepted": 1, "done": 1}',
    "an id of another station": b'{"queue_id": 4711, "accepted": 1, "done": 1}',
    "surrogates": b'{"fw": "\\ud800", "online": 1}',
}
TOPICS = ("disp/state/1", "disp/ack/1", "disp/evt/1", "disp/evt/9", "disp/ack/a\nb")


async def test_whatever_comes_from_the_broker_is_at_worst_one_counted_line(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    writes = coordinator.store.writes
    before = coordinator.engine.ledger.open[1]
    for payload in HOSTILE.values():
        for topic in TOPICS:
            for retain in (False, True):
                async_fire_mqtt_message(hass, topic, payload, retain=retain)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.open[1] == before, "junk was credited"
    assert coordinator.store.writes == writes, "junk was written to disk"
    assert faults(caplog) == []
    (line,) = lines(caplog)
    assert line.startswith("Kitchen: messages not understood: 1, ")
    assert "\n" not in line

    await nodes.accept(1)
    await nodes.done(1)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.closed[1].state is CommandState.SUCCEEDED
    await pass_time(hass, freezer, CONVEYOR_SECONDS)
    state = await fed(hass, freezer, coordinator, nodes, act)
    assert state is CommandState.SUCCEEDED


async def test_what_is_ordered_in_a_flood_is_shown_at_once(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes, act: Act
) -> None:
    for uptime in range(100):
        await nodes.say("state", "1", {"online": 1, "uptime": uptime})
    assert coordinator.data.nodes["1"].uptime != 99, "there is no flood"

    await act("feed", portions=1)
    await settled(hass, coordinator)

    assert shown(hass, "sensor.kitchen_queue") == "1"


async def test_2000_messages_at_once_leave_home_assistant_responsive(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await all_ready(hass, freezer, nodes)
    coordinator.malformed = CountedLog("Junk", time.monotonic)
    writes = coordinator.store.writes
    kinds = [
        ("disp/state/1", b'{"online": 1, "ready": 1, "uptime": 100}'),
        ("disp/state/2", b"{"),
        ("disp/ack/1", b'{"queue_id": 4711, "accepted": 1}'),
        ("disp/evt/2", b'{"queue_id": 4711, "done": 1}'),
    ]
    began = time.perf_counter()
    for number in range(2000):
        async_fire_mqtt_message(hass, *kinds[number % len(kinds)])
    await hass.async_block_till_done()
    took = time.perf_counter() - began
    freezer.tick(61)
    await nodes.say("state", "2", "{")
    state = await fed(hass, freezer, coordinator, nodes, act)
    assert state is CommandState.SUCCEEDED
    assert faults(caplog) == []
    first, second = lines(caplog)
    assert first.startswith("Junk: 1, ")
    assert second.startswith("Junk: 500, ")
    assert coordinator.malformed.totals == {"not JSON": 501}
    assert coordinator.engine.router.answers.uncredited == {"foreign": 1000}
    assert took < 10
    assert coordinator.store.writes < writes + 10, "messages were written to disk"


# ---- the broker


async def test_a_lost_connection_is_said_once_and_nothing_is_sent_until_nodes_speak(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await all_ready(hass, freezer, nodes)
    caplog.clear()
    await nodes.connection(up=False)
    await nodes.connection(up=False)
    assert lines(caplog, logging.INFO) == [
        "Kitchen: lost the connection to the MQTT broker"
    ]
    for name in ("ready", "node_1_ready", "node_1_online", "node_2_online"):
        assert hass.states.is_state(f"binary_sensor.kitchen_{name}", STATE_UNKNOWN)
    assert hass.states.is_state("sensor.kitchen_status", "offline")
    await act("feed", portions=1)
    await pass_time(hass, freezer, 30)
    assert nodes.sent("1") == []

    caplog.clear()
    await nodes.connection(up=True)
    await nodes.connection(up=True)
    await pass_time(hass, freezer, 30)
    assert lines(caplog, logging.INFO) == ["Kitchen: connected to the MQTT broker"]
    assert nodes.sent("1") == [], (
        "it was sent before the nodes said that they are ready"
    )
    await nodes.say("state", "1", {"online": 1, "ready": 1}, retain=True)
    await nodes.say("state", "2", {"online": 1, "ready": 1}, retain=True)
    await pass_time(hass, freezer, 1)
    assert nodes.sent("1") == [], "it was sent on the word of a retained message"
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert (len(nodes.sent("1")), len(nodes.sent("2"))) == (1, 1)


async def test_what_was_sent_before_the_connection_was_lost_is_not_sent_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    await nodes.connection(up=False)
    await pass_time(hass, freezer, 11)
    await nodes.connection(up=True)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.open[1].state is CommandState.UNCONFIRMED
    assert len(nodes.sent("1")) == 1
    await nodes.done(1)
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.closed[1].state is CommandState.SUCCEEDED


async def test_what_may_have_left_counts_as_sent(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await all_ready(hass, freezer, nodes)
    with patch.object(
        mqtt, "async_publish", side_effect=HomeAssistantError("no connection")
    ) as publish:
        await act("feed", portions=1)
        await settled(hass, coordinator)
        assert publish.call_count == 2
        await pass_time(hass, freezer, 11)
        await settled(hass, coordinator)
        await all_ready(hass, freezer, nodes)
        assert publish.call_count == 2, "it was sent again"
    assert coordinator.engine.ledger.open[1].state is CommandState.UNCONFIRMED
    assert faults(caplog) == []


async def test_what_did_not_leave_costs_nothing_and_is_sent_later(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    mqtt_mock: Any,
) -> None:
    await all_ready(hass, freezer, nodes)
    mqtt_mock.connected = False  # and nobody has said so yet
    await act("feed", portions=1)
    await settled(hass, coordinator)
    assert nodes.sent("1") == nodes.sent("2") == []
    for delivery in coordinator.engine.ledger.open[1].deliveries:
        assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)
    mqtt_mock.connected = True
    await pass_time(hass, freezer, 6)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert (len(nodes.sent("1")), len(nodes.sent("2"))) == (1, 1)
    command = coordinator.engine.ledger.open[1]
    assert [delivery.attempts for delivery in command.deliveries] == [1, 1]


# ---- the disk


@pytest.mark.parametrize("error", [RuntimeError("a bug"), RecursionError()])
async def test_a_commit_that_fails_in_a_way_nobody_thought_of_is_a_failed_commit(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    error: Exception,
) -> None:
    with (
        patch.object(StationStore, "async_commit", side_effect=error),
        pytest.raises(NotStoredError),
    ):
        async with asyncio.timeout(5):
            await act("feed", portions=1)
    await hass.async_block_till_done()
    assert coordinator.engine.ledger.open == {}
    state = await fed(hass, freezer, coordinator, nodes, act)
    assert state is CommandState.SUCCEEDED


async def test_a_disk_that_stays_full_is_said_once_and_that_it_works_again_too(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    act: Act,
    disk_full: Disk,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    disk_full(True)
    for _ in range(3):
        with pytest.raises(NotStoredError):
            await act("feed", portions=1)
    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    said = [line for line in lines(caplog, logging.INFO) if "queue" in line]
    assert len(said) == 2
    assert said[0].startswith("Kitchen: the queue cannot be stored: ")
    assert said[1] == "Kitchen: the queue is stored again"


async def test_a_heartbeat_never_writes_to_disk(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    for uptime in range(30):
        for node in ("1", "2"):
            heartbeat = {"online": 1, "uptime": uptime, "rssi": -50 - uptime}
            await nodes.say("state", node, heartbeat, retain=True)
            await nodes.say("state", node, {"online": 1, "ready": 1, "uptime": uptime})
        await pass_time(hass, freezer, 2)
    assert coordinator.store.writes == 0


async def test_the_history_is_written_behind_and_tried_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    disk_full: Disk,
) -> None:
    path = Path(hass.config.path(".storage", f"{DOMAIN}.{kitchen.entry_id}.history"))
    assert await fed(hass, freezer, coordinator, nodes, act) is CommandState.SUCCEEDED
    assert not path.exists()
    disk_full(True)
    await pass_time(hass, freezer, HISTORY_DELAY + 1)
    await hass.async_block_till_done(wait_background_tasks=False)
    assert coordinator.engine.ledger.unarchived == {1}
    disk_full(False)
    await pass_time(hass, freezer, HISTORY_DELAY + 1)
    while coordinator.engine.ledger.unarchived:
        await hass.async_add_executor_job(lambda: None)
        await hass.async_block_till_done()
    history = json.loads(path.read_text())["data"]["commands"]
    assert [command["id"] for command in history] == [1]


async def test_what_is_told_as_archived_is_in_the_history_however_much_ended(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
) -> None:
    path = Path(hass.config.path(".storage", f"{DOMAIN}.{kitchen.entry_id}.history"))
    count = HISTORY_LIMIT + 100
    for command_id in range(1, count + 1):
        coordinator.handle(
            Enqueue(kind="reboot", params={}, nodes=("1",), cause=Cause.ACTION)
        )
        coordinator.handle(Cancel(command_id))
    await settled(hass, coordinator)
    await pass_time(hass, freezer, HISTORY_DELAY + 1)
    while coordinator.engine.ledger.unarchived:
        await hass.async_add_executor_job(lambda: None)
        await hass.async_block_till_done()

    history = json.loads(path.read_text())["data"]["commands"]
    assert {command["id"] for command in history} == set(range(1, count + 1))


# ---- what else could go wrong


async def test_a_listener_that_fails_harms_nobody_else(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    told: list[CommandState] = []

    def fails(_: Changed) -> None:
        raise RuntimeError("a bug")

    coordinator._change_listeners.insert(0, fails)
    coordinator.async_on_change(lambda change: told.append(change.state))
    assert await fed(hass, freezer, coordinator, nodes, act) is CommandState.SUCCEEDED
    assert told == ["queued", "sent", "accepted", "succeeded"]


# ---- the end


async def test_unloading_in_the_middle_of_everything_keeps_it_and_leaves_nothing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    waiting = [
        hass.async_create_background_task(
            act("feed", portions=portions, wait=True), f"feed {portions}"
        )
        for portions in (1, 2, 3)
    ]
    await settled(hass, kitchen.runtime_data)
    await nodes.accept(1, "1")
    late = hass.async_create_background_task(act("feed", portions=4), "late")
    async_fire_mqtt_message(hass, "disp/ack/2", b'{"queue_id": 1, "accepted": 1}')
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    async with asyncio.timeout(5):
        states = [(await one)["state"] for one in waiting]
        assert (await late)["command_id"] == 4
    assert states == ["accepted", "queued", "queued"]
    assert not [
        task for task in asyncio.all_tasks() if task.get_name().startswith(DOMAIN)
    ]
    await hass.config_entries.async_setup(kitchen.entry_id)
    ledger = kitchen.runtime_data.engine.ledger
    assert {key: command.state.value for key, command in ledger.open.items()} == {
        1: "accepted",
        2: "queued",
        3: "queued",
        4: "queued",
    }


async def test_unloading_while_the_disk_is_full_answers_whoever_waits(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    act: Act,
    disk_full: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk_full(True)
    feeding = hass.async_create_background_task(act("feed", portions=1), "feeding")
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    async with asyncio.timeout(5):
        with pytest.raises(NotStoredError):
            await feeding
    handled: list[Event] = []
    monkeypatch.setattr(coordinator.engine, "handle", handled.append)
    await pass_time(hass, freezer, HISTORY_DELAY + 1)
    assert handled == [], "a timer of the station is left"
    disk_full(False)
    await hass.config_entries.async_setup(kitchen.entry_id)
    assert kitchen.runtime_data.engine.ledger.open == {}


async def test_nobody_waits_for_a_station_that_is_unloaded(
    hass: HomeAssistant, kitchen: MockConfigEntry, coordinator: DispatchCoordinator
) -> None:
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    coordinator.engine.ledger.touch()
    async with asyncio.timeout(5):
        with pytest.raises(NotStoredError):
            await coordinator.async_stored()
        await coordinator.async_ended(1, 90)
