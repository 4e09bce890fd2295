"""Valves: what their nodes report is what is shown, and closing goes first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS, Meal

from .calls import actions_of, attribute, shown, state_of, use
from .conftest import Disk, SetUp
from .nodes import pass_time, settled
from .others import CHANNELS, ORCHARD, Greenhouse, Hub, with_channels
from .repairing import issues

VALVE = "valve.orchard_apples_valve_0"
RUN_TIME = "number.orchard_apples_valve_0_run_time"
CLOSES_AT = "sensor.orchard_apples_valve_0_closes_at"
OPENED = "EVENT_LOG 1 901 0 117 0 0"
CLOSED = "EVENT_LOG 1 901 0 118 0 0"
ALIVE = "HEARTBEAT 1 901 80 0 -70 3600 0"
TIMER_CLOSED = "EVENT_LOG 1 901 0 116 0 0"


@pytest.fixture
async def orchard(set_up: SetUp) -> MockConfigEntry:
    """A hub that has not said anything yet."""
    return await set_up(**ORCHARD)


@pytest.fixture
def station(orchard: MockConfigEntry) -> DispatchCoordinator:
    """Its coordinator."""
    coordinator: DispatchCoordinator = orchard.runtime_data
    return coordinator


@pytest.fixture
def hub(hass: HomeAssistant, orchard: MockConfigEntry, mqtt_mock: Any) -> Hub:
    """The hub, played by hand."""
    return Hub(hass, mqtt_mock)


async def test_valves_appear_when_the_hub_tells_of_them_and_show_what_is_reported(
    hass: HomeAssistant, hub: Hub
) -> None:
    assert hass.states.async_entity_ids("valve") == []

    await hub.list_nodes()
    await hub.list_nodes()
    assert sorted(hass.states.async_entity_ids("valve")) == [
        VALVE,
        "valve.orchard_apples_valve_1",
    ]
    assert shown(hass, VALVE) == STATE_UNKNOWN

    await hub.say(CLOSED)
    assert shown(hass, VALVE) == "closed"
    await hub.say(OPENED)
    assert shown(hass, VALVE) == "open"
    assert attribute(hass, VALVE, "closes_at") is None, "nobody here opened it"
    assert shown(hass, "valve.orchard_apples_valve_1") == STATE_UNKNOWN


async def test_a_valve_is_opened_for_its_run_time_and_tells_when_it_closes(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: DispatchCoordinator,
    hub: Hub,
) -> None:
    await hub.list_nodes()
    assert shown(hass, RUN_TIME) == "600"
    await use(hass, "number.set_value", RUN_TIME, value=90)
    await use(hass, "valve.open_valve", VALVE)
    await settled(hass, station)
    assert hub.sent() == ["SEND_ACTUATOR 1 1 1 0 90"]

    await hub.say("QUEUED ACTUATOR 1 1 1")
    await settled(hass, station)
    assert shown(hass, VALVE) == STATE_UNKNOWN, "the node has not said anything"

    await pass_time(hass, freezer, 60)
    await hub.say(OPENED)
    await settled(hass, station)
    ends = dt_util.utcnow().replace(microsecond=0) + timedelta(seconds=90)
    assert shown(hass, VALVE) == "open"
    assert attribute(hass, VALVE, "closes_at").replace(microsecond=0) == ends
    assert dt_util.parse_datetime(shown(hass, CLOSES_AT)) == ends

    await pass_time(hass, freezer, 90)
    await hub.say(TIMER_CLOSED)
    assert shown(hass, VALVE) == "closed"
    assert attribute(hass, VALVE, "closes_at") is None
    assert shown(hass, CLOSES_AT) == STATE_UNKNOWN
    assert len(hub.sent()) == 1


async def test_a_run_time_is_kept_over_a_reload_and_bounded_by_the_protocol(
    hass: HomeAssistant, orchard: MockConfigEntry, hub: Hub
) -> None:
    await hub.list_nodes()
    assert attribute(hass, RUN_TIME, "min") == 1
    assert attribute(hass, RUN_TIME, "max") == 7200
    assert attribute(hass, RUN_TIME, "unit_of_measurement") == "s"
    await use(hass, "number.set_value", RUN_TIME, value=42)

    await hass.config_entries.async_reload(orchard.entry_id)
    await hass.async_block_till_done()
    await hub.list_nodes()

    assert shown(hass, RUN_TIME) == "42"


async def test_closing_overtakes_what_waits_and_is_repeated_and_a_person_is_told(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: DispatchCoordinator,
    orchard: MockConfigEntry,
    hub: Hub,
) -> None:
    await hub.list_nodes()
    await pass_time(hass, freezer, 61)
    await actions_of(hass, orchard, "1")(
        "send_command", kind="set_wake_interval", params={"seconds": 300}
    )
    assert shown(hass, VALVE) == STATE_UNKNOWN
    await use(hass, "valve.open_valve", VALVE)
    await use(hass, "valve.close_valve", VALVE)
    await settled(hass, station)
    assert hub.sent() == [], "the hub is not there"
    waiting = state_of(hass, "sensor.orchard_waiting_for")
    assert waiting.state == "relay_silent"
    assert waiting.attributes["text"].startswith("Hub: last heard at ")

    await hub.list_nodes()
    await settled(hass, station)
    assert hub.sent() == ["SEND_ACTUATOR 1 1 0 0"]

    for answer in ("ACTUATOR 1 1 0", "SET_WAKE_INTERVAL 1 1"):
        await hub.say(f"QUEUED {answer}")
        await settled(hass, station)
    assert hub.sent()[1:] == ["SET_WAKE_INTERVAL 1 300"], "it is to stay closed"

    for _ in range(16):
        await pass_time(hass, freezer, 20)
        await hub.say("HEARTBEAT 2 902 255 0 -70 3600")
    await settled(hass, station)
    (issue,) = (
        each for each in issues(hass) if each.translation_key == "still_not_done"
    )
    assert "Close a valve: Valve: 0" in str(issue.translation_placeholders)

    await hub.say("HUB_READY")
    await settled(hass, station)
    assert hub.sent().count("SEND_ACTUATOR 1 1 0 0") == 2

    await hub.say("QUEUED ACTUATOR 1 1 0", CLOSED)
    await settled(hass, station)
    assert "still_not_done" not in [each.translation_key for each in issues(hass)]
    assert shown(hass, VALVE) == "closed"


async def test_a_valve_that_the_node_does_not_have_is_refused_before_it_is_stored(
    hass: HomeAssistant,
    station: DispatchCoordinator,
    orchard: MockConfigEntry,
    hub: Hub,
) -> None:
    await hub.list_nodes()
    act = actions_of(hass, orchard, "1")
    for params, said in (
        ({"valve": 2, "duration": 5}, "Valve: a whole number"),
        ({"valve": 0, "duration": 7201}, "Duration: a whole number"),
        ({"valve": 0}, "Duration: this is missing"),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await act("send_command", kind="open_valve", params=params)
        assert said in str(refused.value)
    assert station.engine.ledger.open == {}


async def test_a_valve_that_is_a_relay_is_opened_as_one_and_closed_until_it_is_done(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, set_up: SetUp, mqtt_mock: Any
) -> None:
    entry = await set_up(**with_channels(*CHANNELS, node_type="climate"))
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    valve = "valve.glasshouse_nutrients_valve_inlet"
    assert hass.states.get("number.glasshouse_nutrients_valve_inlet_run_time") is None

    await use(hass, "valve.open_valve", valve)
    await settled(hass, entry.runtime_data)
    (told,) = node.sent("inlet/command")
    assert (told["cmd"], told["params"]) == ("set_relay", {"state": True})
    await node.answer("inlet", 1, "DONE", state=True)
    assert shown(hass, valve) == "open"
    assert attribute(hass, valve, "closes_at") is None

    await use(hass, "valve.close_valve", valve)
    await settled(hass, entry.runtime_data)
    for _ in range(16):
        await pass_time(hass, freezer, 20)
        await node.say("heartbeat", {"uptime": 120})
    await settled(hass, entry.runtime_data)
    closes = node.sent("inlet/command")[1:]
    assert {each["cmd_id"] for each in closes} == {"md-2"}
    assert all(each["params"] == {"state": False} for each in closes)
    assert "still_not_done" in [each.translation_key for each in issues(hass)]

    await node.answer("inlet", 2, "DONE", state=False)
    assert shown(hass, valve) == "closed"
    assert "still_not_done" not in [each.translation_key for each in issues(hass)]


# ---- a node that says that it is done once its valve has closed


INLET = "valve.glasshouse_nutrients_valve_inlet"
INLET_RUN_TIME = "number.glasshouse_nutrients_valve_inlet_run_time"
INLET_CLOSES_AT = "sensor.glasshouse_nutrients_valve_inlet_closes_at"


@pytest.fixture
async def glasshouse(set_up: SetUp) -> MockConfigEntry:
    """A station with a relay node."""
    return await set_up(**with_channels(*CHANNELS, node_type="relay"))


@pytest.fixture
async def relay(
    hass: HomeAssistant, glasshouse: MockConfigEntry, mqtt_mock: Any
) -> Greenhouse:
    """Its node, played by hand, with a valve that was just opened for 30 s."""
    node = Greenhouse(hass, mqtt_mock)
    await node.say("heartbeat", {"uptime": 120})
    await use(hass, "number.set_value", INLET_RUN_TIME, value=30)
    await use(hass, "valve.open_valve", INLET)
    await settled(hass, glasshouse.runtime_data)
    (told,) = node.sent("inlet/command")
    assert told["cmd"] == "set_relay"
    assert told["params"] == {"state": True, "duration_ms": 30_000}
    assert shown(hass, INLET) == STATE_UNKNOWN, "the node has not said anything"
    await node.answer("inlet", 1, "ACK")
    await settled(hass, glasshouse.runtime_data)
    return node


async def test_a_run_is_as_long_as_its_node_was_told_and_ends_by_its_word(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, relay: Greenhouse
) -> None:
    ends = dt_util.utcnow().replace(microsecond=0) + timedelta(seconds=30)
    assert shown(hass, INLET) == "open"
    assert attribute(hass, INLET, "assumed_state") is True, "it only took the order"
    assert dt_util.parse_datetime(shown(hass, INLET_CLOSES_AT)) == ends

    await pass_time(hass, freezer, 29)
    assert shown(hass, INLET) == "open"
    await relay.answer("inlet", 1, "DONE", state=False)
    assert shown(hass, INLET) == "closed"
    assert shown(hass, INLET_CLOSES_AT) == STATE_UNKNOWN
    state = hass.states.get(INLET)
    assert state is not None
    assert "assumed_state" not in state.attributes


async def test_a_run_whose_end_its_node_does_not_tell_is_over_by_time(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    glasshouse: MockConfigEntry,
    relay: Greenhouse,
) -> None:
    await pass_time(hass, freezer, 31)
    assert shown(hass, INLET) == "closed"
    assert attribute(hass, INLET, "assumed_state") is True

    # Nobody heard of its end in time: it is in doubt, and closed all the same.
    await pass_time(hass, freezer, 600)
    await relay.say("heartbeat", {"uptime": 800})
    await settled(hass, glasshouse.runtime_data)
    assert glasshouse.runtime_data.data.unconfirmed
    assert shown(hass, INLET) == "closed"


@pytest.mark.parametrize(
    ("seconds", "answered", "state"),
    [(10, False, "open"), (31, False, "closed"), (10, True, "closed")],
)
async def test_a_run_of_such_a_node_goes_on_over_a_kill(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    glasshouse: MockConfigEntry,
    relay: Greenhouse,
    disk_full: Disk,
    seconds: int,
    answered: bool,
    state: str,
) -> None:
    freezer.tick(seconds)
    if answered:
        await relay.answer("inlet", 1, "DONE", state=False)
        await settled(hass, glasshouse.runtime_data)
    disk_full(True)
    await hass.config_entries.async_unload(glasshouse.entry_id)
    disk_full(False)
    await hass.config_entries.async_setup(glasshouse.entry_id)
    await hass.async_block_till_done()
    await relay.say("heartbeat", {"uptime": 160})

    assert shown(hass, INLET) == state
    assert attribute(hass, INLET, "assumed_state") is True


# ---- a run that began before Home Assistant was killed


async def opened_for(
    hass: HomeAssistant, station: DispatchCoordinator, hub: Hub, seconds: int
) -> None:
    """Have the first valve opened, and its node say so."""
    await hub.list_nodes()
    await use(hass, "number.set_value", RUN_TIME, value=seconds)
    await use(hass, "valve.open_valve", VALVE)
    await settled(hass, station)
    await hub.say("QUEUED ACTUATOR 1 1 1", OPENED)
    await settled(hass, station)
    assert shown(hass, VALVE) == "open"


@pytest.fixture
async def begins_anew(
    hass: HomeAssistant, orchard: MockConfigEntry, disk_full: Disk, hub: Hub
) -> Any:
    """Have the station start anew from what is stored, and its hub list its nodes."""

    async def begin_anew() -> None:
        # What it would write on its way out is not written where it is killed.
        disk_full(True)
        await hass.config_entries.async_unload(orchard.entry_id)
        disk_full(False)
        await hass.config_entries.async_setup(orchard.entry_id)
        await hass.async_block_till_done()
        await hub.list_nodes()

    return begin_anew


async def test_a_run_that_is_over_when_home_assistant_is_back_has_closed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    station: DispatchCoordinator,
    hub: Hub,
    begins_anew: Any,
) -> None:
    await opened_for(hass, station, hub, 600)
    freezer.tick(601)
    await begins_anew()

    assert shown(hass, VALVE) == "closed"
    assert attribute(hass, VALVE, "assumed_state") is True
    assert attribute(hass, VALVE, "closes_at") is None
    assert shown(hass, "valve.orchard_apples_valve_1") == STATE_UNKNOWN


async def test_a_run_goes_on_over_a_kill_and_ends_with_its_time(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    station: DispatchCoordinator,
    hub: Hub,
    begins_anew: Any,
) -> None:
    await opened_for(hass, station, hub, 600)
    ends = attribute(hass, VALVE, "closes_at")
    freezer.tick(300)
    await begins_anew()
    assert shown(hass, VALVE) == "open"
    assert attribute(hass, VALVE, "assumed_state") is True
    assert attribute(hass, VALVE, "closes_at") == ends
    assert dt_util.parse_datetime(shown(hass, CLOSES_AT)) == ends.replace(microsecond=0)

    await hub.say(ALIVE)
    await pass_time(hass, freezer, 301)
    await hub.say(ALIVE)
    assert shown(hass, VALVE) == "closed"
    assert shown(hass, CLOSES_AT) == STATE_UNKNOWN


async def test_a_run_whose_end_is_not_told_is_over_by_time_all_the_same(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: DispatchCoordinator,
    hub: Hub,
) -> None:
    await opened_for(hass, station, hub, 90)
    await pass_time(hass, freezer, 91)
    await hub.say(ALIVE)
    assert shown(hass, VALVE) == "closed"
    assert attribute(hass, VALVE, "assumed_state") is True

    await hub.say(CLOSED)
    state = hass.states.get(VALVE)
    assert state is not None
    assert "assumed_state" not in state.attributes


async def test_what_its_node_opens_after_a_run_is_open_by_its_word(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: DispatchCoordinator,
    hub: Hub,
) -> None:
    await opened_for(hass, station, hub, 90)
    await pass_time(hass, freezer, 91)
    await hub.say(CLOSED)
    await pass_time(hass, freezer, 3600)

    await hub.say(OPENED.replace("901", "902"))
    assert shown(hass, VALVE) == "open", "nobody here knows who opened it"
    await pass_time(hass, freezer, 3600)
    await hub.say(ALIVE)
    assert shown(hass, VALVE) == "open"


async def test_what_was_closed_before_its_time_is_not_open_after_a_kill(
    hass: HomeAssistant,
    *,
    station: DispatchCoordinator,
    hub: Hub,
    begins_anew: Any,
) -> None:
    await opened_for(hass, station, hub, 600)
    await use(hass, "valve.close_valve", VALVE)
    await settled(hass, station)
    await hub.say("QUEUED ACTUATOR 1 1 0", CLOSED)
    await settled(hass, station)
    await begins_anew()

    assert shown(hass, VALVE) == "closed"
    assert shown(hass, CLOSES_AT) == STATE_UNKNOWN


async def test_nobody_knows_of_what_may_be_opened_yet(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    station: DispatchCoordinator,
    hub: Hub,
    begins_anew: Any,
) -> None:
    await opened_for(hass, station, hub, 60)
    await pass_time(hass, freezer, 1)
    await use(hass, "valve.open_valve", VALVE)
    await settled(hass, station)
    assert len(hub.sent()) == 2
    await hub.say("QUEUED ACTUATOR 1 1 1")
    await settled(hass, station)
    freezer.tick(3600)
    await begins_anew()

    assert shown(hass, VALVE) == STATE_UNKNOWN


@pytest.mark.parametrize(
    ("time", "state"),
    [("13:30", "closed"), ("15:30", STATE_UNKNOWN), ("16:30", "closed")],
)
async def test_nobody_knows_of_what_the_plan_opened_meanwhile(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    station: DispatchCoordinator,
    hub: Hub,
    begins_anew: Any,
    time: str,
    state: str,
) -> None:
    await opened_for(hass, station, hub, 60)
    params = {"valve": 0, "duration": 60}
    line = Meal("", "Lawn", time, frozenset(WEEKDAYS), params, nodes=("1",))
    station.handle(PutMeal(line))
    await settled(hass, station)
    freezer.tick(2 * 3600)
    await begins_anew()

    assert shown(hass, VALVE) == state
