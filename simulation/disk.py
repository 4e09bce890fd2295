"""A file system in memory that keeps what is durable apart from what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
import errno
import os
from random import Random


class File:
    """Contents as programs see them, and what of them survives a loss of power."""

    __slots__ = ("contents", "durable")

    def __init__(self) -> None:
        self.contents = b""
        self.durable: bytes | None = None


type Folder = dict[str, File]


class Disk:
    """One folder.

    A change of the folder (a new name, a rename, a removal) is durable once the folder
    is synced; after a loss of power some of the later ones are there, the first ones
    first. Contents are durable once their file is synced; others are torn.
    """

    def __init__(self, random: Random, became_durable: Callable[[str], None]) -> None:
        self._random = random
        self._became_durable = became_durable
        self._folder: Folder = {}
        self._durable: Folder = {}
        self._journal: list[Callable[[Folder], object]] = []
        self._changed: set[str] = set()
        self._count = 0
        self.full = False
        self.read_only = False
        self.fails_at: str | None = None
        """The next such step fails once: create, write, sync, rename, sync_folder."""

    def create(self) -> str:
        self._check("create")
        self._count += 1
        name = f"tmp{self._count}"
        file = File()
        self._change(name, lambda folder: folder.__setitem__(name, file))
        return name

    def write(self, name: str, contents: bytes) -> None:
        if self.full:
            fits = self._random.randrange(len(contents))
            self._folder[name].contents = contents[:fits]
        self._check("write")
        self._folder[name].contents = contents

    def sync(self, name: str) -> None:
        self._check("sync")
        self._folder[name].durable = self._folder[name].contents

    def rename(self, name: str, to: str) -> None:
        self._check("rename")
        self._change(to, lambda folder: folder.__setitem__(to, folder.pop(name)))

    def sync_folder(self) -> None:
        self._check("sync_folder")
        self._settle(len(self._journal))

    def remove(self, name: str) -> None:
        self._check("remove")
        if name not in self._folder:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        self._change(name, lambda folder: folder.pop(name, None))

    def read(self, name: str) -> bytes | None:
        file = self._folder.get(name)
        return None if file is None else file.contents

    def durable(self, name: str) -> bytes | None:
        """Return what would surely be there after a loss of power."""
        file = self._durable.get(name)
        return None if file is None else file.durable

    def put(self, name: str, contents: bytes | None) -> None:
        """Have somebody else replace a file, durably; None: remove it."""
        self._settle(len(self._journal))
        for folder in (self._folder, self._durable):
            folder.pop(name, None)
            if contents is not None:
                folder[name] = file = File()
                file.contents = file.durable = contents

    def lose_power(self) -> None:
        self._settle(self._random.randint(0, len(self._journal)))
        self._journal.clear()
        self._changed.clear()
        for file in self._durable.values():
            if file.durable is None or file.contents != file.durable:
                file.contents = self._torn(file)
            file.durable = file.contents
        self._folder = dict(self._durable)

    def heal(self) -> None:
        self.full = self.read_only = False
        self.fails_at = None

    def _torn(self, file: File) -> bytes:
        written = file.contents
        return self._random.choice(
            (
                file.durable or b"",
                written[: self._random.randint(0, len(written))],
                bytes(len(written)),
            )
        )

    def _change(self, name: str, change: Callable[[Folder], object]) -> None:
        change(self._folder)
        self._journal.append(change)
        self._changed.add(name)

    def _settle(self, count: int) -> None:
        for change in self._journal[:count]:
            change(self._durable)
        del self._journal[:count]
        if not self._journal:
            changed, self._changed = sorted(self._changed), set()
            for name in changed:
                self._became_durable(name)

    def _check(self, step: str) -> None:
        if self.fails_at == step:
            self.fails_at = None
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if self.read_only:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        if self.full and step in ("create", "write"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def write_atomically(disk: Disk, name: str, contents: bytes) -> Iterator[str]:
    """Replace a file in the steps of `write_utf8_file_atomic`, one each time.

    Yields the name of the step that comes next. Raises OSError; what was begun is
    cleared away then as far as that can be done.
    """
    yield "create"
    temporary = disk.create()
    try:
        yield "write"
        disk.write(temporary, contents)
        yield "sync"
        disk.sync(temporary)
        yield "rename"
        disk.rename(temporary, name)
        yield "sync_folder"
        disk.sync_folder()
    except OSError:
        with suppress(OSError):
            disk.remove(temporary)
        raise
