"""The actions that order something: what they order, what they answer."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import Act, actions_of, all_ready, device_of, disk_works_again
from ..conftest import ANY_NUMBER_OF_FEEDS, Disk, SetUp
from ..nodes import Nodes, pass_time, settled

DAY = 24 * 60 * 60


def stored_commands(hass: HomeAssistant, entry: MockConfigEntry) -> list[int]:
    path = Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}"))
    return [item["id"] for item in json.loads(path.read_text())["data"]["commands"]]


# ---- feed


@pytest.mark.parametrize("node", [None, "1", "2"])
async def test_a_feed_goes_to_the_whole_station_whatever_device_is_named(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    node: str | None,
) -> None:
    act = actions_of(hass, kitchen, node)
    answer = await act("feed", portions=2, hopper=3, bowl=2, pet=7)
    assert answer == {"command_id": 1, "state": "queued"}
    assert coordinator.engine.ledger.open[1].nodes == ("1", "2")
    assert stored_commands(hass, kitchen) == [1], "it answered before it was on disk"


async def test_what_was_fed_arrives_at_the_nodes(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=2, hopper=3, bowl=2, pet=7, expires_in=60)
    await settled(hass, coordinator)
    (first,), (second,) = nodes.sent("1"), nodes.sent("2")
    assert first.pop("items") == [{"pill_id": 3, "quantity": 2}]
    assert first == second
    assert (first["queue_id"], first["patient_id"], first["target_room"]) == (1, 7, 2)
    created_at = coordinator.engine.ledger.open[1].created_at
    assert first["expires_at"] == int(created_at + 60)


async def test_a_field_that_a_template_leaves_empty_is_left_out(act: Act) -> None:
    answer = await act("feed", portions=1, bowl=None, expires_in=None, wait=None)
    assert answer["state"] == "queued"


async def test_a_number_that_comes_as_text_is_a_number_in_all_actions(
    hass: HomeAssistant, coordinator: DispatchCoordinator, act: Act
) -> None:
    await act("feed", portions="2", hopper="3", expires_in="60")
    kinds: dict[str, Any] = {"kind": "feed", "params": {"portions": "4.0"}}
    await act("send_command", **kinds)
    meal = await act("schedule", time="08:00", portions="5")
    assert [
        order.params["portions"] for order in coordinator.engine.ledger.open.values()
    ] == [2, 4]
    assert coordinator.engine.ledger.meals[meal["meal_id"]].params["portions"] == 5
    found = await act("get_commands", limit="1")
    assert [command["command_id"] for command in found["commands"]] == [2]
    assert (await act("cancel_command", command_id="1"))["state"] == "cancelled"


async def test_nobody_has_to_ask_for_an_answer(
    hass: HomeAssistant, kitchen: MockConfigEntry, coordinator: DispatchCoordinator
) -> None:
    await hass.services.async_call(
        DOMAIN,
        "feed",
        {"device_id": device_of(hass, kitchen), "portions": 1},
        blocking=True,
    )
    assert list(coordinator.engine.ledger.open) == [1]


# ---- idempotency, expiry


async def test_the_same_key_adds_nothing_for_24_hours(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    first = await act("feed", portions=1, idempotency_key="breakfast")
    assert await act("feed", portions=1, idempotency_key="breakfast") == first
    assert list(coordinator.engine.ledger.open) == [1]
    await pass_time(hass, freezer, DAY - 1)
    again = await act("feed", portions=1, idempotency_key="breakfast")
    assert again == {"command_id": 1, "state": "expired"}
    await pass_time(hass, freezer, 2)
    new = await act("feed", portions=1, idempotency_key="breakfast")
    assert new == {"command_id": 2, "state": "queued"}


@pytest.mark.parametrize("expires_in", [1, 604800])
async def test_expires_in_may_be_a_second_or_a_week(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
    expires_in: int,
) -> None:
    await act("feed", portions=1, expires_in=expires_in)
    await pass_time(hass, freezer, expires_in - 0.5)
    assert list(coordinator.engine.ledger.open) == [1]
    await pass_time(hass, freezer, 1)
    closed = coordinator.engine.ledger.closed
    assert closed[1].state is CommandState.EXPIRED


# ---- reboot, send_command


async def test_a_reboot_of_the_station_is_one_command_for_all_nodes(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes, act: Act
) -> None:
    await nodes.newer()
    await nodes.ready()
    assert (await act("reboot"))["command_id"] == 1
    await settled(hass, coordinator)
    assert coordinator.engine.ledger.open[1].nodes == ("1", "2")
    for node in ("1", "2"):
        assert [message["op"] for message in nodes.sent(node)] == ["reboot"]


async def test_a_reboot_of_a_node_leaves_the_other_alone(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await nodes.newer("2")
    await nodes.ready()
    await actions_of(hass, kitchen, "2")("reboot")
    await settled(hass, coordinator)
    assert (nodes.sent("1"), len(nodes.sent("2"))) == ([], 1)


async def test_any_kind_can_be_ordered_of_one_node(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await nodes.ready()
    answer = await actions_of(hass, kitchen, "1")(
        "send_command", kind="operate", params={"op": "servo", "id": 4, "on": True}
    )
    assert answer["command_id"] == 1
    await settled(hass, coordinator)
    assert nodes.sent("2") == []
    (message,) = nodes.sent("1")
    assert (message["op"], message["id"], message["on"]) == ("servo", 4, 1)


# ---- storage


@pytest.mark.parametrize("action", ["feed", "reboot", "send_command"])
async def test_what_cannot_be_stored_fails_and_is_never_sent(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    disk_full: Disk,
    caplog: pytest.LogCaptureFixture,
    action: str,
) -> None:
    by_action: dict[str, dict[str, Any]] = {
        "feed": {"portions": 1},
        "reboot": {},
        "send_command": {"kind": "feed", "params": {"portions": 1}},
    }
    fields = by_action[action]
    await nodes.newer()
    await all_ready(hass, freezer, nodes)
    disk_full(True)
    with pytest.raises(NotStoredError) as failed:
        await act(action, **fields)
    assert failed.value.translation_key == "not_stored"
    assert failed.value.translation_placeholders is None
    assert "No space left" in caplog.text
    await hass.async_block_till_done()
    assert hass.states.is_state("sensor.kitchen_status", "storage_error")
    assert coordinator.engine.ledger.open == {}

    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert hass.states.is_state("sensor.kitchen_status", "idle")
    assert nodes.sent("1") == nodes.sent("2") == []


async def test_200_feeds_at_once_share_a_few_writes_and_keep_their_order(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    kitchen = await set_up(options=ANY_NUMBER_OF_FEEDS)
    coordinator, act = kitchen.runtime_data, actions_of(hass, kitchen)
    answers = await asyncio.gather(*(act("feed", portions=1) for _ in range(200)))
    assert [answer["command_id"] for answer in answers] == list(range(1, 201))
    assert coordinator.store.writes <= 5
    await settled(hass, coordinator)
    assert coordinator.store.writes <= 5
