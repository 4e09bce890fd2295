"""Where the history of a station is to be had as a file, for a click."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..exporting.download import HistoryView
from .asked import LANGUAGE, async_station
from .history import FILTERS, filters_of
from .reader import async_reader

_BEGINNING: Final = 0.0
"""The file is of a week where nothing else is said."""


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/history_file",
        vol.Required("device_id"): cv.string,
        **FILTERS,
        **LANGUAGE,
    }
)
@websocket_api.async_response
async def history_file(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell the path of a file with the commands of a station that fit.

    For a browser, which can give no more than an address, it is signed by the command
    `auth/sign_path` of the core.
    """
    reader = await async_reader(hass, connection, message["language"])
    if async_station(reader, connection, message) is None:
        return
    wanted = filters_of(message)
    since = _BEGINNING if wanted.since is None else wanted.since
    fields = {
        "device_id": message["device_id"],
        "node": wanted.node,
        "kind": wanted.kind,
        "state": wanted.state,
        "since": _moment(since),
        "until": None if wanted.until is None else _moment(wanted.until),
    }
    given = {name: value for name, value in fields.items() if value is not None}
    path = f"{HistoryView.url}?{urlencode(given)}"
    connection.send_result(message["id"], {"path": path})


def _moment(wall: float) -> str:
    return datetime.fromtimestamp(wall, UTC).isoformat()
