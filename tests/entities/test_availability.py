"""What a node said is shown for as long as its word can hold, and no longer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.const import PLATFORMS

from ..calls import registered, shown, state_of, use
from ..conftest import SetUp
from ..nodes import ALL_READINGS, Nodes, Player, pass_time
from ..nonempty import some
from ..others import (
    FEEDER,
    GARDEN,
    GREENHOUSES,
    HARDWARE_ID,
    MAC,
    ORCHARD,
    PETS,
    STORE_ID,
    Camera,
    Feeder,
    Greenhouse,
    Hub,
    Station,
)

MINUTE = 60.0
HOUR = 60 * MINUTE

OF_ABSENCE = {"online", "last_seen", "ready"}
"""Entities of a node that tell that it is gone: they need the broker alone."""
OF_OTHERS = {
    "next_wake",  # a person said when it shall wake
    # What it fed is on disk, and stays so.
    "last_fed",
    "grams_today",
    "binding",  # what it is waited for to say is one of its states
    # A person chose them, and they are on disk.
    "valve_duration",
    "valve_duration_s",
    "run_duration_ms",
    "dose_ml",
    "feed_portions",
    # The queue takes the order, and waits for the node.
    "pwm",
    "reboot",
    "capture",
    "curtain_calibrate",
    "run",
    "dose",
    "feed",
    "front_button",  # nobody ever tells its state
    # What the history says of it.
    *("success_rate", "accepted_after", "done_after"),
}
"""Entities of a node that show nothing that it said, or can be ordered without it."""
ORDERING = {"cover", "light", "switch", "update", "valve"}
"""Platforms whose entities Home Assistant must be able to call, whatever is known."""
IN_DOUBT = {"resolve_succeeded", "resolve_failed", "resolve_resend"}
"""Entities of a station that are there while a command is in doubt."""


@dataclass(frozen=True, slots=True)
class Case:
    """A station whose nodes say all that they can, and then nothing."""

    station: Station
    player: type[Player]
    talkers: tuple[str, ...]
    """The nodes that say it."""
    holds: float
    """Seconds for which the word of those that said something holds, in silence."""


CASES = {
    "paired_dispenser": Case({}, Nodes, ("1", "2"), 15),
    # It wakes on the hour, and woke on the hour: both next wakings pass.
    "esp32_cam": Case(GARDEN, Camera, (MAC,), 2 * HOUR + 5 * MINUTE),
    # Nobody hears its nodes without the hub.
    "valve_hub": Case(ORCHARD, Hub, ("1", "2"), 60),
    "greenhouse": Case(GREENHOUSES, Greenhouse, (HARDWARE_ID,), 2 * MINUTE),
    "petnet": Case(PETS, Feeder, (FEEDER,), 5 * MINUTE),
}


@pytest.fixture(autouse=True)
def _all_enabled() -> Generator[None]:
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        PropertyMock(return_value=True),
    ):
        yield


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """Each protocol in turn."""
    return CASES[request.param]


@pytest.fixture
def player(case: Case, hass: HomeAssistant, mqtt_mock: Any) -> Player:
    """Its nodes, played by hand."""
    return case.player(hass, mqtt_mock)


@pytest.fixture
def tell_all(player: Any) -> Callable[[], Awaitable[None]]:
    """Returns what has the nodes tell all that they can."""

    async def tell() -> None:
        if not isinstance(player, Nodes):
            await player.tell_all()
            return
        for node in ("1", "2"):
            await player.say("state", node, ALL_READINGS | {"ready": 1, "uptime": 9})

    return tell


@pytest.fixture
async def station(
    case: Case, set_up: SetUp, tell_all: Callable[[], Awaitable[None]]
) -> MockConfigEntry:
    """A station of the protocol, whose nodes have just told all."""
    entry = await set_up(**case.station)
    await tell_all()
    return entry


def seen(
    hass: HomeAssistant, entry: MockConfigEntry, nodes: tuple[str, ...]
) -> dict[tuple[str | None, str], bool]:
    """Return which entities are available: by node (None: the station) and key."""
    names = {
        subentry_id: subentry.data["node"]
        for subentry_id, subentry in entry.subentries.items()
    }
    found = {}
    for entity in some(registered(er.async_get(hass), entry).values()):
        assert entity.disabled_by is None, entity.entity_id
        node = names.get(entity.config_subentry_id or "")
        if node is None or node in nodes:
            key = f"{entity.entity_id} {entity.translation_key}"
            found[node, key] = shown(hass, entity.entity_id) != STATE_UNAVAILABLE
    return found


def assert_gone(
    hass: HomeAssistant, entry: MockConfigEntry, case: Case, *, broker: bool
) -> None:
    stays = OF_OTHERS | (OF_ABSENCE if broker else set())
    for (node, name), available in some(seen(hass, entry, case.talkers).items()):
        key = name.split()[1]
        if node is None:
            expected = key not in IN_DOUBT and (broker or key != "ready")
        else:
            orders = name.partition(".")[0] in ORDERING
            expected = key in stays or orders
            if orders or key == "pwm":
                assert shown(hass, name.split()[0]) == STATE_UNKNOWN, name
        assert available is expected, name


async def test_what_a_node_said_is_shown_for_as_long_as_its_word_can_hold(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    case: Case,
    station: MockConfigEntry,
    tell_all: Callable[[], Awaitable[None]],
) -> None:
    told = seen(hass, station, case.talkers)
    for (_, name), available in some(told.items()):
        assert available is (name.split()[1] not in IN_DOUBT), name
    await pass_time(hass, freezer, case.holds - 1)
    assert seen(hass, station, case.talkers) == told, "its word still holds"

    await pass_time(hass, freezer, 1)
    assert_gone(hass, station, case, broker=True)

    await tell_all()
    assert seen(hass, station, case.talkers) == told


async def test_without_a_broker_no_word_holds(
    hass: HomeAssistant,
    case: Case,
    station: MockConfigEntry,
    player: Player,
    tell_all: Callable[[], Awaitable[None]],
) -> None:
    told = seen(hass, station, case.talkers)

    await player.connection(up=False)
    assert_gone(hass, station, case, broker=False)

    await player.connection(up=True)
    await tell_all()
    assert seen(hass, station, case.talkers) == told


async def test_these_stations_have_entities_of_every_platform(
    hass: HomeAssistant,
    everywhere: list[MockConfigEntry],
    entity_registry: er.EntityRegistry,
) -> None:
    found = {
        entity.domain
        for entry in everywhere
        for entity in registered(entity_registry, entry).values()
    }
    assert found == {str(platform) for platform in PLATFORMS}


async def test_a_valve_is_not_open_on_the_word_of_a_hub_that_is_silent_for_days(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**ORCHARD)
    hub = Hub(hass, mqtt_mock)
    await hub.tell_all()
    await hub.say("EVENT_LOG 1 901 0 117 0 0")
    valve = "valve.orchard_apples_valve_0"
    assert shown(hass, valve) == "open"

    await pass_time(hass, freezer, 3 * 24 * HOUR)
    assert shown(hass, valve) == STATE_UNKNOWN

    # The hub is back and its node is not.
    await hub.say("HEARTBEAT 2 902 255 65 -70 3600")
    assert shown(hass, valve) == STATE_UNKNOWN

    await hub.say("HEARTBEAT 1 901 80 0 -70 3600 1")
    assert shown(hass, valve) == "open"


@pytest.mark.parametrize(
    ("interval", "holds"), [(None, 40 * MINUTE), (300, 40 * MINUTE), (3600, 2 * HOUR)]
)
async def test_a_valve_node_may_sleep_for_two_wakings_while_its_hub_is_there(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    set_up: SetUp,
    mqtt_mock: Any,
    *,
    interval: int | None,
    holds: float,
) -> None:
    known = {} if interval is None else {"known": {"wake_interval": interval}}
    apples = {**ORCHARD["nodes"]["1"], **known}
    await set_up(**{**ORCHARD, "nodes": {**ORCHARD["nodes"], "1": apples}})
    hub = Hub(hass, mqtt_mock)
    await hub.tell_all()
    battery = "sensor.orchard_apples_battery"

    await pass_time(hass, freezer, holds - 1)
    await hub.say("HEARTBEAT 2 902 255 65 -70 3600")
    assert shown(hass, battery) == "80"

    await pass_time(hass, freezer, 1)
    assert shown(hass, battery) == STATE_UNAVAILABLE


async def test_a_camera_that_was_never_told_when_to_wake_does_so_once_a_day(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**{**GARDEN, "nodes": {MAC: {"title": "Pond"}}})
    await Camera(hass, mqtt_mock).tell_all()

    await pass_time(hass, freezer, 48 * HOUR)
    assert shown(hass, "sensor.garden_pond_temperature") == "21.5"

    await pass_time(hass, freezer, 5 * MINUTE)
    assert shown(hass, "sensor.garden_pond_temperature") == STATE_UNAVAILABLE


async def test_a_camera_sleeps_through_a_lost_connection_and_is_missed_after_it(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**GARDEN)
    camera = Camera(hass, mqtt_mock)
    await camera.tell_all()
    temperature = "sensor.garden_pond_temperature"

    await pass_time(hass, freezer, HOUR)
    await camera.connection(up=False)
    assert shown(hass, temperature) == STATE_UNAVAILABLE
    await camera.connection(up=True)
    assert shown(hass, temperature) == "21.5", "it could say nothing else"

    await camera.connection(up=False)
    await pass_time(hass, freezer, 24 * HOUR)
    await camera.connection(up=True)
    assert shown(hass, temperature) == STATE_UNAVAILABLE


async def test_a_node_that_said_goodbye_is_gone_at_once(
    hass: HomeAssistant, set_up: SetUp, mqtt_mock: Any
) -> None:
    await set_up(**GREENHOUSES)
    node = Greenhouse(hass, mqtt_mock)
    await node.tell_all()
    store = shown(hass, "binary_sensor.glasshouse_store_ready")
    await node.publish(f"{node.home}/lwt", "offline")

    assert shown(hass, "sensor.glasshouse_nutrients_tank_ph") == STATE_UNAVAILABLE
    ready = state_of(hass, "binary_sensor.glasshouse_nutrients_ready")
    assert (ready.state, ready.attributes["reason"]) == ("off", "offline")
    assert shown(hass, "binary_sensor.glasshouse_nutrients_online") == "off"
    assert STORE_ID in GREENHOUSES["nodes"], "another one is not concerned"
    assert shown(hass, "binary_sensor.glasshouse_store_ready") == store


async def test_an_order_to_a_node_that_is_gone_is_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    """What closes and switches off most of all: its node will be back."""
    entry = await set_up(**ORCHARD)
    hub = Hub(hass, mqtt_mock)
    await hub.tell_all()
    await hub.say("EVENT_LOG 1 901 0 117 0 0")
    await pass_time(hass, freezer, 3 * 24 * HOUR)
    await use(hass, "valve.close_valve", "valve.orchard_apples_valve_0")

    (close,) = entry.runtime_data.engine.ledger.open.values()
    assert close.kind == "close_valve"
    assert state_of(hass, "valve.orchard_apples_valve_0").attributes["assumed_state"]
