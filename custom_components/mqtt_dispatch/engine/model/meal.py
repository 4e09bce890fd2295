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
    begins: float | None = None
    """Unix seconds: only what occurs after it counts. None: it is still to begin."""
    nodes: tuple[str, ...] = ()
    """The nodes it is for; none: all of the station."""


@dataclass(frozen=True, slots=True)
class MealDate:
    """What tells an occurrence: one date of a meal."""

    meal_id: str
    nominal: str
    """Local "YYYY-MM-DDTHH:MM", as the owner reads it."""

    @property
    def date(self) -> str:
        """The local date: a meal occurs once on it, whatever its time becomes."""
        return self.nominal[:10]

    @property
    def idempotency_key(self) -> str:
        """What tells the feed of this occurrence, however often it is asked for."""
        return f"meal:{self.meal_id}:{self.nominal}"


@dataclass(frozen=True, slots=True)
class Settled(MealDate):
    """An occurrence that was dealt with: its command says what became of it."""

    command_id: int | None
    """What feeds it, or tells why it is not fed. None: nobody knows any more."""
    node: str = ""
    """The node that feeds it by itself; none: it is fed by a command."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What no other has."""
        return self.meal_id, self.date, self.node
