"""The file of the history: begun, opened again, refused."""

from __future__ import annotations

from pathlib import Path
import sqlite3

import pytest

from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history.reader import one
from custom_components.mqtt_dispatch.history.schema import (
    VERSION,
    DamagedHistory,
    NewerHistory,
    connect,
    is_damage,
)
from custom_components.mqtt_dispatch.history.writer import write

from .ended import KITCHEN, ended


def test_the_file_and_what_lies_beside_it_are_for_their_owner_alone(
    connection: sqlite3.Connection, path: Path
) -> None:
    write(connection, KITCHEN, Past(commands=(ended(1),)))

    found = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert found == {
        path.name: 0o600,
        f"{path.name}-wal": 0o600,
        f"{path.name}-shm": 0o600,
    }


def test_what_was_written_is_there_when_it_is_opened_again(path: Path) -> None:
    first = connect(path)
    write(first, KITCHEN, Past(commands=(ended(1),)))
    first.close()
    again = connect(path)

    assert one(again, KITCHEN, 1) == ended(1)
    again.close()


def test_what_is_told_as_written_survives_a_loss_of_power(
    connection: sqlite3.Connection,
) -> None:
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_older_one_is_taken_up(path: Path) -> None:
    first = connect(path)
    first.execute(f"PRAGMA user_version = {VERSION - 1}")
    first.close()
    again = connect(path)

    assert again.execute("PRAGMA user_version").fetchone() == (VERSION,)
    again.close()


def test_a_newer_one_is_left_as_it_is(path: Path) -> None:
    first = connect(path)
    first.execute(f"PRAGMA user_version = {VERSION + 1}")
    first.close()
    content = path.read_bytes()

    with pytest.raises(NewerHistory):
        connect(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"no database at all" * 99, b"SQLite format 3\0"])
def test_what_is_no_database_is_damaged(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(DamagedHistory):
        connect(path)


def test_another_database_is_damaged(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE anything (whatever)")
    other.close()

    with pytest.raises(DamagedHistory):
        connect(path)


def test_a_file_whose_pages_are_broken_is_damaged(path: Path) -> None:
    first = connect(path)
    write(first, KITCHEN, Past(commands=tuple(map(ended, range(1, 200)))))
    first.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    first.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    broken = connect(path)

    with pytest.raises(sqlite3.DatabaseError) as raised:
        write(broken, KITCHEN, Past(commands=(ended(1),)))
    assert is_damage(raised.value)
    broken.close()


def test_what_cannot_be_opened_may_pass(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(sqlite3.OperationalError, match="unable to open") as raised:
        connect(path)
    assert not is_damage(raised.value)
