"""`event.command` tells each state a command comes into, once it is on disk."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.effects import Changed
from custom_components.mqtt_dispatch.engine.model.events import Cancel
from custom_components.mqtt_dispatch.ordering.commands import async_order
from custom_components.mqtt_dispatch.storage.disk import NotStoredError

from .calls import shown, state_of
from .conftest import Disk, SetUp
from .nodes import Nodes, pass_time, settled
from .others import GREENHOUSES, Greenhouse

EVENT = "event.kitchen_command"


def types(told: list[dict[str, Any]]) -> list[str]:
    return [attributes["event_type"] for attributes in told]


async def order(coordinator: DispatchCoordinator) -> int:
    return await async_order(coordinator, "feed", {"portions": 1}, (), Cause.ACTION)


def test_there_is_an_event_type_for_each_state_and_for_a_refusal(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    state = hass.states.get(EVENT)
    assert state is not None
    states = [state.value for state in CommandState]
    assert state.attributes["event_types"] == [*states, "refused"]


async def test_a_feed_is_told_from_queued_to_succeeded(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    told: list[dict[str, Any]],
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    command_id = await order(coordinator)
    await settled(hass, coordinator)
    await nodes.accept(command_id)
    await settled(hass, coordinator)
    await nodes.done(command_id)
    await settled(hass, coordinator)

    assert types(told) == ["queued", "sent", "accepted", "succeeded"]
    last = told[-1]
    assert last["command_id"] == command_id
    assert last["kind"] == "feed"
    assert last["cause"] == "node"
    assert last["nodes"] == ["1", "2"]
    assert last["results"] == {
        "1": {"state": "done", "reason": None},
        "2": {"state": "done", "reason": None},
    }


async def test_results_are_those_of_the_change_and_no_later_ones(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, told: list[dict[str, Any]]
) -> None:
    entry = await set_up(options={"debounce": 0})
    coordinator: DispatchCoordinator = entry.runtime_data
    nodes = Nodes(hass, mqtt_mock)
    await nodes.ready()
    command_id = await order(coordinator)
    await settled(hass, coordinator)
    await nodes.accept(command_id)
    await nodes.done(command_id)
    await settled(hass, coordinator)

    assert {
        attributes["event_type"]: [
            result["state"] for result in attributes["results"].values()
        ]
        for attributes in told
    } == {
        "queued": ["pending", "pending"],
        "sent": ["sent", "sent"],
        "accepted": ["accepted", "accepted"],
        "succeeded": ["done", "done"],
    }


async def test_a_refusal_and_a_failure_are_told_with_the_node_and_the_reason(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    told: list[dict[str, Any]],
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    command_id = await order(coordinator)
    await settled(hass, coordinator)
    await nodes.refuse(command_id, "1")
    await nodes.done(command_id, "2", status="vision_mismatch")
    await settled(hass, coordinator)

    assert types(told)[-1] == "failed"
    assert told[-1]["results"] == {
        "1": {"state": "rejected", "reason": None},
        "2": {"state": "failed", "reason": "vision_mismatch"},
    }


async def test_a_command_that_was_never_sent_is_told_with_its_cause(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    told: list[dict[str, Any]],
) -> None:
    command_id = await order(coordinator)
    coordinator.handle(Cancel(command_id))
    await settled(hass, coordinator)

    assert types(told) == ["queued", "cancelled"]
    assert told[-1]["cause"] == "person"


async def test_what_is_not_on_disk_is_not_told(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    disk_full: Disk,
    told: list[dict[str, Any]],
) -> None:
    disk_full(True)
    with pytest.raises(NotStoredError):
        await order(coordinator)
    await hass.async_block_till_done()

    assert told == []


async def test_what_has_left_the_history_meanwhile_is_not_told(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    told: list[dict[str, Any]],
) -> None:
    command_id = await order(coordinator)
    await settled(hass, coordinator)
    told.clear()
    command = coordinator.engine.ledger.open.pop(command_id)
    assert command is not None

    coordinator.driver.carry_out(
        Changed(command_id, CommandState.SENT, command.created_at, Cause.SENT)
    )
    await hass.async_block_till_done()

    assert told == []


async def test_a_reload_tells_nothing_again(
    hass: HomeAssistant,
    kitchen: MockConfigEntry,
    told: list[dict[str, Any]],
) -> None:
    await order(kitchen.runtime_data)
    await settled(hass, kitchen.runtime_data)
    before = hass.states.get(EVENT)
    assert before is not None
    told.clear()

    await hass.config_entries.async_reload(kitchen.entry_id)
    await settled(hass, kitchen.runtime_data)

    after = hass.states.get(EVENT)
    assert after is not None
    assert after.state == before.state != STATE_UNKNOWN
    assert types(told) == ["queued"], "the restored event, with the time it had"


@pytest.mark.parametrize(
    ("said", "told"),
    [("LEVEL_SWITCH_CHANGED", "level_switch_changed"), ("SOMETHING_NEW", "other")],
)
async def test_what_happens_at_a_node_is_told_by_it_alone(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any, said: str, told: str
) -> None:
    await set_up(**GREENHOUSES)
    node = Greenhouse(hass, mqtt_mock)
    await node.tell_all()
    other = shown(hass, "event.glasshouse_store_event")
    await node.publish(f"{node.home}/tank/event", {"event_code": said, "level": 1})

    attributes = state_of(hass, "event.glasshouse_nutrients_event").attributes
    assert attributes["event_type"] == told
    assert attributes["code"] == said.lower()
    assert (attributes["channel"], attributes["level"]) == ("tank", 1)
    assert shown(hass, "event.glasshouse_store_event") == other
