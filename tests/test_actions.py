"""The actions: what they order, what they answer, what they refuse."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import (
    DispatchCoordinator,
    NotStoredError,
)
from custom_components.mqtt_dispatch.engine.model import CommandState
from custom_components.mqtt_dispatch.protocols import paired_dispenser

from .calls import (
    Act,
    actions_of,
    all_ready,
    call,
    device_of,
    disk_works_again,
    feed_in_doubt,
)
from .conftest import Disk
from .nodes import Nodes, pass_time, settled

DAY = 24 * 60 * 60


@pytest.fixture
def act(hass: HomeAssistant, kitchen: MockConfigEntry) -> Act:
    """Calls an action of the station's device."""
    return actions_of(hass, kitchen)


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
    assert coordinator.engine.book.open[1].nodes == ("1", "2")
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
    created_at = coordinator.engine.book.open[1].created_at
    assert first["expires_at"] == int(created_at + 60)


async def test_a_field_that_a_template_leaves_empty_is_left_out(act: Act) -> None:
    answer = await act("feed", portions=1, bowl=None, expires_in=None, wait=None)
    assert answer["state"] == "queued"


async def test_nobody_has_to_ask_for_an_answer(
    hass: HomeAssistant, kitchen: MockConfigEntry, coordinator: DispatchCoordinator
) -> None:
    await hass.services.async_call(
        DOMAIN,
        "feed",
        {"device_id": device_of(hass, kitchen), "portions": 1},
        blocking=True,
    )
    assert list(coordinator.engine.book.open) == [1]


# ---- wait


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
    await settled(hass, coordinator)
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


# ---- idempotency, expiry


