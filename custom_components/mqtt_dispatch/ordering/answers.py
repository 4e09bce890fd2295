"""What an action that is about one command answers."""

from __future__ import annotations

from typing import Any

from ..coordinator import DispatchCoordinator
from ..texts.responses import results_as_response


async def async_answer(
    coordinator: DispatchCoordinator, command_id: int, *, wait: bool
) -> dict[str, Any]:
    """Return what became of an order; if asked to `wait`, once its nodes are done."""
    command = coordinator.engine.ledger.find(command_id)
    if not wait or command is None:
        return state_of(coordinator, command_id)
    policy = coordinator.engine.station.policy(command)
    await coordinator.async_ended(command_id, policy.done_timeout)
    return {
        **state_of(coordinator, command_id),
        "nodes": results_as_response(coordinator.engine.ledger.find(command_id)),
    }


def state_of(coordinator: DispatchCoordinator, command_id: int) -> dict[str, Any]:
    """Return how a command stands; its state is None if it is not known."""
    command = coordinator.engine.ledger.find(command_id)
    return {
        "command_id": command_id,
        "state": None if command is None else command.state.value,
    }
