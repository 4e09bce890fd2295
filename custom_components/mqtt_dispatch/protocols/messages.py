"""Messages: what comes, what is sent, and what one says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
import json
from typing import Any, Final

from ..engine.model.command import Command, CommandClass
from ..engine.model.reports import Report
from .params import InvalidCommand


@dataclass(frozen=True, slots=True)
class Message:
    """A message that came."""

    topic: str
    payload: bytes
    retain: bool
    wall: float
    """When it came; unix seconds."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A message for nodes. It is never retained."""

    topic: str
    payload: str


def compact_json(message: Mapping[str, Any] | list[Any], limit: int) -> str:
    """Return a message as JSON in ASCII without spaces, at most `limit` bytes.

    Raises InvalidCommand for a longer one.
    """
    payload = json.dumps(message, separators=(",", ":"), allow_nan=False)
    if len(payload) > limit:
        raise InvalidCommand("payload_too_large", size=len(payload), limit=limit)
    return payload


def qos_of(command: Command) -> int:
    """Return the quality of service at which a command is published.

    A client keeps what it published with QoS 1 until the broker says that it has it,
    and sends it anew after each reconnect: long after its command was given up, or a
    second time. What must happen once is therefore published with QoS 0, of which MQTT
    3.1.1 (4.3.1) and 5 (4.3.1) say that it arrives once or not at all; the node's
    answer tells which.
    """
    return 0 if command.command_class is CommandClass.ONCE else 1


NOT_ADOPTED: Final = "not adopted"
"""Why a message says nothing whose node is none of ours: nothing is wrong with it."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A message that says nothing, and why, in a few fixed words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What a node said of itself that is kept with what a person said of it."""

    node: str
    facts: Mapping[str, Any]
    """It goes into `Site.nodes`, and outweighs what is there."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened at a node, as it says."""

    node: str
    code: str
    """In the node's words: lower-case letters, digits and `_`."""
    details: Mapping[str, Any]
    """What it says of it, short and without secrets."""


type Said = Report | Publication | Malformed | Learned | Happened
"""What a message says."""
