"""How a person settles a command in doubt: stored, or not at all."""

from __future__ import annotations

from .coordinator import DispatchCoordinator, NotStoredError
from .engine.events import NotResent, Resolve
from .engine.model import Outcome


async def async_resolve(
    coordinator: DispatchCoordinator, command_id: int, outcome: Outcome
) -> None:
    """Settle an unconfirmed command, or have it sent again.

    Raises Refused if it is not unconfirmed, and NotStoredError; it is not sent again
    then. That it was settled is kept in memory and stored as soon as that is possible.
    """
    coordinator.handle(Resolve(command_id, outcome))
    try:
        await coordinator.async_stored()
    except NotStoredError:
        if outcome is Outcome.RESEND:
            coordinator.handle(NotResent(command_id))
        raise
