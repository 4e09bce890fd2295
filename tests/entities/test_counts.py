"""What a camera counts is shown and decides nothing."""

from __future__ import annotations

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.ordering.commands import async_order

from ..calls import all_ready
from ..nodes import COUNTED, Nodes, settled

COUNT = "sensor.kitchen_node_2_counted_by_the_camera"
EXPECTED = "sensor.kitchen_node_2_to_be_counted"
DIFFERS = "binary_sensor.kitchen_node_2_count_differs"


def shown(hass: HomeAssistant, entity_id: str) -> str | None:
    state = hass.states.get(entity_id)
    return None if state is None else state.state


async def test_a_count_is_shown_and_a_difference_is_a_problem(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.ready()
    assert shown(hass, DIFFERS) is None

    await nodes.say("evt", "2", COUNTED)
    assert [shown(hass, each) for each in (COUNT, EXPECTED)] == ["3", "3"]
    assert shown(hass, DIFFERS) == STATE_OFF

    await nodes.say("evt", "2", COUNTED | {"count_detected": 2})
    assert shown(hass, DIFFERS) == STATE_ON

    await nodes.say("vision", "cam", {"count_detected": 4})
    assert [shown(hass, each) for each in (COUNT, EXPECTED)] == ["4", STATE_UNKNOWN]
    assert shown(hass, DIFFERS) == STATE_UNKNOWN


async def test_a_count_neither_ends_a_command_nor_is_a_sign_of_the_node(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await nodes.say("evt", "2", COUNTED)
    assert coordinator.data.nodes["2"].online is not True

    await all_ready(hass, freezer, nodes)
    feed = await async_order(coordinator, "feed", {"portions": 1}, (), Cause.ACTION)
    await settled(hass, coordinator)
    await nodes.accept(feed)
    for count in (1, 9):
        said = COUNTED | {"queue_id": feed, "count_detected": count}
        await nodes.say("evt", "2", said)
    command = coordinator.engine.ledger.find(feed)
    assert command is not None
    assert command.state is CommandState.ACCEPTED

    await nodes.done(feed)
    await nodes.say("evt", "2", COUNTED | {"queue_id": feed, "count_detected": 0})
    command = coordinator.engine.ledger.find(feed)
    assert command is not None
    assert command.state is CommandState.SUCCEEDED
