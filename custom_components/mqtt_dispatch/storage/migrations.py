"""How the files of a station read, and what makes an older one a present one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
import re
from typing import Any, Final

from ..engine.ledger.snapshot import (
    Snapshot,
    command_as_json,
    command_from_json,
    snapshot_as_json,
    snapshot_from_json,
)
from ..engine.model.command import Command

_EAST: Final = 14 * 3600.0
"""Seconds by which a day begins earlier in the farthest east than in UTC."""

_MEAL_KEY: Final = re.compile(
    r"meal:([^:]*):(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::.*)?", re.DOTALL
)

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
    commands: Callable[[T], tuple[Command, ...]]
    """The commands in it, which stand in the data as `commands`."""
    without_commands: Callable[[T], T]
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


def _add_occurrences(data: dict[str, Any]) -> dict[str, Any]:
    """Make a station of minor version 3, which had marks for its meals, one of 4.

    It kept no amounts that people chose, either, nor what is unsure after a restore.
    What was up to a mark was dealt with. It was local time, and nobody knows here of
    which zone: it stands for all dates that can have passed anywhere.
    """
    told = [command["timeline"][-1]["at"] for command in data["commands"]]
    fed = [feed["at"] for feed in data["feeds"]]
    return data | {
        "meals": [_with_beginning(meal) for meal in data["meals"]],
        "occurrences": [date for meal in data["meals"] for date in _dealt_with(meal)],
        "believed_at": max([*told, *fed], default=0.0),
        "chosen": [],
        "unsure_below": None,
    }


def _mark(meal: dict[str, Any]) -> str:
    """Return up to when a meal was dealt with; only a wrong clock makes other marks."""
    handled: str = meal["handled"]
    return handled if "2025-04" < handled < "2080" else ""


def _with_beginning(meal: dict[str, Any]) -> dict[str, Any]:
    others = {key: value for key, value in meal.items() if key != "handled"}
    begins = None
    if mark := _mark(meal):
        day = datetime.fromisoformat(mark[:10]).replace(tzinfo=UTC)
        begins = day.timestamp() - _EAST
    return others | {"begins": begins}


def _dealt_with(meal: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the dates of a meal that count as dealt with, from its beginning on."""
    if mark := _mark(meal):
        latest = 0 if meal["time"] <= mark[11:] else 1
        for days in range(latest, 3):
            day = date.fromisoformat(mark[:10]) - timedelta(days=days)
            yield {
                "meal_id": meal["id"],
                "nominal": f"{day}T{meal['time']}",
                "command_id": None,
                "node": "",
            }


def _add_pause(data: dict[str, Any]) -> dict[str, Any]:
    """Make a station of minor version 4, whose pauses had no end, one of 5."""
    others = {key: value for key, value in data.items() if key != "dispatching"}
    endless = {"until": None, "reason": ""}
    return others | {"pause": None if data["dispatching"] else endless}


def _add_meal_dates(data: dict[str, Any]) -> dict[str, Any]:
    """Have commands say of which date of a meal they are; their keys named it."""
    return data | {
        "commands": [
            command
            | {"not_before": None, "meal": _fed_date(command), "taken_off": None}
            for command in data["commands"]
        ]
    }


def _fed_date(command: dict[str, Any]) -> dict[str, Any] | None:
    key = _MEAL_KEY.fullmatch(command["idempotency_key"] or "")
    # A person may have given a key that looks so.
    if key is None or command["timeline"][0]["cause"] != "meal":
        return None
    return {"meal_id": key[1], "nominal": key[2]}


def _add_rules(data: dict[str, Any]) -> dict[str, Any]:
    """Make a station of minor version 5, whose meals had a time a week, one of 6."""
    return _add_meal_dates(data) | {
        "meals": list(map(_with_rule, data["meals"])),
        "overdue": [],
        "plan_pause": None,
    }


def _with_rule(meal: dict[str, Any]) -> dict[str, Any]:
    others = {
        key: value for key, value in meal.items() if key not in ("time", "weekdays")
    }
    return others | {
        # Hubs ran valves by their plan, and there was no other kind but feeds.
        "kind": "open_valve" if "valve" in meal["params"] else "feed",
        "rule": {
            "time": meal["time"],
            "weekdays": meal["weekdays"],
            "sun": None,
            "offset": 0,
            "every": 1,
            "first": None,
            "until": None,
        },
        "if_missed": "feed_late",
        "deadline": 1800.0,
        "skipped_until": None,
        "overrides": {},
    }


def _add_water(data: dict[str, Any]) -> dict[str, Any]:
    """Make a station of minor version 6, which counted no water, one of 7."""
    return data | {"water": []}


def _add_remembered(data: dict[str, Any]) -> dict[str, Any]:
    """Have deliveries say what was so before their latest message: it is not known."""
    return data | {
        "commands": [
            command
            | {
                "deliveries": [
                    delivery | {"remembered": {}} for delivery in command["deliveries"]
                ]
            }
            for command in data["commands"]
        ]
    }


STATION: Final = Format(
    as_json=snapshot_as_json,
    from_json=snapshot_from_json,
    empty=Snapshot(),
    commands=lambda snapshot: snapshot.commands,
    without_commands=lambda snapshot: replace(snapshot, commands=()),
    steps=(
        _add_restored_at,
        _add_dispensed,
        _add_occurrences,
        _add_pause,
        _add_rules,
        _add_water,
        _add_remembered,
    ),
)
HISTORY: Final[Format[tuple[Command, ...]]] = Format(
    as_json=_history_as_json,
    from_json=_history_from_json,
    empty=(),
    commands=lambda commands: commands,
    without_commands=lambda _: (),
    steps=(_add_finishes, _in_one_step, _add_meal_dates, _add_remembered),
)
