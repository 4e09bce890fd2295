"""The conditions of MQTT Dispatch, where the core takes conditions of integrations."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition as of_core

# What the core asks of a condition changed often before it was like this.
_TAKEN = hasattr(getattr(of_core, "Condition", None), "_async_check")
CONDITIONS: dict[str, Any] = {}

if _TAKEN:
    from .automations import conditions

    CONDITIONS = conditions.CONDITIONS


async def async_get_conditions(hass: HomeAssistant) -> dict[str, Any]:
    """Return the conditions by their names."""
    return CONDITIONS
