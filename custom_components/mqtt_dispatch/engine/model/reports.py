"""What nodes say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

type Readings = Mapping[str, str | float]
"""What a node told of itself."""

NO_SUCH_COMMAND = "no_such_command"
"""The reason of a refusal: the firmware of whoever was asked is too old for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A node was heard. A field that did not come is None and stays as it was."""

    node: str
    live: bool
    """False for a retained message, which proves nothing about the present."""
    age: float = 0.0
    """How many seconds ago, where whoever relays remembers it."""
    online: bool | None = None
    ready: bool | None = None
    uptime: float | None = None
    """Seconds."""
    counts_from_boot: bool = True
    """Whether `uptime` does. That of a node that sleeps begins at each waking: that it
    fell says nothing."""
    drops_repeats: bool | None = None
    last_id: int | None = None
    """The highest command id that the node executed."""
    readings: Readings = field(default_factory=dict)
    untold: frozenset[str] = frozenset()
    """Readings that hold no longer: this message would tell them if they did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """A node introduced itself: it has started, woken up or connected anew."""

    node: str
    hardware_id: str = ""
    type: str = ""
    firmware: str = ""
    capabilities: tuple[str, ...] = ()
    called: str = ""
    """What it is called on the wire, where that may be something else."""
    place: str = ""
    """Where it is, in words of the wire, if it has a place of its own already."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A node took a command.

    An answer with an id speaks of that command, and of its `step` where it has several
    (None: the one sent last). One without speaks of what is in flight at the node and
    has a step with this `subject`. A `node` that is None is whichever was asked.
    """

    node: str | None
    command_id: int | None = None
    step: int | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A node refused a command; see `Accepted`."""

    node: str | None
    command_id: int | None = None
    reason: str = ""
    step: int | None = None
    subject: str = ""
    after_all: bool = False
    """Whether it may have taken it before, and this is its last word on it."""
    for_good: bool = False
    """Whether it is of no use to ask again: it has no such command."""


@dataclass(frozen=True, slots=True)
class Busy:
    """A node certainly did not begin a command, and may later; see `Accepted`."""

    node: str | None
    command_id: int | None = None
    step: int | None = None
    subject: str = ""
    after_all: bool = False
    """Whether it may have taken it before; see `Rejected`."""


@dataclass(frozen=True, slots=True)
class Done:
    """A node finished a command; see `Accepted`."""

    node: str | None
    command_id: int | None = None
    step: int | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A node could not do a command; see `Accepted`.

    Where the `readings` that it tells thereby make an attempt one of other steps, it
    is tried anew in those.
    """

    node: str | None
    command_id: int | None = None
    reason: str = ""
    step: int | None = None
    subject: str = ""
    for_good: bool = False
    """Whether it is of no use to ask again: it did not understand, and did nothing."""
    readings: Readings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AsksTime:
    """Somebody waits to be told what time it is."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody waits for an answer, which is this; only its protocol can read it."""

    message: object


@dataclass(frozen=True, slots=True)
class Relay:
    """Whoever relays between the nodes and the broker was heard, live."""


@dataclass(frozen=True, slots=True)
class Forgot:
    """Whoever holds commands for nodes holds none any more.

    It started anew or, with a `node`, dropped what it held for that one.
    """

    node: str | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """A node lacks what it should hold: what a kind of command gives it."""

    node: str
    kind: str
    repeated: bool = False
    """Whether it says so all the time: what failed is not tried anew for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispensed:
    """A node fed by itself, or failed to."""

    node: str
    started_at: float
    """Unix seconds; with the node it names the meal, however often it is told."""
    planned: bool
    """Whether its plan made it feed; else a button did, or a command."""
    grams: float | None
    reason: str = ""
    """Why it failed; empty: it fed."""


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What only the session of a protocol understands."""


type Answer = Accepted | Rejected | Busy | Done | Failed
type Question = AsksTime | Reply
type Heard = Seen | Hello | Answer | Relay | Forgot | Needs | Dispensed | SessionReport
type Report = Heard | Question
