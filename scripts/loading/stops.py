"""What held Home Assistant's event loop, as `watched_home` tells it."""

from __future__ import annotations

import json
from pathlib import Path

from .figures import Figure

LONGEST_CALL = 0.005
"""Seconds for which one call of ours may hold the loop."""
NOTHING = (0.0, "nothing")

type Longest = dict[str, tuple[float, str]]
"""By what was watched: how many seconds it took at most, and what did."""


def longest(path: Path, since: float, until: float) -> Longest:
    """Return what took longest between two moments, in steady seconds."""
    found: Longest = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        if since <= told.pop("at") <= until:
            for kind, (seconds, what) in told.items():
                if seconds > found.get(kind, NOTHING)[0]:
                    found[kind] = (seconds, what)
    return found


def of_stops(when: str, ours: Longest, stock: Longest) -> list[Figure]:
    """Return what held the loop, beside stock sensors."""
    seconds, what = ours.get("ours", NOTHING)
    return [
        Figure(
            f"Longest call of ours, {when}, processor time",
            f"{1000 * seconds:.1f} ms in {_short(what)}",
            f"at most {1000 * LONGEST_CALL:.0f} ms",
            seconds <= LONGEST_CALL,
        ),
        Figure(f"Longest stop of the loop, {when}", _beside("loop", ours, stock)),
        Figure(
            f"Longest garbage collection, {when}", _beside("collection", ours, stock)
        ),
    ]


def _beside(kind: str, ours: Longest, stock: Longest) -> str:
    return f"{_in_words(ours, kind)} (stock: {_in_words(stock, kind)})"


def _in_words(found: Longest, kind: str) -> str:
    seconds, what = found.get(kind, NOTHING)
    return f"{1000 * seconds:.1f} ms in {_short(what)}"


def _short(what: str) -> str:
    """Return a name without the folders that all have in common."""
    return what.rpartition("/")[2].removeprefix("custom_components.mqtt_dispatch.")
