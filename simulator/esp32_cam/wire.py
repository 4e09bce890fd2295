"""Protocol 2 as a camera speaks it: its topics, what it reads, how it writes."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
import json
import re
from typing import TYPE_CHECKING, Any

from simulator.node import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SHARED_ROOT = "ESP32CAM"
FAMILIES = ("own", "shared")
HELLOS = ("status", "alive", "listed", "full")
METADATA = ("flat", "legacy", "nested", "full")
PAYLOADS = ("bytes", "base64", "payload_b64")
CLOCKS = ("iso", "unpadded", "unset")
QUOTES = ("plain", "typographic")
ACKS = ("none", "word", "object")
MISSES = ("ack", "cmd", "never")
BATCHES = ("acked", "flowing")
KINDS = {
    "capture_image": "capture_image",
    "send_image": "send_image",
    "send_all_pending": "send_all_pending",
    "next_wake": "set_wake_schedule",
    "reboot": "reboot",
    "firmware_url": "update_firmware",
    "ping": "ping",
}
UPDATE_CONFIG = "update_config"
PAPER_KINDS = frozenset({"capture_image", "send_image", "set_wake_schedule"})
ALL_KINDS = frozenset({*KINDS.values(), UPDATE_CONFIG})
SPELLINGS: dict[str, Callable[[str], str]] = {
    "COLONS": lambda mac: ":".join(re.findall("..", mac)),
    "PLAIN": lambda mac: mac,
    "colons": lambda mac: ":".join(re.findall("..", mac.lower())),
    "plain": lambda mac: mac.lower(),
    "DASHES": lambda mac: "-".join(re.findall("..", mac)),
    "named": lambda mac: f"esp32-cam-{mac[-4:].lower()}",
}
NAMED = "named"
"""The spelling of a camera that calls itself by a name; its hello tells its MAC."""

_MAC = re.compile(r"[0-9A-F]{12}")
_NAME = re.compile(r"[A-Za-z0-9:_-]{1,64}")
_TIME = re.compile(r"(1[0-2]|[1-9]):([0-5][0-9])(AM|PM)")
_QUOTED = re.compile(r'"([^"]*)"')
_DAY = 86_400
_HALF_DAY_HOURS = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """What the cameras of a station have in common; see `firmware` for real ones.

    `family` and `data` are of FAMILIES, `hello`, `metadata`, `payload`, `clock`,
    `quotes`, `acks`, `misses_on`, `batch` and `spelling` of HELLOS, METADATA, PAYLOADS,
    CLOCKS, QUOTES, ACKS, MISSES, BATCHES and SPELLINGS.
    """

    prefix: str
    family: str = "own"
    data: str = "own"
    """The family of its topic for images."""
    spelling: str = "COLONS"
    hello: str = "status"
    metadata: str = "flat"
    payload: str = "bytes"
    clock: str = "iso"
    quotes: str = "plain"
    acks: str = "none"
    """How it acknowledges commands."""
    counts_from: int = 1
    waits: bool = True
    """Whether no chunk leaves before `send_image`."""
    by_itself: bool = False
    """Whether it captures by itself after its hello, and sleeps when that arrived."""
    knows: frozenset[str] = PAPER_KINDS
    """The kinds of commands that it understands."""
    reads_flags: bool = True
    """Whether `"ACK_OK":true` says something to it; else an object alone does."""
    misses_on: str = "ack"
    """Where it listens for what is missing."""
    batch: str = "acked"
    """Whether an image of `send_all_pending` waits until the one before arrived."""
    pending_first: bool = True
    """Whether `capture_image` brings an image that is pending, where there is one."""
    fahrenheit: bool = False
    image_bytes: int = 12_000
    chunk_bytes: int = 1024
    chunk_seconds: float = 0.02
    capture_seconds: float = 0.5
    boot_seconds: float = 2.0
    awake_seconds: float = 60.0
    wake_seconds: float | None = None
    """How long it sleeps at most; None: until the time it was told, or a minute if it
    was told none."""
    pending: int = 0
    """Images that a camera took before anybody listened."""

    def spelled(self, name: str) -> str:
        """Return a camera's id as it stands on the wire."""
        return SPELLINGS[self.spelling](name) if _MAC.fullmatch(name) else name

    def topic(self, name: str, channel: str) -> str:
        """Return a topic of the camera."""
        family = self.data if channel == "data" else self.family
        root = SHARED_ROOT if family == "shared" else self.prefix
        return f"{root}/{self.spelled(name)}/{channel}"

    def message(self, name: str, channel: str, content: Mapping[str, Any]) -> Message:
        said = {"device_id": self.spelled(name), **content}
        text = json.dumps(said, separators=(",", ":"))
        if self.quotes == "typographic":
            text = _QUOTED.sub("\u201c\\1\u201d", text)
        return Message(self.topic(name, channel), text.encode())

    def as_payload(self, content: bytes) -> dict[str, Any]:
        """Return the bytes of a chunk as its message has them."""
        if self.payload == "bytes":
            return {"payload": list(content)}
        key = "payload_b64" if self.payload == "payload_b64" else "payload"
        return {key: b64encode(content).decode()}


def name_of(text: str) -> str:
    """Return a MAC as 12 upper-case hex digits, any other id as it is.

    Raises ValueError for what cannot stand in a topic as an id.
    """
    if not _NAME.fullmatch(text):
        raise ValueError(f"{text} is not an id, such as AABBCCDDEE01 or esp32-cam-01")
    mac = text.replace(":", "").replace("-", "").upper()
    return mac if _MAC.fullmatch(mac) else text


def read_object(payload: bytes, names: frozenset[str]) -> dict[str, Any] | None:
    """Return what a message for a camera of these names says; None for what it drops.

    One that names no camera is for whoever hears it: so the service of today sends.
    """
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    return content if content.get("device_id", next(iter(names))) in names else None


def kind_of(content: Mapping[str, Any]) -> str:
    """Return what a command does, as owners call it."""
    for field, kind in KINDS.items():
        if field in content:
            return kind
    return UPDATE_CONFIG


def next_at(text: object, now: float) -> float | None:
    """Return when a time such as 5:30PM is next, UTC; None where it is no time."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    hour = int(match[1]) % _HALF_DAY_HOURS
    hour += _HALF_DAY_HOURS if match[3] == "PM" else 0
    at = now // _DAY * _DAY + hour * 3600 + int(match[2]) * 60
    return at if at > now else at + _DAY
