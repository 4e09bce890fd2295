"""What is shown as ready and online, and when nothing can be said."""

from __future__ import annotations

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
import pytest

from .nodes import Nodes, pass_time

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
