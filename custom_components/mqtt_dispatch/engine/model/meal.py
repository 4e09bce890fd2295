"""A line of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Meal:
    """A line of the plan: a feed, or a run of a valve, that recurs."""

    id: str
    name: str
    time: str
    """Local, "HH:MM"."""
    weekdays: frozenset[str]
    """Of `WEEKDAYS`, at least one."""
    params: Mapping[str, Any]
    """Those that were given; their ranges are the protocol's."""
    enabled: bool = True
    handled: str = ""
    """Local "YYYY-MM-DDTHH:MM": occurrences up to and including it were dealt with."""
    nodes: tuple[str, ...] = ()
    """The nodes it is for; none: all of the station."""
