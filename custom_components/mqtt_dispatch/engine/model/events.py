"""What the engine is told (events), what it asks for (effects), what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from .choice import Chosen
from .command import Cause, Outcome
from .meal import LateAnswer, Meal, MealDate, TakenOff
from .reports import Report


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """What was asked for is not done, and nothing was changed.

    `code` names the reason; `placeholders` fill in its words.
    """

    def __init__(self, code: str, **placeholders: object) -> None:
        """Keep the reason as data."""
        super().__init__(code)
        self.code = code
        self.placeholders = {key: str(value) for key, value in placeholders.items()}


class Guarded(Refused):
    """A guard of the station refuses a feed."""


class TooMany(Guarded):
    """So many feeds are ordered that a person must confirm one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue:
    """Store a command. Answered by `Enqueued`."""

    kind: str
    params: Mapping[str, Any]
    nodes: tuple[str, ...]
    cause: Cause
    key: str = ""
    at: float | None = None
    """Unix seconds: not to be sent before; for what must happen once. None: at once."""
    expires_in: float | None = None
    """Seconds, from when it may be sent; None: what the policy of the kind says."""
    idempotency_key: str | None = None
    confirmed: bool = False
    """Whether a person wants it however many feeds are ordered already."""
    meal: MealDate | None = None
    """The date of a meal that it is to feed."""
    off_next_meal: bool = False
    """Whether the next meal gets so much less; `no_next_meal` where there is none."""
    taken_off: TakenOff | None = None
    """What that comes to; the engine says it."""
    held: bool = False
    """Whether it waits for `Release`: others are to be stored with it, or none."""


@dataclass(frozen=True, slots=True)
class Release:
    """Send what was ordered to be held, if it still is: all ordered with it is stored.

    Or (False) take it back: something of that could not be.
    """

    command_id: int
    all_stored: bool = True


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take back a command that was never sent."""

    command_id: int
    by: str = ""
    """Who wants it, as people call them."""


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Empty the queue: take back all that can be. Answered by `Withdrawn`."""

    by: str = ""
    """Who wants it, as people call them."""


@dataclass(frozen=True, slots=True)
class Resolve:
    """Settle an unconfirmed command, or have it sent again."""

    command_id: int
    outcome: Outcome
    by: str = ""
    """Who says so, as people call them."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Order the part of an ended command that was certainly not done.

    Answered by `Enqueued`; asked twice, it is ordered once.
    """

    command_id: int


@dataclass(frozen=True, slots=True)
class ConfirmRestore:
    """Go on after an older file was put back: with what it held waiting, or without."""

    keep: bool
    by: str = ""
    """Who decided, as people call them."""


@dataclass(frozen=True, slots=True)
class TrustClock:
    """Go by the wall clock: a person says that it is right."""


@dataclass(frozen=True, slots=True)
class Dispatching:
    """Send what is ready, or (False) pause and send nothing.

    A pause ends by itself at `until` (unix seconds), or when it has lasted so many
    seconds whatever the wall clock says.
    """

    enabled: bool
    until: float | None = None
    lasts: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedRefused:
    """A guard has refused a feed, and who ordered it was told so."""

    by: str = ""
    """Who that is, as people call them."""


@dataclass(frozen=True, slots=True)
class ForgetRefusals:
    """A person has seen that feeds were refused one after the other."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Keep an amount from now on; it holds once it is on disk."""

    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Connection:
    """The connection to the broker came or went."""

    up: bool


@dataclass(frozen=True, slots=True)
class Committed:
    """The snapshot of this revision is on disk."""

    revision: int


@dataclass(frozen=True, slots=True)
class CommitFailed:
    """The snapshot of this revision could not be written."""

    revision: int


@dataclass(frozen=True, slots=True)
class NotPublished:
    """A `Publish` certainly did not leave."""

    command_id: int
    node: str


@dataclass(frozen=True, slots=True)
class Archived:
    """These closed commands are in the history."""

    command_ids: frozenset[int] | None
    """None: it could not be written, and is tried again."""


@dataclass(frozen=True, slots=True)
class PutMeal:
    """Add a meal (an empty id: give it one) or replace the one with its id.

    Answered by `MealPut`.
    """

    meal: Meal


@dataclass(frozen=True, slots=True)
class PutMeals:
    """Do that with several meals: all of them are stored, or none.

    Answered by a `MealPut` for each, in their order.
    """

    meals: tuple[Meal, ...]


@dataclass(frozen=True, slots=True)
class RemoveMeal:
    """Remove a meal."""

    meal_id: str


@dataclass(frozen=True, slots=True)
class SkipMeal:
    """Have a date of a meal not happen, or all up to and with a date.

    Without either, the next. Answered by `MealSkipped`.
    """

    meal_id: str
    day: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class UnskipMeal:
    """Have a date that is skipped happen after all; without one, all that are."""

    meal_id: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class PausePlan:
    """Do nothing of the plan until then (unix seconds), or until `ResumePlan`."""

    until: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResumePlan:
    """Do what is planned from now on."""


@dataclass(frozen=True, slots=True)
class AnswerOverdue:
    """A person says what is to become of a date that is overdue."""

    meal_id: str
    nominal: str
    answer: LateAnswer
    node: str = ""
    by: str = ""
    """Who says so, as people call them."""


@dataclass(frozen=True, slots=True)
class ZoneChanged:
    """The owner's time zone is another one, or the sun rises at other times there."""

    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup of the stored files is being made, or (False) is so no longer."""

    under_way: bool


@dataclass(frozen=True, slots=True)
class Adopted:
    """A node was adopted; it gets what every node gets at first, once a `key`."""

    node: str
    key: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing happened but time."""


type CommandWish = (
    Enqueue
    | Release
    | Cancel
    | CancelAll
    | Resolve
    | Finish
    | FeedRefused
    | ForgetRefusals
)
type MealWish = (
    PutMeal
    | PutMeals
    | RemoveMeal
    | SkipMeal
    | UnskipMeal
    | PausePlan
    | ResumePlan
    | AnswerOverdue
)
type StationWish = (
    Adopted
    | Backup
    | Choose
    | ConfirmRestore
    | Dispatching
    | MealWish
    | TrustClock
    | ZoneChanged
)
type Wish = CommandWish | StationWish
"""What people, automations and Home Assistant ask for."""

type Event = (
    Report
    | Wish
    | Connection
    | Committed
    | CommitFailed
    | NotPublished
    | Archived
    | Tick
)
