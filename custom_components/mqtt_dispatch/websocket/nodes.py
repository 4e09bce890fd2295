"""What was heard last of each node of a station, as it came."""

from __future__ import annotations

from typing import Any

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from .asked import LANGUAGE, async_station
from .raw import raw_shown
from .reader import async_reader


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/nodes",
        vol.Required("device_id"): cv.string,
        **LANGUAGE,
    }
)
# Nobody knows what all nodes say. Home Assistant, too, lets nobody else read along.
@websocket_api.require_admin
@websocket_api.async_response
async def nodes(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell the last messages of each node of a station, and what else was heard.

    `clock` is by how many seconds the clock of a node was ahead when it last said what
    it shows; null: it does not say.
    """
    reader = await async_reader(hass, connection, message["language"])
    if (station := async_station(reader, connection, message)) is None:
        return
    # What said nothing new is read late.
    station.driver.catch_up()
    connection.send_result(
        message["id"],
        {
            "prefix": station.prefix,
            "topics": list(station.protocol.topics(station.prefix)),
            "nodes": [
                {
                    "node": node,
                    "clock": _clock(station, node),
                    "messages": [
                        raw_shown(station, raw) for raw in station.last_heard.of(node)
                    ],
                }
                for node in station.data.nodes
            ],
            "others": [raw_shown(station, raw) for raw in station.last_heard.others()],
        },
    )


def _clock(station: DispatchCoordinator, node: str) -> float | None:
    for raw in station.last_heard.of(node):
        told = station.protocol.clock(raw.message)
        if told is not None:
            return told - raw.message.wall
    return None
