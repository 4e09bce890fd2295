"""The file of a station: what is in it is on disk, or it is refused.

`mqtt_dispatch.<entry_id>` holds everything of a station that must survive but for its
history, which is in the database of all stations. Earlier versions had that in a file
of its own, `mqtt_dispatch.<entry_id>.history`, which is kept until the database has it.
Both are loaded by Home Assistant's `Store` and have its envelope. They are not written
by it: `async_save` swallows errors, and while Home Assistant stops it only promises to
write.

- A file of a newer version, major or minor, is refused: each commit writes the whole
  file, and what this version does not know would be lost.
- A file is understood whole or not at all, and only if it says exactly what this
  version would write in its place.
- What a load migrated reaches the disk with the next commit.
- Whatever is wrong with the history, a station starts, without its past.
- The files are for their owner alone (mode 0600): commands tell when people are at
  home, and their params are whatever automations send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal, override

from homeassistant import exceptions
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from ..const import DOMAIN
from ..engine.ledger.ledger import HISTORY_LIMIT
from ..engine.ledger.snapshot import Snapshot
from ..engine.model.command import Command
from ..engine.model.past import Past
from ..history.database import HistoryError, async_history
from ..history.reader import recent
from ..log import LOGGER
from .encoding import STORAGE_VERSION, Encoder
from .executor import async_to_the_end
from .migrations import HISTORY, STATION, Format

# Cores that have no such error ask the migration instead.
_NEWER_MAJOR: Final = getattr(exceptions, "UnsupportedStorageVersionError", ())
_NOT_OURS: Final = (KeyError, TypeError, ValueError)
"""What data raise that are not what they should be."""


class StorageUnusable(Exception):  # noqa: N818 - it is a state, not a fault
    """A file that is there and cannot be used must not look like a first run.

    It is kept, at `path`.
    """

    def __init__(self, path: str, reason: Literal["corrupt", "newer"]) -> None:
        """Keep the reason as data."""
        super().__init__(f"{path} is {reason}")
        self.path = path
        self.reason: Literal["corrupt", "newer"] = reason


class CommitError(Exception):
    """What was to be written may not be on disk; the file is whole, old or new."""


class StationStore:
    """Loads and writes the files of one station."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Touch nothing yet."""
        key = f"{DOMAIN}.{entry_id}"
        self._hass = hass
        self._entry_id = entry_id
        self._station = _File(hass, key, STATION)
        self._earlier = _File(hass, f"{key}.history", HISTORY)
        self._history = async_history(hass)

    @property
    def writes(self) -> int:
        """How often the file was written since this object was made."""
        return self._station.writes

    async def async_load(self) -> tuple[Snapshot, list[Command]]:
        """Return what is stored, and the last of the history, by id.

        A first run has an empty snapshot. Raises StorageUnusable, and
        HomeAssistantError while the file cannot be read, which says nothing about what
        is in it.
        """
        snapshot = await self._station.async_load()
        found = {command.id: command for command in await self._async_take_over()}
        also = [command.id for command in snapshot.commands]
        try:
            for command in await self._history.async_read(
                recent, self._entry_id, HISTORY_LIMIT, also
            ):
                found[command.id] = command
        except HistoryError:
            # It is said already; the queue goes on without its past.
            pass
        return snapshot, [found[command_id] for command_id in sorted(found)]

    async def async_commit(self, snapshot: Snapshot) -> None:
        """Write a snapshot. It survives a loss of power when this returns.

        Snapshots are written one at a time, in the order in which they came. Whoever is
        cancelled here is so only when the write has ended. Raises CommitError.
        """
        await self._station.async_write(snapshot)

    async def async_write_history(self, past: Past) -> None:
        """Write what is over beside what the history holds.

        As durable as a commit, and does not delay one. Raises HistoryError.
        """
        await self._history.async_write(self._entry_id, past)

    async def async_remove(self) -> None:
        """Remove the files, what was kept of them, and the history. Raises OSError."""
        await self._station.async_remove()
        await self._earlier.async_remove()
        with suppress(HistoryError):
            # What is left of it belongs to no station, and is purged by nobody.
            await self._history.async_remove(self._entry_id)

    async def async_set_aside(self) -> str | None:
        """Begin anew in place of an unusable file, and return how it is now named.

        None: it can be used, and is not touched. Raises CommitError if the folder
        cannot be written, and HomeAssistantError while the file cannot be read.
        """
        return await self._station.async_set_aside()

    async def _async_take_over(self) -> Sequence[Command]:
        """Bring what an earlier version had in a file to the history; return it.

        The file goes when that is on disk. One that cannot be read is kept.
        """
        try:
            commands = await self._earlier.async_load()
            if commands:
                past = Past(commands=commands)
                await self._history.async_write(self._entry_id, past)
            await self._earlier.async_unlink()
        except StorageUnusable as unusable:
            await self._async_do_without(Path(unusable.path))
        except HistoryError:
            # The next start tries again.
            return commands
        except (HomeAssistantError, OSError) as error:
            LOGGER.error("The history of an earlier version stays a file: %s", error)
        else:
            return commands
        return ()

    async def _async_do_without(self, unusable: Path) -> None:
        """Set aside what an earlier version had, for nobody can read it."""
        now = dt_util.utcnow().isoformat()
        kept = unusable.with_name(f"{self._earlier.key}.set_aside.{now}")
        try:
            await self._hass.async_add_executor_job(unusable.rename, kept)
        except OSError:
            kept = unusable
        self._history.async_tell_damaged(kept.name)


