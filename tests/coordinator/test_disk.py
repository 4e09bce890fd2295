"""A disk that is full or fails, and what is written to it at all."""

from __future__ import annotations

import asyncio
import errno
import logging
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.ledger.ledger import HISTORY_LIMIT
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import Cancel, Enqueue
from custom_components.mqtt_dispatch.history import database
from custom_components.mqtt_dispatch.history.database import async_history
from custom_components.mqtt_dispatch.history.reader import Filters, each, one
from custom_components.mqtt_dispatch.runtime.archive import HISTORY_DELAY
from custom_components.mqtt_dispatch.storage.disk import NotStoredError
from custom_components.mqtt_dispatch.storage.store import StationStore

from ..calls import Act, disk_works_again, fed
from ..conftest import Disk
from ..nodes import Nodes, pass_time, settled
from .logged import lines


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
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = async_history(hass)
    assert await fed(hass, freezer, coordinator, nodes, act) is CommandState.SUCCEEDED
    assert await history.async_read(one, kitchen.entry_id, 1) is None
    tried = asyncio.Event()

    def fail(*_: Any) -> None:
        hass.loop.call_soon_threadsafe(tried.set)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(database, "write", fail)
        await pass_time(hass, freezer, HISTORY_DELAY + 1)
        await tried.wait()
    assert coordinator.engine.ledger.unarchived == {1}
    while coordinator.engine.ledger.unarchived:
        # When it is tried again is only reckoned once it is known that it failed.
        await pass_time(hass, freezer, HISTORY_DELAY + 1)
        await hass.async_add_executor_job(lambda: None)
        await hass.async_block_till_done()
    ended = await history.async_read(one, kitchen.entry_id, 1)
    assert ended == coordinator.engine.ledger.closed[1]


async def test_what_is_told_as_archived_is_in_the_history_however_much_ended(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
) -> None:
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

    found = await async_history(hass).async_read(
        lambda connection: list(
            each(connection, Filters(entry_ids=frozenset({kitchen.entry_id})))
        )
    )
    assert {found_one.command.id for found_one in found} == set(range(1, count + 1))
