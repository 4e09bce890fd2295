"""The action that tells the history as rows."""

from __future__ import annotations

from typing import Any, Final

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse

from ..engine.model.events import Refused
from ..figures.actions import WHOSE_FIELDS, async_window
from ..figures.period import PERIOD_FIELDS
from ..ordering.commands import refusals_in_words
from ..ordering.schemas import Action, for_a_device
from ..texts.responses import time_as_response
from .commands import async_commands
from .rows import rows_of

MOST_COMMANDS: Final = 1000
EXPORTS: Final = for_a_device({**PERIOD_FIELDS, **WHOSE_FIELDS})
"""What says which part of the history is meant."""


async def _export_history(call: ServiceCall) -> ServiceResponse:
    """Tell the commands of a time as rows, the newest first."""
    target, window = await async_window(call)
    rows: list[Any] = []
    found = 0
    async for command in async_commands(target.coordinator, window):
        found += 1
        with refusals_in_words():
            if found > MOST_COMMANDS:
                raise Refused("export_too_long", limit=MOST_COMMANDS)
        rows += rows_of(target.coordinator, command, window.nodes)
    return {
        "since": time_as_response(window.since),
        "until": time_as_response(window.until),
        "rows": rows,
    }


EXPORT_ACTIONS: Final[tuple[Action, ...]] = (
    ("export_history", _export_history, EXPORTS, SupportsResponse.ONLY),
)
