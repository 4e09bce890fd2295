"""The tables of the history, and how a file becomes a connection to them.

What is asked for by a column stands in one of its own; a command as a whole is JSON in
the encoding of the hot file, with the number of its format: an older line is migrated
when it is read, so that no start waits for a million of them.
"""

from __future__ import annotations

from contextlib import closing, suppress
import os
from pathlib import Path
import sqlite3
from threading import Lock
from typing import Final

from ..storage.migrations import HISTORY

FORMAT: Final = HISTORY.minor_version
"""Of the commands that are written."""
_LAYOUT: Final = 1
VERSION: Final = _LAYOUT * 1000 + FORMAT
"""Stands in the file: what this version does not know, be it of the tables or of the
commands, it leaves alone."""

_BUSY: Final = 10.0
"""Seconds for which who else has the file open (a person, a backup) is waited for."""

_PREPARING: Final = Lock()
"""Held by who may begin the file: there are several connections."""

_TABLES: Final = """
CREATE TABLE commands (
    entry_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at REAL NOT NULL,
    doubted_at REAL,
    ended_at REAL NOT NULL,
    format INTEGER NOT NULL,
    command TEXT NOT NULL,
    PRIMARY KEY (entry_id, id)
);
CREATE INDEX commands_by_time ON commands (created_at, entry_id, id);
CREATE INDEX commands_by_station ON commands (entry_id, created_at, id);
CREATE INDEX commands_by_kind ON commands (entry_id, kind, state, created_at, id);
CREATE TABLE deliveries (
    entry_id TEXT NOT NULL,
    id INTEGER NOT NULL,
    node TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at REAL NOT NULL,
    delivery_state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    sent_at REAL,
    accepted_at REAL,
    done_at REAL,
    PRIMARY KEY (entry_id, id, node)
) WITHOUT ROWID;
CREATE INDEX deliveries_by_node
    ON deliveries (entry_id, node, kind, state, created_at, id);
CREATE INDEX deliveries_by_id ON deliveries (entry_id, node, kind, state, id);
CREATE TABLE occurrences (
    entry_id TEXT NOT NULL,
    meal_id TEXT NOT NULL,
    date TEXT NOT NULL,
    node TEXT NOT NULL,
    nominal TEXT NOT NULL,
    command_id INTEGER,
    became TEXT NOT NULL,
    PRIMARY KEY (entry_id, date, meal_id, node)
) WITHOUT ROWID;
CREATE TABLE dispensed (
    entry_id TEXT NOT NULL,
    started_at REAL NOT NULL,
    node TEXT NOT NULL,
    planned INTEGER NOT NULL,
    grams REAL,
    reason TEXT NOT NULL,
    PRIMARY KEY (entry_id, started_at, node)
) WITHOUT ROWID;
"""
"""`state` is that of the command, `delivery_state` that of its part for the node; the
times of a delivery are when it was first so, in unix seconds, and so is `doubted_at`,
when the command was unconfirmed. `date` and `nominal` are local."""


class NewerHistory(Exception):  # noqa: N818 - it is a state, not a fault
    """The file is of a newer version, and is left alone."""


class DamagedHistory(Exception):  # noqa: N818 - it is a state, not a fault
    """The file is no database, or not this one."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the history, or begin one, for its owner alone.

    Whoever uses the connection sees to it that only one thread does at a time. Raises
    NewerHistory, DamagedHistory, and OSError or sqlite3.Error for what may pass.
    """
    with _PREPARING:
        _make(path)
    connection = sqlite3.connect(
        path, timeout=_BUSY, isolation_level=None, check_same_thread=False
    )
    try:
        with _PREPARING:
            _prepare(connection)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
            raise DamagedHistory(str(error)) from error
        raise
    return connection


def _make(path: Path) -> None:
    """Have the file be there; its log and its index get the mode that it has.

    One that is there is not opened: when it is closed again, this process loses what
    SQLite locked in it, and who closes the file next takes away the log that we write.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    path.chmod(0o600)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file itself is broken, and will stay so."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _prepare(connection: sqlite3.Connection) -> None:
    with closing(connection.cursor()) as cursor:
        (version,) = cursor.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise NewerHistory(str(version))
        tables = cursor.execute("SELECT name FROM sqlite_master").fetchall()
        if version == 0 and not tables:
            # Must stand before anything else is written.
            cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
        elif ("dispensed",) not in tables:
            raise DamagedHistory("the tables are not there")
        cursor.execute("PRAGMA journal_mode = WAL")
        # What is told as written survives a loss of power.
        cursor.execute("PRAGMA synchronous = FULL")
        # What a process left that was killed is read, so it must be on disk, too: by
        # what is read the hot file drops it.
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        if not tables:
            cursor.executescript(
                f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT"
            )
        elif version < VERSION:
            cursor.execute(f"PRAGMA user_version = {VERSION}")
