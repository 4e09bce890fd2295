"""The nodes' flash: what they remember outlives the simulator's process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Flash:
    """One JSON file a node in `directory`, which is made where it is missing."""

    def __init__(self, directory: Path, prefix: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._prefix = prefix

    def load(self, node: str) -> Mapping[str, Any] | None:
        """Return what the node remembers; None if it never stored anything.

        Raises OSError where it cannot be read, ValueError where it is no JSON.
        """
        try:
            text = self._path(node).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        memory: Mapping[str, Any] = json.loads(text)
        return memory

    def load_all(self) -> dict[str, Mapping[str, Any]]:
        """Return what each client of this prefix remembers, by its name.

        Raises OSError where one cannot be read, ValueError where it is no JSON.
        """
        start = f"{self._prefix}/"
        stored = (unquote(path.stem) for path in self._directory.glob("*.json"))
        names = (name.removeprefix(start) for name in stored if name.startswith(start))
        return {
            name: memory
            for name in names
            if "/" not in name and (memory := self.load(name)) is not None
        }

    def save(self, node: str, memory: Mapping[str, Any]) -> None:
        """Replace what the node remembers, whole or not at all."""
        path = self._path(node)
        written = path.with_suffix(".new")
        written.write_text(json.dumps(memory), encoding="utf-8")
        written.replace(path)

    def _path(self, node: str) -> Path:
        return self._directory / f"{quote(f'{self._prefix}/{node}', safe='')}.json"
