"""How tests make automations from the blueprints."""

from __future__ import annotations

from pathlib import Path
import shutil
from typing import Any

from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_mock_service

from .calls import shown

ROOT = Path(__file__).parents[1]
BLUEPRINTS = sorted((ROOT / "blueprints" / "automation" / "mqtt_dispatch").iterdir())


async def automate(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Have an automation run that a person made from a blueprint."""
    folder = Path(hass.config.path("blueprints", AUTOMATION, "mqtt_dispatch"))
    folder.mkdir(parents=True)
    for blueprint in BLUEPRINTS:
        shutil.copy(blueprint, folder)
    made = {
        "alias": name,
        "use_blueprint": {"path": f"mqtt_dispatch/{name}.yaml", "input": inputs},
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: [made]})
    await hass.async_block_till_done()
    assert shown(hass, f"automation.{name}") == "on"


def notified(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what a phone is notified of from now on."""
    calls: list[ServiceCall] = async_mock_service(hass, "notify", "notify")
    return calls
