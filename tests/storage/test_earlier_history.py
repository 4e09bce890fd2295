"""What earlier versions had in a file of its own comes to the database, once."""

from __future__ import annotations

from pathlib import Path
import sqlite3

from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.history import database as database_module
from custom_components.mqtt_dispatch.history.database import Trouble, async_history
from custom_components.mqtt_dispatch.storage.store import StationStore

from .samples import (
    DATABASE,
    ENTRY_ID,
    FULL,
    HISTORY_KEY,
    closed,
    files,
    home_assistant,
    past,
    put_earlier_history,
)


async def _found(hass: HomeAssistant) -> list[int]:
    _, history = await StationStore(hass, ENTRY_ID).async_load()
    return [command.id for command in history]


async def test_the_file_goes_when_the_database_has_what_is_in_it(
    core: HomeAssistant, storage: Path, tmp_path: Path
) -> None:
    put_earlier_history(storage, closed(3))

    assert await _found(core) == [1, 2, 3]
    assert files(storage) == {}
    async with home_assistant(tmp_path) as restarted:
        assert await _found(restarted) == [1, 2, 3]


async def test_who_was_killed_before_the_file_was_gone_has_each_line_once(
    core: HomeAssistant, store: StationStore, storage: Path
) -> None:
    await store.async_write_history(past(2))
    put_earlier_history(storage, closed(3))

    assert await _found(core) == [1, 2, 3]
    assert files(storage) == {}


async def test_an_empty_file_just_goes(core: HomeAssistant, storage: Path) -> None:
    put_earlier_history(storage, [])

    assert await _found(core) == []
    assert files(storage) == {}


async def test_while_the_database_takes_nothing_the_file_stays_and_is_used(
    core: HomeAssistant,
    storage: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = put_earlier_history(storage, closed(3))

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(database_module, "write", full)
        assert await _found(core) == [1, 2, 3]
    assert files(storage) == {HISTORY_KEY: content}
    assert Trouble.UNUSABLE in async_history(core).troubles
    async with home_assistant(tmp_path) as restarted:
        assert await _found(restarted) == [1, 2, 3]
    assert files(storage) == {}


@pytest.mark.parametrize(
    "content", [b"{", b"{}", b'{"version": 9, "minor_version": 1, "data": {}}']
)
async def test_a_file_that_cannot_be_read_is_set_aside_and_said_once(
    store: StationStore, storage: Path, tmp_path: Path, content: bytes
) -> None:
    await store.async_commit(FULL)
    await store.async_write_history(past(1))
    (storage / HISTORY_KEY).write_bytes(content)
    async with home_assistant(tmp_path) as restarted:
        loaded = await StationStore(restarted, ENTRY_ID).async_load()
        kept = async_history(restarted).troubles[Trouble.DAMAGED]

    assert loaded == (FULL, closed(1))
    assert kept.startswith(f"{HISTORY_KEY}.set_aside.")
    assert (storage / kept).read_bytes() == content
    assert not (storage / HISTORY_KEY).exists()
    async with home_assistant(tmp_path) as restarted:
        assert await _found(restarted) == [1]
        assert async_history(restarted).troubles == {}


async def test_a_file_that_cannot_be_moved_is_said_under_its_own_name(
    core: HomeAssistant, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (storage / HISTORY_KEY).write_bytes(b"{}")

    def read_only(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", read_only)
    assert await _found(core) == []
    assert async_history(core).troubles == {Trouble.DAMAGED: HISTORY_KEY}
    assert (storage / HISTORY_KEY).read_bytes() == b"{}"


async def test_a_file_that_cannot_be_read_now_stays(
    core: HomeAssistant, store: StationStore, storage: Path
) -> None:
    await store.async_write_history(past(1))
    (storage / HISTORY_KEY).mkdir()

    assert await _found(core) == [1]
    assert (storage / HISTORY_KEY).is_dir()
    (storage / HISTORY_KEY).rmdir()


async def test_with_a_history_that_cannot_be_read_a_station_starts_without_past(
    core: HomeAssistant, store: StationStore, storage: Path
) -> None:
    await store.async_commit(FULL)
    (storage / DATABASE).mkdir()

    assert await store.async_load() == (FULL, [])
    await store.async_remove()
    assert list(async_history(core).troubles) == [Trouble.UNUSABLE]
