"""Somebody who looks at the Kitchen."""

from __future__ import annotations

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..calls import device_of
from ..people import a_user
from .looking import Looker


@pytest.fixture
async def looker(hass: HomeAssistant, kitchen: MockConfigEntry) -> Looker:
    """A user who may use everything."""
    return Looker(hass, await a_user(hass, GROUP_ID_USER))


@pytest.fixture
def device_id(hass: HomeAssistant, kitchen: MockConfigEntry) -> str:
    """The id of the device of the Kitchen."""
    return device_of(hass, kitchen)
