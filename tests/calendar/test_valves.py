"""A plan of runs of valves on the calendar's page: an event is as long as its run."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..conftest import SetUp
from ..others import ORCHARD
from .page import Page

PLAN = "calendar.orchard_plan"
WEEKLY = "FREQ=WEEKLY;BYDAY=TU,FR"
TUESDAY = "2026-06-09"


@pytest.fixture
async def orchard(berlin: None, set_up: SetUp) -> DispatchCoordinator:
    """A station whose nodes keep a plan of runs of their valves."""
    entry = await set_up(**ORCHARD)
    coordinator: DispatchCoordinator = entry.runtime_data
    return coordinator


@pytest.fixture
async def page(
    hass: HomeAssistant,
    orchard: DispatchCoordinator,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> Page:
    """Somebody before its calendar."""
    assert await async_setup_component(hass, "websocket_api", {})
    client, socket = await hass_client(), await hass_ws_client(hass)
    return Page(hass, orchard, client, socket, PLAN)


def params(station: DispatchCoordinator) -> dict[str, Any]:
    (meal,) = station.engine.ledger.meals.values()
    assert meal.kind == "open_valve"
    return dict(meal.params)


@pytest.mark.parametrize(
    ("summary", "minutes", "seconds"),
    [
        ("Lawn: valve 1", 20, 1200),
        # Who writes it means it: the page offers an hour to everybody.
        ("Lawn: valve 1 for 10 min", 60, 600),
        ("valve 1", 1.5, 90),
    ],
)
async def test_an_event_is_a_run_as_long_as_it_is(
    page: Page,
    orchard: DispatchCoordinator,
    summary: str,
    minutes: float,
    seconds: int,
) -> None:
    more = {"minutes": minutes, "rrule": WEEKLY}
    assert await page.create(f"{TUESDAY}T06:00:00", summary, **more) is None

    assert params(orchard) == {"valve": 1, "duration": seconds}
    event = await page.event(TUESDAY)
    assert event["start"]["dateTime"] == f"{TUESDAY}T06:00:00+02:00"
    length = f"{seconds // 60:02}:{seconds % 60:02}"
    assert event["end"]["dateTime"] == f"{TUESDAY}T06:{length}+02:00"


async def test_its_length_or_its_words_change_its_run_and_nothing_else_does(
    page: Page, orchard: DispatchCoordinator
) -> None:
    start = f"{TUESDAY}T06:00:00"
    said = {"minutes": 95 / 60, "rrule": WEEKLY}
    assert await page.create(start, "Lawn: valve 1", **said) is None
    assert params(orchard)["duration"] == 95

    async def changed(**how: Any) -> dict[str, Any]:
        assert await page.change_all(await page.event(TUESDAY), **how) is None
        return params(orchard)

    # It is shown as 1.6 min, and saved as it is shown.
    assert await changed() == {"valve": 1, "duration": 95}
    named = "Grass: valve 1 for 1.6 min"
    assert await changed(summary=named) == {"valve": 1, "duration": 95}
    assert await changed(summary="Grass: valve 0 for 1.6 min") == {
        "valve": 0,
        "duration": 95,
    }
    assert await changed(minutes=30) == {"valve": 0, "duration": 1800}
    assert await changed(summary="Grass: valve 0 for 12 min") == {
        "valve": 0,
        "duration": 720,
    }
    assert await changed(start=f"{TUESDAY}T05:00:00") == {"valve": 0, "duration": 720}


@pytest.mark.parametrize(
    ("summary", "minutes", "why"),
    [
        ("Lawn", 10, "Write it like this: Meal: valve 1 for 10 min"),
        ("Lawn: 10", 10, "Write it like this: Meal: valve 1 for 10 min"),
        ("Lawn: valve 1", 180, "a whole number from 1 to 7200 is needed, not 10800"),
    ],
)
async def test_what_is_no_run_is_refused(
    page: Page, orchard: DispatchCoordinator, summary: str, minutes: float, why: str
) -> None:
    more = {"minutes": minutes, "rrule": WEEKLY}
    refusal = await page.create(f"{TUESDAY}T06:00:00", summary, **more)
    assert refusal is not None
    assert why in refusal
    assert not orchard.engine.ledger.meals


async def test_a_plan_that_its_nodes_cannot_hold_is_refused(
    page: Page, orchard: DispatchCoordinator
) -> None:
    for hour in (6, 7):
        start = f"{TUESDAY}T0{hour}:00:00"
        assert await page.create(start, "valve 1 for 5 min", rrule=WEEKLY) is None
    before = dict(orchard.engine.ledger.meals)

    refusal = await page.create(f"{TUESDAY}T08:00:00", "valve 1", rrule=WEEKLY)

    assert refusal is not None
    assert "At most, the node takes: 2" in refusal
    assert orchard.engine.ledger.meals == before


async def test_a_run_over_the_hour_that_comes_twice_is_shown(
    page: Page, orchard: DispatchCoordinator
) -> None:
    start = "2026-10-25T02:50:00"
    more = {"minutes": 30, "rrule": "FREQ=WEEKLY;BYDAY=SU"}
    assert await page.create(start, "Lawn: valve 1", **more) is None

    # On the clock it ends before it begins, which the core refuses to show.
    event = await page.event("2026-10-25")
    assert event["start"]["dateTime"] == f"{start}+02:00"
    assert event["end"]["dateTime"] == "2026-10-25T02:50:59+02:00"
    assert await page.change_all(event, summary="Grass: valve 1") is None
    assert params(orchard)["duration"] == 1800


async def test_a_run_has_nothing_that_a_description_could_say(
    page: Page, orchard: DispatchCoordinator
) -> None:
    refusal = await page.create(
        f"{TUESDAY}T06:00:00", "Lawn: valve 1", description="If it is dry"
    )
    assert refusal == "Leave the description empty: it says nothing here."
    assert not orchard.engine.ledger.meals
