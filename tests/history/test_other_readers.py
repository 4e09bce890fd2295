"""Whoever else reads the history, nothing that was written is taken from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
import sqlite3
import subprocess
import sys

from homeassistant.core import HomeAssistant
import pytest

from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history.database import (
    HistoryDatabase,
    async_history,
)
from custom_components.mqtt_dispatch.history.reader import Filters, page
from custom_components.mqtt_dispatch.history.schema import connect
from tests.storage.samples import home_assistant

from .ended import KITCHEN, ended

READER = """\
import sqlite3, sys

connection = sqlite3.connect(sys.argv[1])
for (command_id,) in connection.execute("SELECT id FROM commands ORDER BY id"):
    print(command_id)
connection.close()
"""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[HistoryDatabase]:
    """Return the history of a Home Assistant with files of its own."""
    async with home_assistant(tmp_path) as hass:
        yield async_history(hass)


def _read_elsewhere(path: Path) -> list[str]:
    """Return the ids that another process finds, which closes the file behind it."""
    found = subprocess.run(
        [sys.executable, "-c", READER, str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    return found.stdout.split()


async def _write(database: HistoryDatabase, command_id: int) -> None:
    await database.async_write(KITCHEN, Past(commands=(ended(command_id),)))


async def test_what_is_written_after_somebody_read_it_is_there(
    database: HistoryDatabase,
) -> None:
    await _write(database, 1)
    # The second connection of this process must not take from the first what it locked.
    await database.async_read(page, Filters())

    assert _read_elsewhere(database.path) == ["1"]
    await _write(database, 2)
    assert _read_elsewhere(database.path) == ["1", "2"]


@pytest.mark.parametrize(
    "others", [(), ("async_read",), ("async_read", "async_survey")]
)
async def test_what_is_written_after_a_backup_is_there(
    hass: HomeAssistant, database: HistoryDatabase, others: tuple[str, ...]
) -> None:
    await _write(database, 1)
    for use in others:
        await getattr(database, use)(page, Filters())
    await database.async_hold()
    # As Home Assistant's backup reads it: in this process, and not by SQLite.
    await hass.async_add_executor_job(database.path.read_bytes)
    database.release()

    for use in others:
        await getattr(database, use)(page, Filters())
    await _write(database, 2)
    assert _read_elsewhere(database.path) == ["1", "2"]
    await _write(database, 3)
    assert _read_elsewhere(database.path) == ["1", "2", "3"]


def test_a_file_that_is_there_is_for_its_owner_alone(path: Path) -> None:
    path.parent.mkdir()
    sqlite3.connect(path).close()
    path.touch()
    path.chmod(0o644)

    connect(path).close()

    assert path.stat().st_mode & 0o777 == 0o600
