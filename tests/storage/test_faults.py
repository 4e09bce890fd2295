"""A write that fails says so, and leaves a whole file: the old one or the new one."""

from __future__ import annotations

from collections.abc import Callable
import errno
import io
import os
from pathlib import Path
import shutil
from types import SimpleNamespace
from typing import Any, override

import atomicwrites
from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.storage.store import CommitError, StationStore

from .samples import ENTRY_ID, NEW, OLD, STATION_KEY, closed, files, past

type Fault = Callable[[pytest.MonkeyPatch], None]


def failing(code: int) -> Callable[..., Any]:
    """Return a system call that fails."""

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OSError(code, os.strerror(code))

    return fail


def files_that_take(most: int, *, room: int) -> SimpleNamespace:
    """Return an io module whose files take so many bytes a write, and in all."""

    class File(io.FileIO):
        @override
        def write(self, data: Any) -> int:
            if self.tell() >= room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(memoryview(data)[:most])

    def open_file(file: str, mode: str, **kwargs: Any) -> io.BufferedWriter:
        return io.BufferedWriter(File(file, mode))

    return SimpleNamespace(open=open_file)


def no_folder_to_write(code: int) -> Fault:
    return lambda patch: patch.setattr(atomicwrites.tempfile, "mkstemp", failing(code))


def no_space(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(atomicwrites, "io", files_that_take(1_000_000, room=0))


def no_space_half_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(atomicwrites, "io", files_that_take(100, room=500))


def no_sync(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(atomicwrites, "_proper_fsync", failing(errno.EIO))


def no_rename(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(atomicwrites.os, "rename", failing(errno.EROFS))


def no_sync_of_the_folder(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(atomicwrites, "_sync_directory", failing(errno.EIO))


LEAVES_OLD: dict[str, Fault] = {
    "read-only disk": no_folder_to_write(errno.EROFS),
    "no permission": no_folder_to_write(errno.EACCES),
    "no space for a file": no_folder_to_write(errno.ENOSPC),
    "no space": no_space,
    "no space after a short write": no_space_half_way,
    "sync fails": no_sync,
    "rename fails": no_rename,
}
LEAVES_NEW: dict[str, Fault] = {"sync of the folder fails": no_sync_of_the_folder}


def cases(faults: dict[str, Fault]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fault", faults.values(), ids=faults.keys())


async def _stored(core: HomeAssistant) -> tuple[Snapshot, list[Any]]:
    return await StationStore(core, ENTRY_ID).async_load()


@cases(LEAVES_OLD)
async def test_a_commit_that_fails_says_so_and_leaves_the_old_file(
    store: StationStore,
    core: HomeAssistant,
    storage: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    await store.async_commit(OLD)
    await store.async_write_history(past(1))
    before = files(storage)
    with monkeypatch.context() as patch:
        fault(patch)
        with pytest.raises(CommitError, match=r"\[Errno \d+\] \w+"):
            await store.async_commit(NEW)
    assert files(storage) == before
    assert await _stored(core) == (OLD, closed(1))
    assert store.writes == 1


@cases(LEAVES_OLD)
async def test_a_first_commit_that_fails_leaves_no_file(
    store: StationStore,
    core: HomeAssistant,
    storage: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    with monkeypatch.context() as patch:
        fault(patch)
        with pytest.raises(CommitError):
            await store.async_commit(NEW)
    assert files(storage) == {}
    assert await _stored(core) == (Snapshot(), [])


@cases(LEAVES_NEW)
async def test_a_commit_that_may_not_survive_says_so_and_leaves_the_new_file(
    store: StationStore,
    core: HomeAssistant,
    storage: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    await store.async_commit(OLD)
    with monkeypatch.context() as patch:
        fault(patch)
        with pytest.raises(CommitError):
            await store.async_commit(NEW)
    assert await _stored(core) == (NEW, [])
    assert set(files(storage)) == {STATION_KEY}
    assert store.writes == 1


@cases(LEAVES_OLD | LEAVES_NEW)
async def test_a_commit_after_one_that_failed_is_whole(
    store: StationStore,
    core: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    with monkeypatch.context() as patch:
        fault(patch)
        with pytest.raises(CommitError):
            await store.async_commit(OLD)
    await store.async_commit(NEW)
    assert await _stored(core) == (NEW, [])


async def test_short_writes_that_go_on_leave_the_new_file_whole(
    store: StationStore, core: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.async_commit(OLD)
    with monkeypatch.context() as patch:
        patch.setattr(atomicwrites, "io", files_that_take(7, room=1_000_000))
        await store.async_commit(NEW)
    assert await _stored(core) == (NEW, [])


async def test_a_folder_that_cannot_be_made_fails_the_commit(
    store: StationStore, storage: Path
) -> None:
    shutil.rmtree(storage)
    storage.with_name(".storage").write_bytes(b"no folder")
    with pytest.raises(CommitError):
        await store.async_commit(NEW)
