"""What is known of a command, in words for the person who must judge it."""

from __future__ import annotations

from .coordinator import DispatchCoordinator
from .engine.model import Command, Delivery, DeliveryState
from .words import local_time, node_title, sentence


def describe_command(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what was ordered, and when."""
    details = ", ".join(f"{name}: {value}" for name, value in command.params.items())
    return sentence(
        coordinator.hass,
        "command_with_details" if details else "command",
        command_id=command.id,
        kind=command.kind,
        details=details,
        time=local_time(command.created_at),
    )


def describe_deliveries(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what each node said of a command, one line a node."""
    lines = [
        sentence(
            coordinator.hass,
            _key(command, delivery),
            node=node_title(coordinator.config_entry, delivery.node),
            time=local_time(_last_entry_at(command, delivery)),
            reason=delivery.reason,
        )
        for delivery in command.deliveries
    ]
    return "\n".join(f"- {line}" for line in lines)


def _key(command: Command, delivery: Delivery) -> str:
    if delivery.state is not DeliveryState.UNKNOWN:
        return f"delivery_{delivery.state}"
    return "delivery_taken" if _was_taken(command, delivery) else "delivery_unknown"


def _was_taken(command: Command, delivery: Delivery) -> bool:
    return any(
        entry.node == delivery.node and entry.state == DeliveryState.ACCEPTED
        for entry in command.timeline
    )


def _last_entry_at(command: Command, delivery: Delivery) -> float:
    """Return when the node last said something of it, or it was last sent to it."""
    return max(
        (
            entry.at
            for entry in command.timeline
            if entry.node == delivery.node and entry.state != DeliveryState.UNKNOWN
        ),
        default=command.created_at,
    )
