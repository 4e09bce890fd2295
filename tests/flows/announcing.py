"""Stations that announce themselves."""

from __future__ import annotations

import json
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from custom_components.mqtt_dispatch.const import DOMAIN

ANNOUNCEMENT: dict[str, Any] = {
    "station": "Barn",
    "protocol": "paired_dispenser",
    "prefix": "barn",
    "nodes": ["1", "2", "left"],
}


def announce(
    hass: HomeAssistant,
    content: dict[str, Any] | None,
    *,
    topic: str = "kitchen",
    retain: bool = False,
) -> None:
    """Announce a station; None takes it back.

    `retain` is what the broker says of what it kept, not of what comes just now.
    """
    payload = "" if content is None else json.dumps(content)
    async_fire_mqtt_message(hass, f"{DOMAIN}/{topic}/announce", payload, retain=retain)
