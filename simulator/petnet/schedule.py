"""What a feeder of protocol 5 takes: its schedule, portions, its budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import hashlib
import json
import re
from typing import Any

DAY_SECONDS = 86_400
LEAST_PORTION = 0.0625
LARGEST_PORTION = 2.0
LARGEST_OFFSET = 50_400

type Entry = Mapping[str, Any]

_AMOUNTS = ("tbsp_per_feeding", "g_per_tbsp", "budget_tbsp")
_RECIPE = re.compile("[A-Za-z]{1,2}[0-9]{6,7}")
_KEYS = {"active", "automatic", "feeding_id", "name", "portion", "reminder", "time"}


class Sync:
    """A schedule on its way, step by step and in strict order."""

    def __init__(self) -> None:
        self._size: int | None = None
        self._entries: list[Entry] = []
        self.cleared = False

    def clear(self) -> None:
        self._size = None
        self._entries = []
        self.cleared = True

    def start(self, content: object) -> bool:
        """Take how many entries come; False where it makes no sense now."""
        match content:
            case {"size": int(size)} if self.cleared and self._size is None:
                self._size = size
                return size >= 0
        return False

    def add(self, content: object) -> bool:
        """Take the next entries; False where one is not the next, or none."""
        return isinstance(content, list) and all(map(self._add, content))

    def _add(self, content: object) -> bool:
        match content:
            case {"index": int(index), "data": entry} if (
                self._size is not None
                and index == len(self._entries) < self._size
                and is_entry(entry)
            ):
                self._entries.append(entry)
                return True
        return False

    def end(self) -> list[Entry] | None:
        """Return the whole schedule; None where entries are missing."""
        if self._size is None or len(self._entries) != self._size:
            return None
        self.cleared = False
        entries, self._entries, self._size = self._entries, [], None
        return entries


def is_entry(entry: object) -> bool:
    """Whether an entry has all keys of one, and values that make sense."""
    return (
        isinstance(entry, dict)
        and entry.keys() == _KEYS
        and all(isinstance(entry[key], bool) for key in ("active", "automatic"))
        and isinstance(entry["reminder"], bool)
        and all(isinstance(entry[key], str) for key in ("feeding_id", "name"))
        and is_portion(entry["portion"])
        and type(entry["time"]) is int
        and 0 <= entry["time"] < DAY_SECONDS
    )


def is_portion(portion: object) -> bool:
    """Whether it is a number of sixteenths of a cup, 1 to 32."""
    return (
        isinstance(portion, int | float)
        and LEAST_PORTION <= portion <= LARGEST_PORTION
        and portion % LEAST_PORTION == 0
    )


def is_budget(content: object) -> bool:
    """Whether it names a recipe as feeders like them, and what its food weighs."""
    return (
        isinstance(content, dict)
        and content.keys() == {"recipe", *_AMOUNTS}
        and isinstance(content["recipe"], str)
        and _RECIPE.fullmatch(content["recipe"]) is not None
        and len(content["recipe"]) in (7, 8)
        and all(
            isinstance(content[key], int | float) and content[key] > 0
            for key in _AMOUNTS
        )
    )


def digest(entries: Sequence[Entry]) -> str:
    """Return what the feeder says of its schedule; empty where it holds none."""
    if not entries:
        return ""
    text = json.dumps(entries, sort_keys=True).encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def next_meals(
    entries: Sequence[Entry], utc_offset: int, now: float
) -> tuple[float, list[Entry]] | None:
    """Return when (unix seconds, after `now`) which entries are due next."""
    due: dict[float, list[Entry]] = {}
    midnight = (now + utc_offset) // DAY_SECONDS * DAY_SECONDS - utc_offset
    for entry in entries:
        if entry["active"]:
            at = midnight + entry["time"]
            due.setdefault(at if at > now else at + DAY_SECONDS, []).append(entry)
    return min(due.items(), default=None, key=lambda each: each[0])
