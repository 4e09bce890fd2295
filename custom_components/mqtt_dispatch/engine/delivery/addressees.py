"""Which delivery, and which of its steps, an answer speaks of."""

from __future__ import annotations

from ..ledger.ledger import Ledger
from ..model.command import Command, Delivery, DeliveryState
from ..model.reports import Accepted, Answer, Done, Failed
from ..model.step import Step
from .deliveries import Deliveries
from .evidence import was_acknowledged, was_turned_away
from .handovers import Handovers

type Addressed = tuple[Command, Delivery, int]
"""A delivery, and which of its steps."""


class Addressees:
    """Finds what answers speak of, with an id and without one."""

    def __init__(
        self, ledger: Ledger, deliveries: Deliveries, handovers: Handovers
    ) -> None:
        """Look at what is in flight."""
        self._ledger = ledger
        self._deliveries = deliveries
        self._capacity = deliveries.capacity
        self._attempts = deliveries.attempts
        self._handovers = handovers

    def of(self, answer: Answer) -> Addressed | None:
        """Return which step an answer speaks of; None if it is not to be told."""
        if answer.command_id is None:
            return self._spoken_of(answer)
        command = self._ledger.find(answer.command_id)
        return None if command is None else self._told(command, answer)

    def was_taken(self, command: Command, delivery: Delivery, step: int) -> bool:
        """Whether a node that has not taken all of it yet took a step of it."""
        attempt = self._attempts.at((command.id, delivery.node))
        return attempt.goes_on or step < delivery.step

    def _told(self, command: Command, answer: Answer) -> Addressed | None:
        """Return which step of a command an answer with its id may speak of."""
        delivery = _part_of(command, answer.node)
        if delivery is None:
            return None
        last = self._capacity.last_that_left(command, delivery)
        if (
            last is None
            and not command.state.final
            and not was_turned_away(command, delivery.node)
        ):
            return None
        step = last or 0
        return (
            command,
            delivery,
            step if answer.step is None else min(answer.step, step),
        )

    def _spoken_of(self, answer: Answer) -> Addressed | None:
        """Return what an answer without an id speaks of, if it is one thing alone.

        One that comes late, when its message is about to be sent again, is as good.
        """
        sent = [
            (command, delivery, last)
            for command in self._ledger.open.in_flight()
            for delivery in command.deliveries
            if answer.node in (None, delivery.node)
            and delivery.state.in_flight
            and (last := self._capacity.last_that_left(command, delivery)) is not None
        ]
        if not answer.subject:
            found = sent
        elif isinstance(answer, Done | Failed):
            found = [
                (command, delivery, step)
                for command, delivery, last in sent
                for step in self._steps_ended_by(answer, command, delivery, last)
            ]
        else:
            taken = [
                (command, delivery, last)
                for command, delivery, last in sent
                if last == delivery.step
                and delivery.state is DeliveryState.SENT
                and not self._attempts.at((command.id, delivery.node)).goes_on
                and answer.subject in self._step(command, delivery, last).taken_on
            ]
            found = [
                item for item in taken if self._capacity.is_unanswered(*item[:2])
            ] or taken
            if not found and isinstance(answer, Accepted):
                found = self._taken_after_all(answer)
        return found[0] if len(found) == 1 else None

    def _taken_after_all(self, answer: Accepted) -> list[Addressed]:
        """Return what rests as if its node had been too busy for it.

        Who takes it has not refused it: the refusal was a stray one of something else.
        """
        return [
            (command, delivery, 0)
            for (command_id, node), attempt in self._attempts
            if answer.node == node
            and attempt.rests
            and (command := self._ledger.open.get(command_id)) is not None
            and (delivery := command.delivery(node)) is not None
            and delivery.state is DeliveryState.PENDING
            and answer.subject in self._step(command, delivery, 0).taken_on
        ]

    def _step(self, command: Command, delivery: Delivery, step: int) -> Step:
        steps = self._capacity.steps_of(command, delivery.node)
        return steps[step] if step < len(steps) else Step()

    def _steps_ended_by(
        self, answer: Done | Failed, command: Command, delivery: Delivery, last: int
    ) -> list[int]:
        if not self._handovers.may_show(command, delivery.node):
            return []
        steps = self._capacity.steps_of(command, delivery.node)[: last + 1]
        return [
            index
            for index, step in enumerate(steps)
            if index not in delivery.ended
            and (
                answer.subject in step.done_on
                or (isinstance(answer, Failed) and answer.subject in step.failed_on)
            )
            and self._may_be_done(command, delivery, index, step)
        ]

    def _may_be_done(
        self, command: Command, delivery: Delivery, index: int, step: Step
    ) -> bool:
        """Whether what a node says at other times, too, may be the end of a step."""
        if step.done_once_told:
            return self._deliveries.was_told(
                command, delivery.node
            ) or was_acknowledged(command, delivery.node)
        return (
            not step.done_once_taken
            or delivery.state is DeliveryState.ACCEPTED
            or self.was_taken(command, delivery, index)
        )


def _part_of(command: Command, node: str | None) -> Delivery | None:
    """Return the delivery to a node, or to the only one where an answer names none."""
    if node is None:
        return command.deliveries[0] if len(command.deliveries) == 1 else None
    return command.delivery(node)
