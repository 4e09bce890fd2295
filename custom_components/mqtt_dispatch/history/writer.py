"""Writes to the history, and takes away what is too old."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
import sqlite3
from typing import Final

from ..engine.model.past import Past
from .rows import command_row, delivery_rows, dispensed_row, outcome_row

STEP: Final = 500
"""Commands that are taken away at a time, so that nobody waits for long."""
_LATEST: Final = 253_370_764_800.0
"""The last year that a date can have begins, in unix seconds."""
_FREED: Final = 1000
"""Pages that are given back to the disk at a time."""


def write(connection: sqlite3.Connection, entry_id: str, past: Past) -> None:
    """Write lines of a station, all or none; what is there already is replaced.

    They survive a loss of power when this returns. Raises sqlite3.Error, and TypeError
    or ValueError for a command that JSON has no words for.
    """
    commands = [command_row(entry_id, command) for command in past.commands]
    deliveries = [
        row for command in past.commands for row in delivery_rows(entry_id, command)
    ]
    with _transaction(connection):
        connection.executemany(
            "DELETE FROM deliveries WHERE entry_id = ? AND id = ?",
            [(entry_id, command.id) for command in past.commands],
        )
        for table, rows in (
            ("commands", commands),
            ("deliveries", deliveries),
            ("occurrences", [outcome_row(entry_id, one) for one in past.outcomes]),
            ("dispensed", [dispensed_row(entry_id, one) for one in past.dispensed]),
        ):
            if rows:
                places = ", ".join("?" * len(rows[0]))
                connection.executemany(
                    f"INSERT OR REPLACE INTO {table} VALUES ({places})",  # noqa: S608 - a name of ours
                    rows,
                )


def purge(connection: sqlite3.Connection, entry_id: str, before: float) -> bool:
    """Take away some of what is of before a moment, in unix seconds.

    Returns whether there is more. Raises sqlite3.Error.
    """
    date = f"{datetime.fromtimestamp(before, UTC):%Y-%m-%d}"
    with _transaction(connection):
        old = connection.execute(
            "SELECT id FROM commands INDEXED BY commands_by_station"
            " WHERE entry_id = ? AND created_at < ? ORDER BY created_at LIMIT ?",
            (entry_id, before, STEP),
        ).fetchall()
        for table in ("commands", "deliveries"):
            connection.executemany(
                f"DELETE FROM {table} WHERE entry_id = ? AND id = ?",  # noqa: S608 - a name of ours
                [(entry_id, command_id) for (command_id,) in old],
            )
        others = 0
        for table, column, bound in (
            ("occurrences", "date", date),
            ("dispensed", "started_at", before),
        ):
            keys = connection.execute(
                f"SELECT DISTINCT {column} FROM {table}"  # noqa: S608 - names of ours
                f" WHERE entry_id = ? AND {column} < ? ORDER BY {column} LIMIT ?",
                (entry_id, bound, STEP),
            ).fetchall()
            connection.executemany(
                f"DELETE FROM {table} WHERE entry_id = ? AND {column} = ?",  # noqa: S608 - names of ours
                [(entry_id, key) for (key,) in keys],
            )
            others = max(others, len(keys))
    if old or others:
        connection.execute(f"PRAGMA incremental_vacuum({_FREED})").fetchall()
    return max(len(old), others) == STEP


def remove(connection: sqlite3.Connection, entry_id: str) -> bool:
    """Take away some of a station that is no more; see `purge`."""
    return purge(connection, entry_id, _LATEST)


def checkpoint(connection: sqlite3.Connection) -> None:
    """Have all that is written stand in the file itself, and its log be empty."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
