"""The commands of a time, also those that the history does not have yet."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
import sqlite3

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command
from ..figures.asking import async_read_history, known_commands
from ..figures.reading import Window
from ..history.reader import Cursor, Filters, Page, page


async def async_commands(
    coordinator: DispatchCoordinator, window: Window
) -> AsyncIterator[Command]:
    """Go through the commands that were ordered in a window, the newest first.

    The history is read page by page, so that nobody waits for it meanwhile. Raises
    HomeAssistantError where it cannot be read.
    """
    known = {
        command.id: command
        for command in sorted(known_commands(coordinator), key=_place, reverse=True)
        if _is_in(command, window)
    }
    ahead = deque(known.values())
    after: Cursor | None = None
    while True:
        entry_id = coordinator.config_entry.entry_id
        found = await async_read_history(
            coordinator.hass, _page, entry_id, window, after
        )
        for recorded in found.commands:
            command = recorded.command
            while ahead and _place(ahead[0]) > _place(command):
                yield ahead.popleft()
            if command.id not in known and _is_in(command, window):
                yield command
        if (after := found.after) is None:
            break
    for command in ahead:
        yield command


def _page(
    connection: sqlite3.Connection,
    entry_id: str,
    window: Window,
    after: Cursor | None,
) -> Page:
    node = next(iter(window.nodes)) if window.nodes and len(window.nodes) == 1 else None
    filters = Filters(
        entry_id=entry_id,
        node=node,
        kind=window.kind,
        since=window.since,
        until=window.until,
    )
    return page(connection, filters, after=after)


def _place(command: Command) -> tuple[float, int]:
    return command.created_at, command.id


def _is_in(command: Command, window: Window) -> bool:
    return (
        window.since <= command.created_at < window.until
        and window.kind in (None, command.kind)
        and (window.nodes is None or not window.nodes.isdisjoint(command.nodes))
    )
