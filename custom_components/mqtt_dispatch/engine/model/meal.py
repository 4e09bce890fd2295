"""A line of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_DEADLINE: Final = 30 * 60.0
"""Seconds after a meal's time in which it is expected to have happened."""


class Sun(StrEnum):
    """What the sun does that a meal goes by."""

    SUNRISE = "sunrise"
    SUNSET = "sunset"


class IfMissed(StrEnum):
    """What is to be done about a date whose time passed while nothing could be done."""

    FEED_LATE = "feed_late"
    """It is fed, if it is at most `Settings.late` late."""
    SKIP = "skip"
    ASK = "ask"
    """A person is asked at once."""


class Became(StrEnum):
    """What became of one date of a meal."""

    DUE = "due"
    """Nothing yet: it is still to come, waits, is under way, or is in doubt."""
    FED = "fed"
    SKIPPED = "skipped"
    MISSED = "missed"
    FAILED = "failed"


class LateAnswer(StrEnum):
    """What a person says of a date that should have happened by now."""

    FEED_NOW = "feed_now"
    HAPPENED = "happened"
    LEAVE = "leave"


def no_sun(_event: Sun, _day: date) -> float | None:
    """Return that nobody knows when the sun rises and sets."""
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the owner lives: what his clocks show, and when the sun rises there."""

    zone: tzinfo = UTC
    sun: Callable[[Sun, date], float | None] = no_sun
    """`sun(event, day)`: unix seconds; None: it does not on that local date."""


@dataclass(frozen=True, slots=True)
class Rule:
    """On which local dates something is to be done, and when on each."""

    time: str = ""
    """Local, "HH:MM"; empty: it goes by the sun."""
    weekdays: frozenset[str] = frozenset(WEEKDAYS)
    """Of `WEEKDAYS`, at least one."""
    sun: Sun | None = None
    offset: int = 0
    """Minutes after the sun rises or sets; negative: before."""
    every: int = 1
    """Days from one date to the next, from `first` on; its weekday must fit as well."""
    first: date | None = None
    until: date | None = None
    """The last date."""

    @property
    def one_date(self) -> bool:
        """Whether it is for one date and no more."""
        return self.first is not None and self.first == self.until


@dataclass(frozen=True, slots=True)
class Override:
    """What is otherwise on one date of a meal."""

    skipped: bool | None = None
    """None: as for the dates around it."""
    time: str = ""
    """Local, "HH:MM"; empty: that of the meal."""
    params: Mapping[str, Any] | None = None
    """None: those of the meal."""


@dataclass(frozen=True, slots=True)
class Meal:
    """A line of the plan: a feed, a run of a valve, a picture, that recurs."""

    id: str
    name: str
    rule: Rule
    params: Mapping[str, Any]
    """Those that were given; their ranges are the protocol's."""
    kind: str = "feed"
    enabled: bool = True
    begins: float | None = None
    """Unix seconds: only what occurs after it counts. None: it is still to begin."""
    nodes: tuple[str, ...] = ()
    """The nodes it is for; none: all of the station."""
    if_missed: IfMissed = IfMissed.FEED_LATE
    deadline: float = USUAL_DEADLINE
    """Seconds after its time in which it is expected to have happened."""
    skipped_until: date | None = None
    """The last date that is skipped, of those from now on."""
    overrides: Mapping[str, Override] = field(default=MappingProxyType({}))
    """What is otherwise, by local dates "YYYY-MM-DD"."""


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


@dataclass(frozen=True, slots=True)
class OverdueMeal(MealDate):
    """An occurrence that was expected to have happened by now, and did not."""

    at: float
    """When it was due; unix seconds."""
    node: str = ""
    """The node that feeds it by itself; none: it is fed by a command."""
    answer: LateAnswer | None = None
    """What a person said of it."""

    @property
    def key(self) -> tuple[str, str]:
        """What no other has: of a meal only the latest date is overdue."""
        return self.meal_id, self.node


@dataclass(frozen=True, slots=True)
class TakenOff(MealDate):
    """What a feed was given of a date beforehand: so much less is fed on it."""

    portions: int


@dataclass(frozen=True, slots=True)
class Deviation:
    """What a node will do otherwise than planned, by the plan that it holds."""

    node: str
    at: float
    """Unix seconds."""
    params: Mapping[str, Any]
    """Those of a line of the plan."""
    runs: bool
    """Whether it does it, though it should not. False: the other way round."""
    meal_id: str = ""
    """Empty: nobody knows of which meal it is, or it is gone."""
    skipped: bool = False
    """Whether it is a date of the meal that is not to happen."""
