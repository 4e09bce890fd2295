"""What tests of flows begin with."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from ..forms import Filled, new_station

KITCHEN = {"name": "Kitchen", "protocol": "paired_dispenser"}


@pytest.fixture
async def broker(hass: HomeAssistant, mqtt_mock: Any) -> Any:
    """The MQTT broker."""
    return mqtt_mock


@pytest.fixture
async def station_form(hass: HomeAssistant, broker: Any) -> Filled:
    """The second form of a new station."""
    return await (await new_station(hass)).answer(**KITCHEN)
