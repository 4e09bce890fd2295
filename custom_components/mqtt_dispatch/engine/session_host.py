"""The station as the session of its protocol sees it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from .deadlines import Due
from .delivery.answers import Answers
from .delivery.deliveries import Deliveries
from .facts import Facts
from .model.clock import Now
from .model.command import Cause, Command, Delivery, DeliveryState
from .model.policy import Station
from .model.reports import Answer
from .model.step import Step


@dataclass(frozen=True, slots=True)
class SessionHost:
    """See `model.session.Host`."""

    facts: Facts
    deliveries: Deliveries
    answers: Answers

    @property
    def station(self) -> Station:
        return self.facts.station

    def open_at(self, node: str) -> Iterable[Command]:
        return self.facts.ledger.open.at(node)

    def steps_of(self, command: Command, node: str) -> tuple[Step, ...]:
        return self.deliveries.capacity.steps_of(command, node)

    def is_awake(self, node: str, now: Now) -> bool:
        return self.facts.statuses.of(node).is_awake(now)

    def is_occupied(self, node: str) -> bool:
        return self.deliveries.capacity.look().is_occupied(node)

    def sent_to_sleep(self, node: str) -> None:
        self.facts.statuses.put(self.facts.statuses.of(node).asleep())

    def credit(self, answer: Answer, now: Now) -> bool:
        return self.answers.credit(answer, now)

    def done(
        self, command: Command, delivery: Delivery, cause: Cause, now: Now
    ) -> None:
        self.deliveries.move(command, delivery, DeliveryState.DONE, cause, now)

    def has_left(self, command: Command, delivery: Delivery) -> bool:
        last = self.deliveries.capacity.last_that_left(command, delivery)
        return last is not None and last == delivery.step

    def may_speak_of_others(
        self, command: Command, node: str, such: Callable[[Command], bool]
    ) -> bool:
        known = self.facts.ledger.known
        return any(
            _may_be_meant_with(other, command, node) and such(other)
            for kind in self.facts.station.policies
            for other in known.newest_first(kind, node)
            if other.id != command.id
        )

    def held_beside(self, node: str) -> int:
        return self.deliveries.capacity.held_beside(node)

    def holds(self, node: str, count: int) -> None:
        self.deliveries.capacity.holds(node, count)

    def wait(self, what: Hashable, at: float | None) -> None:
        self.facts.deadlines.set(Due.SESSION, what, at=at)

    def waits_for(self, what: Hashable) -> bool:
        return self.facts.deadlines.at(Due.SESSION, what) is not None


def _may_be_meant_with(other: Command, command: Command, node: str) -> bool:
    """Whether a node was sent another command after one, or has it still."""
    sent_at = other.last_sent_at(node)
    if sent_at is None:
        return False
    if not other.state.final or other.id > command.id:
        return True
    return sent_at >= (command.last_sent_at(node) or 0.0)