async def test_the_same_key_adds_nothing_for_24_hours(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    first = await act("feed", portions=1, idempotency_key="breakfast")
    assert await act("feed", portions=1, idempotency_key="breakfast") == first
    assert list(coordinator.engine.book.open) == [1]
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
    assert list(coordinator.engine.book.open) == [1]
    await pass_time(hass, freezer, 1)
    closed = coordinator.engine.book.closed
    assert closed[1].state is CommandState.EXPIRED


# ---- reboot, send_command


async def test_a_reboot_of_the_station_is_one_command_for_all_nodes(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes, act: Act
) -> None:
    await nodes.ready()
    assert (await act("reboot"))["command_id"] == 1
    await settled(hass, coordinator)
    assert coordinator.engine.book.open[1].nodes == ("1", "2")
    for node in ("1", "2"):
        assert [message["op"] for message in nodes.sent(node)] == ["reboot"]


async def test_a_reboot_of_a_node_leaves_the_other_alone(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
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
    answer = await actions_of(hass, kitchen, "2")(
        "send_command", kind="operate", params={"op": "servo", "id": 4, "on": True}
    )
    assert answer["command_id"] == 1
    await settled(hass, coordinator)
    assert nodes.sent("1") == []
    (message,) = nodes.sent("2")
    assert (message["op"], message["id"], message["on"]) == ("servo", 4, 1)


# ---- bad input


BAD_INPUT: list[tuple[str, dict[str, Any], str]] = [
    ("feed", {}, "missing_field"),
    ("feed", {"portions": 0}, "invalid_number"),
    ("feed", {"portions": 51}, "invalid_number"),
    ("feed", {"portions": "two"}, "invalid_number"),
    ("feed", {"portions": 1.5}, "invalid_number"),
    ("feed", {"portions": True}, "invalid_number"),
    ("feed", {"portions": 1, "hopper": 0}, "invalid_number"),
    ("feed", {"portions": 1, "hopper": 5}, "invalid_number"),
    ("feed", {"portions": 1, "bowl": 4}, "invalid_number"),
    ("feed", {"portions": 1, "pet": -1}, "invalid_number"),
    ("feed", {"portions": 1, "expires_in": 0}, "invalid_number"),
    ("feed", {"portions": 1, "expires_in": 604801}, "invalid_number"),
    ("feed", {"portions": 1, "expires_in": "soon"}, "invalid_number"),
    ("feed", {"portions": 1, "idempotency_key": ""}, "invalid_idempotency_key"),
    ("feed", {"portions": 1, "idempotency_key": "x" * 256}, "invalid_idempotency_key"),
    ("feed", {"portions": 1, "idempotency_key": 5}, "invalid_idempotency_key"),
    ("feed", {"portions": 1, "wait": "maybe"}, "invalid_choice"),
    ("send_command", {"kind": "dance"}, "unknown_kind"),
    ("send_command", {"kind": ["feed"]}, "unknown_kind"),
    ("send_command", {"kind": "feed", "params": []}, "invalid_params"),
    ("send_command", {"kind": "feed", "params": {"portions": 0}}, "invalid_number"),
    ("send_command", {"kind": "reboot", "params": {"now": 1}}, "unknown_field"),
    ("send_command", {"kind": "reboot", "params": {5: 1}}, "unknown_field"),
    ("send_command", {"kind": "reboot", "expires_in": 0}, "invalid_number"),
    ("send_command", {"kind": "operate", "params": {"op": "x"}}, "invalid_choice"),
    ("schedule", {"portions": 1}, "missing_field"),
    ("schedule", {"time": "08:00"}, "missing_field"),
    ("schedule", {"time": "25:00", "portions": 1}, "invalid_time"),
    ("schedule", {"time": "08:00:30", "portions": 1}, "invalid_time"),
    ("schedule", {"time": 800, "portions": 1}, "invalid_time"),
    ("schedule", {"time": "08:00", "portions": 0}, "invalid_number"),
    ("schedule", {"time": "08:00", "portions": 1, "hopper": 5}, "invalid_number"),
    (
        "schedule",
        {"time": "08:00", "portions": 1, "weekdays": ["mon", "caturday"]},
        "invalid_weekdays",
    ),
    ("schedule", {"time": "08:00", "portions": 1, "weekdays": []}, "invalid_weekdays"),
    ("schedule", {"time": "08:00", "portions": 1, "weekdays": 5}, "invalid_weekdays"),
    ("schedule", {"time": "08:00", "portions": 1, "enabled": "no"}, "invalid_choice"),
    ("schedule", {"meal_id": "99", "time": "08:00"}, "unknown_meal"),
    ("unschedule", {"meal_id": "99"}, "unknown_meal"),
    ("cancel_command", {"command_id": 99}, "unknown_command"),
    ("cancel_command", {"command_id": "x"}, "invalid_number"),
    ("cancel_command", {"command_id": 2**31}, "invalid_number"),
    ("resolve_command", {"command_id": 99, "outcome": "failed"}, "unknown_command"),
    ("resolve_command", {"command_id": 99, "outcome": "perhaps"}, "invalid_choice"),
    ("get_commands", {"command_id": 99}, "unknown_command"),
    ("get_commands", {"state": "lost"}, "invalid_choice"),
    ("get_commands", {"limit": 0}, "invalid_number"),
    ("get_commands", {"limit": 1001}, "invalid_number"),
]


@pytest.mark.parametrize(("action", "fields", "key"), BAD_INPUT)
async def test_bad_input_is_refused_and_nothing_is_stored_or_sent(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    action: str,
    fields: dict[str, Any],
    key: str,
) -> None:
    await all_ready(hass, freezer, nodes)
    before = coordinator.engine.book.revision
    with pytest.raises(ServiceValidationError) as refused:
        await actions_of(hass, kitchen)(action, **fields)
    await settled(hass, coordinator)
    assert refused.value.translation_domain == DOMAIN
    assert refused.value.translation_key == key
    assert coordinator.engine.book.revision == before
    assert coordinator.store.writes == 0
    assert nodes.sent("1") == nodes.sent("2") == []


async def test_a_command_that_nodes_could_not_read_is_refused(
    coordinator: DispatchCoordinator, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paired_dispenser, "LONGEST_COMMAND", 60)
    for action, fields in (
        ("feed", {}),
        ("schedule", {"time": "08:00"}),
        ("send_command", {"kind": "feed", "params": {"portions": 1}}),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await act(action, **fields, **({} if "kind" in fields else {"portions": 1}))
        assert refused.value.translation_key == "payload_too_large"
    assert coordinator.engine.book.revision == 0


@pytest.mark.parametrize(
    "identifiers", [("hue", "1"), ("homekit", "1", "bridge"), ("lonely",)]
)
async def test_a_device_of_another_integration_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, identifiers: Any
) -> None:
    other = MockConfigEntry(domain=str(identifiers[0]))
    other.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={identifiers}, name="Lamp"
    )
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "feed", device.id, portions=1)
    assert refused.value.translation_key == "not_a_station"
    assert refused.value.translation_placeholders == {"device": "Lamp"}


async def test_a_device_that_is_not_there_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await call(hass, "feed", "nothing", portions=1)
    assert refused.value.translation_key == "unknown_device"


@pytest.mark.parametrize("node", [None, "1"])
async def test_a_station_that_is_not_loaded_is_refused(
    hass: HomeAssistant, kitchen: MockConfigEntry, node: str | None
) -> None:
    act = actions_of(hass, kitchen, node)
    await hass.config_entries.async_unload(kitchen.entry_id)
    with pytest.raises(ServiceValidationError) as refused:
        await act("feed", portions=1)
    assert refused.value.translation_key == "station_not_loaded"


# ---- get_commands, cancel_command, resolve_command


async def test_commands_are_told_newest_first_with_their_timelines(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=2, idempotency_key="breakfast")
    await settled(hass, coordinator)
    await nodes.accept(1)
    await nodes.done(1)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    await act("feed", portions=3)
    third, second, first = (await act("get_commands"))["commands"]
    assert [one["command_id"] for one in (third, second, first)] == [3, 2, 1]
    assert [one["state"] for one in (third, second, first)] == [
        "queued",
        "sent",
        "succeeded",
    ]
    assert third["waiting_for"] == [
        {"why": "behind", "node": None, "since": None, "command_id": 2}
    ]
    assert first["waiting_for"] == second["waiting_for"] == []
    assert first["params"]["portions"] == 2
    assert (first["class"], first["idempotency_key"]) == ("once", "breakfast")
    assert first["nodes"]["2"] == {"state": "done", "attempts": 1, "reason": ""}
    line = [
        (entry["state"], entry["cause"], entry["node"]) for entry in first["timeline"]
    ]
    assert line[0] == ("queued", "action", None)
    assert line[-1] == ("succeeded", "node", None)
    assert ("accepted", "node", "1") in line
    assert first["timeline"][0]["at"] == first["created_at"]
    assert first["created_at"].endswith("+00:00")
    json.dumps(first)


