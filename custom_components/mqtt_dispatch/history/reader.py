"""Reads the history: page by page, one command, a range, what a start needs.

A page costs what is on it, whatever the filters are and however much there is: what is
not filtered by is gone through value by value, each of which an index has in order, and
the newest of all these is taken first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge, nlargest
from itertools import islice
import sqlite3
from typing import Any, Final, NamedTuple

from ..engine.model.command import HIGHEST_ID, Command
from .rows import command_of

PAGE_LIMIT: Final = 100


class Cursor(NamedTuple):
    """The place of a command among all, which lie in this order."""

    created_at: float
    entry_id: str
    id: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """A command of a station, as it ended."""

    entry_id: str
    command: Command

    @property
    def cursor(self) -> Cursor:
        """Its place among all."""
        return Cursor(self.command.created_at, self.entry_id, self.command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which commands are asked for; None: whatever it is."""

    entry_ids: frozenset[str] | None = None
    node: str | None = None
    kind: str | None = None
    state: str | None = None
    since: float | None = None
    """Ordered then or later; unix seconds."""
    until: float | None = None
    """Ordered before then; unix seconds."""

    def fit(self, recorded: Recorded) -> bool:
        """Whether a command is asked for."""
        command = recorded.command
        return (
            (self.since is None or command.created_at >= self.since)
            and (self.until is None or command.created_at < self.until)
            and self.state in (None, command.state)
            and self.kind in (None, command.kind)
            and self.node in (None, *command.nodes)
            and (self.entry_ids is None or recorded.entry_id in self.entry_ids)
        )


