"""Automations that tell when they run, and with what."""

from __future__ import annotations

from typing import Any

from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component

from custom_components.mqtt_dispatch import condition, trigger

from ..calls import shown

TAKES_TRIGGERS = bool(trigger.TRIGGERS)
"""Whether the core takes triggers of integrations, as they are now."""
TAKES_CONDITIONS = bool(condition.CONDITIONS)
RAN = "the_automation_ran"


def triggered(**said: Any) -> list[dict[str, Any]]:
    """Return the action of an automation that says with what it was triggered."""
    names = ("state", "kind", "cause", "meal", "planned", "node", "reason", "text")
    told = {
        name: f"{{{{ trigger.get('{name}') }}}}"
        for name in (*names, "command_id", "station", "device_id", "decided_by")
    }
    return [{"event": RAN, "event_data": told | said}]


async def automate(
    hass: HomeAssistant,
    *,
    triggers: list[dict[str, Any]],
    conditions: list[dict[str, Any]] | None = None,
    state: str = "on",
) -> list[dict[str, Any]]:
    """Set an automation up; return what it says whenever it runs."""
    ran: list[dict[str, Any]] = []

    @callback
    def note(event: Event[Any]) -> None:
        ran.append(event.data)

    hass.bus.async_listen(RAN, note)
    made = {
        "id": "ours",
        "alias": "ours",
        "triggers": triggers,
        "conditions": conditions or [],
        "actions": triggered(),
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: [made]})
    await hass.async_block_till_done()
    assert shown(hass, "automation.ours") == state
    return ran
