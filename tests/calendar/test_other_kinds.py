"""The calendar of nodes of which nothing is planned more than anything else."""

from __future__ import annotations

from datetime import timedelta
import json
from typing import Any

from homeassistant.components.calendar import CalendarEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from ..calls import actions_of, attribute, calendar_events
from ..conftest import SetUp
from ..others import GARDEN, GLASSHOUSE, MAC, SECRET, Station
from .page import Page


@pytest.mark.parametrize(
    ("made", "calendar", "kind", "summary"),
    [
        (
            GLASSHOUSE,
            "calendar.glasshouse_plan",
            "refresh",
            "Noon: Ask for the configuration",
        ),
        (GARDEN, "calendar.garden_plan", "capture_image", "Noon: Capture an image"),
    ],
)
async def test_what_is_planned_by_the_action_is_shown_and_nothing_made_there(
    *,
    hass: HomeAssistant,
    set_up: SetUp,
    made: Station,
    calendar: str,
    kind: str,
    summary: str,
) -> None:
    act = actions_of(hass, await set_up(**made))
    features = attribute(hass, calendar, "supported_features")
    assert not features & CalendarEntityFeature.CREATE_EVENT
    assert features & CalendarEntityFeature.DELETE_EVENT
    await act("schedule", name="Noon", time="12:00", kind=kind)
    now = dt_util.now()
    events = await calendar_events(hass, calendar, now, now + timedelta(days=2))
    assert [event["summary"] for event in events] == 2 * [summary]


@pytest.fixture
async def garden(berlin: None, set_up: SetUp) -> MockConfigEntry:
    """A station with a camera."""
    return await set_up(**GARDEN)


@pytest.fixture
async def page(
    hass: HomeAssistant,
    garden: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> Page:
    """Somebody before its calendar."""
    assert await async_setup_component(hass, "websocket_api", {})
    client, socket = await hass_client(), await hass_ws_client(hass)
    return Page(hass, garden.runtime_data, client, socket, "calendar.garden_plan")


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("update_config", {"values": {"wifi_password": SECRET}}),
        ("update_firmware", {"url": f"https://me:{SECRET}@example.org/cam.bin"}),
        ("update_firmware", {"url": f"https://example.org/cam.bin?token={SECRET}"}),
    ],
)
async def test_what_nobody_may_read_is_not_shown_and_kept_whatever_else_is_changed(
    hass: HomeAssistant,
    garden: MockConfigEntry,
    page: Page,
    kind: str,
    params: dict[str, Any],
) -> None:
    act = actions_of(hass, garden, MAC)
    await act("schedule", name="Noon", time="12:30", kind=kind, params=params)

    event = await page.event("2026-06-03")
    assert SECRET not in json.dumps(event)
    assert await page.change_all(event, summary="Midday") is None

    (meal,) = garden.runtime_data.engine.ledger.meals.values()
    assert (meal.name, dict(meal.params)) == ("Midday", params)
