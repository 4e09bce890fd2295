"""What the history knows of commands that figures are made of, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
import sqlite3
from typing import Final

from ..engine.model.command import Cause, Command
from ..history.rows import command_of
from .computing import StationFigures, figures_of_station
from .parts import Part, part_of_columns, parts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What figures are asked for; None: whatever it is."""

    since: float
    """Ordered then or later; unix seconds."""
    until: float
    """Ordered before then; unix seconds."""
    node: str | None = None
    kind: str | None = None

    def has_part(self, part: Part) -> bool:
        """Whether a part of a command is asked for."""
        return (
            self.since <= part.created_at < self.until
            and self.kind in (None, part.kind)
            and self.node in (None, part.node)
        )


def read_figures(
    connection: sqlite3.Connection,
    entry_id: str,
    window: Window,
    known: Iterable[Command],
) -> StationFigures:
    """Return the figures of a station; blocks.

    `known` are commands as they are now: the history may not have them, or not as
    they are. Raises sqlite3.Error.
    """
    return figures_of_station(read_parts(connection, entry_id, window, known))


def read_parts(
    connection: sqlite3.Connection | None,
    entry_id: str,
    window: Window,
    known: Iterable[Command],
) -> Iterator[Part]:
    """Yield the parts that fit, each once; see `read_figures`. None: only the known."""
    current = {command.id: command for command in known}
    for command_id, parts in _rows(connection, entry_id, window) if connection else ():
        if command_id not in current:
            yield from filter(window.has_part, parts)
    for command in current.values():
        yield from filter(window.has_part, parts_of(command))


_ROWS: Final = """
SELECT c.doubted_at IS NOT NULL
    OR instr(c.command, :told) > 0
    OR instr(c.command, :at_once) = 0,
    c.format, c.id, d.node, c.kind, c.created_at, c.state,
    d.delivery_state, d.attempts, d.sent_at, d.accepted_at, d.done_at
FROM commands c INDEXED BY commands_by_station
JOIN deliveries d ON d.entry_id = c.entry_id AND d.id = c.id
WHERE c.entry_id = :entry_id AND c.created_at >= :since AND c.created_at < :until
    AND (:kind IS NULL OR c.kind = :kind)
ORDER BY c.created_at, c.id
"""
"""The first column says whether the others do not say all: it was in doubt, was only
told, or was ordered for later."""


def _rows(
    connection: sqlite3.Connection, entry_id: str, window: Window
) -> Iterator[tuple[int, Iterable[Part]]]:
    """Yield commands with parts of theirs, the oldest first."""
    whole: int | None = None
    for says_not_all, line_format, *columns in connection.execute(
        _ROWS,
        {
            "told": f'"cause":"{Cause.TOLD}"',
            "at_once": '"not_before":null',
            "entry_id": entry_id,
            "since": window.since,
            "until": window.until,
            "kind": window.kind,
        },
    ):
        command_id: int = columns[0]
        if not says_not_all:
            yield command_id, (part_of_columns(tuple(columns)),)
        elif command_id != whole:
            whole = command_id
            yield command_id, _parts_of_whole(connection, entry_id, whole, line_format)


def _parts_of_whole(
    connection: sqlite3.Connection, entry_id: str, command_id: int, line_format: int
) -> Iterator[Part]:
    (content,) = connection.execute(
        "SELECT command FROM commands WHERE entry_id = ? AND id = ?",
        (entry_id, command_id),
    ).fetchone()
    command = command_of(line_format, content)
    return iter(()) if command is None else parts_of(command)
