"""Waiting in an action for what becomes of its command."""

from __future__ import annotations

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..calls import Act, all_ready
from ..nodes import Nodes, pass_time, settled


async def test_waiting_ends_with_the_final_state_and_what_each_node_said(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    feeding = hass.async_create_background_task(
        act("feed", portions=1, wait=True), "feeding"
    )
    await settled(hass, coordinator)
    await nodes.accept(1)
    await nodes.done(1, "1")
    assert not feeding.done()
    await nodes.done(1, "2", status="timeout")
    await settled(hass, coordinator)
    assert await feeding == {
        "command_id": 1,
        "state": "failed",
        "nodes": {
            "1": {"state": "done", "attempts": 1, "reason": ""},
            "2": {"state": "failed", "attempts": 1, "reason": "timeout"},
        },
    }


async def test_waiting_ends_when_the_outcome_is_in_doubt(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    feeding = hass.async_create_background_task(
        act("feed", portions=1, wait=True), "feeding"
    )
    await settled(hass, coordinator)
    await nodes.accept(1, "1")
    await nodes.done(1, "1")
    await pass_time(hass, freezer, 11)
    await settled(hass, coordinator)
    answer = await feeding
    assert answer["state"] == "unconfirmed"
    assert answer["nodes"]["2"]["state"] == "unknown"


async def test_waiting_ends_after_the_time_to_be_done_with_what_is_known(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    feeding = hass.async_create_background_task(
        act("feed", portions=1, wait=True), "feeding"
    )
    while not coordinator._end_waiters:
        await settled(hass, coordinator)
        await asyncio.sleep(0)
    await pass_time(hass, freezer, 89)
    assert not feeding.done()
    await pass_time(hass, freezer, 2)
    answer = await feeding
    assert answer["state"] == "queued"
    assert answer["nodes"]["1"] == {"state": "pending", "attempts": 0, "reason": ""}


async def test_waiting_for_what_has_ended_does_not_wait(
    hass: HomeAssistant, act: Act
) -> None:
    await act("feed", portions=1, idempotency_key="breakfast")
    await act("cancel_command", command_id=1)
    answer = await act("feed", portions=1, idempotency_key="breakfast", wait=True)
    assert (answer["command_id"], answer["state"]) == (1, "cancelled")


async def test_waiting_ends_when_the_station_is_unloaded(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act
) -> None:
    feeding = hass.async_create_background_task(
        act("feed", portions=1, wait=True), "feeding"
    )
    await settled(hass, kitchen.runtime_data)
    assert await hass.config_entries.async_unload(kitchen.entry_id)
    async with asyncio.timeout(5):
        assert (await feeding)["state"] == "queued"
