"""The files of a station, as its driver writes them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..engine.ledger.snapshot import Snapshot
from ..engine.model.past import Past
from ..runtime.commits import Unloaded
from ..runtime.ports import Written
from .store import StationStore


class NotStoredError(HomeAssistantError):
    """What was asked for could not be stored, and is not done."""

    def __init__(self, error: Exception | None = None) -> None:
        """Say so in the words of the user's language; the log tells the `error`."""
        unloaded = isinstance(error, Unloaded)
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="unloaded_before_stored" if unloaded else "not_stored",
        )


class StoreDisk:
    """Writes in tasks, each of which tells how it ended."""

    def __init__(self, hass: HomeAssistant, name: str, store: StationStore) -> None:
        """Begin with nothing written. `name` is the station's."""
        self._hass = hass
        self._name = name
        self._store = store
        self._tasks: set[asyncio.Task[None]] = set()

    def commit(self, snapshot: Snapshot, written: Written) -> None:
        """Write a snapshot that survives a loss of power once it is told."""
        self._write(self._store.async_commit(snapshot), written)

    def write_history(self, past: Past, written: Written) -> None:
        """Write what is over beside what the history holds, as durably."""
        self._write(self._store.async_write_history(past), written)

    async def async_ended(self) -> None:
        """Wait until nothing is being written any more.

        Whoever loads the files before that finds one come into being in his hands.
        """
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _write(self, writing: Coroutine[Any, Any, None], written: Written) -> None:
        async def write() -> None:
            try:
                await writing
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing is stored
                written(error)
            else:
                written(None)

        # No background task of the entry: Home Assistant ends those at the very
        # beginning of its stop, and what comes after must be stored too.
        task = self._hass.loop.create_task(write(), name=f"{DOMAIN} {self._name} write")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
