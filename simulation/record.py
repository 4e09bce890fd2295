"""What happened in a run, as the checker reads it. It knows nothing of the engine."""

from __future__ import annotations

from typing import NamedTuple

type Contents = bytes | None


class StationBegan(NamedTuple):
    """`tells`: the nodes that drop repeated ids and report their last one.

    `places`: how many lines of a plan each node has room for, where nodes keep it.
    `wall`: what the clock showed then, in unix seconds.

    `feeds_waiting`, `feeds_per_hour`: how many the owner allows. 0: any number.
    """

    at: float
    station: str
    nodes: tuple[str, ...]
    drops_repeats: tuple[str, ...]
    tells: tuple[str, ...]
    protocol: str = "paired_dispenser"
    zone: str = "UTC"
    places: tuple[tuple[str, int], ...] = ()
    wall: float = 0.0
    feeds_waiting: float = 0
    feeds_per_hour: float = 0


class Loaded(NamedTuple):
    """A station began from what it found in its two files."""

    at: float
    station: str
    stored: Contents
    history: Contents


class NotLoaded(NamedTuple):
    """A station refused to begin from its files."""

    at: float
    station: str


class Durable(NamedTuple):
    """From here on, a file survives a loss of power with these contents."""

    at: float
    station: str
    part: str
    contents: bytes


class Asked(NamedTuple):
    """Somebody called an action that makes a command. `wall` is unix seconds."""

    at: float
    station: str
    intent: int
    kind: str
    key: str | None
    wall: float


class Answered(NamedTuple):
    """The action returned."""

    at: float
    station: str
    intent: int
    command_id: int


class NotStored(NamedTuple):
    """The action failed: its command could not be stored."""

    at: float
    station: str
    intent: int
    command_id: int


class Refused(NamedTuple):
    at: float
    station: str
    what: str
    code: str


class Together(NamedTuple):
    """Commands were ordered at several stations, each by its id: all, or none."""

    at: float
    orders: tuple[tuple[str, int], ...]


class TogetherEnded(NamedTuple):
    """They may be sent now; or (not `stored`) who ordered was told that none is."""

    at: float
    orders: tuple[tuple[str, int], ...]
    stored: bool


class Emptied(NamedTuple):
    """All that waited was taken back, and that is stored."""

    at: float
    station: str
    withdrawn: tuple[int, ...]
    kept: tuple[int, ...]


class Paused(NamedTuple):
    """Nothing is sent from now on, till `until`; `by_wall`: the wall clock brings that.

    Not `known`: somebody wants a pause or its end, and may yet be told that it failed.
    """

    at: float
    station: str
    known: bool
    until: float | None = None
    by_wall: bool = False


class Resend(NamedTuple):
    """A person said "send again", and (`taken_back`) was told that it cannot be."""

    at: float
    station: str
    command_id: int
    taken_back: bool


class Decided(NamedTuple):
    """A person settled what was unconfirmed, or took back what waited."""

    at: float
    station: str
    command_id: int
    outcome: str


class RestoreConfirmed(NamedTuple):
    at: float
    station: str
    keep: bool


class Told(NamedTuple):
    """A change of a command that entities and automations were told of."""

    at: float
    station: str
    command_id: int
    state: str
    cause: str


class OverdueTold(NamedTuple):
    """A date of a meal that entities were told to be overdue."""

    at: float
    station: str
    meal_id: str
    nominal: str
    node: str


class Shown(NamedTuple):
    """What people are shown: the state of each command, and of its part at each node.

    The third of each part is why it came into that state.
    """

    at: float
    station: str
    commands: tuple[tuple[int, str, tuple[tuple[str, str, str], ...]], ...]


class OpenCommands(NamedTuple):
    """What is open while nothing is under way, and what each one waits for."""

    at: float
    station: str
    deadline: float | None
    commands: tuple[tuple[int, str, tuple[str, ...]], ...]


class Overslept(NamedTuple):
    """The rules asked to be called, and were called so many seconds later."""

    at: float
    station: str
    late: float


class Sent(NamedTuple):
    """A message for nodes left; `again`: the MQTT client sent what it had kept."""

    at: float
    station: str
    topic: str
    payload: bytes
    again: bool


class Executed(NamedTuple):
    """A node did something. `name` and `payload` (JSON) are as it has them."""

    at: float
    station: str
    node: str
    name: str
    kind: str
    payload: str


class Complained(NamedTuple):
    """A node, or who holds commands for it, said that it has too many."""

    at: float
    station: str
    client: str
    payload: bytes


class Asks(NamedTuple):
    """A node's question, or its hello, came; `answerable`: the station may speak.

    `wall` is unix seconds, as the station reads them.
    """

    at: float
    station: str
    topic: str
    payload: bytes
    answerable: bool
    wall: float = 0.0


class Came(NamedTuple):
    """A message came that may have to wait to be read. `wall` is unix seconds."""

    at: float
    station: str
    topic: str
    wall: float


class Read(NamedTuple):
    """The message that came at `wall` was read."""

    at: float
    station: str
    topic: str
    wall: float


class Pictured(NamedTuple):
    """A node began to send an image."""

    at: float
    station: str
    node: str
    name: str
    digest: str


class Pictures(NamedTuple):
    """People are shown an image."""

    at: float
    station: str
    node: str
    name: str
    digest: str


class ZoneSet(NamedTuple):
    """The owner's time zone is another one."""

    at: float
    station: str
    zone: str


class Holds(NamedTuple):
    """What a node holds of the plan, as JSON, at the end; `wall` is unix seconds."""

    at: float
    station: str
    node: str
    wall: float
    contents: str


class Booted(NamedTuple):
    at: float
    station: str
    node: str


class Crashed(NamedTuple):
    """All memory was lost; `power`: so was what was not durable."""

    at: float
    power: bool
    point: str


class Stopped(NamedTuple):
    at: float


class Restored(NamedTuple):
    """Files as they were at `taken_at` were put back."""

    at: float
    station: str
    taken_at: float
    stored: Contents
    history: Contents


class Corrupted(NamedTuple):
    at: float
    station: str


class HistoryDamaged(NamedTuple):
    """The history of a station went bad: it has no past any more."""

    at: float
    station: str


class Mended(NamedTuple):
    """The good file is there again."""

    at: float
    station: str


class ClockSet(NamedTuple):
    """The wall clock was set by so many seconds."""

    at: float
    by: float


class Fault(NamedTuple):
    """Anything else that was done to the world."""

    at: float
    kind: str
    what: str


class Healed(NamedTuple):
    """From here on nothing goes wrong any more."""

    at: float


class Ended(NamedTuple):
    """`in_time`: before that, all came to rest."""

    at: float
    in_time: bool


type Entry = (
    StationBegan
    | Loaded
    | NotLoaded
    | Durable
    | Asked
    | Answered
    | NotStored
    | Refused
    | Together
    | TogetherEnded
    | Emptied
    | Paused
    | Resend
    | Decided
    | RestoreConfirmed
    | Told
    | OverdueTold
    | Shown
    | OpenCommands
    | Overslept
    | Sent
    | Executed
    | Complained
    | Asks
    | Came
    | Read
    | Pictured
    | Pictures
    | ZoneSet
    | Holds
    | Booted
    | Crashed
    | Stopped
    | Restored
    | Corrupted
    | HistoryDamaged
    | Mended
    | ClockSet
    | Fault
    | Healed
    | Ended
)
