"""The disk of a station: it can be full, and can be read-only."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from pathlib import Path
import shutil
from typing import Literal, Self

from .plan import Folder

SIZE = "16m"
"""The log of the history alone takes up to 4 MB."""
FILLER = "filler"
CHUNK = b"\0" * 4096

type Fault = Literal["full", "read-only"]

_ERRORS: dict[Fault, int] = {"full": errno.ENOSPC, "read-only": errno.EROFS}


class Disk:
    """A small tmpfs in place of a folder that becomes full, or errors of the same sort.

    The errors come from the hook, at the files of the station and the history alone:
    where nothing may be mounted, and for a disk that is read-only. The history is open
    for writing all the time, which keeps a file system from becoming that.
    """

    def __init__(self, path: Path, folder: Folder, fault: Fault) -> None:
        self._path = path
        self._folder = folder
        self.fault: Fault = fault
        self.mounted = False

    async def __aenter__(self) -> Self:
        if self.fault == "read-only":
            return self
        kept = self._path.with_name("kept")
        shutil.copytree(self._path, kept)
        self.mounted = await _run(
            "mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(self._path)
        )
        if self.mounted:
            shutil.copytree(kept, self._path, dirs_exist_ok=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.mounted:
            await _run("umount", "--lazy", str(self._path))

    async def fail(self) -> None:
        """Let each write fail from now on."""
        if not self.mounted:
            error = str(_ERRORS[self.fault])
            self._folder.disk_error.write_text(error, encoding="utf-8")
        else:
            await asyncio.to_thread(self._fill)

    async def work(self) -> None:
        """Let writes succeed again."""
        if not self.mounted:
            self._folder.disk_error.unlink()
        else:
            (self._path / FILLER).unlink()

    def _fill(self) -> None:
        with (
            contextlib.suppress(OSError),
            (self._path / FILLER).open("wb", buffering=0) as filler,
        ):
            while True:
                filler.write(CHUNK)


async def _run(*command: str) -> bool:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    return await process.wait() == 0
