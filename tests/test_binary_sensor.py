"""What is shown as ready and online, and when nothing can be said."""

from __future__ import annotations

from datetime import datetime

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import AnswerOverdue
from custom_components.mqtt_dispatch.engine.model.meal import LateAnswer

from .calls import Act, all_ready, attribute
from .nodes import Nodes, pass_time, settled

STATION = "binary_sensor.kitchen_ready"
READY = "binary_sensor.kitchen_node_1_ready"
ONLINE = "binary_sensor.kitchen_node_1_online"


def states(hass: HomeAssistant, *entity_ids: str) -> list[str]:
    return [hass.states.get(entity_id).state for entity_id in entity_ids]  # type: ignore[union-attr]


def reason(hass: HomeAssistant) -> str | None:
    state = hass.states.get(READY)
    assert state is not None
    found: str | None = state.attributes["reason"]
    return found


async def test_nothing_is_known_before_a_node_was_heard(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready("2")
    await pass_time(hass, freezer, 0.5)
    assert states(hass, STATION, READY, ONLINE) == [STATE_UNKNOWN] * 3
    assert reason(hass) == "never_heard"


async def test_a_node_is_ready_once_it_has_settled(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready("1")
    assert states(hass, READY, ONLINE) == [STATE_OFF, STATE_ON]
    assert reason(hass) == "settling"

    await pass_time(hass, freezer, 0.5)
    assert states(hass, READY, ONLINE) == [STATE_ON, STATE_ON]
    assert reason(hass) is None


async def test_a_station_is_ready_when_all_its_nodes_are(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready("1")
    await pass_time(hass, freezer, 0.5)
    assert states(hass, STATION) == [STATE_UNKNOWN]

    await nodes.ready("2")
    await pass_time(hass, freezer, 0.5)
    assert states(hass, STATION) == [STATE_ON]

    await nodes.say("state", "2", {"online": 1, "ready": 0, "uptime": 9})
    assert states(hass, STATION, READY) == [STATE_OFF, STATE_ON]


async def test_a_busy_node_is_not_ready(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 0.5)

    await nodes.say("state", "1", {"online": 1, "ready": 0, "uptime": 9})

    assert states(hass, READY, ONLINE) == [STATE_OFF, STATE_ON]
    assert reason(hass) == "not_ready"


async def test_time_alone_makes_a_silent_node_unready_and_then_offline(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 9.9)
    assert states(hass, READY, ONLINE) == [STATE_ON, STATE_ON]

    await pass_time(hass, freezer, 0.1)
    assert states(hass, READY, ONLINE) == [STATE_OFF, STATE_ON]
    assert reason(hass) == "stale"

    await pass_time(hass, freezer, 5)
    assert states(hass, READY, ONLINE) == [STATE_OFF, STATE_OFF]
    assert reason(hass) == "silent"


async def test_a_heartbeat_without_ready_changes_no_readiness(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 5)

    await nodes.say("state", "1", {"online": 1, "uptime": 105})
    assert states(hass, READY, ONLINE) == [STATE_ON, STATE_ON]

    await pass_time(hass, freezer, 5)
    assert states(hass, READY, ONLINE) == [STATE_OFF, STATE_ON]


async def test_the_will_of_a_node_makes_it_offline_at_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 1)

    await nodes.say("state", "1", {"online": 0})

    assert states(hass, READY, ONLINE) == [STATE_OFF, STATE_OFF]
    assert reason(hass) == "offline"


@pytest.mark.parametrize("payload", [{"online": 1}, {"online": 1, "ready": 1}])
async def test_a_retained_message_makes_nobody_ready_or_online(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    nodes: Nodes,
    payload: dict[str, int],
) -> None:
    await nodes.ready("2")
    await nodes.say("state", "1", payload, retain=True)
    await pass_time(hass, freezer, 1)

    assert states(hass, READY, ONLINE) == [STATE_UNKNOWN, STATE_UNKNOWN]


async def test_without_a_connection_nothing_is_known_until_nodes_are_heard_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> None:
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    assert states(hass, STATION, READY, ONLINE) == [STATE_ON] * 3

    await nodes.connection(up=False)
    assert states(hass, STATION, READY, ONLINE) == [STATE_UNAVAILABLE] * 3

    await nodes.connection(up=True)
    assert states(hass, STATION, READY, ONLINE) == [STATE_UNKNOWN] * 3
    assert reason(hass) == "never_heard"

    await nodes.ready()
    await pass_time(hass, freezer, 1)
    assert states(hass, STATION, READY, ONLINE) == [STATE_ON] * 3


# ---- meals that did not happen in time

OVERDUE = "binary_sensor.kitchen_meal_overdue"
TEA = {"name": "Tea", "time": "14:01", "portions": 2}


async def test_a_meal_is_overdue_until_it_is_fed_after_all(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await nodes.ready()
    meal_id = (await act("schedule", **TEA))["meal_id"]
    await pass_time(hass, freezer, 30 * 60)
    assert states(hass, OVERDUE) == [STATE_OFF]
    assert attribute(hass, OVERDUE, "text") is None
    assert attribute(hass, OVERDUE, "meals") == []

    await pass_time(hass, freezer, 60)
    await settled(hass, coordinator)
    assert states(hass, OVERDUE) == [STATE_ON]
    silent = "Node 1: last seen at 14:00:00"
    waits = f"It still waits: {silent}; Node 2: last seen at 14:00:00."
    (command_id,) = coordinator.engine.ledger.open
    assert attribute(hass, OVERDUE, "text") == f"Tea, expected by 14:31: {waits}"
    assert attribute(hass, OVERDUE, "meals") == [
        {
            "meal_id": meal_id,
            "name": "Tea",
            "planned": "2026-05-28T14:01:00",
            "kind": "feed",
            "node": None,
            "command_id": command_id,
            "reason": waits,
            "expected_by": datetime.fromisoformat("2026-05-28T21:31:00+00:00"),
        }
    ]

    await nodes.ready("2")
    await pass_time(hass, freezer, 1)
    waits = f"It still waits: {silent}."
    assert attribute(hass, OVERDUE, "text") == f"Tea, expected by 14:31: {waits}"

    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    assert "sent at 14:31" in attribute(hass, OVERDUE, "text")
    await nodes.accept(command_id)
    await nodes.done(command_id)
    await settled(hass, coordinator)
    assert states(hass, OVERDUE) == [STATE_OFF]


async def test_each_of_several_meals_that_are_overdue_is_a_sentence(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    for name in ("Tea", "Snack"):
        await act("schedule", **{**TEA, "name": name})
    await pass_time(hass, freezer, 31 * 60)
    await settled(hass, coordinator)

    tea, snack = attribute(hass, OVERDUE, "text").split(". ")
    assert tea.startswith("Tea, expected by 14:31: ")
    assert snack.startswith("Snack, expected by 14:31: ")


async def test_a_meal_that_a_person_leaves_is_no_problem_any_more(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    meal_id = (await act("schedule", **TEA))["meal_id"]
    await pass_time(hass, freezer, 31 * 60)
    await settled(hass, coordinator)
    assert states(hass, OVERDUE) == [STATE_ON]

    leave = AnswerOverdue(meal_id, "2026-05-28T14:01", LateAnswer.LEAVE)
    coordinator.handle(leave)
    await settled(hass, coordinator)

    assert states(hass, OVERDUE) == [STATE_OFF]


async def test_a_meal_in_doubt_is_overdue_too(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
    act: Act,
) -> None:
    await act("schedule", **TEA)
    await pass_time(hass, freezer, 60)
    await all_ready(hass, freezer, nodes)
    await settled(hass, coordinator)
    await pass_time(hass, freezer, 30 * 60)
    await settled(hass, coordinator)

    assert states(hass, OVERDUE) == [STATE_ON]
    assert "no answer since" in attribute(hass, OVERDUE, "text")


async def test_a_meal_that_is_removed_is_not_overdue(
    *,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    act: Act,
) -> None:
    meal_id = (await act("schedule", **TEA))["meal_id"]
    await pass_time(hass, freezer, 31 * 60)
    await settled(hass, coordinator)
    await act("unschedule", meal_id=meal_id)
    await settled(hass, coordinator)
    assert states(hass, OVERDUE) == [STATE_OFF]
