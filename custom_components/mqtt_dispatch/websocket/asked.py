"""Which station a message is about, and whether who asks may see it."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, device_registry as dr
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry, DispatchCoordinator
from ..entity import station_and_node
from .reader import Reader

ALL: Final = "all"
LANGUAGE: Final = {vol.Optional("language", default=""): cv.string}
"""The language of what the reader looks with, for a user who chose none."""


@callback
def async_entry_of(hass: HomeAssistant, device_id: str) -> DispatchConfigEntry | None:
    """Return the entry of the station that a device is, or is a node of."""
    device = dr.async_get(hass).async_get(device_id)
    own = None if device is None else station_and_node(device.identifiers)
    return None if own is None else hass.config_entries.async_get_entry(own[0])


@callback
def async_stations(hass: HomeAssistant, reader: Reader) -> list[DispatchCoordinator]:
    """Return the stations that are loaded and that the reader may see."""
    return [
        entry.runtime_data
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        if reader.may_see(entry)
    ]


@callback
def async_station(
    reader: Reader, connection: ActiveConnection, message: dict[str, Any]
) -> DispatchCoordinator | None:
    """Return the station of a message; None: the client was told that it is not there.

    Raises Unauthorized.
    """
    entry = async_entry_of(reader.hass, message["device_id"])
    if entry is not None:
        reader.demand_sight(entry)
        if entry.state is ConfigEntryState.LOADED:
            return entry.runtime_data
    connection.send_error(
        message["id"],
        websocket_api.ERR_NOT_FOUND,
        f"{message['device_id']} is no device of a station that is loaded",
    )
    return None
