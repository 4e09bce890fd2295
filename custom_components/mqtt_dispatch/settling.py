"""How a person settles a doubt: stored, or not at all."""

from __future__ import annotations

from .committing import NotStoredError
from .coordinator import DispatchCoordinator
from .engine.events import (
    ConfirmRestore,
    Enqueue,
    Enqueued,
    NotResent,
    Resolve,
    Withdraw,
)
from .engine.model import Cause, Command, Outcome


async def async_resolve(
    coordinator: DispatchCoordinator, command_id: int, outcome: Outcome, by: str
) -> None:
    """Settle an unconfirmed command, or have it sent again.

    `by` is what people call who decided, empty where nobody is known. Raises Refused if
    it is not unconfirmed, and NotStoredError; it is not sent again then. That it was
    settled is kept in memory and stored as soon as that is possible.
    """
    coordinator.handle(Resolve(command_id, outcome, by))
    try:
        await coordinator.commits.async_stored()
    except NotStoredError:
        if outcome is Outcome.RESEND:
            coordinator.handle(NotResent(command_id))
        raise


async def async_confirm_restore(
    coordinator: DispatchCoordinator, *, keep: bool, by: str
) -> None:
    """Go on after an older state was put back, with what waits or without it.

    Raises Refused if nothing is held back, and NotStoredError. It is kept in memory
    then and stored as soon as that is possible; until then nothing is sent.
    """
    coordinator.handle(ConfirmRestore(keep, by))
    await coordinator.commits.async_stored()


async def async_send_plan(coordinator: DispatchCoordinator, command: Command) -> None:
    """Order anew what was to bring the plan to a node and did not.

    The plan is still the same: with a change, a newer command brings it. Raises Refused
    if the queue is full, and NotStoredError; nothing is ordered then.
    """
    order = Enqueue(
        kind=command.kind,
        params=command.params,
        nodes=command.nodes,
        cause=Cause.PLAN,
        key=command.key,
    )
    (ordered,) = (
        effect.command_id
        for effect in coordinator.handle(order)
        if isinstance(effect, Enqueued)
    )
    try:
        await coordinator.commits.async_stored()
    except NotStoredError:
        coordinator.handle(Withdraw(ordered))
        raise
