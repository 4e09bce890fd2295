"""An event that is called like a valve opens it for as long as the event lasts."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.mqtt_dispatch.const import CONF_FIELDS
from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator
from custom_components.mqtt_dispatch.engine.model.meal import Meal

from ..conftest import SetUp
from .page import Page

BRIDGE = {"protocol": "zigbee2mqtt", "prefix": "zigbee2mqtt"}
FEEDER = {CONF_FIELDS: {"model": "aqara_feeder"}}
VALVE = {CONF_FIELDS: {"model": "neo_valve"}}
TUESDAY = "2026-06-09"
MORNING = f"{TUESDAY}T06:00:00"
WEEKLY = "FREQ=WEEKLY;BYDAY=TU,FR"


@pytest.fixture
def nodes() -> dict[str, Any]:
    """Return what stands behind the bridge."""
    return {"lawn": VALVE, "beds": VALVE, "cat": FEEDER}


@pytest.fixture
async def garden(
    berlin: None, set_up: SetUp, nodes: dict[str, Any]
) -> DispatchCoordinator:
    """A bridge whose nodes keep no plan."""
    entry = await set_up(title="Garden", nodes=nodes, **BRIDGE)
    coordinator: DispatchCoordinator = entry.runtime_data
    return coordinator


@pytest.fixture
async def page(
    hass: HomeAssistant,
    garden: DispatchCoordinator,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> Page:
    """Somebody before its calendar."""
    assert await async_setup_component(hass, "websocket_api", {})
    client, socket = await hass_client(), await hass_ws_client(hass)
    return Page(hass, garden, client, socket, "calendar.garden_meals")


def planned(station: DispatchCoordinator) -> Meal:
    """Return the one thing that is planned."""
    (meal,) = station.engine.ledger.meals.values()
    return meal


def valve_of(hass: HomeAssistant, station: DispatchCoordinator) -> er.RegistryEntry:
    """Return the entity of the valve of the lawn."""
    registry = er.async_get(hass)
    unique_id = f"{station.config_entry.entry_id}_lawn_valve"
    entity_id = registry.async_get_entity_id("valve", "mqtt_dispatch", unique_id)
    entity = registry.async_get(entity_id or "")
    assert entity is not None
    return entity


async def test_it_is_open_for_as_long_as_the_event_lasts(
    page: Page, garden: DispatchCoordinator
) -> None:
    assert await page.create(MORNING, "lawn", minutes=10, rrule=WEEKLY) is None

    meal = planned(garden)
    assert (meal.kind, meal.nodes, meal.params) == (
        "open_valve",
        ("lawn",),
        {"duration": 600},
    )
    event = await page.event(TUESDAY)
    assert event["summary"] == "lawn: Open a valve"
    assert event["start"]["dateTime"] == f"{MORNING}+02:00"
    assert event["end"]["dateTime"] == f"{TUESDAY}T06:10:00+02:00"
    assert event["description"] == "", "its length says it already"


async def test_it_goes_by_each_name_that_a_person_sees(
    hass: HomeAssistant, page: Page, garden: DispatchCoordinator
) -> None:
    entity = valve_of(hass, garden)
    assert entity.device_id is not None
    dr.async_get(hass).async_update_device(entity.device_id, name_by_user="The Lawn")
    await hass.async_block_till_done()
    state = hass.states.get(entity.entity_id)
    assert state is not None
    for name in ("LAWN", "the lawn", state.name, "lawn: Open a valve"):
        assert await page.create(MORNING, name, minutes=10) is None, name
        assert planned(garden).nodes == ("lawn",), name
        assert await page.delete(await page.event(TUESDAY)) is None


async def test_its_length_changes_for_how_long_and_its_name_does_not(
    page: Page, garden: DispatchCoordinator
) -> None:
    assert await page.create(MORNING, "lawn", minutes=10, rrule=WEEKLY) is None

    async def changed(**how: Any) -> tuple[str, int]:
        assert await page.change_all(await page.event(TUESDAY), **how) is None
        meal = planned(garden)
        assert (meal.kind, meal.nodes) == ("open_valve", ("lawn",))
        return meal.name, meal.params["duration"]

    assert await changed(summary="Evening: Open a valve") == ("Evening", 600)
    assert await changed(minutes=20) == ("Evening", 1200)
    assert await changed(start=f"{TUESDAY}T20:00:00") == ("Evening", 1200)


async def test_what_no_valve_is_called_is_a_meal(
    page: Page, garden: DispatchCoordinator
) -> None:
    assert await page.create(MORNING, "Breakfast: 2 portions") is None

    meal = planned(garden)
    assert (meal.kind, meal.params) == ("feed", {"portions": 2})
    assert meal.nodes == ("cat",), "for those that can"


@pytest.mark.parametrize("nodes", [{"lawn": VALVE, "beds": VALVE}])
async def test_where_nothing_feeds_it_must_be_called_like_one(
    page: Page, garden: DispatchCoordinator
) -> None:
    refusal = await page.create(MORNING, "Water", minutes=10)

    assert refusal is not None
    assert "Write it like this: Garden Node lawn Valve" in refusal
    assert not garden.engine.ledger.meals


async def test_a_name_of_two_is_refused(
    hass: HomeAssistant, page: Page, garden: DispatchCoordinator
) -> None:
    entity = valve_of(hass, garden)
    assert entity.device_id is not None
    dr.async_get(hass).async_update_device(entity.device_id, name_by_user="beds")
    await hass.async_block_till_done()

    refusal = await page.create(MORNING, "beds", minutes=10)

    assert refusal is not None
    assert "Write it like this:" in refusal
    assert not garden.engine.ledger.meals


async def test_an_event_shorter_than_it_can_count_is_refused(
    page: Page, garden: DispatchCoordinator
) -> None:
    refusal = await page.create(MORNING, "lawn", minutes=0.5)

    assert refusal is not None
    assert "30" in refusal
    assert not garden.engine.ledger.meals


async def test_a_valve_that_is_known_to_nobody_goes_by_its_node(
    hass: HomeAssistant, page: Page, garden: DispatchCoordinator
) -> None:
    er.async_get(hass).async_remove(valve_of(hass, garden).entity_id)
    await hass.async_block_till_done()

    assert await page.create(MORNING, "lawn", minutes=10) is None
    assert planned(garden).nodes == ("lawn",)