@dataclass(frozen=True, slots=True)
class _Exact:
    """What stands in order in one index."""

    filters: Filters
    """Of them the time is still to be heeded."""
    entry_id: str | None
    """None: that of any station."""
    kind_and_state: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some commands, the newest first."""

    commands: list[Recorded]
    after: Cursor | None
    """Where the next page goes on; None: there is none."""


type AtHand = Mapping[str, Mapping[int, Command]]
"""Commands in memory, of each station by their ids: they are newer than what is
written of them."""
_NOTHING: Final[AtHand] = {}


def page(
    connection: sqlite3.Connection | None,
    filters: Filters,
    known: AtHand = _NOTHING,
    *,
    limit: int = PAGE_LIMIT,
    after: Cursor | None = None,
) -> Page:
    """Return the newest commands that fit, at most `limit` from 1 to `PAGE_LIMIT`.

    They are what is written and what is known, each once; without a connection, what
    is known. `after`: only what is older than that. Raises sqlite3.Error.
    """
    limit = max(1, min(limit, PAGE_LIMIT))
    # One more than asked tells whether there is another page.
    at_hand = nlargest(limit + 1, _fitting(known, filters, after), key=_cursor)
    written = _written(connection, filters, known, after) if connection else ()
    merged = merge(written, at_hand, key=_cursor, reverse=True)
    found = list(islice(merged, limit + 1))
    there = found[:limit]
    return Page(there, there[-1].cursor if len(found) > limit else None)


def each(connection: sqlite3.Connection, filters: Filters) -> Iterator[Recorded]:
    """Go through all commands that fit, the newest first. Raises sqlite3.Error."""
    yield from _written(connection, filters, _NOTHING, None)


def one(
    connection: sqlite3.Connection, entry_id: str, command_id: int
) -> Command | None:
    """Return a command of a station; None: it is not there. Raises sqlite3.Error."""
    row = connection.execute(
        "SELECT format, command FROM commands WHERE entry_id = ? AND id = ?",
        (entry_id, command_id),
    ).fetchone()
    return None if row is None else command_of(*row)


def recent(
    connection: sqlite3.Connection,
    entry_id: str,
    limit: int,
    also: Collection[int] = (),
) -> list[Command]:
    """Return what a start needs of a station, by id. Raises sqlite3.Error.

    That is the last commands, those with the ids `also`, and of each kind, state and
    node the newest.
    """
    rows = connection.execute(
        "SELECT id FROM commands WHERE entry_id = ? ORDER BY id DESC LIMIT ?",
        (entry_id, limit),
    )
    wanted = {command_id for (command_id,) in rows}
    wanted |= set(also) | set(_newest_of_each(connection, entry_id))
    found = (one(connection, entry_id, command_id) for command_id in sorted(wanted))
    return [command for command in found if command is not None]


def _newest_of_each(connection: sqlite3.Connection, entry_id: str) -> Iterator[int]:
    table, columns = "deliveries INDEXED BY deliveries_by_id", ("node", "kind", "state")
    for group in _distinct(connection, table, {"entry_id": entry_id}, columns):
        yield connection.execute(
            "SELECT max(id) FROM deliveries INDEXED BY deliveries_by_id"
            " WHERE entry_id = ? AND node = ? AND kind = ? AND state = ?",
            (entry_id, *group),
        ).fetchone()[0]


def _distinct(
    connection: sqlite3.Connection,
    table: str,
    scope: Mapping[str, Any],
    columns: tuple[str, ...],
) -> Iterator[tuple[str, ...]]:
    """Yield what stands in columns that follow those of the `scope` in an index.

    Each is looked up behind the one before. SQLite would go through all that is equal
    to that one for `(kind, state) > (?, ?)`, so it is asked column by column.
    """
    group = _next(connection, table, scope, columns, ("",) * len(columns))
    while group is not None:
        yield group
        group = _next(connection, table, scope, columns, group)


def _next(
    connection: sqlite3.Connection,
    table: str,
    scope: Mapping[str, Any],
    columns: tuple[str, ...],
    group: tuple[str, ...],
) -> tuple[str, ...] | None:
    for place in reversed(range(len(columns))):
        same = [f"{column} = ?" for column in (*scope, *columns[:place])]
        where = " AND ".join([*same, f"{columns[place]} > ?"])
        row = connection.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"  # noqa: S608 - names of ours
            f" ORDER BY {', '.join(columns)} LIMIT 1",
            (*scope.values(), *group[:place], group[place]),
        ).fetchone()
        if row is not None:
            return tuple(row)
    return None


def _fitting(
    known: AtHand, filters: Filters, after: Cursor | None
) -> Iterator[Recorded]:
    for entry_id, commands in known.items():
        for command in commands.values():
            recorded = Recorded(entry_id, command)
            if filters.fit(recorded) and (after is None or recorded.cursor < after):
                yield recorded


def _written(
    connection: sqlite3.Connection,
    filters: Filters,
    known: AtHand,
    after: Cursor | None,
) -> Iterator[Recorded]:
    """Yield the commands that fit and are not known, the newest first."""
    for place in _places(connection, filters, after):
        if place.id in known.get(place.entry_id, ()):
            continue
        command = one(connection, place.entry_id, place.id)
        if command is not None:
            yield Recorded(place.entry_id, command)


def _cursor(recorded: Recorded) -> Cursor:
    return recorded.cursor


def _places(
    connection: sqlite3.Connection, filters: Filters, after: Cursor | None
) -> Iterator[Cursor]:
    """Yield where the commands are that fit, the newest first."""
    streams = [
        _stream(connection, exact, after) for exact in _exact(connection, filters)
    ]
    return merge(*streams, reverse=True)


def _exact(connection: sqlite3.Connection, filters: Filters) -> Iterator[_Exact]:
    """Yield what stands in order each, and together is what is asked for."""
    if filters.node is filters.kind is filters.state is None:
        for entry_id in (None,) if filters.entry_ids is None else filters.entry_ids:
            yield _Exact(filters, entry_id, None)
        return
    for entry_id in _stations(connection, filters):
        for kind, state in _groups(connection, entry_id, filters.node):
            if filters.kind in (None, kind) and filters.state in (None, state):
                yield _Exact(filters, entry_id, (kind, state))


def _stations(connection: sqlite3.Connection, filters: Filters) -> Iterator[str]:
    if filters.entry_ids is not None:
        yield from filters.entry_ids
        return
    table = "commands INDEXED BY commands_by_station"
    for (entry_id,) in _distinct(connection, table, {}, ("entry_id",)):
        yield entry_id


def _groups(
    connection: sqlite3.Connection, entry_id: str, node: str | None
) -> Iterator[tuple[str, ...]]:
    """Yield the kinds with the states that there are at a station, or at its node."""
    table, scope = _scope(entry_id, node)
    return _distinct(connection, table, scope, ("kind", "state"))


def _scope(entry_id: str, node: str | None) -> tuple[str, dict[str, Any]]:
    """Return where the commands of a station are in order, or those of its node."""
    if node is None:
        return "commands INDEXED BY commands_by_kind", {"entry_id": entry_id}
    return (
        "deliveries INDEXED BY deliveries_by_node",
        {"entry_id": entry_id, "node": node},
    )


def _stream(
    connection: sqlite3.Connection, exact: _Exact, after: Cursor | None
) -> Iterator[Cursor]:
    entry_id, filters = exact.entry_id, exact.filters
    values: list[Any]
    if entry_id is None:
        table, where, values = "commands INDEXED BY commands_by_time", "1", []
    elif exact.kind_and_state is None:
        table = "commands INDEXED BY commands_by_station"
        where, values = "entry_id = ?", [entry_id]
    else:
        table, scope = _scope(entry_id, filters.node)
        where = " AND ".join(f"{each} = ?" for each in (*scope, "kind", "state"))
        values = [*scope.values(), *exact.kind_and_state]
    if filters.since is not None:
        where, values = f"{where} AND created_at >= ?", [*values, filters.since]
    if filters.until is not None and (
        after is None or filters.until <= after.created_at
    ):
        where, values = f"{where} AND created_at < ?", [*values, filters.until]
    elif after is not None and entry_id is None:
        where = f"{where} AND (created_at, entry_id, id) < (?, ?, ?)"
        values = [*values, *after]
    elif after is not None:
        where = f"{where} AND (created_at, id) < (?, ?)"
        values = [*values, after.created_at, _below(entry_id, after)]
    order = "created_at DESC, id DESC"
    if entry_id is None:
        order = "created_at DESC, entry_id DESC, id DESC"
    rows = connection.execute(
        f"SELECT created_at, entry_id, id FROM {table}"  # noqa: S608 - names of ours
        f" WHERE {where} ORDER BY {order}",
        values,
    )
    return (Cursor(*row) for row in rows)


def _below(entry_id: str | None, after: Cursor) -> int:
    """Return the id below which a station goes on at the moment of the cursor."""
    if entry_id == after.entry_id:
        return after.id
    return HIGHEST_ID + 1 if str(entry_id) < after.entry_id else 0
