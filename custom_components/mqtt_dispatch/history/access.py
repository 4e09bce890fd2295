"""One connection to the history, which one job at a time uses, in the executor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
import sqlite3
from typing import Concatenate

from homeassistant.core import HomeAssistant

from ..storage.executor import async_to_the_end
from .schema import connect

type Job[**P, R] = Callable[Concatenate[sqlite3.Connection, P], R]
"""What is done with a connection; it is called in the executor."""


class Access:
    """Opens the history when it is first used, and anew after anything went wrong."""

    def __init__(self, hass: HomeAssistant, path: Path) -> None:
        """Open nothing yet."""
        self._hass = hass
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self.lock = asyncio.Lock()
        """Who holds it may do with the file what he wants, once it is closed."""

    async def async_run[**P, R](
        self, job: Job[P, R], *args: P.args, **options: P.kwargs
    ) -> R:
        """Do something; raises what it raises, and what `connect` does."""

        def run() -> R:
            connection = self._opened()
            try:
                return job(connection, *args, **options)
            except sqlite3.Error:
                self.close()
                raise

        async with self.lock:
            return await async_to_the_end(self._hass, run)

    async def async_close(self) -> None:
        """Close the connection, until it is used again."""
        async with self.lock:
            await async_to_the_end(self._hass, self.close)

    def close(self) -> None:
        """Close the connection; blocks, and only who holds the lock may call it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None or self._file != self._present():
            # What is written to a file that somebody removed is nowhere.
            self.close()
            self._connection = connect(self._path)
            self._file = self._present()
        return self._connection

    def _present(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
