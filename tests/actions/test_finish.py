"""Finish the rest: what some nodes did not do goes to them, and to nobody else."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from ..calls import Act, all_ready, disk_works_again
from ..conftest import Disk
from ..nodes import Nodes, settled


@pytest.fixture
async def half_done(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> int:
    """The id of a feed that node 1 did and node 2 could not do."""
    await all_ready(hass, freezer, nodes)
    command_id: int = (await act("feed", portions=2))["command_id"]
    await settled(hass, coordinator)
    await nodes.done(command_id, "1")
    await nodes.done(command_id, "2", status="timeout")
    await settled(hass, coordinator)
    return command_id


async def test_the_rest_goes_to_the_node_that_did_not_do_it(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    half_done: int,
) -> None:
    answer = await act("finish_command", command_id=half_done)
    assert answer["command_id"] == half_done + 1
    stored, _ = await coordinator.store.async_load()
    assert half_done + 1 in [command.id for command in stored.commands]

    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert [message["queue_id"] for message in nodes.sent("1")] == [half_done]
    assert [message["queue_id"] for message in nodes.sent("2")] == [
        half_done,
        half_done + 1,
    ]
    rest = nodes.sent("2")[1]
    assert "items" not in rest, "the node that serves was told to dispense"

    await nodes.done(half_done + 1, "2")
    await settled(hass, coordinator)
    rest, first = (await act("get_commands"))["commands"]
    assert (rest["finishes"], first["finishes"]) == (half_done, None)
    assert (rest["state"], first["state"]) == ("succeeded", "failed")
    assert rest["nodes"] == {
        "1": {"state": "done", "attempts": 0, "reason": ""},
        "2": {"state": "done", "attempts": 1, "reason": ""},
    }
    assert rest["params"] == first["params"]


async def test_waiting_ends_with_what_the_node_said(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    half_done: int,
) -> None:
    finishing = hass.async_create_background_task(
        act("finish_command", command_id=half_done, wait=True), "finishing"
    )
    await settled(hass, coordinator)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert not finishing.done()
    await nodes.done(half_done + 1, "2")
    await settled(hass, coordinator)
    assert await finishing == {
        "command_id": half_done + 1,
        "state": "succeeded",
        "nodes": {
            "1": {"state": "done", "attempts": 0, "reason": ""},
            "2": {"state": "done", "attempts": 1, "reason": ""},
        },
    }


async def test_what_is_done_already_is_told_as_done(
    hass: HomeAssistant, coordinator: DispatchCoordinator, act: Act, half_done: int
) -> None:
    await act("finish_command", command_id=half_done)
    await settled(hass, coordinator)

    event = hass.states.get("event.kitchen_command")
    assert event is not None
    assert event.attributes["command_id"] == half_done + 1
    assert event.attributes["results"]["1"] == {"state": "done", "reason": None}


async def test_who_asks_twice_gets_it_once(act: Act, half_done: int) -> None:
    first = await act("finish_command", command_id=half_done)

    assert await act("finish_command", command_id=half_done) == first
    assert await act("finish_command", command_id=first["command_id"]) == first


async def test_a_doubt_must_be_settled_first(act: Act, in_doubt: int) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act("finish_command", command_id=in_doubt)
    assert refused.value.translation_key == "in_doubt"
    assert "First say whether it happened" in str(refused.value)

    await act("resolve_command", command_id=in_doubt, outcome="failed")
    answer = await act("finish_command", command_id=in_doubt)
    assert answer == {"command_id": in_doubt + 1, "state": "queued"}


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"command_id": 1}, "not_ended"),
        ({"command_id": 2}, "nothing_to_finish"),
        ({"command_id": 99}, "unknown_command"),
        ({"command_id": "x"}, "invalid_number"),
        ({"command_id": 1, "wait": "perhaps"}, "invalid_choice"),
    ],
)
async def test_what_cannot_be_finished_says_why(
    *,
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    act: Act,
    fields: dict[str, Any],
    key: str,
) -> None:
    await act("feed", portions=1)
    await act("feed", portions=1)
    await act("cancel_command", command_id=2)
    before = coordinator.engine.ledger.revision

    with pytest.raises(ServiceValidationError) as refused:
        await act("finish_command", **fields)

    assert refused.value.translation_key == key
    assert coordinator.engine.ledger.revision == before


async def test_what_succeeded_leaves_nothing_to_finish(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await all_ready(hass, freezer, nodes)
    await act("feed", portions=1)
    await settled(hass, coordinator)
    await nodes.done(1)
    await settled(hass, coordinator)

    with pytest.raises(ServiceValidationError) as refused:
        await act("finish_command", command_id=1)

    assert refused.value.translation_key == "nothing_to_finish"


async def test_a_node_that_is_gone_cannot_finish(
    hass: HomeAssistant, kitchen: MockConfigEntry, act: Act, half_done: int
) -> None:
    second = [*kitchen.subentries][1]
    hass.config_entries.async_remove_subentry(kitchen, second)
    await hass.async_block_till_done()

    with pytest.raises(ServiceValidationError) as refused:
        await act("finish_command", command_id=half_done)

    assert refused.value.translation_key == "unknown_node"


async def test_what_cannot_be_stored_fails_is_never_sent_and_can_be_asked_for_again(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
    disk_full: Disk,
    half_done: int,
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await act("finish_command", command_id=half_done)
    assert not coordinator.engine.ledger.open

    disk_full(False)
    await disk_works_again(hass, freezer, coordinator)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert len(nodes.sent("2")) == 1

    answer = await act("finish_command", command_id=half_done)
    assert list(coordinator.engine.ledger.open) == [answer["command_id"]]
