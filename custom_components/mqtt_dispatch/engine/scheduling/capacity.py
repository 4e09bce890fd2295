"""What nodes have and have not finished, and whether they can be given more."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
import math

from ..delivery.attempts import Attempts
from ..facts import Facts
from ..ledger.ledger import Ledger
from ..model.command import Command, CommandClass, Delivery
from ..model.policy import Station
from ..model.step import Step, outcome_subjects


class Capacity:
    """Knows what is on its way to nodes and unanswered, or taken and not done."""

    def __init__(self, facts: Facts, attempts: Attempts) -> None:
        """Look at what others keep."""
        self._station = facts.station
        self._ledger = facts.ledger
        self._statuses = facts.statuses
        self._attempts = attempts
        self._given_up: Counter[str] = Counter()
        """By node, how many messages may be held that nobody follows any more."""

    def steps_of(self, command: Command, node: str) -> tuple[Step, ...]:
        """Return what an attempt is made of, and who answers it."""
        return self._station.steps(command, node, self._statuses.of(node).readings)

    def is_made_of_others(self, command: Command, delivery: Delivery) -> bool:
        """Whether what the node told since makes an attempt one of other steps.

        What must happen once goes on as it began.
        """
        steps = len(self.steps_of(command, delivery.node))
        return (
            command.command_class is not CommandClass.ONCE and steps != delivery.steps
        )

    def is_unanswered(self, command: Command, delivery: Delivery) -> bool:
        """Whether the node has not said yet whether it takes the latest message."""
        return self._attempts.at((command.id, delivery.node)).awaits_acceptance

    def unanswered(self) -> Command | None:
        """Return the oldest command of which a message is not answered yet."""
        return next(
            (
                command
                for command in self._ledger.open.in_flight()
                for delivery in command.deliveries
                if self.is_unanswered(command, delivery)
            ),
            None,
        )

    def last_that_left(self, command: Command, delivery: Delivery) -> int | None:
        """Return the last step of the latest attempt that may have been sent.

        None: no message of any attempt, in this life or an earlier one, may have been.
        """
        if self._attempts.at((command.id, delivery.node)).recorded is None:
            return delivery.step if delivery.attempts else None
        if delivery.step:
            return delivery.step - 1
        return 0 if delivery.attempts > 1 else None

    def given_up(self, delivery: Delivery) -> None:
        """Note that a delivery in flight is followed no more, and may be held still."""
        self._given_up[delivery.node] += _unfinished(delivery)

    def held_beside(self, node: str) -> int:
        """Return how many messages may be held that nobody follows any more."""
        return self._given_up[node]

    def holds(self, node: str, count: int) -> None:
        """Take in how many messages are held for a node, those in flight included."""
        beside = max(0, count - self.look().messages(node))
        self._given_up[node] = min(self._given_up[node], beside)

    def nothing_held(self, node: str | None) -> None:
        """Note that nothing is held for a node, or (None) for any."""
        for each in tuple(self._given_up) if node is None else (node,):
            self._given_up.pop(each, None)

    def look(self) -> Occupied:
        """Return how things stand at this moment."""
        return Occupied(self, self._station, self._ledger)


class Occupied:
    """What nodes have at one moment. What is not asked for is not reckoned."""

    def __init__(self, capacity: Capacity, station: Station, ledger: Ledger) -> None:
        """Look when it is asked for."""
        self._capacity = capacity
        self._station = station
        self._settings = station.settings
        self._ledger = ledger

    @cached_property
    def _in_flight(self) -> dict[str, list[tuple[Command, Delivery]]]:
        found: dict[str, list[tuple[Command, Delivery]]] = {}
        for command in self._ledger.open.in_flight():
            for delivery in command.deliveries:
                if delivery.state.in_flight:
                    found.setdefault(delivery.node, []).append((command, delivery))
        return found

    @cached_property
    def _messages(self) -> Counter[str]:
        messages: Counter[str] = Counter()
        for node, parts in self._in_flight.items():
            messages[node] = sum(_unfinished(delivery) for _, delivery in parts)
        return messages

    @cached_property
    def _asked(self) -> frozenset[str]:
        """The nodes that have not said yet whether they take something.

        And those that work on something alone. What must be done waits for nobody's
        answer, and nobody waits for its.
        """
        return frozenset(
            node
            for node, parts in self._in_flight.items()
            for command, delivery in parts
            if command.command_class is not CommandClass.UNTIL_DONE
            and (
                self._is_left_alone(command, node)
                or self._capacity.is_unanswered(command, delivery)
            )
        )

    def _is_left_alone(self, command: Command, node: str) -> bool:
        policy = self._station.policy(command)
        return policy.alone or (policy.alone_once_taken and command.was_taken_by(node))

    def messages(self, node: str) -> int:
        """Return how many messages of commands in flight a node may have yet to do."""
        return self._messages[node]

    def is_full(self, node: str) -> bool:
        """Whether a node that has a command can be given no further one now."""
        at_once = self._settings.at_once
        return at_once == 1 or node in self._asked or self._messages[node] >= at_once

    def is_occupied(self, node: str) -> bool:
        """Whether a node has a command that keeps it from being given another."""
        return node in self._in_flight and self.is_full(node)

    def has_place(self, command: Command, node: str) -> bool:
        """Whether whoever holds commands for a node has a place for this one."""
        own = command.delivery(node)
        before = 0 if own is None or not own.state.in_flight else _unfinished(own)
        return self._held(node) - before < self._places(command)

    def has_room_for_next_step(self, command: Command, node: str) -> bool:
        """Whether a node has done enough of what it has to be told a next step."""
        has_room = self._messages[node] < self._settings.step_window
        return has_room and self._held(node) < self._places(command)

    def _held(self, node: str) -> int:
        """Return how many messages whoever relays may hold for a node."""
        return self._messages[node] + self._capacity.held_beside(node)

    def _places(self, command: Command) -> float:
        """Return how many a node may have with this one; the last is for what must."""
        if self._settings.places is None:
            return math.inf
        must_be_done = command.command_class is CommandClass.UNTIL_DONE
        return self._settings.places - (0 if must_be_done else 1)

    def answers_bear_ids(self, command: Command) -> bool:
        """Whether each answer says of which command it is, whatever else is told."""
        steps_of = self._capacity.steps_of
        return not any(
            outcome_subjects(steps_of(command, node)) for node in command.nodes
        )

    def alike(self, command: Command, node: str) -> list[Command]:
        """Return what a node has whose answers could not be told from a command's."""
        others = self._in_flight.get(node, ())
        if not others:
            return []
        steps_of = self._capacity.steps_of
        subjects = outcome_subjects(steps_of(command, node))
        return [
            other
            for other, _ in others
            if subjects & outcome_subjects(steps_of(other, node))
        ]


def _unfinished(delivery: Delivery) -> int:
    return delivery.step + 1 - len(delivery.ended)
