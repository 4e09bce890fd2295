"""What a Home Assistant of the matrix has on disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
import json
from pathlib import Path
import sqlite3
from typing import Any

from custom_components.mqtt_dispatch.history.database import FILE_NAME
from custom_components.mqtt_dispatch.storage.encoding import STORAGE_VERSION
from custom_components.mqtt_dispatch.storage.migrations import HISTORY
from scripts.parts.flows import DOMAIN

_EARLIER = ".history"
_OLD = 1e6
"""Unix seconds: nothing but what is put there as old is of before that."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the history has of a command."""

    command: Mapping[str, Any]
    whole: bool
    """Whether it has its end, and all its nodes have the state that it says."""


class Stored:
    """The files of a Home Assistant with a single station."""

    def __init__(self, config: Path) -> None:
        """Take them from its configuration folder."""
        self.folder = config / ".storage"
        self.database = self.folder / FILE_NAME

    def set_up(self, *, port: int, mqtt: str, options: Mapping[str, float]) -> None:
        """Give it a broker, the version of MQTT to speak there, and station options."""
        path = self.folder / "core.config_entries"
        stored = json.loads(path.read_bytes())
        for entry in stored["data"]["entries"]:
            if entry["domain"] == "mqtt":
                entry["data"]["port"] = port
                entry["data"]["protocol"] = mqtt
            if entry["domain"] == DOMAIN:
                entry["options"] = dict(options)
        path.write_text(json.dumps(stored), encoding="utf-8")

    def files(self) -> list[Path]:
        """Return the files of the station and of its history that are there."""
        return [*self._station(), *self.folder.glob(f"{FILE_NAME}*")]

    def lines(self) -> list[Line]:
        """Return what stands in the history; raises sqlite3.Error."""
        with closing(sqlite3.connect(self.database)) as connection:
            # Both are to be of one moment.
            connection.execute("BEGIN")
            rows = connection.execute(
                "SELECT entry_id, id, state, command FROM commands"
            ).fetchall()
            parts = connection.execute(
                "SELECT entry_id, id, node, delivery_state FROM deliveries"
            ).fetchall()
        deliveries: dict[Any, dict[str, str]] = defaultdict(dict)
        for entry_id, command_id, node, state in parts:
            deliveries[entry_id, command_id][node] = state
        lines = []
        for entry_id, command_id, state, content in rows:
            command = json.loads(content)
            of_nodes = {each["node"]: each["state"] for each in command["deliveries"]}
            whole = (
                command["state"] == state
                and command["timeline"][-1]["state"] == state
                and deliveries.pop((entry_id, command_id), {}) == of_nodes
            )
            lines.append(Line(command, whole=whole))
        # A delivery without its command is a line of which something is missing.
        return lines + [Line({}, whole=False) for _ in deliveries]

    def history(self) -> list[dict[str, Any]]:
        """Return the commands in the history of the station."""
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(self.database)) as connection:
            try:
                rows = connection.execute("SELECT command FROM commands").fetchall()
            except sqlite3.DatabaseError:
                # It is being begun, or is broken.
                return []
        return [json.loads(content) for (content,) in rows]

    def put_old_lines(self, count: int) -> None:
        """Put lines into the history that are years old, made of one that is there."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            entry_id, last, content = connection.execute(
                "SELECT entry_id, id, command FROM commands ORDER BY id DESC"
            ).fetchone()
            columns = (entry_id, last)
            for number in range(1, count + 1):
                old = {**json.loads(content), "id": number, "created_at": float(number)}
                connection.execute(
                    "INSERT INTO commands SELECT entry_id, ?, kind, state, ?,"
                    " doubted_at, ?, format, ? FROM commands"
                    " WHERE entry_id = ? AND id = ?",
                    (number, float(number), float(number), json.dumps(old), *columns),
                )
                connection.execute(
                    "INSERT INTO deliveries SELECT entry_id, ?, node, kind, state, ?,"
                    " delivery_state, attempts, sent_at, accepted_at, done_at"
                    " FROM deliveries WHERE entry_id = ? AND id = ?",
                    (number, float(number), *columns),
                )
                date = f"1970-01-{1 + number % 28:02}"
                connection.execute(
                    "INSERT OR REPLACE INTO occurrences VALUES (?, ?, ?, '1', ?, ?, ?)",
                    (entry_id, str(number), date, f"{date}T07:00", number, "fed"),
                )
                connection.execute(
                    "INSERT INTO dispensed VALUES (?, ?, '1', 1, NULL, 'plan')",
                    (entry_id, float(number)),
                )

    def has_nothing_old(self) -> bool:
        """Return whether none of those lines is left, nor a part of one."""
        with closing(sqlite3.connect(self.database)) as connection:
            counts = [
                connection.execute(
                    f"SELECT count(*) FROM {table} WHERE {column} < ?",  # noqa: S608 - names of ours
                    (bound,),
                ).fetchone()[0]
                for table, column, bound in (
                    ("commands", "created_at", _OLD),
                    ("deliveries", "created_at", _OLD),
                    ("occurrences", "date", "1971"),
                    ("dispensed", "started_at", _OLD),
                )
            ]
        return not any(counts)

    def as_an_earlier_version(self) -> None:
        """Have the history in a file of its station, and no database."""
        commands = sorted(self.history(), key=lambda command: int(command["id"]))
        (station,) = self._station()
        earlier = station.with_name(f"{station.name}{_EARLIER}")
        envelope = {
            "version": STORAGE_VERSION,
            "minor_version": HISTORY.minor_version,
            "key": earlier.name,
            "data": {"commands": commands},
        }
        earlier.write_text(json.dumps(envelope), encoding="utf-8")
        for path in self.folder.glob(f"{FILE_NAME}*"):
            path.unlink()

    def is_of_this_version(self) -> bool:
        """Return whether nothing is in a file of an earlier version any more."""
        return not list(self.folder.glob(f"{DOMAIN}.*{_EARLIER}"))

    def archived(self) -> bool:
        """Return whether the history has every command that the station still knows."""
        known = {command["id"] for command in self.history()}
        return all(
            command["id"] in known
            for path in self._station()
            for command in _commands(path)
        )

    def _station(self) -> list[Path]:
        return [
            path
            for path in self.folder.glob(f"{DOMAIN}.*")
            if not path.name.startswith(FILE_NAME)
        ]


def _commands(path: Path) -> list[dict[str, Any]]:
    commands: list[dict[str, Any]] = json.loads(path.read_bytes())["data"]["commands"]
    return commands
