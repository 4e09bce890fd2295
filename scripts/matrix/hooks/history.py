"""Points at the history: as it is opened, at each batch that is written, at each purge.

Between what is written together, too, and at what is forgotten afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
import errno
import os
from pathlib import Path
import sqlite3
from typing import Any

from custom_components.mqtt_dispatch.engine.ledger.ledger import Ledger
from custom_components.mqtt_dispatch.engine.model.past import Past
from custom_components.mqtt_dispatch.history import database, schema
from scripts.matrix.plan import disk_error

from .files import OURS
from .points import Points

OPENING, WRITE, PURGE, FORGETTING, REMOVAL = (
    "opening of the history",
    "write of the history",
    "purge of the history",
    "forgetting of what the history has",
    "removal of the earlier history file",
)
_STATEMENTS = {
    "CREATE TABLE": "a table is made",
    "DELETE FROM deliveries": "the deliveries of a command go",
    "DELETE FROM commands": "a command goes",
    "INSERT OR REPLACE INTO commands": "a command comes",
    "INSERT OR REPLACE INTO deliveries": "a delivery comes",
    "COMMIT": "the commit",
    "PRAGMA wal_checkpoint": "the log is taken in",
    "PRAGMA incremental_vacuum": "room is given back",
}
_OF_A_SORT = 2
"""How many statements of a sort are points: before the first one nothing of the sort is
done, before the second one some of it."""
_MAKING, _WRITING, _PURGING, _FORGETTING = "_prepare", "write", "purge", "archived"
"""What does it, where it is called."""
_EARLIER = ".history"


def install(points: Points) -> None:
    """Count points at the history from now on."""
    prepare = getattr(schema, _MAKING)
    write, purge = getattr(database, _WRITING), getattr(database, _PURGING)
    forget, unlink = getattr(Ledger, _FORGETTING), os.unlink

    def watched_prepare(connection: sqlite3.Connection) -> None:
        with _statements(points, connection, OPENING):
            prepare(connection)

    def watched_write(connection: sqlite3.Connection, entry: str, past: Past) -> None:
        subject = f"{WRITE} ({_describe(past)})"
        with _statements(points, connection, subject), _disk(points, connection):
            write(connection, entry, past)

    def watched_purge(
        connection: sqlite3.Connection, entry: str, before: float
    ) -> bool:
        with _statements(points, connection, PURGE):
            more: bool = purge(connection, entry, before)
        return more

    def watched_forget(self: Ledger, ids: Any) -> None:  # noqa: ANN401
        with _point_around(points, FORGETTING):
            forget(self, ids)

    def watched_unlink(path: Any, **options: Any) -> None:  # noqa: ANN401
        if not _is_earlier(path):
            unlink(path, **options)
            return
        with _point_around(points, REMOVAL):
            unlink(path, **options)

    setattr(schema, _MAKING, watched_prepare)
    setattr(database, _WRITING, watched_write)
    setattr(database, _PURGING, watched_purge)
    setattr(Ledger, _FORGETTING, watched_forget)
    os.unlink = watched_unlink


@contextmanager
def _point_around(points: Points, subject: str) -> Iterator[None]:
    points.reach(f"before the {subject}")
    yield
    points.reach(f"after the {subject}")


@contextmanager
def _statements(
    points: Points, connection: sqlite3.Connection, subject: str
) -> Iterator[None]:
    """Have points around what is done with a connection, and between its statements."""
    seen: Counter[str] = Counter()

    def trace(statement: str) -> None:
        for begin, what in _STATEMENTS.items():
            if statement.lstrip().startswith(begin):
                seen[begin] += 1
                if seen[begin] <= _OF_A_SORT:
                    again = " again" if seen[begin] > 1 else ""
                    points.reach(f"before {what}{again} in the {subject}")

    with _point_around(points, subject):
        connection.set_trace_callback(trace)
        try:
            yield
        finally:
            connection.set_trace_callback(None)


@contextmanager
def _disk(points: Points, connection: sqlite3.Connection) -> Iterator[None]:
    """Have SQLite fail as on such a disk, while the matrix says that there is one."""
    error = disk_error(points.folder)
    if error is None:
        yield
    elif error.errno == errno.EROFS:
        connection.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            connection.execute("PRAGMA query_only = OFF")
    else:
        raise error


def _is_earlier(path: object) -> bool:
    if not isinstance(path, str | Path):
        return False
    name = Path(path).name
    return name.startswith(OURS) and name.endswith(_EARLIER)


def _describe(past: Past) -> str:
    """Return what is written of the newest command, in a few words."""
    if not past.commands:
        return "no command"
    newest = past.commands[-1]
    states = [str(delivery.state) for delivery in newest.deliveries]
    return f"{newest.state}: {', '.join(states)}"
