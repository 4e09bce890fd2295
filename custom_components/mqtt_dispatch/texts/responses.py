"""What actions respond: commands and times as data that machines read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..engine.model.command import Command
from ..engine.model.reason import Reason


def command_as_response(command: Command) -> dict[str, Any]:
    """Return all that is known of a command, with its timeline."""
    return {
        "command_id": command.id,
        "kind": command.kind,
        "params": dict(command.params),
        "class": command.command_class.value,
        "state": command.state.value,
        "created_at": time_as_response(command.created_at),
        "expires_at": time_as_response(command.expires_at),
        "idempotency_key": command.idempotency_key,
        "finishes": command.finishes,
        "nodes": results_as_response(command),
        "timeline": [
            {
                "at": time_as_response(entry.at),
                "state": str(entry.state),
                "cause": entry.cause.value,
                "node": entry.node,
                "detail": entry.detail,
            }
            for entry in command.timeline
        ],
    }


def results_as_response(command: Command | None) -> dict[str, Any]:
    """Return what became of a command at each of its nodes."""
    if command is None:
        return {}
    return {
        delivery.node: {
            "state": delivery.state.value,
            "attempts": delivery.attempts,
            "reason": delivery.reason,
        }
        for delivery in command.deliveries
    }


def reason_as_response(reason: Reason) -> dict[str, Any]:
    """Return one thing that a command waits for."""
    return {
        "why": reason.why.value,
        "node": reason.node,
        "since": time_as_response(reason.since),
        "command_id": reason.command_id,
    }


def time_as_response(wall: float | None) -> str | None:
    """Return unix seconds as ISO 8601 in UTC."""
    return None if wall is None else datetime.fromtimestamp(wall, UTC).isoformat()
