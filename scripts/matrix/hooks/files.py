"""Points at the files of a station: each write, fsync and rename.

`atomicwrites` is what Home Assistant writes durable files with. It takes `os.fsync`
when it is imported, so `install` must come before that.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
import stat
import threading
from typing import Any, override

from scripts.matrix.plan import disk_error

from .points import Points

OURS = "mqtt_dispatch."


class Watch(threading.local):
    """What the thread is writing, or wrote last."""

    subject: str | None = None


def install(points: Points) -> None:
    """Count points at the files of stations from now on."""
    _watch_system_calls(points)
    from atomicwrites import AtomicWriter  # noqa: PLC0415 - see above

    make = AtomicWriter.get_fileobject

    def get_fileobject(self: Any, **options: Any) -> Any:  # noqa: ANN401
        file = _file_of(Path(self._path))
        _watch.subject = file
        if file is None:
            return make(self, **options)
        points.reach(f"before a temporary {file} is made")
        _fail_if_told(points)
        plain = make(self, **options)
        plain.close()
        return io.BufferedWriter(_Watched(plain.name, file, points))

    AtomicWriter.get_fileobject = get_fileobject


_watch = Watch()


class _Watched(io.FileIO):
    """A temporary file that will replace one of a station."""

    def __init__(self, name: str, file: str, points: Points) -> None:
        super().__init__(name, "w")
        self._file = file
        self._points = points

    @override
    def write(self, data: Any, /) -> int:
        content = bytes(data)
        subject = f"{self._file} ({_describe(content)})"
        _watch.subject = subject
        self._points.reach(f"before the write of the {subject}")
        _fail_if_told(self._points)
        half = len(content) // 2
        written = super().write(content[:half])
        self._points.reach(f"in the middle of the write of the {subject}")
        written += super().write(content[half:])
        self._points.reach(f"after the write of the {subject}")
        return written


def _watch_system_calls(points: Points) -> None:
    fsync, rename = os.fsync, os.rename

    def watched_fsync(descriptor: int) -> None:
        subject = _watch.subject
        if subject is None:
            fsync(descriptor)
            return
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            subject = f"folder of the {subject}"
        points.reach(f"before the fsync of the {subject}")
        fsync(descriptor)
        points.reach(f"after the fsync of the {subject}")

    def watched_rename(source: Any, target: Any, **options: Any) -> None:  # noqa: ANN401
        if _file_of(Path(target)) is None:
            rename(source, target, **options)
            return
        points.reach(f"before the rename of the {_watch.subject}")
        rename(source, target, **options)
        points.reach(f"after the rename of the {_watch.subject}")

    os.fsync = watched_fsync  # type: ignore[assignment]
    os.rename = watched_rename  # type: ignore[assignment]


def _file_of(path: Path) -> str | None:
    if path.parent.name != ".storage" or not path.name.startswith(OURS):
        return None
    return "station file"


def _describe(content: bytes) -> str:
    """Return what a file says of the newest command, in a few words."""
    commands = json.loads(content)["data"]["commands"]
    if not commands:
        return "no command"
    newest = max(commands, key=lambda command: int(command["id"]))
    deliveries = [delivery["state"] for delivery in newest["deliveries"]]
    return f"{newest['state']}: {', '.join(deliveries)}"


def _fail_if_told(points: Points) -> None:
    """Raise OSError while the matrix says that the disk fails."""
    error = disk_error(points.folder)
    if error is not None:
        raise error
