"""What greenhouse nodes answer to commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...engine.reports import (
    Accepted,
    Answer,
    Busy,
    Done,
    Failed,
    Rejected,
)
from ..untrusted import Unreadable, shown
from .commands import command_id_in


def reason(content: Mapping[str, Any]) -> str:
    """Return in one line why a node did not do something; empty: it does not say."""
    said = (content.get(key) for key in ("error_code", "error_message"))
    return shown(": ".join(text for text in said if isinstance(text, str) and text))


def answers(
    node: str, content: Mapping[str, Any], fields: Mapping[str, Any]
) -> tuple[Answer, ...]:
    """Return what a node's answer says of a command.

    `fields` is what is known of the node. Raises Unreadable: `foreign cmd_id`, or
    `unknown status`.
    """
    command_id = _command_id(content.get("cmd_id"))
    why = reason(content)
    match content.get("status"):
        case "ACK" if fields.get("ack_means_done"):
            return Accepted(node, command_id), Done(node, command_id)
        case "ACK":
            return (Accepted(node, command_id),)
        case "DONE" | "NO_EFFECT":
            return (Done(node, command_id),)
        case "ERROR" | "TIMEOUT" as status:
            return (Failed(node, command_id, why or status),)
        case "INVALID":
            return (Rejected(node, command_id, why),)
        case "BUSY":
            return (Busy(node, command_id),)
    raise Unreadable("unknown status")


def _command_id(value: object) -> int:
    command_id = command_id_in(value) if isinstance(value, str) else None
    if command_id is None:
        raise Unreadable("foreign cmd_id")
    return command_id
