"""A station in Berlin, and somebody before its calendar."""

from __future__ import annotations

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.mqtt_dispatch.coordinator import DispatchCoordinator

from ..conftest import SetUp
from .page import Page, berlin_time

NOON = "2026-06-02T12:00:00"
"""A Tuesday."""


@pytest.fixture
async def berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """The owner lives in Berlin, and it is Tuesday at noon."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(berlin_time(NOON))


@pytest.fixture
async def station(
    hass: HomeAssistant, berlin: None, set_up: SetUp
) -> DispatchCoordinator:
    """A station with two nodes."""
    entry = await set_up()
    coordinator: DispatchCoordinator = entry.runtime_data
    return coordinator


@pytest.fixture
async def page(
    hass: HomeAssistant,
    station: DispatchCoordinator,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> Page:
    """Somebody who may do everything, before the calendar of the station."""
    assert await async_setup_component(hass, "websocket_api", {})
    # He stays before it for as long as a test lasts, whatever the clock says.
    token = await hass.auth.async_create_refresh_token(
        hass_admin_user, CLIENT_ID, access_token_expiration=timedelta(days=999)
    )
    client = await hass_client(hass.auth.async_create_access_token(token))
    return Page(hass, station, client, await hass_ws_client(hass))
