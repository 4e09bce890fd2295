"""What the sensors of a station and its nodes show, through messages and time."""

from __future__ import annotations

from collections.abc import Generator
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal
from custom_components.mqtt_dispatch.ordering.commands import async_order

from .conftest import Disk, SetUp
from .nodes import Nodes, pass_time, settled

STATUS = "sensor.kitchen_status"
WAITING_FOR = "sensor.kitchen_waiting_for"
QUEUE = "sensor.kitchen_queue"
LAST_FED = "sensor.kitchen_last_fed"
NEXT_MEAL = "sensor.kitchen_next_meal"
PORTIONS_TODAY = "sensor.kitchen_portions_today"
FOOD = "sensor.kitchen_node_1_food_level"
SIGNAL = "sensor.kitchen_node_1_signal_strength"
LAST_SEEN = "sensor.kitchen_node_1_last_seen"
UPTIME = "sensor.kitchen_node_1_uptime"


@pytest.fixture
def all_enabled() -> Generator[None]:
    """Also the entities that are disabled by default are enabled."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        PropertyMock(return_value=True),
    ):
        yield


def shown(hass: HomeAssistant, entity_id: str) -> State:
    state = hass.states.get(entity_id)
    assert state is not None
    return state


def value(hass: HomeAssistant, entity_id: str) -> str:
    return shown(hass, entity_id).state


async def feed(coordinator: DispatchCoordinator, portions: int = 1) -> int:
    return await async_order(
        coordinator, "feed", {"portions": portions}, (), Cause.ACTION
    )


@pytest.fixture
async def ready(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, nodes: Nodes
) -> Nodes:
    """Both nodes are ready and have settled."""
    await nodes.ready()
    await pass_time(hass, freezer, 1)
    return nodes


async def test_status_is_offline_until_a_node_is_heard_and_idle_then(
    hass: HomeAssistant, nodes: Nodes
) -> None:
    assert value(hass, STATUS) == "offline"

    await nodes.ready("1")

    assert value(hass, STATUS) == "idle"


async def test_status_follows_a_feed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    nodes: Nodes,
) -> None:
    await nodes.ready("1")
    command_id = await feed(coordinator)
    await settled(hass, coordinator)
    assert value(hass, STATUS) == "waiting"

    await nodes.ready("2")
    await pass_time(hass, freezer, 1)
    await settled(hass, coordinator)
    assert value(hass, STATUS) == "running"

    await nodes.accept(command_id)
    await pass_time(hass, freezer, 90)
    await nodes.ready()
    assert value(hass, STATUS) == "unconfirmed"

    await nodes.done(command_id)
    assert value(hass, STATUS) == "idle"


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

    assert value(hass, STATUS) == "paused"


async def test_status_says_that_there_is_no_connection(
    hass: HomeAssistant, ready: Nodes
) -> None:
    await ready.connection(up=False)

    assert value(hass, STATUS) == "offline"


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

    assert value(hass, STATUS) == "storage_error"


async def test_waiting_for_says_so_where_nothing_waits(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    state = shown(hass, WAITING_FOR)
    assert state.state == "Nothing"
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

    state = shown(hass, WAITING_FOR)
    assert state.state == "Node 2: last seen at 14:00:00"
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

    assert value(hass, WAITING_FOR) == "Node 1: not heard yet; Node 2: not ready"


async def test_waiting_for_is_about_the_first_command_and_counts_the_others(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    first = await feed(coordinator)
    await feed(coordinator)
    await feed(coordinator)
    await settled(hass, coordinator)

    attributes = shown(hass, WAITING_FOR).attributes
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
    assert value(hass, WAITING_FOR) == f"Behind #{first}"

    await pass_time(hass, freezer, 10)
    await settled(hass, coordinator)
    assert value(hass, WAITING_FOR) == f"Blocked by #{first}, unconfirmed"


async def test_waiting_for_says_that_there_is_no_connection(
    hass: HomeAssistant, coordinator: DispatchCoordinator, nodes: Nodes
) -> None:
    await nodes.connection(up=False)
    await feed(coordinator)
    await settled(hass, coordinator)

    assert value(hass, WAITING_FOR) == "No connection to the MQTT broker"


async def test_waiting_for_is_never_longer_than_a_state_may_be(
    hass: HomeAssistant, kitchen: MockConfigEntry, nodes: Nodes
) -> None:
    for subentry in kitchen.subentries.values():
        hass.config_entries.async_update_subentry(kitchen, subentry, title="n" * 200)
    await hass.async_block_till_done()
    await nodes.ready("1")
    await feed(kitchen.runtime_data)
    await settled(hass, kitchen.runtime_data)

    words = value(hass, WAITING_FOR)
    assert len(words) == 255
    assert words.startswith("nnn")
    assert words.endswith("…")


async def test_queue_counts_open_commands(
    hass: HomeAssistant, coordinator: DispatchCoordinator
) -> None:
    assert value(hass, QUEUE) == "0"

    await feed(coordinator)
    await feed(coordinator)
    await hass.async_block_till_done()

    assert value(hass, QUEUE) == "2"


async def test_a_feed_shows_in_last_fed_and_portions_today_until_midnight(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    ready: Nodes,
) -> None:
    assert value(hass, LAST_FED) == STATE_UNKNOWN
    assert value(hass, PORTIONS_TODAY) == "0"

    command_id = await feed(coordinator, 3)
    await settled(hass, coordinator)
    await ready.accept(command_id)
    await ready.done(command_id)
    await settled(hass, coordinator)
    assert value(hass, LAST_FED) == "2026-05-28T21:00:01+00:00"
    assert value(hass, PORTIONS_TODAY) == "3"

    freezer.move_to("2026-05-29 00:00:00-07:00")
    await pass_time(hass, freezer, 0)
    today = shown(hass, PORTIONS_TODAY)
    assert today.state == "0"
    assert today.attributes["last_reset"] == "2026-05-29T00:00:00-07:00"
    assert value(hass, LAST_FED) == "2026-05-28T21:00:01+00:00"


async def test_next_meal_is_the_first_of_all_meals(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    coordinator: DispatchCoordinator,
    ready: Nodes,
) -> None:
    assert value(hass, NEXT_MEAL) == STATE_UNKNOWN

    for time in ("19:30", "18:00"):
        meal = new_meal(
            meal_id="", name="", time=time, weekdays=WEEKDAYS, params={"portions": 1}
        )
        coordinator.handle(PutMeal(meal))
    await settled(hass, coordinator)
    assert value(hass, NEXT_MEAL) == "2026-05-29T01:00:00+00:00"

    freezer.move_to("2026-05-28 18:00:00-07:00")
    await pass_time(hass, freezer, 0)
    assert value(hass, NEXT_MEAL) == "2026-05-29T02:30:00+00:00"


async def test_no_next_meal_is_made_up_while_a_station_starts(
    hass: HomeAssistant, set_up: SetUp
) -> None:
    shown_at_first: list[str] = []
    with patch(
        "custom_components.mqtt_dispatch.DispatchCoordinator.async_start",
        side_effect=lambda: shown_at_first.append(value(hass, NEXT_MEAL)),
    ):
        await set_up()

    assert shown_at_first == [STATE_UNKNOWN]


async def test_old_firmware_that_reports_no_readings_gets_no_entities_for_them(
    hass: HomeAssistant, ready: Nodes, entity_registry: er.EntityRegistry
) -> None:
    assert entity_registry.async_get(FOOD) is None
    assert entity_registry.async_get(SIGNAL) is None


async def test_a_reading_gets_its_entity_when_it_first_comes(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    all_enabled: None,
    ready: Nodes,
) -> None:
    await ready.say("state", "1", {"online": 1, "food": 80, "rssi": -61})

    food = shown(hass, FOOD)
    assert food.state == "80"
    assert food.attributes["unit_of_measurement"] == "%"
    signal = shown(hass, SIGNAL)
    assert signal.state == "-61"
    assert signal.attributes["unit_of_measurement"] == "dBm"
    assert signal.attributes["device_class"] == "signal_strength"
    assert hass.states.get("sensor.kitchen_node_2_food_level") is None

    await pass_time(hass, freezer, 1)
    await ready.say("state", "1", {"online": 1, "food": 75})
    assert value(hass, FOOD) == "75"
    assert value(hass, SIGNAL) == "-61"


async def test_a_reading_is_unavailable_while_its_node_cannot_be_reached(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, ready: Nodes
) -> None:
    await ready.say("state", "1", {"online": 1, "food": 80})
    await pass_time(hass, freezer, 15)
    assert value(hass, FOOD) == STATE_UNAVAILABLE

    await ready.say("state", "1", {"online": 1})
    assert value(hass, FOOD) == "80"

    await ready.connection(up=False)
    assert value(hass, FOOD) == STATE_UNAVAILABLE


async def test_a_retained_reading_is_shown_only_once_its_node_is_heard(
    hass: HomeAssistant, nodes: Nodes
) -> None:
    await nodes.say("state", "1", {"online": 1, "food": 80}, retain=True)
    assert value(hass, FOOD) == STATE_UNAVAILABLE

    await nodes.ready("1")
    assert value(hass, FOOD) == "80"


async def test_a_reload_waits_for_readings_again_and_keeps_their_entities(
    hass: HomeAssistant, kitchen: MockConfigEntry, ready: Nodes
) -> None:
    await ready.say("state", "1", {"online": 1, "food": 80})
    await hass.config_entries.async_reload(kitchen.entry_id)
    await hass.async_block_till_done()
    assert value(hass, FOOD) == STATE_UNAVAILABLE

    await ready.say("state", "1", {"online": 1, "food": 79})
    assert value(hass, FOOD) == "79"


@pytest.mark.parametrize("entity_id", [LAST_SEEN, UPTIME])
async def test_what_changes_with_each_heartbeat_is_disabled_by_default(
    hass: HomeAssistant,
    ready: Nodes,
    entity_registry: er.EntityRegistry,
    entity_id: str,
) -> None:
    entry = entity_registry.async_get(entity_id)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert hass.states.get(entity_id) is None


async def test_the_signal_is_disabled_by_default(
    hass: HomeAssistant, ready: Nodes, entity_registry: er.EntityRegistry
) -> None:
    await ready.say("state", "1", {"online": 1, "rssi": -61})

    entry = entity_registry.async_get(SIGNAL)
    assert entry is not None
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_last_seen_and_uptime_show_once_enabled(
    hass: HomeAssistant,
    all_enabled: None,
    freezer: FrozenDateTimeFactory,
    ready: Nodes,
) -> None:
    assert value(hass, LAST_SEEN) == "2026-05-28T21:00:00+00:00"
    assert value(hass, UPTIME) == "100"

    await pass_time(hass, freezer, 15)
    assert value(hass, LAST_SEEN) == "2026-05-28T21:00:00+00:00"
    assert value(hass, UPTIME) == STATE_UNKNOWN

    await ready.connection(up=False)
    assert value(hass, LAST_SEEN) == STATE_UNKNOWN