async def test_commands_can_be_chosen_by_id_state_and_number(act: Act) -> None:
    for _ in range(3):
        await act("feed", portions=1)
    await act("cancel_command", command_id=2)

    async def found(**fields: Any) -> list[int]:
        commands = (await act("get_commands", **fields))["commands"]
        return [command["command_id"] for command in commands]

    assert await found(command_id=2) == [2]
    assert await found(state="queued") == [3, 1]
    assert await found(state="cancelled") == [2]
    assert await found(state="queued", limit=1) == [3]
    assert await found(limit=2) == [3, 2]


async def test_what_was_not_sent_can_be_taken_back(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await act("feed", portions=1)
    answer = await act("cancel_command", command_id=1)
    assert answer == {"command_id": 1, "state": "cancelled"}
    await hass.config_entries.async_reload(kitchen.entry_id)
    await all_ready(hass, freezer, nodes)
    await settled(hass, kitchen.runtime_data)
    assert nodes.sent("1") == []
    with pytest.raises(ServiceValidationError) as refused:
        await act("cancel_command", command_id=1)
    assert refused.value.translation_key == "already_closed"


async def test_what_was_sent_cannot_be_taken_back(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    with pytest.raises(ServiceValidationError) as refused:
        await act("cancel_command", command_id=1)
    assert refused.value.translation_key == "already_sent"


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
async def test_a_person_settles_what_is_in_doubt(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    nodes: Nodes,
    act: Act,
    outcome: str,
) -> None:
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    answer = await act("resolve_command", command_id=command_id, outcome=outcome)
    assert answer == {"command_id": command_id, "state": outcome}
    await hass.config_entries.async_reload(kitchen.entry_id)
    (told,) = (await act("get_commands", command_id=command_id))["commands"]
    assert told["state"] == outcome
    assert len(nodes.sent("1")) == 1


async def test_a_person_has_it_sent_again(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    await act("resolve_command", command_id=command_id, outcome="resend")
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert [message["queue_id"] for message in nodes.sent("1")] == [command_id] * 2
    await nodes.done(command_id)
    await settled(hass, coordinator)
    (told,) = (await act("get_commands", command_id=command_id))["commands"]
    assert told["state"] == "succeeded"


async def test_what_is_not_in_doubt_cannot_be_settled(act: Act) -> None:
    await act("feed", portions=1)
    with pytest.raises(ServiceValidationError) as refused:
        await act("resolve_command", command_id=1, outcome="succeeded")
    assert refused.value.translation_key == "not_unconfirmed"


async def test_a_resend_that_cannot_be_stored_is_not_sent_later_either(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    disk_full: Disk,
) -> None:
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("resolve_command", command_id=command_id, outcome="resend")
    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert coordinator.engine.outside.storage_ok
    assert len(nodes.sent("1")) == 1
    command = coordinator.engine.book.open[command_id]
    assert command.state is CommandState.UNCONFIRMED


async def test_a_settlement_that_cannot_be_stored_yet_is_kept_and_stored_later(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    kitchen: MockConfigEntry,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    disk_full: Disk,
) -> None:
    command_id = await feed_in_doubt(hass, freezer, kitchen, nodes)
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("resolve_command", command_id=command_id, outcome="succeeded")
    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    stored, _ = await coordinator.store.async_load()
    states = {command.id: command.state for command in stored.commands}
    assert states[command_id] is CommandState.SUCCEEDED


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
    action: str,
) -> None:
    by_action: dict[str, dict[str, Any]] = {
        "feed": {"portions": 1},
        "reboot": {},
        "send_command": {"kind": "operate", "params": {"op": "dc", "on": 1}},
    }
    fields = by_action[action]
    await all_ready(hass, freezer, nodes)
    disk_full(True)
    with pytest.raises(NotStoredError) as failed:
        await act(action, **fields)
    assert failed.value.translation_key == "not_stored"
    assert "No space left" in (failed.value.translation_placeholders or {})["error"]
    await hass.async_block_till_done()
    assert hass.states.is_state("sensor.kitchen_status", "storage_error")
    assert coordinator.engine.book.open == {}

    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert hass.states.is_state("sensor.kitchen_status", "idle")
    assert nodes.sent("1") == nodes.sent("2") == []


async def test_200_feeds_at_once_share_a_few_writes_and_keep_their_order(
    hass: HomeAssistant, coordinator: DispatchCoordinator, act: Act
) -> None:
    answers = await asyncio.gather(*(act("feed", portions=1) for _ in range(200)))
    assert [answer["command_id"] for answer in answers] == list(range(1, 201))
    assert coordinator.store.writes <= 5
    await settled(hass, coordinator)
    assert coordinator.store.writes <= 5
