"""What a command is made of on its way to a node, and what it waits for there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .command import Command
from .reports import Readings


class Gate(StrEnum):
    """What must hold before a command may be sent."""

    ALL_READY = "all_ready"
    READY = "ready"
    ONLINE = "online"
    AWAKE = "awake"
    RELAY = "relay"
    """Whoever relays to the nodes and holds commands for them is there."""


class Silence(StrEnum):
    """What it means that a node does not answer the message of a command in time."""

    DOUBT = "doubt"
    """It may not have come."""
    TAKEN = "taken"
    """Nothing: the node need not answer, and shows later what became of it."""
    DONE = "done"
    """Nothing: the node need not answer, and being told is all there is to it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message of a command, and the answers without an id that speak of it.

    `taken_on` are the subjects of answers to the message itself (accepted, refused),
    `done_on` those of what becomes of it (done, failed), `failed_on` those that tell
    only that it failed: several commands at a node may share them, for one that fits
    more than one of these is credited to none.
    """

    taken_on: frozenset[str] = frozenset()
    done_on: frozenset[str] = frozenset()
    failed_on: frozenset[str] = frozenset()
    done_once_taken: bool = False
    """Whether the node must have taken it first: it says what `done_on` names at other
    times, too."""
    done_once_told: bool = False
    """The same for a node that need not say that it takes it: without that, the
    connection must stand over which it was told. After a restart of ours, nobody knows
    whether it was. Once its time to be done is over, nothing is its end any more."""
    pause_after: float = 0.0
    """Seconds in which the node may say once more that it is done, without saying with
    what."""
    heeds_pauses: bool = False
    """Whether such an end could be taken for its own: it waits until none comes."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a node carries out a command that it has taken."""

    lasts: float = 0.0
    """Seconds."""
    ends_by_itself: bool = False
    """Whether it is over then, though the node does not say so.

    What lasts is done once the node is heard to have been up all the time; one that
    never tells for how long it has been up is taken at its word."""
    kept_for: float = 0.0
    """Seconds for which whoever relays may keep a message for a node that sleeps: until
    then its silence means nothing, and it is not sent anew."""
    undoing: Undoing | None = None
    """What is ordered where it may still go on after its time. None: nothing is."""
    silence: Silence | None = None
    """What it means that this node does not answer its last message. None: the same as
    of any node; see `Policy.silence`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """What ends what lasts, where the node does not say that it is over."""

    by: Wanted
    after: float
    """Seconds from when it was taken until that is ordered."""
    goes_on: bool = False
    """Whether it never ends by itself: so it is ordered whatever the node says."""
    over: tuple[str, str | float] | None = None
    """The reading, and its value, by which a node says that nothing goes on."""
    once_told: bool = False
    """Whether what it ends is done by that, though its node only was told to begin."""


def outcome_subjects(steps: Iterable[Step]) -> frozenset[str]:
    """Return what answers without an id speak of what becomes of these steps."""
    return frozenset().union(*(step.done_on for step in steps))


def is_taken_with(steps: Iterable[Step], subjects: AbstractSet[str]) -> bool:
    """Whether an answer with one of these subjects says that a step is taken."""
    return any(step.taken_on & subjects for step in steps)


def no_course(_command: Command, _node: str) -> Course:
    """Return that a command takes no time of its own."""
    return Course()


def one_step(_command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    """Return the one step of a command whose answers bear its id."""
    return (Step(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A command that gives a node what it should hold."""

    node: str
    kind: str
    params: Mapping[str, Any]
    key: str = ""
    holds: bool = True
    """False: it only takes away what the node may hold."""


type Run = tuple[float, Mapping[str, Any]]
"""When a node runs a line of its plan, in unix seconds, and the params of the line."""
