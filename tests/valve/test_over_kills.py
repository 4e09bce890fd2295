"""Runs that began before Home Assistant was killed, or of which nobody tells more."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.events import PutMeal
from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    Meal,
    Override,
    Rule,
)

from ..calls import attribute, shown, use
from ..nodes import pass_time, settled
from ..others import Hub
from .orchard import ALIVE, CLOSED, CLOSES_AT, OPENED, RUN_TIME, VALVE, opened_for


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
    ("time", "otherwise", "state"),
    [
        ("13:30", Override(), "closed"),
        ("15:30", Override(), STATE_UNKNOWN),
        ("16:30", Override(), "closed"),
        ("15:30", Override(skipped=True), "closed"),
        ("15:30", Override(time="16:30"), "closed"),
        ("16:30", Override(time="15:30"), STATE_UNKNOWN),
        ("13:30", Override(params={"valve": 0, "duration": 7200}), STATE_UNKNOWN),
        ("15:30", Override(params={"valve": 1, "duration": 60}), "closed"),
    ],
)
async def test_nobody_knows_of_what_the_plan_opened_meanwhile(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    station: DispatchCoordinator,
    hub: Hub,
    begins_anew: Any,
    time: str,
    otherwise: Override,
    state: str,
) -> None:
    await opened_for(hass, station, hub, 60)
    line = Meal(
        id="",
        name="Lawn",
        rule=Rule(time, frozenset(WEEKDAYS)),
        params={"valve": 0, "duration": 60},
        kind="open_valve",
        nodes=("1",),
        overrides={str(dt_util.now().date()): otherwise},
    )
    station.handle(PutMeal(line))
    await settled(hass, station)
    freezer.tick(2 * 3600)
    await begins_anew()

    assert shown(hass, VALVE) == state


@pytest.mark.parametrize(
    ("action", "more", "told"),
    [
        ("valve.close_valve", {}, "SEND_ACTUATOR 1 1 0 0"),
        ("mqtt_dispatch.open_valve", {"duration": 5}, "SEND_ACTUATOR 1 1 1 0 5"),
        ("mqtt_dispatch.open_valve", {}, "SEND_ACTUATOR 1 1 1 0 90"),
    ],
)
async def test_a_valve_can_be_ordered_before_its_hub_has_listed_it_anew(
    hass: HomeAssistant,
    *,
    orchard: MockConfigEntry,
    hub: Hub,
    begins_anew: Any,
    action: str,
    more: dict[str, Any],
    told: str,
) -> None:
    await hub.list_nodes()
    await use(hass, "number.set_value", RUN_TIME, value=90)
    await begins_anew(silent=True)
    assert shown(hass, VALVE) == STATE_UNKNOWN
    await use(hass, action, VALVE, **more)
    assert hub.sent() == []

    await hub.list_nodes()
    await settled(hass, orchard.runtime_data)
    assert hub.sent() == [told]


async def test_a_node_that_is_another_one_by_now_has_what_it_says(
    hass: HomeAssistant, hub: Hub, begins_anew: Any
) -> None:
    await hub.list_nodes()
    await hub.say("NODE 1 901 IRRIGATION 1 2 256 3")
    await begins_anew(silent=True)

    valves = ["valve.orchard_apples_valve_2", "valve.orchard_apples_valve_1", VALVE]
    assert set(hass.states.async_entity_ids("valve")) == {*valves}
