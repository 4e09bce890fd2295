"""The owner of the history: whatever is wrong with it, nobody but the past suffers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import sqlite3
from threading import Event

from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history.database import (
    HistoryDatabase,
    HistoryError,
    Size,
    Trouble,
    async_history,
)
from custom_components.mqtt_dispatch.history.reader import Filters, one, page
from custom_components.mqtt_dispatch.history.schema import VERSION, connect
from custom_components.mqtt_dispatch.history.writer import STEP, write
from tests.storage.samples import home_assistant

from .ended import BEGAN, GARDEN, KITCHEN, ended

PAST = Past(commands=(ended(1),))


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[HomeAssistant]:
    """Run a Home Assistant with files of its own."""
    async with home_assistant(tmp_path) as hass:
        yield hass


@pytest.fixture
def database(core: HomeAssistant) -> HistoryDatabase:
    """Return its history."""
    return async_history(core)


def test_there_is_one_for_all_stations(
    core: HomeAssistant, database: HistoryDatabase, path: Path
) -> None:
    assert async_history(core) is database
    assert database.path == path


async def test_what_is_written_is_read(database: HistoryDatabase) -> None:
    await database.async_write(KITCHEN, PAST)

    assert await database.async_read(one, KITCHEN, 1) == ended(1)
    found = await database.async_read(
        page, Filters(entry_ids=frozenset({KITCHEN})), limit=5
    )
    assert [each.command.id for each in found.commands] == [1]
    assert (await database.async_size()).commands == 1


async def test_reading_and_writing_at_once_begin_one_file(
    database: HistoryDatabase,
) -> None:
    await asyncio.gather(
        database.async_read(one, KITCHEN, 1), database.async_write(KITCHEN, PAST)
    )

    assert database.troubles == {}
    assert await database.async_read(one, KITCHEN, 1) == ended(1)


async def test_what_reads_little_does_not_wait_for_what_reads_much(
    database: HistoryDatabase,
) -> None:
    await database.async_write(KITCHEN, PAST)
    began, enough = asyncio.Event(), Event()
    loop = asyncio.get_running_loop()

    def read_much(connection: sqlite3.Connection) -> int:
        rows = connection.execute("SELECT id FROM commands")
        loop.call_soon_threadsafe(began.set)
        assert enough.wait(30), "nobody ended it"
        return len(rows.fetchall())

    much = asyncio.create_task(database.async_survey(read_much))
    try:
        await began.wait()
        async with asyncio.timeout(20):
            found = await database.async_read(page, Filters())
            await database.async_write(GARDEN, PAST)
        assert [each.command for each in found.commands] == [ended(1)]
        assert not much.done()
    finally:
        enough.set()
    assert await much == 1


async def test_what_is_too_old_is_taken_away_when_something_is_written(
    database: HistoryDatabase,
) -> None:
    await database.async_write(KITCHEN, PAST)
    await database.async_write(KITCHEN, Past(older_than=BEGAN))
    assert await database.async_read(one, KITCHEN, 1) == ended(1)
    await database.async_write(KITCHEN, Past(older_than=BEGAN + 2))

    assert await database.async_read(one, KITCHEN, 1) is None


async def test_removal_takes_all_of_a_station_and_nothing_else(
    database: HistoryDatabase,
) -> None:
    many = Past(commands=tuple(map(ended, range(1, 2 * STEP + 2))))
    await database.async_write(KITCHEN, many)
    await database.async_write(GARDEN, PAST)
    await database.async_remove(KITCHEN)

    size = await database.async_size()
    assert size == Size(1, database.path.stat().st_size)
    assert await database.async_read(one, GARDEN, 1) == ended(1)


async def test_a_damaged_file_is_set_aside_and_begun_anew_without_losing_the_line(
    database: HistoryDatabase, path: Path
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    told: list[Trouble] = []
    database.async_on_trouble(lambda: told.extend(database.troubles))
    await database.async_write(KITCHEN, PAST)

    assert await database.async_read(one, KITCHEN, 1) == ended(1)
    assert told == list(database.troubles) == [Trouble.DAMAGED]
    kept = path.with_name(database.troubles[Trouble.DAMAGED])
    assert kept.read_bytes() == b"no database" * 100


async def test_one_whose_pages_are_broken_is_set_aside_when_that_is_noticed(
    database: HistoryDatabase, path: Path
) -> None:
    whole = connect(path)
    write(whole, KITCHEN, Past(commands=tuple(map(ended, range(1, 200)))))
    whole.close()
    content = path.read_bytes()
    broken = content[:4096] + b"\xff" * (len(content) - 4096)
    path.write_bytes(broken)

    assert await database.async_read(one, KITCHEN, 1) is None
    kept = path.with_name(database.troubles[Trouble.DAMAGED])
    assert kept.read_bytes() == broken
    await database.async_write(KITCHEN, PAST)
    assert await database.async_read(one, KITCHEN, 1) == ended(1)


async def test_a_newer_one_is_neither_read_nor_written_nor_touched(
    database: HistoryDatabase, path: Path
) -> None:
    newer = connect(path)
    newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    content = path.read_bytes()
    for _ in range(2):
        with pytest.raises(HistoryError):
            await database.async_write(KITCHEN, PAST)
        with pytest.raises(HistoryError):
            await database.async_read(one, KITCHEN, 1)

    assert database.troubles == {Trouble.NEWER: str(path)}
    assert path.read_bytes() == content


async def test_what_cannot_be_written_now_is_said_until_it_can(
    database: HistoryDatabase, path: Path
) -> None:
    path.mkdir(parents=True)
    told: list[dict[Trouble, str]] = []
    database.async_on_trouble(lambda: told.append(dict(database.troubles)))
    for _ in range(2):
        with pytest.raises(HistoryError):
            await database.async_write(KITCHEN, PAST)
    assert [list(each) for each in told] == [[Trouble.UNUSABLE]]
    path.rmdir()
    await database.async_write(KITCHEN, PAST)

    assert told[1:] == [{}]


async def test_an_error_of_the_disk_costs_the_connection_and_no_line(
    database: HistoryDatabase,
) -> None:
    await database.async_write(KITCHEN, PAST)

    def fail(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(HistoryError, match="I/O"):
        await database.async_read(fail)
    assert await database.async_read(one, KITCHEN, 1) == ended(1)


async def test_a_file_that_somebody_removed_is_begun_anew(
    database: HistoryDatabase, path: Path
) -> None:
    await database.async_write(KITCHEN, PAST)
    for each in path.parent.iterdir():
        each.unlink()
    await database.async_write(KITCHEN, Past(commands=(ended(2),)))

    assert await database.async_read(one, KITCHEN, 1) is None
    assert await database.async_read(one, KITCHEN, 2) == ended(2)


async def test_while_a_backup_is_made_the_file_alone_holds_all_and_stays_so(
    database: HistoryDatabase, path: Path, tmp_path: Path
) -> None:
    await database.async_write(KITCHEN, PAST)
    await database.async_hold()
    writing = asyncio.create_task(
        database.async_write(KITCHEN, Past(commands=(ended(2),)))
    )
    assert await database.async_read(one, KITCHEN, 2) is None
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    database.release()
    await writing

    alone = connect(copy)
    assert one(alone, KITCHEN, 1) == ended(1)
    alone.close()
    assert await database.async_read(one, KITCHEN, 2) == ended(2)


async def test_a_history_that_cannot_be_opened_is_no_reason_for_no_backup(
    database: HistoryDatabase, path: Path
) -> None:
    path.mkdir(parents=True)
    await database.async_hold()

    assert list(database.troubles) == [Trouble.UNUSABLE]


async def test_after_the_end_nothing_is_written_and_nobody_waits(
    tmp_path: Path, path: Path
) -> None:
    async with home_assistant(tmp_path) as hass:
        database = async_history(hass)
        await database.async_write(KITCHEN, PAST)
        await database.async_hold()
        waiting = asyncio.create_task(database.async_write(KITCHEN, PAST))
        await asyncio.sleep(0)
    with pytest.raises(HistoryError):
        await waiting

    assert {each.name for each in path.parent.iterdir()} == {path.name}
    left = connect(path)
    write(left, KITCHEN, PAST)
    left.close()
