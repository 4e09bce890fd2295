"""What is written of a station, as the bytes of a file.

A commit writes the whole file, and most commands in it are those of the commit before.
Their bytes are kept, so that the time a commit takes goes with what has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from homeassistant.helpers.json import json_bytes
from homeassistant.util.json import json_loads_object
import orjson

from ..engine.ledger.snapshot import command_as_json, command_from_json
from ..engine.model.command import Command
from .migrations import Format

STORAGE_VERSION: Final = 1


class Encoder[T]:
    """Encodes what is written to one file, time after time."""

    def __init__(self, key: str, content: Format[T]) -> None:
        """Begin with nothing encoded. `key` is what the file is called."""
        self._key = key
        self._format = content
        self._known: dict[int, tuple[Command, bytes]] = {}

    def encode(self, value: T) -> bytes:
        """Return what is to be written.

        Raises KeyError, TypeError or ValueError for what the next start could not read:
        it must not replace what that could.
        """
        commands = self._format.commands(value)
        others = self._format.as_json(self._format.without_commands(value))
        self._format.understand(json_loads_object(json_bytes(others)))
        return json_bytes(
            {
                "version": STORAGE_VERSION,
                "minor_version": self._format.minor_version,
                "key": self._key,
                "data": others | {"commands": self._encode(commands)},
            }
        )

    def _encode(self, commands: Sequence[Command]) -> list[orjson.Fragment]:
        known, before = {}, self._known
        for command in commands:
            kept = before.get(command.id)
            if kept is None or kept[0] is not command:
                kept = (command, _encoded(command))
            known[command.id] = kept
        if len(known) != len(commands):
            raise ValueError("an id twice")
        self._known = known
        return [orjson.Fragment(content) for _, content in known.values()]


def _encoded(command: Command) -> bytes:
    content = json_bytes(command_as_json(command))
    data = json_loads_object(content)
    if command_as_json(command_from_json(data)) != data:
        raise ValueError("this is not what would be written")
    return content
