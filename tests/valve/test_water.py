"""Litres that ran through valves, as the energy dashboard is shown them."""

from __future__ import annotations

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.ledger.commit_requests import REPORTS_SHARE
from custom_components.mqtt_dispatch.station import nodes_of

from ..calls import attribute, shown, state_of
from ..forms import changed_node, new_node
from ..nodes import pass_time, settled
from ..others import Hub
from .orchard import CLOSED, TIMER_CLOSED, opened_for

WATER = "sensor.orchard_apples_valve_0_water"
OTHER = "sensor.orchard_apples_valve_1_water"


async def with_flow(
    hass: HomeAssistant, entry: MockConfigEntry, flows: Any
) -> dict[str, str]:
    """Have a person say how fast water runs at the first node; return the errors."""
    flow = await changed_node(hass, entry, "1")
    answers = {} if flows is None else {"flows": flows}
    await flow.answer(name="Apples", slots=2, **answers)
    return {} if flow.aborted else flow.errors


async def is_written(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, station: DispatchCoordinator
) -> None:
    """Wait until what nodes said is stored, which has up to half a minute."""
    await pass_time(hass, freezer, REPORTS_SHARE)
    await settled(hass, station)


def flows_of_apples(entry: MockConfigEntry) -> Any:
    """Return what is kept of the flows of the first node."""
    return entry.subentries[nodes_of(entry)["1"]].data.get("flows")


@pytest.fixture
async def station(hass: HomeAssistant, orchard: MockConfigEntry) -> DispatchCoordinator:
    """A hub of which the flow of one valve is known: a litre in ten seconds."""
    assert await with_flow(hass, orchard, {"0": 6}) == {}
    coordinator: DispatchCoordinator = orchard.runtime_data
    return coordinator


async def test_a_valve_with_a_flow_has_a_meter_for_the_energy_dashboard(
    hass: HomeAssistant, station: DispatchCoordinator, hub: Hub
) -> None:
    await hub.list_nodes()
    assert shown(hass, WATER) == "0.0"
    assert attribute(hass, WATER, "device_class") == "water"
    assert attribute(hass, WATER, "state_class") == "total_increasing"
    assert attribute(hass, WATER, "unit_of_measurement") == "L"
    assert "assumed_state" not in state_of(hass, WATER).attributes
    assert hass.states.get(OTHER) is None


async def test_what_ran_is_shown_once_it_has_closed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    station: DispatchCoordinator,
    hub: Hub,
) -> None:
    await opened_for(hass, station, hub, 60)
    await pass_time(hass, freezer, 30)
    await hub.say(CLOSED)
    await is_written(hass, freezer, station)
    assert float(shown(hass, WATER)) == pytest.approx(3, abs=0.01)


async def test_what_ran_is_shown_when_its_time_is_over(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    orchard: MockConfigEntry,
    station: DispatchCoordinator,
    hub: Hub,
    begins_anew: Any,
) -> None:
    await opened_for(hass, station, hub, 60)
    freezer.tick(61)
    await begins_anew()
    await is_written(hass, freezer, orchard.runtime_data)
    assert shown(hass, WATER) == "6.0"
    await hub.say(TIMER_CLOSED)
    await begins_anew()
    await is_written(hass, freezer, orchard.runtime_data)
    assert shown(hass, WATER) == "6.0", "a run was counted twice"


async def test_without_its_flow_a_meter_goes_and_comes_back_as_it_was(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *,
    orchard: MockConfigEntry,
    station: DispatchCoordinator,
    hub: Hub,
) -> None:
    await opened_for(hass, station, hub, 60)
    await pass_time(hass, freezer, 61)
    await is_written(hass, freezer, station)
    assert shown(hass, WATER) == "6.0"

    assert await with_flow(hass, orchard, None) == {}
    await hub.list_nodes()
    assert er.async_get(hass).async_get(WATER) is None
    assert flows_of_apples(orchard) is None

    assert await with_flow(hass, orchard, {0: "12,5".replace(",", ".")}) == {}
    await hub.list_nodes()
    assert flows_of_apples(orchard) == {"0": 12.5}
    assert shown(hass, WATER) == "6.0"


@pytest.mark.parametrize(
    "wrong",
    [
        12,
        [6, 6],
        {"0": 0},
        {"0": "much"},
        {"0": 1001},
        {"": 6},
        {"x" * 65: 6},
        {str(valve): 6 for valve in range(65)},
    ],
)
async def test_a_flow_that_makes_no_sense_is_refused(
    hass: HomeAssistant, orchard: MockConfigEntry, wrong: Any
) -> None:
    assert await with_flow(hass, orchard, wrong) == {"flows": "invalid_flows"}
    assert flows_of_apples(orchard) is None


async def test_a_new_node_may_come_with_its_flow(
    hass: HomeAssistant, orchard: MockConfigEntry
) -> None:
    flow = await new_node(hass, orchard)
    await flow.answer(node="7", slots=2, flows={"0": "a"})
    assert flow.errors == {"flows": "invalid_flows"}
    await flow.answer(node="7", slots=2, flows={"0": 6})
    added = orchard.subentries[nodes_of(orchard)["7"]]
    assert added.data["flows"] == {"0": 6}


async def test_stations_without_water_are_not_asked_for_it(
    hass: HomeAssistant, kitchen: MockConfigEntry
) -> None:
    flow = await new_node(hass, kitchen)
    assert "flows" not in flow.result["data_schema"].schema
