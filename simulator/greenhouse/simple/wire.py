"""Protocol 4 as a node speaks it: what it reads, what it checks, its traits.

What the wire leaves open is decided here:

- A command with too many bytes, levels or keys, or without one of `cmd`, `params` and
  `cmd_id`, is dropped without a word. One whose signature or time is wrong, or that has
  none where the node has a secret, is answered INVALID and not remembered.
- A node without a secret knows neither `ts` nor `sig`.
"""

from __future__ import annotations

from dataclasses import dataclass
import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_JSON = 4096
DEEPEST_JSON = 16
CLOCK_TOLERANCE_SECONDS = 10.0
LEAST_SECRET = 32
MOST_CHANNELS = 32
BINDINGS = ("report", "response")

_CMD_ID = re.compile(r"[A-Za-z0-9_-]{1,63}")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ALWAYS = {"cmd", "params", "cmd_id"}
_SIGNED = {"ts", "sig"}


@dataclass(frozen=True, slots=True)
class Firmware:
    """What a node's firmware does."""

    version: str
    signs: bool
    """Whether it has a secret and checks signatures."""
    reports_done: bool
    """Whether it says more than that it has started."""


FIRMWARES = {
    "old": Firmware("2.9", signs=False, reports_done=False),
    "new": Firmware("5.2", signs=True, reports_done=True),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the nodes of a station have in common.

    `work_seconds` is how long a dose or a calibration takes; `interval_scale`
    multiplies the nodes' own intervals, but for the polls of a configuration.
    `binding`, of BINDINGS, is how a node tells what it holds.
    """

    prefix: str
    firmware: Firmware
    work_seconds: float = 3.0
    interval_scale: float = 1.0
    binding: str = "report"


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was read."""

    id: str
    cmd: str
    params: Mapping[str, Any]
    content: Mapping[str, Any]


class ConfigError(ValueError):
    """A configuration that a node does not take; the text says why."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a node was configured with."""

    content: Mapping[str, Any]

    @property
    def address(self) -> str:
        words = (self.content[key] for key in ("gh_uid", "zone_uid", "node_id"))
        return "/".join(words)

    @property
    def secret(self) -> str | None:
        secret: str | None = self.content.get("node_secret")
        return secret

    @property
    def channels(self) -> dict[str, Mapping[str, Any]]:
        return {channel["name"]: channel for channel in self.content["channels"]}


def read_command(payload: bytes, *, signed: bool) -> Command | None:
    """Return the command; None where the node drops it without a word."""
    try:
        content = _read_object(payload)
        _canonical(content).encode()
    except (ValueError, OverflowError, RecursionError):
        return None
    unknown = {*content} - _ALWAYS - (_SIGNED if signed else set())
    match content:
        case {"cmd": str(cmd), "cmd_id": str(cmd_id), "params": dict(params)}:
            if _CMD_ID.fullmatch(cmd_id) and not unknown:
                return Command(cmd_id, cmd, params, content)
    return None


def refusal(command: Command, secret: str, now: float) -> str | None:
    """Return why a node with a secret refuses a command; None: it does not."""
    content = command.content
    ts, sig = content.get("ts"), content.get("sig")
    if not isinstance(ts, int) or not isinstance(sig, str):
        return "invalid_hmac_format"
    if abs(now - ts) > CLOCK_TOLERANCE_SECONDS:
        return "timestamp_expired"
    unsigned = {key: value for key, value in content.items() if key != "sig"}
    expected = hmac.new(
        secret.encode(), _canonical(unsigned).encode(), hashlib.sha256
    ).hexdigest()
    return None if sig == expected else "invalid_signature"


def read_config(payload: bytes) -> Config:
    """Return the configuration. Raises ConfigError."""
    try:
        content = _read_object(payload)
    except (ValueError, RecursionError):
        raise ConfigError("invalid_json") from None
    for key in ("node_id", "gh_uid", "zone_uid", "type"):
        value = content.get(key)
        if not isinstance(value, str) or not _WORD.fullmatch(value):
            raise ConfigError(f"invalid_{key}")
    if not isinstance(content.get("version"), int):
        raise ConfigError("invalid_version")
    channels = content.get("channels")
    if not isinstance(channels, list) or len(channels) > MOST_CHANNELS:
        raise ConfigError("invalid_channels")
    for channel in channels:
        match channel:
            case {"name": str(name), "type": "SENSOR" | "ACTUATOR"}:
                if _WORD.fullmatch(name):
                    continue
        raise ConfigError("invalid_channels")
    secret = content.get("node_secret", "x" * LEAST_SECRET)
    if not isinstance(secret, str) or len(secret) < LEAST_SECRET:
        raise ConfigError("invalid_node_secret")
    return Config(content)


def _read_object(payload: bytes) -> dict[str, Any]:
    if len(payload) > LONGEST_JSON:
        raise ValueError("too long")
    content = json.loads(payload.decode())
    if not isinstance(content, dict) or _depth(content) > DEEPEST_JSON:
        raise ValueError("no object")
    return content


def _depth(value: object) -> int:
    match value:
        case dict():
            return 1 + max((_depth(each) for each in value.values()), default=0)
        case list():
            return 1 + max((_depth(each) for each in value), default=0)
    return 0


def _canonical(value: object) -> str:
    if isinstance(value, dict):
        members = (f"{_text(key)}:{_canonical(value[key])}" for key in sorted(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value)}"
    short = f"{value:.15g}"
    return short if float(short) == value else f"{value:.17g}"
