"""How the files of a station read, and what makes an older one a present one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..engine.ledger.snapshot import (
    Snapshot,
    command_as_json,
    command_from_json,
    snapshot_as_json,
    snapshot_from_json,
)
from ..engine.model.command import Command

type Step = Callable[[dict[str, Any]], dict[str, Any]]
"""Makes the data of a minor version those of the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format[T]:
    """How a file reads."""

    as_json: Callable[[T], dict[str, Any]]
    from_json: Callable[[Any], T]
    """Raises KeyError, TypeError or ValueError."""
    empty: T
    """What a first run has."""
    steps: tuple[Step, ...] = ()
    """What leads from minor version 1 to the present one, in order."""

    @property
    def minor_version(self) -> int:
        """The version that is written."""
        return 1 + len(self.steps)

    def understand(self, data: object) -> T:
        """Return what JSON data say. Raises KeyError, TypeError or ValueError."""
        value = self.from_json(data)
        if self.as_json(value) != data:
            raise ValueError("this is not what would be written")
        return value


def _history_as_json(commands: tuple[Command, ...]) -> dict[str, Any]:
    return {"commands": [command_as_json(command) for command in commands]}


def _history_from_json(data: Mapping[str, Any]) -> tuple[Command, ...]:
    return tuple(command_from_json(item) for item in data["commands"])


def _add_finishes(data: dict[str, Any]) -> dict[str, Any]:
    """Make data of minor version 1, where no command finished another, those of 2."""
    return data | {
        "commands": [command | {"finishes": None} for command in data["commands"]]
    }


def _add_restored_at(data: dict[str, Any]) -> dict[str, Any]:
    """Make a station of minor version 1, which noticed no restore, one of 2."""
    return _add_finishes(data) | {"in_backup": False, "restored_at": None}


def _in_one_step(data: dict[str, Any]) -> dict[str, Any]:
    """Make data of minor version 2, where a command was one message, those of 3."""
    one = {"steps": 1, "step": 0, "ended": []}
    return data | {
        "commands": [
            command
            | {"deliveries": [delivery | one for delivery in command["deliveries"]]}
            for command in data["commands"]
        ]
    }


def _add_dispensed(data: dict[str, Any]) -> dict[str, Any]:
    """Make a station of minor version 2, which ran each plan itself, one of 3."""
    return _in_one_step(data) | {
        "meals": [meal | {"nodes": []} for meal in data["meals"]],
        "dispensed": [],
    }


def _add_chosen(data: dict[str, Any]) -> dict[str, Any]:
    """Make a station of minor version 3, which kept no amounts, one of 4."""
    return data | {"chosen": []}


STATION: Final = Format(
    as_json=snapshot_as_json,
    from_json=snapshot_from_json,
    empty=Snapshot(),
    steps=(_add_restored_at, _add_dispensed, _add_chosen),
)
HISTORY: Final[Format[tuple[Command, ...]]] = Format(
    as_json=_history_as_json,
    from_json=_history_from_json,
    empty=(),
    steps=(_add_finishes, _in_one_step),
)
