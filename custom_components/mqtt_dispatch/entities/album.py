"""The pictures of a station's cameras as files, in Home Assistant's media folder."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from homeassistant.core import HomeAssistant, callback

from ..clock import now
from ..const import DOMAIN
from ..log import CountedLog
from ..storage.pictures import (
    NoPictureError,
    PictureFile,
    folder_of_node,
    folder_of_station,
    keep,
    pictures,
    read,
)
from .pictures import Picture

USUAL_PICTURES: Final = 20
_MOST_WAITING: Final = 8
"""Pictures that wait for the disk; where it is slower, the oldest of them is lost."""
_LOCAL: Final = "local"


def media_folder(hass: HomeAssistant) -> tuple[str, Path] | None:
    """Return Home Assistant's media folder, and what it is called in addresses.

    None: there is none.
    """
    folders = hass.config.media_dirs
    name = _LOCAL if _LOCAL in folders else next(iter(folders), None)
    return None if name is None else (name, Path(folders[name]))


class Album:
    """Keeps the latest pictures of each camera; what it cannot keep is only counted."""

    def __init__(
        self, hass: HomeAssistant, title: str, entry_id: str, most: int
    ) -> None:
        """Begin with nothing to write; `most` pictures of a camera are kept."""
        self._hass = hass
        self._title, self._entry_id = title, entry_id
        self._most = most
        self._waiting: deque[tuple[str, PictureFile, float]] = deque()
        self._writing: asyncio.Task[None] | None = None
        self.lost = CountedLog(f"{title}: pictures not kept as files")

    @callback
    def keep(self, node: str, picture: Picture) -> None:
        """Have a picture written that has just come."""
        if not self._most:
            return
        if media_folder(self._hass) is None:
            self.lost.count("there is no media folder", node)
            return
        if len(self._waiting) == _MOST_WAITING:
            self._waiting.popleft()
            self.lost.count("the disk is too slow", node)
        file = PictureFile(picture.name, picture.content, picture.taken_at)
        self._waiting.append((node, file, now().wall))
        if self._writing is None or self._writing.done():
            self._writing = self._hass.async_create_task(
                self._async_write(),
                f"{DOMAIN} {self._title} pictures",
                eager_start=False,
            )

    async def async_ended(self) -> None:
        """Wait until all that came is written."""
        if self._writing is not None:
            await self._writing

    async def async_latest(self, nodes: Iterable[str]) -> dict[str, Picture]:
        """Return the latest picture of each node, as far as there is one to be read."""
        if not self._most:
            return {}
        found: dict[str, Picture] = {}
        for node in nodes:
            for path in await self.async_pictures(node):
                try:
                    file = await self._hass.async_add_executor_job(read, path)
                except (OSError, NoPictureError) as error:
                    self.lost.count(str(error), node)
                    continue
                found[node] = Picture(file.name, file.content, file.taken_at, "")
                break
        return found

    async def async_pictures(self, node: str) -> list[Path]:
        """Return the files of a node, the latest first; none if they cannot be read."""
        try:
            return await self._hass.async_add_executor_job(self._pictures, node)
        except OSError as error:
            self.lost.count(str(error), node)
            return []

    async def _async_write(self) -> None:
        while self._waiting:
            node, file, came_at = self._waiting.popleft()
            write = partial(self._write, node, file, came_at)
            try:
                await self._hass.async_add_executor_job(write)
            except (OSError, NoPictureError) as error:
                self.lost.count(str(error), node)

    def _write(self, node: str, file: PictureFile, came_at: float) -> None:
        if (folder := self._folder(node)) is not None:
            keep(folder, file, came_at, self._most)

    def _pictures(self, node: str) -> list[Path]:
        folder = self._folder(node)
        return [] if folder is None else pictures(folder)

    def _folder(self, node: str) -> Path | None:
        """Return the folder of a node; the disk is asked for it."""
        if (media := media_folder(self._hass)) is None:
            return None
        root = media[1] / DOMAIN
        station = folder_of_station(root, self._title, self._entry_id)
        return folder_of_node(station, node)
