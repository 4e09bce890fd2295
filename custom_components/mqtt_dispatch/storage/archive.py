"""Writes the history of a station, behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..engine.engine import Engine
from ..engine.model.events import Archived
from ..log import LOGGER
from .store import CommitError, StationStore

HISTORY_DELAY = 60.0
"""Seconds from the end of a command to its line in the history file."""


class Archive:
    """Brings commands that have ended to the history, some at a time."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        engine: Engine,
        store: StationStore,
        tell: Callable[[Archived], object],
    ) -> None:
        """Begin with nothing due."""
        self._hass = hass
        self._entry = entry
        self._engine = engine
        self._store = store
        self._tell = tell
        self._timer: asyncio.TimerHandle | None = None

    @callback
    def schedule(self) -> None:
        """Have what has ended written a while from now."""
        if self._timer is None:
            self._timer = self._hass.loop.call_later(HISTORY_DELAY, self._due)

    @callback
    def cancel(self) -> None:
        """Write nothing more; what has ended is in the hot file until it is."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @callback
    def _due(self) -> None:
        self._timer = None
        self._entry.async_create_background_task(
            self._hass, self._write(), f"{DOMAIN} {self._entry.title} history"
        )

    async def _write(self) -> None:
        closed = list(self._engine.ledger.closed.values())
        try:
            await self._store.async_write_history(closed)
        except CommitError as error:
            name = self._entry.title
            LOGGER.debug("%s: the history cannot be stored: %s", name, error)
            self.schedule()
        else:
            self._tell(Archived(frozenset(command.id for command in closed)))
