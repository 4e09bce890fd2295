"""The intents of MQTT Dispatch: what people say to an assistant."""

from __future__ import annotations

from homeassistant.core import HomeAssistant
from homeassistant.helpers import intent

from .assist.handlers import HANDLERS


async def async_setup_intents(hass: HomeAssistant) -> None:
    """Register them."""
    for handler in HANDLERS:
        intent.async_register(hass, handler())
