"""What actions respond and events tell: commands and times as data for machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Cause, Command, DeliveryState
from ..engine.model.effects import Changed, Withdrawn
from ..engine.model.pause import Pause, PlanPause
from ..engine.model.reason import Reason
from ..protocols.base import Protocol


def answered(
    hass: HomeAssistant,
    coordinators: Sequence[DispatchCoordinator],
    answers: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """Return the answer of the one station that is meant, or those of each."""
    if len(answers) == 1:
        return answers[0]
    return {
        "stations": [
            {
                "station": coordinator.name,
                "device_id": _device_id(hass, coordinator),
                **answer,
            }
            for coordinator, answer in zip(coordinators, answers, strict=True)
        ]
    }


def _device_id(hass: HomeAssistant, coordinator: DispatchCoordinator) -> str | None:
    entry_id = coordinator.config_entry.entry_id
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry_id)
    found = (one.id for one in devices if (DOMAIN, entry_id) in one.identifiers)
    return next(found, None)


def withdrawn_as_response(
    withdrawn: Withdrawn, find: Callable[[int], Command | None]
) -> dict[str, Any]:
    """Return what became of the commands of a queue that was emptied."""
    return {
        "withdrawn": len(withdrawn.command_ids),
        "command_ids": list(withdrawn.command_ids),
        "kept": [
            {
                "command_id": command_id,
                "kind": None if (command := find(command_id)) is None else command.kind,
                "reason": why,
            }
            for command_id, why in withdrawn.kept
        ],
    }


def pause_as_response(pause: Pause | PlanPause | None) -> dict[str, Any]:
    """Return whether a station or its plan pauses, until when and why."""
    if pause is None:
        return {"paused": False, "until": None, "reason": None}
    return {
        "paused": True,
        "until": time_as_response(pause.until),
        "reason": pause.reason or None,
    }


def command_as_response(command: Command, protocol: Protocol) -> dict[str, Any]:
    """Return what anybody may know of a command, with its timeline."""
    return {
        "command_id": command.id,
        "kind": command.kind,
        "params": protocol.public(command.kind, command.params),
        "class": command.command_class.value,
        "state": command.state.value,
        "created_at": time_as_response(command.created_at),
        "at": time_as_response(command.not_before),
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


def change_as_data(command: Command, change: Changed) -> dict[str, Any]:
    """Return what is told of a command that came into another state."""
    return {
        "command_id": command.id,
        "kind": command.kind,
        "cause": change.cause.value,
        "at": time_as_response(command.not_before),
        "decided_by": _person(change.cause, change.detail),
        "nodes": list(command.nodes),
        "results": _results(command, change),
    }


def _results(command: Command, change: Changed) -> dict[str, dict[str, Any]]:
    """Return where each node stood when the command changed.

    The command may have moved on since, and that may not be on disk yet. What a command
    finishes is already done where nothing came to pass.
    """
    moved = {entry.node for entry in command.timeline}
    return {
        delivery.node: _result(
            DeliveryState.PENDING if delivery.node in moved else delivery.state
        )
        for delivery in command.deliveries
    } | {
        entry.node: _result(
            entry.state, "" if entry.cause is Cause.PERSON else entry.detail
        )
        for entry in command.timeline
        if entry.node is not None and entry.at <= change.at
    }


def _result(state: str, reason: str = "") -> dict[str, Any]:
    return {"state": str(state), "reason": reason or None}


def _person(cause: Cause, detail: str) -> str | None:
    """Return who decided; None if no person did, or nobody knows which."""
    return detail or None if cause is Cause.PERSON else None


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
        "until": time_as_response(reason.until),
        "command_id": reason.command_id,
    }


def time_as_response(wall: float | None) -> str | None:
    """Return unix seconds as ISO 8601 in UTC."""
    return None if wall is None else datetime.fromtimestamp(wall, UTC).isoformat()
