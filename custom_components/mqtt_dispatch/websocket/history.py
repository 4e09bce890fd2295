"""The commands of stations, page by page, and one of them with its timeline."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.command import HIGHEST_ID, Command, CommandState
from ..history.commands import async_command, async_page
from ..history.reader import Cursor, Filters
from ..protocols.untrusted import LATEST_MOMENT
from ..texts.commands import describe_command, kind_in_words
from ..texts.evidence import deliveries_in_words
from ..texts.reader import in_language
from ..texts.sentences import node_title
from .asked import ALL, LANGUAGE, async_station, async_stations
from .reader import async_reader

MOST_ON_A_PAGE: Final = 100

_MOMENT: Final = vol.All(vol.Coerce(float), vol.Range(0, LATEST_MOMENT))
FILTERS: Final[VolDictType] = {
    vol.Optional("node"): cv.string,
    vol.Optional("kind"): cv.string,
    vol.Optional("state"): vol.In([state.value for state in CommandState]),
    vol.Optional("since"): _MOMENT,
    vol.Optional("until"): _MOMENT,
}
"""Which commands are asked for; times are unix seconds."""
_PLACE: Final = vol.ExactSequence(
    [
        vol.Coerce(float),
        cv.string,
        vol.All(vol.Coerce(int), vol.Range(0, HIGHEST_ID)),
    ]
)


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/history",
        vol.Required("device_id"): cv.string,
        **FILTERS,
        vol.Optional("before"): _PLACE,
        vol.Optional("limit", default=MOST_ON_A_PAGE): vol.All(
            vol.Coerce(int), vol.Range(1, MOST_ON_A_PAGE)
        ),
        **LANGUAGE,
    }
)
@websocket_api.async_response
async def history(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell the commands of a station, or of all, that fit; the newest first.

    `next` is what `before` must be for the page after this one; null: there is none.
    `only_at_hand`: the database cannot be read, and what only stands there is missing.
    """
    reader = await async_reader(hass, connection, message["language"])
    if message["device_id"] == ALL:
        stations = async_stations(hass, reader)
    else:
        station = async_station(reader, connection, message)
        if station is None:
            return
        stations = [station]
    before = message.get("before")
    found = await async_page(
        hass,
        stations,
        filters_of(message),
        limit=message["limit"],
        after=None if before is None else Cursor(*before),
    )
    by_entry = {station.config_entry.entry_id: station for station in stations}
    with in_language(reader.language):
        shown = [_row(by_entry[each.entry_id], each.command) for each in found.commands]
    connection.send_result(
        message["id"],
        {
            "commands": shown,
            "next": found.after,
            "only_at_hand": found.only_at_hand,
        },
    )


@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/command",
        vol.Required("device_id"): cv.string,
        vol.Required("command_id"): vol.All(vol.Coerce(int), vol.Range(1, HIGHEST_ID)),
        **LANGUAGE,
    }
)
@websocket_api.async_response
async def command(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Tell a command with all that happened to it."""
    reader = await async_reader(hass, connection, message["language"])
    if (station := async_station(reader, connection, message)) is None:
        return
    found = await async_command(station, message["command_id"])
    if found is None:
        connection.send_error(
            message["id"],
            websocket_api.ERR_NOT_FOUND,
            f"There is no command {message['command_id']}",
        )
        return
    with in_language(reader.language):
        connection.send_result(message["id"], _whole(station, found))


def filters_of(message: dict[str, Any]) -> Filters:
    """Return which commands a message asks for by `FILTERS`."""
    return Filters(
        node=message.get("node"),
        kind=message.get("kind"),
        state=message.get("state"),
        since=message.get("since"),
        until=message.get("until"),
    )


def _row(station: DispatchCoordinator, command: Command) -> dict[str, Any]:
    return {
        "entry_id": station.config_entry.entry_id,
        "station": station.config_entry.title,
        "id": command.id,
        "kind": command.kind,
        "kind_in_words": kind_in_words(station.hass, command.kind),
        "in_words": describe_command(station, command),
        "state": command.state.value,
        "created_at": command.created_at,
        "ended_at": command.timeline[-1].at
        if command.state.final and command.timeline
        else None,
        "nodes": [node_title(station, node) for node in command.nodes],
    }


def _whole(station: DispatchCoordinator, command: Command) -> dict[str, Any]:
    return {
        **_row(station, command),
        "class": command.command_class.value,
        "at": command.not_before,
        "expires_at": command.expires_at,
        "finishes": command.finishes,
        "deliveries": deliveries_in_words(station, command),
        "timeline": [
            {
                "at": entry.at,
                "state": str(entry.state),
                "cause": entry.cause.value,
                "node": None if entry.node is None else node_title(station, entry.node),
                "detail": entry.detail,
            }
            for entry in command.timeline
        ],
    }
