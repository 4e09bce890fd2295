"""How long what was opened stays open."""

from __future__ import annotations

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command, CommandState
from ..protocols.actuator import Actuator


def closes_at(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str
) -> float | None:
    """Return when something open closes by itself, in unix seconds; None: not known.

    The node does not tell it: it is as long after it said that it had opened as it was
    told to stay open.
    """
    amount = actuator.amount
    reported = coordinator.data.nodes[node].readings.get(actuator.state or "")
    if amount is None or reported != "open":
        return None
    command = _last_opened(coordinator, actuator, node)
    if command is None:
        return None
    ends = command.timeline[-1].at + command.params[amount.param]
    return ends if ends > now().wall else None


def _last_opened(
    coordinator: DispatchCoordinator, actuator: Actuator, node: str
) -> Command | None:
    kind, usual = actuator.orders["open"]
    closed = coordinator.engine.ledger.closed.values()
    return max(
        (
            command
            for command in closed
            if command.kind == kind
            and command.state is CommandState.SUCCEEDED
            and command.nodes == (node,)
            and usual.items() <= command.params.items()
        ),
        key=lambda command: command.id,
        default=None,
    )
