"""The pictures of cameras, to be browsed among Home Assistant's media.

An item is named by the ids of its station and its node, and the name of its file: of
those that are there, for what somebody asks for is only looked up among them.
"""

from __future__ import annotations

from pathlib import Path
from typing import override
from urllib.parse import quote

from homeassistant.components.media_player import BrowseError, MediaClass, MediaType
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import DispatchConfigEntry
from .entities.album import media_folder
from .entities.pictures import CAPTURES
from .station import nodes_of
from .storage.pictures import CONTENT_TYPES, came_at


async def async_get_media_source(hass: HomeAssistant) -> PictureSource:
    """Return where pictures are found."""
    return PictureSource(hass)


class PictureSource(MediaSource):
    """Stations, their cameras, and the pictures of these."""

    name = "MQTT Dispatch"

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing looked at."""
        super().__init__(DOMAIN)
        self._hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return where a picture can be loaded. Raises Unresolvable."""
        entry_id, _, rest = item.identifier.partition("/")
        subentry_id, _, name = rest.partition("/")
        entry, media = self._stations().get(entry_id), media_folder(self._hass)
        node = None if entry is None else _cameras(entry).get(subentry_id)
        if entry is None or node is None or media is None:
            raise Unresolvable("There is no such camera")
        for path in await entry.runtime_data.album.async_pictures(node):
            if path.name == name:
                source, folder = media
                url = f"/media/{source}/{quote(path.relative_to(folder).as_posix())}"
                return PlayMedia(url, CONTENT_TYPES[path.suffix])
        raise Unresolvable("There is no such picture")

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return what there is of a camera, a station, or all. Raises BrowseError."""
        if not item.identifier:
            stations = self._stations().values()
            found = [_folder(entry.entry_id, entry.title) for entry in stations]
            return _folder("", self.name, found)
        entry_id, _, subentry_id = item.identifier.partition("/")
        if (entry := self._stations().get(entry_id)) is None:
            raise BrowseError("There is no such station")
        cameras = _cameras(entry)
        if not subentry_id:
            found = [_camera(entry, each) for each in cameras]
            return _folder(entry_id, entry.title, found)
        if subentry_id not in cameras:
            raise BrowseError("There is no such camera")
        album = entry.runtime_data.album
        files = await album.async_pictures(cameras[subentry_id])
        found = [_picture(item.identifier, path) for path in files]
        return _camera(entry, subentry_id, found)

    @callback
    def _stations(self) -> dict[str, DispatchConfigEntry]:
        """Return the stations with cameras that are loaded, by id."""
        entries: list[DispatchConfigEntry] = (
            self._hass.config_entries.async_loaded_entries(DOMAIN)
        )
        return {
            entry.entry_id: entry
            for entry in entries
            if CAPTURES in entry.runtime_data.protocol.kinds
        }


def _cameras(entry: DispatchConfigEntry) -> dict[str, str]:
    """Return the nodes of a station by the ids of their subentries."""
    return {subentry_id: node for node, subentry_id in nodes_of(entry).items()}


def _camera(
    entry: DispatchConfigEntry,
    subentry_id: str,
    children: list[BrowseMediaSource] | None = None,
) -> BrowseMediaSource:
    title = entry.subentries[subentry_id].title
    return _folder(f"{entry.entry_id}/{subentry_id}", title, children)


def _folder(
    identifier: str, title: str, children: list[BrowseMediaSource] | None = None
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.IMAGE,
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
        children_media_class=MediaClass.DIRECTORY,
    )


def _picture(folder: str, path: Path) -> BrowseMediaSource:
    name = path.name.partition("_")[2]
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{folder}/{path.name}",
        media_class=MediaClass.IMAGE,
        media_content_type=CONTENT_TYPES[path.suffix],
        title=f"{dt_util.as_local(came_at(path)):%Y-%m-%d %H:%M:%S} {name}",
        can_play=True,
        can_expand=False,
    )
