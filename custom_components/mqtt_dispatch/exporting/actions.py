"""The action that tells the history as rows."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse

from ..coordinator import DispatchCoordinator
from ..engine.model.events import Refused
from ..figures.actions import WHOSE_FIELDS, async_window
from ..history.actions import ATTR_STATE, STATE_FIELD
from ..history.period import PERIOD_FIELDS
from ..history.reader import Filters
from ..ordering.commands import refusals_in_words
from ..ordering.schemas import Action, for_a_device
from ..texts.responses import time_as_response
from .commands import async_commands
from .rows import rows_of

MOST_COMMANDS: Final = 1000
EXPORTS: Final = for_a_device({**PERIOD_FIELDS, **WHOSE_FIELDS, **STATE_FIELD})
"""What says which part of the history is meant."""


async def async_wanted(call: ServiceCall) -> tuple[DispatchCoordinator, Filters]:
    """Return the station of which rows are asked for, and what of it.

    Raises as `async_window`.
    """
    target, window = await async_window(call)
    return target.coordinator, Filters(
        node=window.node,
        kind=window.kind,
        state=call.data.get(ATTR_STATE),
        since=window.since,
        until=window.until,
    )


async def _export_history(call: ServiceCall) -> ServiceResponse:
    """Tell the commands of a time as rows, the newest first."""
    station, filters = await async_wanted(call)
    rows: list[Any] = []
    found = 0
    async for command in async_commands(station, filters):
        found += 1
        with refusals_in_words():
            if found > MOST_COMMANDS:
                raise Refused("export_too_long", limit=MOST_COMMANDS)
        rows += rows_of(station, command, filters.node)
    return {
        "since": time_as_response(filters.since),
        "until": time_as_response(filters.until),
        "rows": rows,
    }


EXPORT_ACTIONS: Final[tuple[Action, ...]] = (
    ("export_history", _export_history, EXPORTS, SupportsResponse.ONLY),
)
