"""The websocket commands. Each of them only reads, and checks who asks."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.loader import async_get_integration
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import DispatchConfigEntry
from ..entity import station_and_node
from .picture import station_listed
from .reader import async_reader
from .subscriptions import Subscription

ALL: Final = "all"
LANGUAGE: Final = {vol.Optional("language", default=""): cv.string}
"""The language of what the reader looks with, for a user who chose none."""


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands, once for all stations."""
    for command in (_stations, _subscribe):
        websocket_api.async_register_command(hass, command)


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/stations", **LANGUAGE}
)
@websocket_api.async_response
async def _stations(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell the stations that the user may see, by name."""
    reader = await async_reader(hass, connection, message["language"])
    stations = [
        station_listed(reader, entry)
        for entry in hass.config_entries.async_entries(DOMAIN)
        if reader.may_see(entry)
    ]
    stations.sort(key=lambda station: str(station["title"]).casefold())
    connection.send_result(message["id"], {"stations": stations})


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/subscribe",
        vol.Required("device_id"): cv.string,
        **LANGUAGE,
    }
)
@websocket_api.async_response
async def _subscribe(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell what is shown of a station, or of all, now and whenever that changes."""
    reader = await async_reader(hass, connection, message["language"])
    integration = await async_get_integration(hass, DOMAIN)
    entry = None
    if message["device_id"] != ALL:
        entry = async_entry_of(hass, message["device_id"])
        if entry is None:
            connection.send_error(
                message["id"],
                websocket_api.ERR_NOT_FOUND,
                f"{message['device_id']} is no device of a station",
            )
            return
        reader.demand_sight(entry)
    Subscription(
        reader,
        connection,
        message["id"],
        version=str(integration.version),
        entry_id=None if entry is None else entry.entry_id,
    ).start()


@callback
def async_entry_of(hass: HomeAssistant, device_id: str) -> DispatchConfigEntry | None:
    """Return the entry of the station that a device is, or is a node of."""
    device = dr.async_get(hass).async_get(device_id)
    own = None if device is None else station_and_node(device.identifiers)
    return None if own is None else hass.config_entries.async_get_entry(own[0])
