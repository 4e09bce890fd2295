"""The triggers of MQTT Dispatch, where the core takes triggers of integrations."""

from __future__ import annotations

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import trigger as of_core
import voluptuous as vol

# What the core asks of a trigger changed often before it was like this.
_TAKEN = hasattr(of_core, "TriggerNotTriggeredReporter")
TRIGGERS: dict[str, Any] = {}

if _TAKEN:
    from .automations import triggers

    TRIGGERS = triggers.TRIGGERS


async def async_get_triggers(hass: HomeAssistant) -> dict[str, Any]:
    """Return the triggers by their names."""
    return TRIGGERS


if not _TAKEN:

    async def async_validate_trigger_config(
        hass: HomeAssistant, config: dict[str, Any]
    ) -> dict[str, Any]:
        """Say to who has such a trigger what it needs."""
        raise vol.Invalid("Triggers of MQTT Dispatch need Home Assistant 2026.10")
