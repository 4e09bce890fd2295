"""An independent record of what happened, by which the engine is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    Delivery,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.step import Gate
from tests.engine.fake_node import Node
from tests.engine.policies import POLICIES

type Part = tuple[int, str]


class Record:
    """What was stored, asked for, published and told, over all crashes.

    Commands of class once are known by the number of their order, which stays the
    same when one goes on under a new id.
    """

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self._nodes = nodes
        self._stored: set[int] = set()
        self._burnt: set[int] = set()
        self._withdrawn: set[int] = set()
        self._lost: set[int] = set()
        self._attempts: dict[Part, int] = {}
        self._may_have: set[Part] = set()
        self._may_go_again: set[Part] = set()
        self._resent: set[int] = set()
        self._first_in_lane: dict[str, list[int]] = {}
        self._ended: dict[int, CommandState] = {}

    # What happens

    def enqueued(self, command_id: int) -> None:
        assert command_id not in self._burnt, f"#{command_id} came back"

    def written(self, commands: Iterable[Command]) -> None:
        ids = {command.id for command in commands}
        self._stored |= ids
        self._burnt |= ids

    def withdrawn(self, command: Command) -> None:
        self._withdrawn.add(command.id)
        # What finishes a command bears the number of an order that was stored.
        if command.command_class is CommandClass.ONCE and command.finishes is None:
            self._lost.add(_order(command))

    def found_on_disk(self, commands: Iterable[Command]) -> None:
        """A crash came before the disk knew what was withdrawn."""
        for command in commands:
            self._withdrawn.discard(command.id)
            if command.command_class is CommandClass.ONCE:
                self._lost.discard(_order(command))

    def asked_to_send_again(self, command: Command, nodes: Iterable[str]) -> None:
        self._may_go_again |= {(_order(command), node) for node in nodes}
        self._resent.add(command.id)

    def not_sent_again(self, command: Command) -> None:
        self._may_go_again -= {(_order(command), node) for node in command.nodes}

    def told(self, command_id: int, state: CommandState) -> None:
        before = self._ended.get(command_id)
        assert before is None, f"promise 3: #{command_id} was {before}, now {state}"
        if state.final:
            self._ended[command_id] = state

    def published(self, command: Command, node: Node, stored: Delivery) -> None:
        part = (command.id, node.name)
        before = self._attempts.get(part, 0)
        assert stored.attempts > before, "promise 1: published before it was recorded"
        self._attempts[part] = before + 1
        self._burnt.add(command.id)
        self._judge_repeat(command, node)
        if before == 0 and command.id not in self._resent:
            self._judge_turn(command)

    def _judge_repeat(self, command: Command, node: Node) -> None:
        if command.command_class is not CommandClass.ONCE:
            return
        this = (_order(command), node.name)
        assert this[0] not in self._lost, "promise 1: sent, though it was not stored"
        if this in self._may_have and not node.drops_repeats:
            asked = this in self._may_go_again
            assert asked, f"promise 2: #{command.id} went to node {node.name} twice"
        self._may_go_again.discard(this)
        self._may_have.add(this)

    def _judge_turn(self, command: Command) -> None:
        if command.command_class is CommandClass.UNTIL_DONE:
            return
        for lane in _lanes(command):
            sent = self._first_in_lane.setdefault(lane, [])
            if command.id not in sent:
                before = max(sent, default=0)
                assert before < command.id, f"#{command.id} went after #{before}"
                sent.append(command.id)

    # What must be so at any moment

    def check(self, engine: Engine, now: Now, *, quiet: bool) -> None:
        """Hold the engine to its promises. `quiet`: nothing is left to carry out."""
        commands = engine.ledger.open.values()
        self._check_ends(engine)
        self._check_one_in_flight(commands)
        for command in commands:
            assert not command.state.final
            self._check_truth(command)
        waiting = {command.id: reasons for command, reasons in engine.waiting(now)}
        for command in commands:
            if command.state is CommandState.QUEUED:
                assert waiting.get(command.id), f"promise 5: #{command.id} waits mutely"
        if quiet and any(_needs_time(command, waiting) for command in commands):
            assert engine.next_deadline(now) is not None, "promise 4: nothing is due"

    def check_nothing_vanished(self, engine: Engine) -> None:
        """Hold it to promise 3 when all that can end has ended."""
        for command_id in self._stored - self._withdrawn:
            command = engine.ledger.find(command_id)
            assert command is not None, f"promise 3: #{command_id} has vanished"
            assert command.state.final or command.state is CommandState.UNCONFIRMED

    def _check_ends(self, engine: Engine) -> None:
        for command_id, state in self._ended.items():
            closed = engine.ledger.closed.get(command_id)
            assert closed is not None, f"promise 3: #{command_id} has vanished"
            assert closed.state is state, f"promise 3: #{command_id} was {state}"
            self._check_truth(closed)

    @staticmethod
    def _check_one_in_flight(commands: Iterable[Command]) -> None:
        lanes: dict[str, int] = {}
        nodes: dict[str, int] = {}
        for command in commands:
            if command.command_class is CommandClass.UNTIL_DONE:
                continue
            if command.state.in_flight:
                for lane in _lanes(command):
                    other = lanes.setdefault(lane, command.id)
                    assert other == command.id, f"#{other}, #{command.id} in one lane"
            for delivery in command.deliveries:
                if delivery.state.in_flight:
                    other = nodes.setdefault(delivery.node, command.id)
                    assert other == command.id, f"#{other}, #{command.id} at one node"

    def _check_truth(self, command: Command) -> None:
        """Hold what is told of a delivery against what its node did."""
        for delivery in command.deliveries:
            node = self._nodes[delivery.node]
            if not node.gives_ids or _done_before(command, delivery):
                continue
            causes = {
                entry.cause
                for entry in command.timeline
                if entry.node == node.name and entry.state == delivery.state
            }
            what = f"#{command.id} {delivery.state} at node {node.name}: {causes}"
            if delivery.state is DeliveryState.DONE:
                executed = command.id in node.executed
                assert executed or causes & {Cause.PERSON, Cause.RESTARTED}, what
            elif _must_not_be_done(command, delivery, causes):
                assert command.id not in node.executed, what


def _done_before(command: Command, delivery: Delivery) -> bool:
    """Whether a node did its part of what this command finishes."""
    return command.finishes is not None and not delivery.attempts


def _must_not_be_done(command: Command, delivery: Delivery, causes: set[Cause]) -> bool:
    """Whether what is told of a delivery means that its node never executed it."""
    if causes == {Cause.LAST_ID}:
        return True
    if command.command_class is not CommandClass.ONCE:
        return False
    if delivery.state is DeliveryState.FAILED:
        return not causes & {Cause.NODE, Cause.LATE_ANSWER, Cause.PERSON}
    return delivery.state is DeliveryState.REJECTED


def _needs_time(command: Command, waiting: Mapping[int, object]) -> bool:
    """Whether time alone must bring a command on; until_done may wait for ever."""
    if command.command_class is CommandClass.UNTIL_DONE and command.id in waiting:
        return False
    return command.state is not CommandState.UNCONFIRMED


def _order(command: Command) -> int:
    order: int = command.params["order"]
    return order


def _lanes(command: Command) -> tuple[str, ...]:
    if POLICIES[command.kind].gate is Gate.ALL_READY:
        return ("all nodes",)
    return command.nodes
