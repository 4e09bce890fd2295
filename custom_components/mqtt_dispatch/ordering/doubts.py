"""How a person settles a doubt: stored, or not at all."""

from __future__ import annotations

from ..coordinator import DispatchCoordinator, Refusal
from ..engine.model.command import Outcome
from ..engine.model.events import (
    AnswerOverdue,
    ConfirmRestore,
    FeedRefused,
    Guarded,
    Resolve,
    TrustClock,
)
from ..engine.model.meal import LateAnswer, OverdueMeal
from ..engine.model.policy import FEED


async def async_resolve(
    coordinator: DispatchCoordinator, command_id: int, outcome: Outcome, by: str
) -> None:
    """Settle an unconfirmed command, or have it sent again.

    `by` is what people call who decided, empty where nobody is known. Raises Refused if
    it is not unconfirmed, and NotStoredError; it is not sent again then. That it was
    settled is kept in memory and stored as soon as that is possible.
    """
    coordinator.handle(Resolve(command_id, outcome, by))
    await coordinator.async_stored()


async def async_confirm_restore(
    coordinator: DispatchCoordinator, *, keep: bool, by: str
) -> None:
    """Go on after an older state was put back, with what waits or without it.

    Raises Refused if nothing is held back, and NotStoredError. It is kept in memory
    then and stored as soon as that is possible; until then nothing is sent.
    """
    coordinator.handle(ConfirmRestore(keep, by))
    await coordinator.async_stored()


async def async_answer_overdue(
    coordinator: DispatchCoordinator, date: OverdueMeal, answer: LateAnswer, by: str
) -> None:
    """Do what a person wants of a meal that did not happen in time.

    Raises Refused, of which `not_overdue` says that it is settled already, and
    NotStoredError; nothing is ordered then.
    """
    try:
        coordinator.handle(
            AnswerOverdue(date.meal_id, date.nominal, answer, date.node, by)
        )
    except Guarded as refusal:
        coordinator.handle(FeedRefused(by))
        nodes = (date.node,) if date.node else coordinator.engine.station.nodes
        coordinator.async_refused(Refusal(FEED, nodes, refusal.code, by))
        raise
    await coordinator.async_stored()


async def async_trust_clock(coordinator: DispatchCoordinator) -> None:
    """Go by the clock of this machine from now on.

    Raises NotStoredError; it is gone by it all the same until the next start.
    """
    coordinator.handle(TrustClock())
    await coordinator.async_stored()
