"""The valves of a hub."""

from __future__ import annotations

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..calls import actions_of, attribute, shown, state_of, use
from ..nodes import pass_time, settled
from ..others import Hub
from ..repairing import issues
from .orchard import CLOSED, CLOSES_AT, OPENED, RUN_TIME, TIMER_CLOSED, VALVE


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
