"""The disk of a station: it can be full, and can be read-only."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from pathlib import Path
import shutil
from typing import Literal, Self

from .plan import Folder

SIZE = "2m"
FILLER = "filler"
CHUNK = b"\0" * 4096
BUSY_TRIES = 50
BUSY_SECONDS = 0.1

type Fault = Literal["full", "read-only"]

_ERRORS: dict[Fault, int] = {"full": errno.ENOSPC, "read-only": errno.EROFS}


class Disk:
    """A small tmpfs in place of a folder, or the same errors where none may be mounted.

    Errors of the second sort come from the hook, at the files of the station alone.
    """

    def __init__(self, path: Path, folder: Folder, fault: Fault) -> None:
        self._path = path
        self._folder = folder
        self.fault: Fault = fault
        self.mounted = False

    async def __aenter__(self) -> Self:
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
        elif self.fault == "full":
            await asyncio.to_thread(self._fill)
        else:
            await self._remount("ro")

    async def work(self) -> None:
        """Let writes succeed again."""
        if not self.mounted:
            self._folder.disk_error.unlink()
        elif self.fault == "full":
            (self._path / FILLER).unlink()
        else:
            await self._remount("rw")

    def _fill(self) -> None:
        with (
            contextlib.suppress(OSError),
            (self._path / FILLER).open("wb", buffering=0) as filler,
        ):
            while True:
                filler.write(CHUNK)

    async def _remount(self, how: str) -> None:
        for _ in range(BUSY_TRIES):
            if await _run("mount", "-o", f"remount,{how}", str(self._path)):
                return
            # Home Assistant is in the middle of writing a file of its own there.
            await asyncio.sleep(BUSY_SECONDS)
        raise RuntimeError(f"{self._path} cannot be made {how}")


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
