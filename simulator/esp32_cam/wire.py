"""Protocol 2 as a camera speaks it: its topics, what it reads, what it writes."""

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
HELLOS = ("old", "new")
PAYLOADS = ("base64", "bytes")
METADATA = ("usual", "drifted", "nested")
CLOCKS = ("iso", "seconds", "milliseconds", "unset")
KINDS = {
    "capture_image": "capture_image",
    "send_image": "send_image",
    "next_wake": "set_wake_schedule",
    "reboot": "reboot",
    "firmware_url": "update_firmware",
    "ping": "ping",
}
SPELLINGS: dict[str, Callable[[str], str]] = {
    "COLONS": lambda mac: ":".join(re.findall("..", mac)),
    "PLAIN": lambda mac: mac,
    "colons": lambda mac: ":".join(re.findall("..", mac.lower())),
    "plain": lambda mac: mac.lower(),
}

_MAC = re.compile(r"[0-9A-F]{12}")
_TIME = re.compile(r"(1[0-2]|[1-9]):([0-5][0-9])(AM|PM)")
_DAY = 86_400
_HALF_DAY_HOURS = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """What the cameras of a station have in common.

    `wake_seconds` is how long they sleep at most; None: until the time they were told,
    or a minute if they were told none. `family`, `hello`, `payload`, `metadata`,
    `clock` and `spelling` are of FAMILIES, HELLOS, PAYLOADS, METADATA, CLOCKS and
    SPELLINGS.
    """

    prefix: str
    family: str = "own"
    spelling: str = "COLONS"
    hello: str = "new"
    payload: str = "base64"
    metadata: str = "usual"
    clock: str = "iso"
    counts_from: int = 0
    fahrenheit: bool = False
    image_bytes: int = 12_000
    chunk_bytes: int = 1024
    chunk_seconds: float = 0.02
    capture_seconds: float = 0.5
    boot_seconds: float = 2.0
    awake_seconds: float = 60.0
    wake_seconds: float | None = None
    pending: int = 0
    """Images that a camera took before anybody listened."""

    def topic(self, mac: str, channel: str) -> str:
        """Return a topic of the camera; `data` is of both families."""
        shared = self.family == "shared" or channel == "data"
        root = SHARED_ROOT if shared else self.prefix
        return f"{root}/{SPELLINGS[self.spelling](mac)}/{channel}"

    def message(self, mac: str, channel: str, content: Mapping[str, Any]) -> Message:
        said = {"device_id": SPELLINGS[self.spelling](mac), **content}
        payload = json.dumps(said, separators=(",", ":")).encode()
        return Message(self.topic(mac, channel), payload)


def mac_of(text: str) -> str:
    """Return a MAC as 12 upper-case hex digits. Raises ValueError."""
    mac = text.replace(":", "").upper()
    if not _MAC.fullmatch(mac):
        raise ValueError(f"{text} is not a MAC, such as AABBCCDDEE01")
    return mac


def read_object(payload: bytes, mac: str) -> dict[str, Any] | None:
    """Return what a message for this camera says; None for what it drops."""
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    device_id = content.get("device_id")
    try:
        mine = isinstance(device_id, str) and mac_of(device_id) == mac
    except ValueError:
        mine = False
    return content if mine else None


def kind_of(content: Mapping[str, Any]) -> str:
    """Return what a command does, as owners call it."""
    for field, kind in KINDS.items():
        if field in content:
            return kind
    return "update_config"


def next_at(text: object, now: float) -> float | None:
    """Return when a time such as 5:30PM is next, UTC; None where it is no time."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    hour = int(match[1]) % _HALF_DAY_HOURS
    hour += _HALF_DAY_HOURS if match[3] == "PM" else 0
    at = now // _DAY * _DAY + hour * 3600 + int(match[2]) * 60
    return at if at > now else at + _DAY


def as_payload(settings: Settings, content: bytes) -> str | list[int]:
    if settings.payload == "bytes":
        return list(content)
    return b64encode(content).decode()
