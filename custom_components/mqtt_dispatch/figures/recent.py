"""The figures of nodes over the last days, for as long as anybody is shown them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
import sqlite3
from typing import Final

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from ..audience import Audience
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command, CommandState
from ..engine.model.effects import Changed
from ..history.asking import HistoryUnavailable, async_survey_history
from ..history.commands import at_hand
from .computing import Figures, figures_at_node
from .parts import Part, parts_of
from .reading import Window, read_parts

RECENT: Final = timedelta(days=7)
MOST_PARTS: Final = 1000
"""Of a node with more commands than these in that time the latest count."""


class RecentFigures:
    """Reads the history once, and then counts what ends.

    So figures change when commands end, and never by themselves.
    """

    def __init__(self, coordinator: DispatchCoordinator) -> None:
        """Read nothing before anybody follows."""
        self._coordinator = coordinator
        self._parts: dict[str, dict[int, Part]] = {}
        self._figures: dict[str, Figures] = {}
        self._audience = Audience()
        self._begun = False

    def of(self, node: str) -> Figures | None:
        """Return the figures of a node; None: they are not known yet."""
        return self._figures.get(node)

    @callback
    def async_follow(self, node: str, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Tell a listener of other figures of a node; return what ends that."""
        if not self._begun:
            self._begun = True
            entry = self._coordinator.config_entry
            entry.async_on_unload(self._coordinator.async_on_change(self._changed))
            entry.async_create_background_task(
                self._coordinator.hass, self._async_load(), f"{entry.title} figures"
            )
        return self._audience.add(listener, node)

    async def _async_load(self) -> None:
        entry_id = self._coordinator.config_entry.entry_id
        window = _window()
        stored = at_hand(self._coordinator, on_disk=True)
        known = [each for each in stored.values() if _ended(each)]
        asked = entry_id, window, known
        try:
            found = await async_survey_history(self._coordinator.hass, _read, *asked)
        except HistoryUnavailable:
            # What is at hand is better than nothing.
            found = _read(None, *asked)
        for part in found:
            # What has ended meanwhile is newer.
            self._parts.setdefault(part.node, {}).setdefault(part.command_id, part)
        for node in self._coordinator.engine.station.nodes:
            self._work_out(node)

    @callback
    def _changed(self, change: Changed) -> None:
        if not change.state.final:
            return
        command = self._coordinator.engine.ledger.find(change.command_id)
        for part in () if command is None else parts_of(command):
            self._parts.setdefault(part.node, {})[part.command_id] = part
            if part.node in self._figures:
                self._work_out(part.node)

    def _work_out(self, node: str) -> None:
        window = _window()
        parts = sorted(filter(window.has_part, self._parts.get(node, {}).values()))
        latest = parts[-MOST_PARTS:]
        self._parts[node] = {part.command_id: part for part in latest}
        self._figures[node] = figures_at_node(latest)
        for listener in self._audience.of([node]):
            listener()


def _read(
    connection: sqlite3.Connection | None,
    entry_id: str,
    window: Window,
    known: Iterable[Command],
) -> list[Part]:
    return list(read_parts(connection, entry_id, window, known))


def _window() -> Window:
    now = dt_util.utcnow()
    # What is ordered this very moment is in it, too.
    return Window(since=(now - RECENT).timestamp(), until=now.timestamp() + 1.0)


def _ended(command: Command) -> bool:
    return CommandState(command.state).final
