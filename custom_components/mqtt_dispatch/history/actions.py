"""The action that tells commands, however old."""

from __future__ import annotations

from typing import Final

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import HIGHEST_ID, Command, CommandState
from ..engine.model.events import Refused
from ..ordering.commands import refusals_in_words
from ..ordering.schemas import Action, Fields, a_text, for_a_device, takes
from ..ordering.targets import async_station
from ..protocols.fields import Choice, Whole
from ..texts.responses import command_as_response, reason_as_response
from .commands import Found, async_command, async_page
from .period import ATTR_SINCE, ATTR_UNTIL, PERIOD_FIELDS
from .reader import Cursor, Filters, Recorded

ATTR_BEFORE: Final = "before"
ATTR_COMMAND_ID: Final = "command_id"
ATTR_KIND: Final = "kind"
ATTR_LIMIT: Final = "limit"
ATTR_NODE: Final = "node"
ATTR_STATE: Final = "state"
USUAL_LIMIT: Final = 20
MOST: Final = 1000

_ID: Final = Whole(minimum=1, maximum=HIGHEST_ID)
STATE_FIELD: Final[Fields] = {
    ATTR_STATE: takes(ATTR_STATE, Choice(choices=tuple(CommandState)))
}


async def _get_commands(call: ServiceCall) -> ServiceResponse:
    """Tell commands with their timelines, the newest first."""
    station = await async_station(call, POLICY_READ)
    found = await _async_found(station, call)
    waiting = {
        command.id: reasons for command, reasons in station.engine.waiting(now())
    }
    return {
        "commands": [
            {
                **command_as_response(command, station.protocol),
                "waiting_for": [
                    reason_as_response(reason) for reason in waiting.get(command.id, ())
                ],
            }
            for command in (recorded.command for recorded in found.commands)
        ],
        "next": None if found.after is None else found.after.id,
        "only_at_hand": found.only_at_hand,
    }


async def _async_found(station: DispatchCoordinator, call: ServiceCall) -> Found:
    data, entry_id = call.data, station.config_entry.entry_id
    filters = Filters(
        node=data.get(ATTR_NODE),
        kind=data.get(ATTR_KIND),
        state=data.get(ATTR_STATE),
        since=data.get(ATTR_SINCE),
        until=data.get(ATTR_UNTIL),
    )
    if (command_id := data.get(ATTR_COMMAND_ID)) is not None:
        one = Recorded(entry_id, await _async_one(station, command_id))
        return Found([one] if filters.fit(one) else [], None, only_at_hand=False)
    after: Cursor | None = None
    if (before := data.get(ATTR_BEFORE)) is not None:
        after = Recorded(entry_id, await _async_one(station, before)).cursor
    limit, commands = data.get(ATTR_LIMIT) or USUAL_LIMIT, list[Recorded]()
    only_at_hand = False
    while True:
        # So that nobody waits for long who asks for little.
        found = await async_page(
            call.hass, [station], filters, limit=limit - len(commands), after=after
        )
        commands += found.commands
        after = found.after
        only_at_hand = only_at_hand or found.only_at_hand
        if after is None or len(commands) >= limit:
            return Found(commands, after, only_at_hand=only_at_hand)


async def _async_one(station: DispatchCoordinator, command_id: int) -> Command:
    command = await async_command(station, command_id)
    with refusals_in_words():
        if command is None:
            raise Refused("unknown_command", command_id=command_id)
    return command


HISTORY_ACTIONS: Final[tuple[Action, ...]] = (
    (
        "get_commands",
        _get_commands,
        for_a_device(
            {
                ATTR_COMMAND_ID: takes(ATTR_COMMAND_ID, _ID),
                **STATE_FIELD,
                ATTR_KIND: a_text,
                ATTR_NODE: a_text,
                ATTR_SINCE: PERIOD_FIELDS[ATTR_SINCE],
                ATTR_UNTIL: PERIOD_FIELDS[ATTR_UNTIL],
                ATTR_BEFORE: takes(ATTR_BEFORE, _ID),
                ATTR_LIMIT: takes(ATTR_LIMIT, Whole(minimum=1, maximum=MOST)),
            }
        ),
        SupportsResponse.ONLY,
    ),
)
