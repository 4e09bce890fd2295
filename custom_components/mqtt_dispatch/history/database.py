"""The history of this Home Assistant: who uses it, and what becomes of a broken one.

Whatever is wrong with it, the queue goes on: who writes hears that nothing is written,
keeps it, and tries again. A damaged file is set aside and begun anew. One of a newer
version is left alone until the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
import sqlite3

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..engine.model.past import Past
from ..log import LOGGER
from ..storage.executor import async_to_the_end
from .access import Access, Job
from .schema import DamagedHistory, NewerHistory, is_damage
from .writer import checkpoint, purge, remove, write

FILE_NAME = f"{DOMAIN}.history.db"
_BESIDE = ("", "-wal")
"""What of the file is worth keeping with it."""


class HistoryError(Exception):
    """The history cannot be read or written now."""


class Trouble(StrEnum):
    """What can be wrong with the history."""

    UNUSABLE = "history_unusable"
    """It cannot be read or written at present."""
    NEWER = "history_newer"
    DAMAGED = "history_damaged"
    """It was, and is set aside."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    commands: int
    bytes: int


class HistoryDatabase:
    """The one owner of the file.

    Reads do not wait for writes, nor they for reads, and what reads little does not
    wait for what reads much.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Open nothing yet."""
        self._hass = hass
        self.path = Path(hass.config.path(STORAGE_DIR, FILE_NAME))
        self._writing = Access(hass, self.path)
        self._reading = Access(hass, self.path)
        self._surveying = Access(hass, self.path)
        self._all = (self._writing, self._reading, self._surveying)
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._unlocked = False
        """Whether somebody may have taken from the file what SQLite locked in it."""
        self._closed = False
        self._troubles: dict[Trouble, str] = {}
        self._listeners: list[CALLBACK_TYPE] = []
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, self._close)

    @property
    def troubles(self) -> Mapping[Trouble, str]:
        """What is wrong, and with which file or why."""
        return self._troubles

    @callback
    def async_on_trouble(self, listener: CALLBACK_TYPE) -> None:
        """Tell a listener whenever something else is wrong."""
        self._listeners.append(listener)

    async def async_write(self, entry_id: str, past: Past) -> None:
        """Write lines of a station; they survive a loss of power when this returns.

        Takes away some of what is too old. Waits while a backup is made. Raises
        HistoryError.
        """
        await self._may_write.wait()
        if past.has_lines:
            await self._async_use(self._writing, write, entry_id, past)
        if past.older_than is not None:
            await self._async_use(self._writing, purge, entry_id, past.older_than)

    async def async_read[**P, R](
        self, job: Job[P, R], *args: P.args, **options: P.kwargs
    ) -> R:
        """Have a little read in the executor; see `reader`. Raises HistoryError."""
        return await self._async_use(self._reading, job, *args, **options)

    async def async_survey[**P, R](
        self, job: Job[P, R], *args: P.args, **options: P.kwargs
    ) -> R:
        """Have much read in the executor, however long that takes.

        Raises HistoryError.
        """
        return await self._async_use(self._surveying, job, *args, **options)

    async def async_remove(self, entry_id: str) -> None:
        """Remove all lines of a station, some at a time. Raises HistoryError."""
        while await self._async_use(self._writing, remove, entry_id):
            pass

    async def async_size(self) -> Size:
        """Return how much there is. Raises HistoryError."""
        return await self.async_survey(self._size)

    async def async_hold(self) -> None:
        """Have the file be complete by itself and not change until `release`."""
        self._may_write.clear()
        try:
            await self._async_use(self._writing, checkpoint)
        except HistoryError:
            # It is said already, and no reason to have no backup.
            return

    @callback
    def release(self) -> None:
        """Have what waited written, to a file that somebody may have read.

        Who reads it in this process, as a backup does, takes from it what SQLite locked
        in it; see `schema`.
        """
        self._unlocked = True
        self._may_write.set()

    @callback
    def async_tell_damaged(self, kept: str) -> None:
        """Tell that something is kept under a name that could not be read."""
        self._note(Trouble.DAMAGED, kept)

    async def _async_use[**P, R](
        self, access: Access, job: Job[P, R], *args: P.args, **options: P.kwargs
    ) -> R:
        if self._closed or Trouble.NEWER in self._troubles:
            raise HistoryError("it may not be used")
        if self._unlocked:
            await self._async_lock_anew()
        try:
            try:
                result = await access.async_run(job, *args, **options)
            except (DamagedHistory, sqlite3.DatabaseError) as error:
                if not isinstance(error, DamagedHistory) and not is_damage(error):
                    raise
                LOGGER.error("The history is damaged: %s", error)
                await self._async_begin_anew()
                result = await access.async_run(job, *args, **options)
        except NewerHistory as error:
            self._note(Trouble.NEWER, str(self.path))
            raise HistoryError(str(error)) from error
        except (sqlite3.Error, OSError, DamagedHistory) as error:
            self._note(Trouble.UNUSABLE, str(error))
            raise HistoryError(str(error)) from error
        if access is self._writing:
            self._note(Trouble.UNUSABLE, None)
        return result

    async def _async_lock_anew(self) -> None:
        """Close the file, so that the next use locks it.

        SQLite locks it once for all connections of a process, with the first of them.
        """
        async with self._locked():
            if self._unlocked:
                await async_to_the_end(self._hass, self._close_all)
                self._unlocked = False

    async def _async_begin_anew(self) -> None:
        """Set the file aside; the next use begins one."""
        async with self._locked():
            kept = await async_to_the_end(self._hass, self._set_aside)
        self._note(Trouble.DAMAGED, kept)

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        """Keep everybody from the file."""
        async with AsyncExitStack() as held:
            for access in self._all:
                await held.enter_async_context(access.lock)
            yield

    def _close_all(self) -> None:
        for access in self._all:
            access.close()

    def _set_aside(self) -> str:
        self._close_all()
        kept = f"{FILE_NAME}.set_aside.{dt_util.utcnow().isoformat()}"
        for beside in _BESIDE:
            path = self.path.with_name(f"{FILE_NAME}{beside}")
            if path.exists():
                path.rename(self.path.with_name(f"{kept}{beside}"))
        self.path.with_name(f"{FILE_NAME}-shm").unlink(missing_ok=True)
        return kept

    def _size(self, connection: sqlite3.Connection) -> Size:
        (commands,) = connection.execute("SELECT count(*) FROM commands").fetchone()
        return Size(commands, self.path.stat().st_size)

    @callback
    def _note(self, trouble: Trouble, what: str | None) -> None:
        if self._troubles.get(trouble) == what:
            return
        if what is None:
            del self._troubles[trouble]
            LOGGER.info("No longer: %s", trouble)
        else:
            self._troubles[trouble] = what
            LOGGER.error("%s: %s", trouble, what)
        for listener in self._listeners:
            listener()

    async def _close(self, _: Event) -> None:
        self._closed = True
        self._may_write.set()
        for access in self._all:
            await access.async_close()


_HISTORY: HassKey[HistoryDatabase] = HassKey(f"{DOMAIN}_history")


@callback
def async_history(hass: HomeAssistant) -> HistoryDatabase:
    """Return the history of this Home Assistant."""
    if _HISTORY not in hass.data:
        hass.data[_HISTORY] = HistoryDatabase(hass)
    return hass.data[_HISTORY]
