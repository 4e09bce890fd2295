"""Protocol 1 as a node speaks it: what it reads, what it writes, its traits."""

from __future__ import annotations

from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any

from simulator.node import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_JSON = 512
HIGHEST_ID = 2**31 - 1
SERVOS = range(1, 5)
LONGEST_WAIT = 60.0

type Flag = int | bool | str

WHILE_BUSY = ("quiet", "says_so")
FLAGS: dict[str, tuple[Flag, Flag]] = {
    "number": (0, 1),
    "bool": (False, True),
    "text": ("0", "1"),
}
UNKNOWN = "unknown"
_KINDS = {None: "feed", "reboot": "reboot", "servo": "operate", "dc": "operate"}


@dataclass(frozen=True, slots=True)
class Firmware:
    """What a node's firmware does. A `version` comes with health reports and a will.

    Without one it is that of its maker; `plain` is a newer one that remembers nothing.
    """

    version: str | None = None
    dedupes: bool = False
    answers_repeats: bool = True
    last_id: bool = False
    expires_at: bool = False
    execute_at: bool = False
    mixes_up: bool = True
    seed: bool = False
    """Whether it is the older one of its maker's."""
    native: bool = False
    """Whether it is the library of `firmware/` itself, run as a program."""


FIRMWARES = {
    "old": Firmware(),
    "seed": Firmware(seed=True),
    "plain": Firmware(version="1.9"),
    "new": Firmware(
        version="2.1.0", dedupes=True, last_id=True, expires_at=True, execute_at=True
    ),
    "native": Firmware(
        version="native",
        dedupes=True,
        last_id=True,
        expires_at=True,
        execute_at=True,
        mixes_up=False,
        native=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the nodes of a station have in common.

    `work_seconds` is how long a feed or an operation takes; `interval_scale`
    multiplies the nodes' own intervals. A node at work stops its ready reports, and
    once says that it is not ready where `while_busy` (of WHILE_BUSY) is "says_so".
    `flags`, a key of FLAGS, is how it spells yes and no.
    """

    prefix: str
    firmware: Firmware
    work_seconds: float = 3.0
    interval_scale: float = 1.0
    while_busy: str = "quiet"
    flags: str = "number"

    def flag(self, value: bool) -> Flag:
        return FLAGS[self.flags][value]

    def limit_seconds(self, *, dispenses: bool) -> float:
        """Return how long an original node waits for the board behind it."""
        return 30.0 if dispenses or self.firmware.seed else 60.0


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was read; its kind is UNKNOWN where its op is."""

    id: int
    kind: str
    payload: Mapping[str, Any]

    def expired(self, now: float) -> bool:
        """Return whether its `expires_at` (unix seconds) is there and is past."""
        expires_at = self.payload.get("expires_at")
        return isinstance(expires_at, int | float) and expires_at <= now

    def wait(self, now: float) -> float:
        """Return for how many seconds it waits for its `execute_at` (unix seconds).

        What is past, too far off or not before its end is not waited for.
        """
        at, expires_at = self.payload.get("execute_at"), self.payload.get("expires_at")
        if not isinstance(at, int | float) or isinstance(at, bool):
            return 0.0
        if isinstance(expires_at, int | float) and at >= expires_at > 0:
            return 0.0
        return at - now if 0 < at - now < LONGEST_WAIT else 0.0

    @property
    def portions(self) -> int:
        """What the items add up to; 0 where they are missing or make no sense."""
        items = self.payload.get("items")
        if not isinstance(items, list) or not items:
            return 0
        quantities = [_quantity(item) for item in items]
        return sum(quantities) if all(quantities) else 0

    @property
    def operable(self) -> bool:
        """Whether a servo or the motor of this node can do what is asked."""
        payload = self.payload
        if payload.get("on") not in (0, 1):
            return False
        return payload["op"] == "dc" or whole_of(payload.get("id")) in SERVOS


def read_command(payload: bytes) -> Command | None:
    """Return the command; None where the node drops it without a word."""
    if len(payload) > LONGEST_JSON:
        return None
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    command_id = whole_of(content.get("queue_id"))
    if not 0 < command_id <= HIGHEST_ID:
        return None
    op = content.get("op")
    kind = _KINDS.get(op, UNKNOWN) if op is None or isinstance(op, str) else UNKNOWN
    return Command(command_id, kind, content)


def message(
    settings: Settings,
    suffix: str,
    node: str,
    content: Mapping[str, Any],
    *,
    retain: bool = False,
) -> Message:
    """Return what the node publishes with QoS 0 on its topic of that suffix."""
    payload = json.dumps(content, separators=(",", ":")).encode()
    return Message(topic_of(settings, suffix, node), payload, retain=retain)


def topic_of(settings: Settings, suffix: str, node: str) -> str:
    return f"{settings.prefix}/{suffix}/{node}"


def whole_of(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _quantity(item: object) -> int:
    return max(0, whole_of(item.get("quantity"))) if isinstance(item, dict) else 0