class _Envelope(Store[dict[str, Any]]):
    """Loads one file and migrates what it holds.

    Read-only, for Store writes what it migrated and hides it if that fails.
    """

    def __init__(self, hass: HomeAssistant, key: str, content: Format[Any]) -> None:
        super().__init__(
            hass,
            STORAGE_VERSION,
            key,
            minor_version=content.minor_version,
            read_only=True,
        )
        self._steps = content.steps

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: dict[str, Any]
    ) -> dict[str, Any]:
        found = (old_major_version, old_minor_version)
        if found > (self.version, self.minor_version):
            raise StorageUnusable(str(self.path), "newer")
        if found < (STORAGE_VERSION, 1):
            raise StorageUnusable(str(self.path), "corrupt")
        for step in self._steps[old_minor_version - 1 :]:
            old_data = step(old_data)
        return old_data


class _File[T]:
    """One file and what it holds."""

    def __init__(self, hass: HomeAssistant, key: str, content: Format[T]) -> None:
        self._hass = hass
        self.key = key
        self._format = content
        self._path = Path(hass.config.path(STORAGE_DIR, key))
        self._encoder = Encoder(key, content)
        self._lock = asyncio.Lock()
        self.writes = 0

    async def async_load(self) -> T:
        await self._async_look_again()
        try:
            data = await self._envelope().async_load()
            if data is not None:
                return await self._hass.async_add_executor_job(
                    self._format.understand, data
                )
        except _NEWER_MAJOR as error:
            raise StorageUnusable(str(self._path), "newer") from error
        except (*_NOT_OURS, OSError) as error:
            raise StorageUnusable(str(self._path), "corrupt") from error
        kept = await self._hass.async_add_executor_job(self._find_unusable)
        if kept is not None:
            raise StorageUnusable(str(kept), "corrupt")
        return self._format.empty

    async def async_write(self, value: T) -> None:
        async with self._lock:
            await async_to_the_end(self._hass, self._write, value)

    async def async_remove(self) -> None:
        async with self._lock:
            await async_to_the_end(self._hass, self._remove)

    async def async_unlink(self) -> None:
        async with self._lock:
            await async_to_the_end(self._hass, self._unlink)

    async def async_set_aside(self) -> str | None:
        try:
            await self.async_load()
        except StorageUnusable as unusable:
            path = Path(unusable.path)
        else:
            return None
        async with self._lock:
            return await async_to_the_end(self._hass, self._begin_anew, path)

    def _envelope(self) -> _Envelope:
        return _Envelope(self._hass, self.key, self._format)

    async def _async_look_again(self) -> None:
        """Have the core forget what it knows of the file.

        It lists the folder once, when it starts, and believes that list until a Store
        saves. The writes here are none of a Store.
        """
        await self._envelope().async_save({})

    def _find_unusable(self) -> Path | None:
        """Return the file in which Store found nothing, if there is or was one.

        Store renames a file that is not JSON, and makes nothing of an empty object.
        """
        if self._path.exists():
            return self._path
        return max(self._path.parent.glob(f"{self.key}.corrupt.*"), default=None)

    def _write(self, value: T) -> None:
        try:
            content = self._encoder.encode(value)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_utf8_file_atomic(str(self._path), content, private=True, mode="wb")
        except (*_NOT_OURS, WriteError, OSError) as error:
            raise CommitError(str(error)) from error
        self.writes += 1

    def _unlink(self) -> None:
        self._path.unlink(missing_ok=True)

    def _remove(self) -> None:
        for path in (
            self._path,
            *self._path.parent.glob(f"{self.key}.corrupt.*"),
            *self._path.parent.glob(f"{self.key}.set_aside.*"),
        ):
            path.unlink(missing_ok=True)

    def _begin_anew(self, unusable: Path) -> str:
        if unusable == self._path:
            now = dt_util.utcnow().isoformat()
            unusable = self._path.with_name(f"{self.key}.set_aside.{now}")
            try:
                self._path.rename(unusable)
            except OSError as error:
                raise CommitError(str(error)) from error
        self._write(self._format.empty)
        return unusable.name
