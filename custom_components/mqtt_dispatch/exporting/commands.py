"""The commands of a time that become rows."""

from __future__ import annotations

from collections.abc import AsyncIterator

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command
from ..history.asking import HistoryUnavailable
from ..history.commands import async_page
from ..history.reader import PAGE_LIMIT, Cursor, Filters


async def async_commands(
    station: DispatchCoordinator, filters: Filters
) -> AsyncIterator[Command]:
    """Go through the commands of a station that are stored and fit, the newest first.

    They are read page by page, so that nobody waits for it meanwhile. Raises
    HistoryUnavailable: less than all is no answer.
    """
    after: Cursor | None = None
    while True:
        found = await async_page(
            station.hass,
            [station],
            filters,
            limit=PAGE_LIMIT,
            after=after,
            on_disk=True,
        )
        if found.only_at_hand:
            raise HistoryUnavailable
        for recorded in found.commands:
            yield recorded.command
        if (after := found.after) is None:
            return
