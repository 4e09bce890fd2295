"""The websocket commands. Each of them only reads, and checks who asks."""

from __future__ import annotations

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.loader import async_get_integration
import voluptuous as vol

from ..const import DOMAIN
from .asked import ALL, LANGUAGE, async_entry_of
from .history import command as one_command, history
from .history_file import history_file
from .nodes import nodes
from .picture import station_listed
from .plan import plan
from .reader import async_reader
from .subscriptions import Subscription


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands, once for all stations."""
    for command in (
        _stations,
        _subscribe,
        history,
        history_file,
        nodes,
        one_command,
        plan,
    ):
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
