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
class Listing:
    """Whoever relays tells how many nodes there are; so many `Listed` follow."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A node that whoever relays knows. It counts once the whole list has come."""

    seen: Seen
    hello: Hello | None = None
    """How it introduces the node to a station that does not have it."""


@dataclass(frozen=True, slots=True)
class Holds:
    """How many commands are held for a node; `HeldItem`s follow, one for each."""

    node: str
    count: int


@dataclass(frozen=True, slots=True)
class HeldItem:
    """A command that is held for the node of the last `Holds`.

    Its `subject` is the one with which it was taken.
    """

    subject: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInfo:
    """What a node says of an image before, among or after its parts."""

    node: str
    name: str
    parts: int
    size: int | None
    """Bytes, where the node told it."""
    taken_at: float | None
    """Unix seconds; None: nobody knows."""
    problem: str = ""
    """What the node says is wrong with it."""


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A part of an image. Nodes count them from 0 or from 1."""

    node: str
    name: str
    index: int
    content: bytes


@dataclass(frozen=True, slots=True)
class NoImage:
    """A node could not take an image, or not find the one of this name."""

    node: str
    name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReadingsAlone:
    """A node told what it measured, and nothing of an image."""

    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingImages:
    """A node that calls in keeps images that it could not send before."""

    node: str
    count: int
    names: tuple[str, ...]
    """What they are called, as far as it told."""
    all_at_once: bool
    """Whether it sends them all when it is told so once."""


ANY_IMAGE = "image"
"""The subject of answers that speak of the next image, whatever it is called."""


def image_subject(name: str) -> str:
    """Return the subject of answers that speak of the image of this name."""
    return f"{ANY_IMAGE}:{name}"


type Answer = Accepted | Rejected | Busy | Done | Failed
type Question = AsksTime | Reply
type Heard = (
    Seen
    | Hello
    | Answer
    | Relay
    | Forgot
    | Listing
    | Listed
    | Holds
    | HeldItem
    | Needs
    | Dispensed
    | ImageInfo
    | ImagePart
    | NoImage
    | ReadingsAlone
    | PendingImages
)
type Report = Heard | Question
