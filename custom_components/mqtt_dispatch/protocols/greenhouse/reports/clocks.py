"""What the clock of a node shows, as it says in passing."""

from __future__ import annotations

from typing import Final

from ...messages import Message
from ...untrusted import Unreadable, moment
from .of_nodes import content_of

_HELD: Final = ("config_report", "config_response")


def clock(message: Message) -> float | None:
    """Return what time it was for a node as it spoke; see `Protocol.clock`."""
    if may_hold_secrets(message.topic):
        return None
    try:
        return moment(content_of(message).get("ts"))
    except Unreadable:
        return None


def may_hold_secrets(topic: str) -> bool:
    """Whether a node tells there what it holds; see `Protocol.may_hold_secrets`."""
    return topic.rpartition("/")[2] in _HELD
