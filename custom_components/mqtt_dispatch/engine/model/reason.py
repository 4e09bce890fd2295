"""What a command waits for. Reasons are data; translations make the words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """What a command waits for."""

    DISCONNECTED = "disconnected"
    PAUSED = "paused"
    STORAGE = "storage"
    RESTORED = "restored"
    CLOCK = "clock"
    NOT_YET = "not_yet"
    NEVER_HEARD = "never_heard"
    OFFLINE = "offline"
    SILENT = "silent"
    NOT_READY = "not_ready"
    NEVER_READY = "never_ready"
    STALE = "stale"
    SETTLING = "settling"
    ECHO = "echo"
    PAUSE = "pause"
    BEHIND = "behind"
    UNCONFIRMED = "unconfirmed"
    NODE_BUSY = "node_busy"
    BUSY = "busy"
    ASLEEP = "asleep"
    NEVER_AWAKE = "never_awake"
    ENOUGH = "enough"
    RELAY_SILENT = "relay_silent"
    UNANSWERED = "unanswered"
    FULL = "full"
    STILL_HELD = "still_held"
    SENDING_IMAGE = "sending_image"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a command waits for."""

    why: Why
    node: str | None = None
    since: float | None = None
    """Unix seconds: when the node last gave the sign that is missing."""
    command_id: int | None = None
    """The command that stands in the way."""
    until: float | None = None
    """Unix seconds: the moment that is waited for."""
