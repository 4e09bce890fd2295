"""What the sensors of a station show, through messages and time."""

from __future__ import annotations

from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import DOMAIN
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.ordering.commands import async_order

from ..calls import shown, state_of
from ..conftest import Disk, SetUp
from ..nodes import Nodes, pass_time, settled

STATUS = "sensor.kitchen_status"
WAITING_FOR = "sensor.kitchen_waiting_for"
QUEUE = "sensor.kitchen_queue"
LAST_FED = "sensor.kitchen_last_fed"
NEXT_MEAL = "sensor.kitchen_next_meal"
PORTIONS_TODAY = "sensor.kitchen_portions_today"


async def feed(coordinator: DispatchCoordinator, portions: int = 1) -> int:
    return await async_order(
        coordinator, "feed", {"portions": portions}, (), Cause.ACTION
    )


def what_for(hass: HomeAssistant) -> tuple[str, str]:
    """Return what is waited for, as a state and in words."""
    state = state_of(hass, WAITING_FOR)
    return state.state, state.attributes["text"]


async def test_status_is_offline_until_a_node_is_heard_and_idle_then(
    hass: HomeAssistant, nodes: Nodes
) -> None:
    assert shown(hass, STATUS) == "offline"

    await nodes.ready("1")

    assert shown(hass, STATUS) == "idle"


async def test_status_follows_a_feed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await nodes.ready("1")
    command_id = await feed(coordinator)
    await settled(hass, coordinator)
    assert shown(hass, STATUS) == "waiting"

    await nodes.ready("2")
    await pass_time(hass, freezer, 1)
    await settled(hass, coordinator)
    assert shown(hass, STATUS) == "running"

    await nodes.accept(command_id)
    await pass_time(hass, freezer, 90)
    await nodes.ready()
    assert shown(hass, STATUS) == "unconfirmed"

    await nodes.done(command_id)
    assert shown(hass, STATUS) == "idle"


async def test_status_says_that_the_station_is_paused(
    hass: HomeAssistant, ready: Nodes
) -> None:
    await hass.services.async_call(
        "switch",
        "turn_off",
        {"entity_id": "switch.kitchen_dispatching"},
        blocking=True,
    )
    await hass.async_block_till_done()

    assert shown(hass, STATUS) == "paused"


async def test_status_says_that_there_is_no_connection(
    hass: HomeAssistant, ready: Nodes
) -> None:
    await ready.connection(up=False)

    assert shown(hass, STATUS) == "offline"


async def test_status_says_that_nothing_can_be_stored(
    hass: HomeAssistant,
    coordinator: DispatchCoordinator,
    ready: Nodes,
    disk_full: Disk,
) -> None:
    disk_full(True)
    with pytest.raises(HomeAssistantError):
        await feed(coordinator)
    await hass.async_block_till_done()

    assert shown(hass, STATUS) == "storage_error"


