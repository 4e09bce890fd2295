"""The device that another integration has of the same thing as a node of ours.

It stays a device of its own. Up to Home Assistant 2026.7 two that share an identifier
or a connection become one, of which each integration changes the name and the maker;
from 2026.8 on a device belongs to one config entry, and nothing is shared. What all
allow is a link from the page of ours to the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN

_SHORTEST: Final = 8
"""Characters; what is shorter may be in the identifier of anything."""


@callback
def async_link_to_known_device(hass: HomeAssistant, hardware_id: str) -> str | None:
    """Return the address of the page of the device that is known by a hardware id.

    None: there is none, or more than one.
    """
    wanted = _plain(hardware_id)
    if len(wanted) < _SHORTEST:
        return None
    found = {
        device.id
        for device in _devices_of_others(hass)
        if any(
            wanted in _plain(part)
            for known_by in (*device.identifiers, *device.connections)
            for part in known_by[1:]
        )
    }
    if len(found) != 1:
        return None
    return f"homeassistant://config/devices/device/{found.pop()}"


def _devices_of_others(hass: HomeAssistant) -> Iterator[dr.DeviceEntry]:
    registry = dr.async_get(hass)
    for entry in hass.config_entries.async_entries():
        if entry.domain != DOMAIN:
            yield from dr.async_entries_for_config_entry(registry, entry.entry_id)


def _plain(text: object) -> str:
    return str(text).lower().replace(":", "")
