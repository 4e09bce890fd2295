"""An order is checked and stored, or nothing of it is left."""

from __future__ import annotations

import asyncio
from dataclasses import replace
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.command import HIGHEST_ID, Cause
from custom_components.mqtt_dispatch.engine.model.events import Dispatching
from custom_components.mqtt_dispatch.ordering.commands import (
    Wanted,
    async_order,
    async_order_all,
)
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.storage.disk import NotStoredError
from custom_components.mqtt_dispatch.storage.store import CommitError

from ..conftest import Disk, SetUp
from ..nodes import Nodes, pass_time, settled


async def feed(coordinator: DispatchCoordinator, **kwargs: Any) -> int:
    wanted = Wanted(
        coordinator=coordinator,
        kind="feed",
        params={"portions": 2},
        nodes=(),
        cause=Cause.ACTION,
        **kwargs,
    )
    (command_id,) = await async_order_all([wanted], None)
    return command_id


async def test_an_order_is_on_disk_when_it_returns(
    hass: HomeAssistant, kitchen: MockConfigEntry, coordinator: DispatchCoordinator
) -> None:
    command_id = await feed(coordinator)

    path = hass.config.path(".storage", f"mqtt_dispatch.{kitchen.entry_id}")
    stored = json.loads(await hass.async_add_executor_job(Path(path).read_text))
    assert [(item["id"], item["params"]) for item in stored["data"]["commands"]] == [
        (command_id, {"portions": 2, "hopper": 1, "bowl": 1, "pet": 0})
    ]


@pytest.mark.parametrize("nodes", [(), ("2",), ("2", "1")])
async def test_a_kind_for_the_whole_station_goes_to_all_nodes_in_their_order(
    coordinator: DispatchCoordinator, nodes: tuple[str, ...]
) -> None:
    command_id = await async_order(
        coordinator, "feed", {"portions": 1}, nodes, Cause.ACTION
    )

    assert coordinator.engine.ledger.open[command_id].nodes == ("1", "2")


async def test_another_kind_goes_to_the_nodes_that_were_chosen(
    coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.newer("2")
    command_id = await async_order(coordinator, "reboot", {}, ("2",), Cause.ACTION)

    assert coordinator.engine.ledger.open[command_id].nodes == ("2",)


async def test_expires_in_is_counted_from_the_order(
    coordinator: DispatchCoordinator, freezer: FrozenDateTimeFactory
) -> None:
    command = coordinator.engine.ledger.open[await feed(coordinator, expires_in=120)]

    assert command.expires_at == command.created_at + 120


@pytest.mark.parametrize(
    ("kind", "params", "nodes", "key"),
    [
        ("dance", {}, ("1",), "unknown_kind"),
        ("feed", {}, (), "missing_field"),
        ("feed", {"portions": 0}, (), "invalid_number"),
        ("feed", {"portions": 51}, (), "invalid_number"),
        ("feed", {"portions": "two"}, (), "invalid_number"),
        ("feed", {"portions": 1, "hopper": 5}, (), "invalid_number"),
        ("feed", {"portions": 1, "cats": 5}, (), "unknown_field"),
        ("operate", {"op": "laser", "on": 1}, ("1",), "invalid_choice"),
        ("reboot", {}, (), "node_needed"),
        ("reboot", {}, ("9",), "unknown_node"),
        ("reboot", {}, ("1",), "not_understood"),
        ("reboot", {}, ("1", "2"), "not_understood"),
        ("operate", {"op": "dc", "on": 1}, ("2",), "not_understood"),
        ("operate", {"op": "dc", "on": 1}, ("1", "2"), "not_understood"),
        ("feed", {"portions": 21}, (), "invalid_number"),
    ],
)
async def test_bad_input_is_refused_and_leaves_nothing(
    coordinator: DispatchCoordinator,
    kind: str,
    params: dict[str, Any],
    nodes: tuple[str, ...],
    key: str,
) -> None:
    revision = coordinator.engine.ledger.revision

    with pytest.raises(ServiceValidationError) as refused:
        await async_order(coordinator, kind, params, nodes, Cause.ACTION)

    assert refused.value.translation_domain == "mqtt_dispatch"
    assert refused.value.translation_key == key
    assert coordinator.engine.ledger.revision == revision


async def test_a_guard_is_an_error_with_the_reason(set_up: SetUp) -> None:
    entry = await set_up(options={"portions_per_day": 3})
    await feed(entry.runtime_data)

    with pytest.raises(ServiceValidationError) as refused:
        await feed(entry.runtime_data)

    assert refused.value.translation_key == "portions_per_day"
    assert refused.value.translation_placeholders == {"limit": "3", "given": "2"}


async def test_what_does_not_fit_on_the_wire_under_any_id_is_refused(
    coordinator: DispatchCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def publications(_: Site, sending: Sending) -> tuple[()]:
        if sending.command.id == HIGHEST_ID and sending.node == "2":
            raise InvalidCommand("payload_too_large", size=513, limit=512)
        return ()

    monkeypatch.setattr(
        coordinator,
        "protocol",
        replace(coordinator.protocol, publications=publications),
    )

    with pytest.raises(ServiceValidationError) as refused:
        await feed(coordinator)

    assert refused.value.translation_key == "payload_too_large"
    assert not coordinator.engine.ledger.open


async def test_an_order_that_cannot_be_stored_fails_and_is_never_sent(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    disk_full: Disk,
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError) as failed:
        await feed(coordinator)
    assert failed.value.translation_key == "not_stored"
    assert not coordinator.engine.ledger.open

    disk_full(False)
    await nodes.ready()
    await pass_time(hass, freezer, 60)
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    await settled(hass, coordinator)

    assert coordinator.engine.conditions.storage_ok
    assert nodes.sent("1") == nodes.sent("2") == []


async def test_an_order_that_could_not_be_stored_does_not_use_up_its_key(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    disk_full: Disk,
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await feed(coordinator, idempotency_key="breakfast")
    disk_full(False)

    command_id = await feed(coordinator, idempotency_key="breakfast")

    assert list(coordinator.engine.ledger.open) == [command_id]


async def test_a_known_key_is_answered_even_while_nothing_can_be_stored(
    coordinator: DispatchCoordinator, disk_full: Disk
) -> None:
    first = await feed(coordinator, idempotency_key="breakfast")
    disk_full(True)
    with pytest.raises(NotStoredError):
        await feed(coordinator)

    again = await feed(coordinator, idempotency_key="breakfast")

    assert again == first
    assert list(coordinator.engine.ledger.open) == [first]


async def test_promise_1_who_repeats_an_order_that_could_not_be_stored_is_told_so_too(
    coordinator: DispatchCoordinator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one comes while the write that fails is still under way."""
    begun, write, fails = asyncio.Event(), asyncio.Event(), [True]
    commit = coordinator.store.async_commit

    async def slow_commit(snapshot: Snapshot) -> None:
        begun.set()
        await write.wait()
        if fails:
            fails.clear()
            raise CommitError("no space left")
        await commit(snapshot)

    monkeypatch.setattr(coordinator.store, "async_commit", slow_commit)
    first = asyncio.create_task(feed(coordinator, idempotency_key="breakfast"))
    await begun.wait()
    coordinator.handle(Dispatching(enabled=False))
    second = asyncio.create_task(feed(coordinator, idempotency_key="breakfast"))
    await asyncio.sleep(0)
    write.set()

    with pytest.raises(NotStoredError):
        await first
    with pytest.raises(NotStoredError):
        await second
    assert coordinator.engine.ledger.open == {}
