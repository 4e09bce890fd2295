"""What a Home Assistant of the matrix has on disk."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
import json
from pathlib import Path
import sqlite3
from typing import Any

from custom_components.mqtt_dispatch.history.database import FILE_NAME
from scripts.parts.flows import DOMAIN


class Stored:
    """The files of a Home Assistant with a single station."""

    def __init__(self, config: Path) -> None:
        """Take them from its configuration folder."""
        self.folder = config / ".storage"

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

    def history(self) -> list[dict[str, Any]]:
        """Return the commands in the history of the station."""
        path = self.folder / FILE_NAME
        if not path.exists():
            return []
        with closing(sqlite3.connect(path)) as connection:
            try:
                rows = connection.execute("SELECT command FROM commands").fetchall()
            except sqlite3.OperationalError:
                # It is being begun.
                return []
        return [json.loads(content) for (content,) in rows]

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
