"""What of commands in flight is still to be sent, and what stands in its way."""

from __future__ import annotations

from ..delivery.cooldowns import Cooldowns
from ..delivery.duplicates import Duplicates
from ..delivery.pauses import Pauses
from ..delivery.repeats import Repeats
from ..delivery.stale_steps import StaleSteps
from ..delivery.uncommitted import Part
from ..ledger.ledger import Ledger
from ..model.clock import Now
from ..model.command import Command, Delivery, DeliveryState
from .capacity import Capacity
from .readiness import Reason, Why


class Unsent:
    """The deliveries whose next step, or next attempt, is to be sent.

    So are those that never began, of a command of which another node has its part.
    """

    def __init__(
        self,
        ledger: Ledger,
        capacity: Capacity,
        *,
        cooldowns: Cooldowns,
        pauses: Pauses,
        repeats: Repeats,
        stale_steps: StaleSteps,
        duplicates: Duplicates,
    ) -> None:
        """Begin with nothing but what never began."""
        self._ledger = ledger
        self._capacity = capacity
        self._cooldowns = cooldowns
        self._pauses = pauses
        self._repeats = repeats
        self._stale_steps = stale_steps
        self._duplicates = duplicates
        self._again: set[Part] = set()
        self._next_step: set[Part] = set()

    def want_again(self, part: Part) -> None:
        """Have a delivery sent again, from its first step on."""
        self._next_step.discard(part)
        self._again.add(part)

    def want_next_step(self, part: Part) -> None:
        """Have the next step of a delivery sent."""
        self._next_step.add(part)

    def forget(self, part: Part) -> None:
        """Drop a delivery that is sent now, or not any more."""
        self._again.discard(part)
        self._next_step.discard(part)

    def goes_on(self, part: Part) -> bool:
        """Whether the node took the latest message and waits for the next step."""
        return part in self._next_step

    def wanted(self) -> list[tuple[Command, Delivery]]:
        """Return the parts of commands in flight that are still to be sent."""
        occupied = self._capacity.look()
        return [
            (command, delivery)
            for command in self._ledger.open.values()
            if command.state.in_flight
            for delivery in command.deliveries
            if delivery.state is DeliveryState.PENDING
            or (command.id, delivery.node) in self._again
            or (
                (command.id, delivery.node) in self._next_step
                and occupied.has_room_for_next_step(command, delivery.node)
            )
        ]

    def in_the_way(self, command: Command, node: str) -> Reason | None:
        """Return what keeps what is wanted from the node, though it may be told."""
        part = (command.id, node)
        for why, stands in (
            (Why.BUSY, self._cooldowns.rests(part)),
            (Why.PAUSE, self._pauses.pauses(command, node)),
            (Why.ECHO, self._duplicates.may_answer(command, node)),
        ):
            if stands:
                return Reason(why, node)
        occupied = self._capacity.look()
        if self.goes_on(part):
            has_room = occupied.has_room_for_next_step(command, node)
            return None if has_room else Reason(Why.FULL, node)
        if not occupied.has_place(command, node):
            return Reason(Why.FULL, node)
        if self._stale_steps.may_be_held(command, node):
            return Reason(Why.STILL_HELD, node)
        return None

    def would_harm(self, command: Command, delivery: Delivery, now: Now) -> bool:
        """Whether its node may execute once more what is still to be sent."""
        part = (command.id, delivery.node)
        repeats = part in self._again or self._repeats.is_repeating(part)
        return (
            repeats
            and delivery.state.in_flight
            and self._repeats.may_harm(command, delivery.node, now)
        )
