"""The commands of stations: what is at hand and what the database holds, as one.

Of a command that is in both, what is at hand counts: it is newer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from homeassistant.core import HomeAssistant

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command
from .asking import HistoryUnavailable, async_read_history
from .reader import Cursor, Filters, Page, one, page


@dataclass(frozen=True, slots=True)
class Found(Page):
    """Some commands, the newest first, from all that is known."""

    only_at_hand: bool
    """Whether the database could not be read, so that what only stands there is
    missing."""


def at_hand(
    station: DispatchCoordinator, *, on_disk: bool = False
) -> dict[int, Command]:
    """Return the commands in memory, by id.

    `on_disk`: without those that are not stored yet and may come to nothing.
    """
    ledger = station.engine.ledger
    found = {**ledger.closed, **ledger.open}
    for command_id in ledger.unstored if on_disk else ():
        found.pop(command_id, None)
    return found


async def async_page(
    hass: HomeAssistant,
    stations: Iterable[DispatchCoordinator],
    filters: Filters,
    *,
    limit: int,
    after: Cursor | None = None,
    on_disk: bool = False,
) -> Found:
    """Return the newest commands of stations that fit; see `page` and `at_hand`.

    Where the database cannot be read, that is said, and what is at hand is returned.
    """
    known = {
        station.config_entry.entry_id: at_hand(station, on_disk=on_disk)
        for station in stations
    }
    of_these = replace(filters, entry_ids=frozenset(known))
    try:
        found = await async_read_history(
            hass, page, of_these, known, limit=limit, after=after
        )
    except HistoryUnavailable:
        job = partial(page, None, of_these, known, limit=limit, after=after)
        found = await hass.async_add_executor_job(job)
        return Found(found.commands, found.after, only_at_hand=True)
    return Found(found.commands, found.after, only_at_hand=False)


async def async_command(
    station: DispatchCoordinator, command_id: int
) -> Command | None:
    """Return a command of a station, however old; None: there is none that is known.

    Raises HistoryUnavailable where only the database can tell, and cannot be read.
    """
    found = station.engine.ledger.find(command_id)
    if found is not None:
        return found
    entry_id = station.config_entry.entry_id
    return await async_read_history(station.hass, one, entry_id, command_id)
