"""What the engine asks for (effects) and answers."""

from __future__ import annotations

from dataclasses import dataclass

from .command import Cause, CommandState
from .meal import MealDate, OverdueMeal
from .reports import Hello


@dataclass(frozen=True, slots=True)
class Enqueued:
    """The answer to `Enqueue` and `Finish`; it may be an older command."""

    command_id: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The answer to `CancelAll`."""

    command_ids: tuple[int, ...]
    kept: tuple[tuple[int, str], ...]
    """What stays open, and by a code why."""


@dataclass(frozen=True, slots=True)
class Commit:
    """Write a snapshot, then say `Committed` or `CommitFailed`."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Send a step of a command to a node. What records the attempt is on disk."""

    command_id: int
    node: str
    step: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A command came into a state, and that is on disk."""

    command_id: int
    state: CommandState
    at: float
    """Unix seconds."""
    cause: Cause
    detail: str = ""
    """What the node said, or which person decided."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """A node called in that the station does not know."""

    node: str
    hello: Hello
    """How it introduced itself, as far as it did."""


@dataclass(frozen=True, slots=True)
class Instruct:
    """Tell a node what is no command: nothing is stored of it."""

    node: str | None
    """None: it is for whoever relays to the nodes."""
    message: object
    """Only its protocol can write it."""


@dataclass(frozen=True, slots=True)
class ImageCame:
    """An image is complete."""

    node: str
    name: str
    content: bytes
    taken_at: float
    """Unix seconds."""
    problem: str = ""
    """What its node said was wrong with it."""


@dataclass(frozen=True, slots=True)
class ImageIncomplete:
    """Of an image these parts never came; nobody waits for them any more."""

    node: str
    name: str
    missing: int


@dataclass(frozen=True, slots=True)
class Say:
    """Send the answer of a `Reply`, at once or never."""

    message: object


@dataclass(frozen=True, slots=True)
class TellTime:
    """Tell the nodes what time it is, at once or never."""


@dataclass(frozen=True, slots=True)
class MealPut:
    """The answer to `PutMeal`, and to `PutMeals` for each."""

    meal_id: str


@dataclass(frozen=True, slots=True)
class MealSkipped:
    """The answer to `SkipMeal`: the first date that it is about."""

    date: MealDate


@dataclass(frozen=True, slots=True)
class MealOverdue:
    """A meal was expected to have happened by now, and that is on disk."""

    meal: OverdueMeal


type ImageEffect = ImageCame | ImageIncomplete
type Effect = (
    Enqueued
    | MealPut
    | MealSkipped
    | MealOverdue
    | Withdrawn
    | Commit
    | Publish
    | Changed
    | Discovered
    | Say
    | TellTime
    | Instruct
    | ImageEffect
)