async def test_waiting_for_says_so_where_nothing_waits(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    state = state_of(hass, WAITING_FOR)
    assert state.state == "nothing"
    assert state.attributes["text"] == "Nothing"
    assert state.attributes["command_id"] is None
    assert state.attributes["kind"] is None
    assert state.attributes["reasons"] == []
    assert state.attributes["others"] == 0


async def test_waiting_for_says_when_a_silent_node_was_last_seen(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    ready: Nodes,
) -> None:
    await pass_time(hass, freezer, 14)
    await ready.ready("1")
    await pass_time(hass, freezer, 1)
    command_id = await feed(coordinator)
    await settled(hass, coordinator)

    state = state_of(hass, WAITING_FOR)
    assert state.state == "silent"
    assert state.attributes["text"] == "Node 2: last seen at 14:00:00"
    assert state.attributes["command_id"] == command_id
    assert state.attributes["kind"] == "feed"
    assert state.attributes["reasons"] == [
        {"reason": "silent", "node": "2", "command_id": None}
    ]


async def test_waiting_for_names_each_node_that_is_waited_for(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.say("state", "2", {"online": 1, "ready": 0})
    await feed(coordinator)
    await settled(hass, coordinator)

    words = "Node 1: not heard yet; Node 2: not ready"
    assert what_for(hass) == ("never_heard", words)


async def test_waiting_for_is_about_the_first_command_and_counts_the_others(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    first = await feed(coordinator)
    await feed(coordinator)
    await feed(coordinator)
    await settled(hass, coordinator)

    attributes = state_of(hass, WAITING_FOR).attributes
    assert (attributes["command_id"], attributes["others"]) == (first, 2)


async def test_waiting_for_names_the_command_that_is_unconfirmed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    ready: Nodes,
) -> None:
    first = await feed(coordinator)
    await settled(hass, coordinator)
    await feed(coordinator)
    await settled(hass, coordinator)
    assert what_for(hass) == ("behind", f"Behind #{first}")

    await pass_time(hass, freezer, 10)
    await settled(hass, coordinator)
    assert what_for(hass) == ("unconfirmed", f"Blocked by #{first}, unconfirmed")


async def test_waiting_for_says_that_there_is_no_connection(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.connection(up=False)
    await feed(coordinator)
    await settled(hass, coordinator)

    assert what_for(hass) == ("disconnected", "No connection to the MQTT broker")


@pytest.mark.parametrize("language", ["en", "de"])
async def test_waiting_for_has_a_word_for_whatever_may_be_waited_for(
    hass: HomeAssistant, kitchen: MockConfigEntry, language: str
) -> None:
    """The state is one of a few; each has its word, and its sentence beside it."""
    options = state_of(hass, WAITING_FOR).attributes["options"]
    words = await async_get_translations(hass, language, "entity", [DOMAIN])
    key = f"component.{DOMAIN}.entity.sensor.waiting_for.state"
    assert options == ["nothing", *(why.value for why in Why)]
    assert {option for option in options if f"{key}.{option}" not in words} == set()


async def test_queue_counts_open_commands(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    assert shown(hass, QUEUE) == "0"

    await feed(coordinator)
    await feed(coordinator)
    await hass.async_block_till_done()

    assert shown(hass, QUEUE) == "2"


async def test_a_feed_shows_in_last_fed_and_portions_today_until_midnight(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    ready: Nodes,
) -> None:
    assert shown(hass, LAST_FED) == STATE_UNKNOWN
    assert shown(hass, PORTIONS_TODAY) == "0"

    command_id = await feed(coordinator, 3)
    await settled(hass, coordinator)
    await ready.accept(command_id)
    await ready.done(command_id)
    await settled(hass, coordinator)
    assert shown(hass, LAST_FED) == "2026-05-28T21:00:01+00:00"
    assert shown(hass, PORTIONS_TODAY) == "3"

    freezer.move_to("2026-05-29 00:00:00-07:00")
    await pass_time(hass, freezer, 0)
    today = state_of(hass, PORTIONS_TODAY)
    assert today.state == "0"
    assert today.attributes["last_reset"] == "2026-05-29T00:00:00-07:00"
    assert shown(hass, LAST_FED) == "2026-05-28T21:00:01+00:00"


async def test_next_meal_is_the_first_of_all_meals(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    ready: Nodes,
) -> None:
    assert shown(hass, NEXT_MEAL) == STATE_UNKNOWN

    for time in ("19:30", "18:00"):
        meal = new_meal(
            meal_id="",
            name="",
            rule=new_rule(time=time, weekdays=WEEKDAYS),
            params={"portions": 1},
        )
        coordinator.handle(PutMeal(meal))
    await settled(hass, coordinator)
    assert shown(hass, NEXT_MEAL) == "2026-05-29T01:00:00+00:00"

    freezer.move_to("2026-05-28 18:00:00-07:00")
    await pass_time(hass, freezer, 0)
    assert shown(hass, NEXT_MEAL) == "2026-05-29T02:30:00+00:00"


async def test_no_next_meal_is_made_up_while_a_station_starts(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    shown_at_first: list[str] = []
    with patch(
        "custom_components.mqtt_dispatch.DispatchCoordinator.async_start",
        side_effect=lambda: shown_at_first.append(shown(hass, NEXT_MEAL)),
    ):
        await set_up()

    assert shown_at_first == [STATE_UNKNOWN]
