"""A station is unloaded in the middle of everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_mqtt_message,
)

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import Event
from custom_components.mqtt_dispatch.runtime.archive import HISTORY_DELAY
from custom_components.mqtt_dispatch.storage.disk import NotStoredError
from custom_components.mqtt_dispatch.storage.store import StationStore

from ..calls import Act, all_ready, fed
from ..conftest import Disk
from ..nodes import Nodes, pass_time, settled


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


async def test_a_station_is_not_unloaded_before_its_history_is_written(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    write = StationStore.async_write_history

    async def write_slowly(store: StationStore, *args: Any) -> None:
        begun.set()
        await may_end.wait()
        await write(store, *args)

    monkeypatch.setattr(StationStore, "async_write_history", write_slowly)
    await fed(hass, freezer, kitchen.runtime_data, nodes, act)
    await pass_time(hass, freezer, HISTORY_DELAY + 1)
    async with asyncio.timeout(5):
        await begun.wait()
    driver, stopped = kitchen.runtime_data.driver, asyncio.Event()
    stop = driver.stop

    def stop_and_tell(told: Callable[[], None]) -> None:
        def both() -> None:
            told()
            stopped.set()

        stop(both)

    monkeypatch.setattr(driver, "stop", stop_and_tell)
    unloading = hass.async_create_background_task(
        hass.config_entries.async_unload(kitchen.entry_id), "unloading"
    )
    async with asyncio.timeout(5):
        await stopped.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not unloading.done(), "what is loaded next finds a file half known"
    may_end.set()
    async with asyncio.timeout(5):
        assert await unloading
    assert await hass.config_entries.async_setup(kitchen.entry_id)
    (command,) = kitchen.runtime_data.engine.ledger.closed.values()
    assert command.kind == "feed"
