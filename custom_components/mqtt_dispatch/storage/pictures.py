"""Pictures as files in a folder of the owner's, whose they are.

Their names say when they came, in UTC to the millisecond, and what their camera called
them; when they were taken stands with the file, as the time it was changed.
Whatever else lies in the folder is nobody's here: it is neither shown nor removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
import os
from pathlib import Path
import re
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from homeassistant.util import slugify

MOST_BYTES: Final = 8 * 1024 * 1024
"""A larger file is no picture of a camera."""
CONTENT_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {".jpg": "image/jpeg", ".png": "image/png"}
)
"""What files hold, by the suffix of their names."""
_SUFFIXES: Final = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}
"""By how their content begins."""
_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{9}_[A-Za-z0-9._-]{1,80}\.(?:jpg|png)")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST_NAME: Final = 60


class NoPictureError(ValueError):
    """What came, or what a file holds, is no picture that can be kept."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that was kept."""

    name: str
    """What its camera called it, as far as that can stand in the name of a file."""
    content: bytes
    taken_at: float
    """Unix seconds."""


def folder_of_station(root: Path, title: str, entry_id: str) -> Path:
    """Return the folder of a station, which stays when it is renamed.

    It is called by the title that the station had when its first picture came.
    """
    mark = entry_id[-8:].lower()
    known = sorted(root.glob(f"*_{mark}"))
    return known[0] if known else root / f"{slugify(title)}_{mark}"


def folder_of_node(station: Path, node: str) -> Path:
    """Return the folder of a node; no two nodes have the same."""
    return station / quote(node, safe="").replace(".", "%2E")


def keep(folder: Path, picture: PictureFile, came: float, most: int) -> None:
    """Write a picture that came at a unix second, and remove all but the latest.

    It is there whole, or not at all. Raises NoPictureError for what is neither JPEG nor
    PNG, and OSError.
    """
    file = folder / _name(picture, came)
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{file.name}.part"
    try:
        beside.write_bytes(picture.content)
        os.utime(beside, (picture.taken_at, picture.taken_at))
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    for old in pictures(folder)[most:]:
        old.unlink(missing_ok=True)


def pictures(folder: Path) -> list[Path]:
    """Return the pictures in a folder, the latest first; none if there is no folder."""
    if not folder.is_dir():
        return []
    found = (
        path
        for path in folder.iterdir()
        if _is_ours(path.name) and path.is_file() and not path.is_symlink()
    )
    return sorted(found, key=lambda path: path.name, reverse=True)


def read(path: Path) -> PictureFile:
    """Return a picture that was kept.

    Raises NoPictureError for a file that is damaged, and OSError.
    """
    status = path.stat()
    if status.st_size > MOST_BYTES:
        raise NoPictureError("too large")
    content = path.read_bytes()
    _suffix(content)
    name = path.name.partition("_")[2]
    return PictureFile(name, content, max(0.0, status.st_mtime))


def came_at(path: Path) -> datetime:
    """Return when a picture came, as its name says; in UTC, to the second."""
    return _moment(path.name)


def suffix_of(content: bytes) -> str | None:
    """Return how a file with this content is called; None: it is no picture."""
    for beginning, suffix in _SUFFIXES.items():
        if content.startswith(beginning):
            return suffix
    return None


def _moment(name: str) -> datetime:
    return datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _is_ours(name: str) -> bool:
    if not _NAME.fullmatch(name):
        return False
    try:
        _moment(name)
    except ValueError:
        return False
    return True


def _name(picture: PictureFile, came: float) -> str:
    suffix = _suffix(picture.content)
    moment = datetime.fromtimestamp(came, UTC)
    when = f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}"
    safe = _UNSAFE.sub("_", picture.name)[-_LONGEST_NAME:] or "image"
    return f"{when}_{safe.removesuffix(suffix)}{suffix}"


def _suffix(content: bytes) -> str:
    if (suffix := suffix_of(content)) is None:
        raise NoPictureError("neither JPEG nor PNG")
    return suffix
