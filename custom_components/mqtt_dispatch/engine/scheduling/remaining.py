"""What of commands in flight is still to be sent, and what stands in its way."""

from __future__ import annotations

from ..delivery.attempts import Unsent
from ..delivery.deliveries import Deliveries
from ..facts import Facts
from ..model.command import Command, Delivery, DeliveryState
from ..model.reason import Reason, Why


class Remaining:
    """The deliveries whose next step, or next attempt, is to be sent.

    So are those that never began, of a command of which another node has its part.
    """

    def __init__(self, facts: Facts, deliveries: Deliveries) -> None:
        """Begin with nothing but what never began."""
        self._ledger = facts.ledger
        self._capacity = deliveries.capacity
        self._attempts = deliveries.attempts
        self._pauses = deliveries.pauses
        self._duplicates = deliveries.duplicates

    def wanted(self) -> list[tuple[Command, Delivery]]:
        """Return the parts of commands in flight that are still to be sent."""
        occupied = self._capacity.look()
        return [
            (command, delivery)
            for command in self._ledger.open.in_flight()
            for delivery in command.deliveries
            if delivery.state is DeliveryState.PENDING
            or (unsent := self._attempts.at((command.id, delivery.node)).unsent)
            is Unsent.AGAIN
            or (
                unsent is Unsent.NEXT_STEP
                and occupied.has_room_for_next_step(command, delivery.node)
            )
        ]

    def in_the_way(self, command: Command, node: str) -> Reason | None:
        """Return what keeps what is wanted from the node, though it may be told."""
        part = (command.id, node)
        for why, stands in (
            (Why.BUSY, self._attempts.at(part).rests),
            (Why.PAUSE, self._pauses.pauses(command, node)),
            (Why.ECHO, self._duplicates.may_answer(command, node)),
        ):
            if stands:
                return Reason(why, node)
        occupied = self._capacity.look()
        if self._attempts.at(part).goes_on:
            has_room = occupied.has_room_for_next_step(command, node)
            return None if has_room else Reason(Why.FULL, node)
        has_place = occupied.has_place(command, node)
        return None if has_place else Reason(Why.FULL, node)
