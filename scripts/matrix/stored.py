"""What a Home Assistant of the matrix has on disk."""

from __future__ import annotations

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

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
        """Return the files of the station that are there."""
        return [*self._files(history=False), *self._files(history=True)]

    def history(self) -> list[dict[str, Any]]:
        """Return the commands in the history of the station."""
        return [
            command for path in self._files(history=True) for command in _commands(path)
        ]

    def archived(self) -> bool:
        """Return whether the history has every command that the station still knows."""
        known = {command["id"] for command in self.history()}
        return all(
            command["id"] in known
            for path in self._files(history=False)
            for command in _commands(path)
        )

    def _files(self, *, history: bool) -> list[Path]:
        return [
            path
            for path in self.folder.glob(f"{DOMAIN}.*")
            if (path.suffix == ".history") is history
        ]


def _commands(path: Path) -> list[dict[str, Any]]:
    commands: list[dict[str, Any]] = json.loads(path.read_bytes())["data"]["commands"]
    return commands
