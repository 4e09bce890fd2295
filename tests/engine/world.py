"""A world of two nodes, a disk and a broker in which anything may go wrong.

It keeps its own record of what was published, executed, stored and told, and judges
the engine by that record alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
import json

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.events import (
    Archived,
    Changed,
    Commit,
    CommitFailed,
    Committed,
    Connection,
    Dispatching,
    Effect,
    Enqueue,
    Enqueued,
    Event,
    NotPublished,
    NotResent,
    Publish,
    Refused,
    Resolve,
    Tick,
    Withdraw,
)
from custom_components.mqtt_dispatch.engine.model import (
    Accepted,
    Answer,
    Cause,
    Command,
    CommandClass,
    CommandState,
    DeliveryState,
    Done,
    Failed,
    Gate,
    Now,
    Outcome,
    Rejected,
    Seen,
)
from custom_components.mqtt_dispatch.engine.policy import POLICIES, Station
from custom_components.mqtt_dispatch.engine.snapshot import (
    Snapshot,
    command_as_json,
    command_from_json,
    snapshot_as_json,
    snapshot_from_json,
)
from tests.engine.driver import NODES, NOON

REPORT_EVERY = 4.0
ENDLESS = 100
LONG_ENOUGH = 1000
"""Rounds in which everything must have come to an end once all is well."""


class Fate(Enum):
    """What becomes of what is published."""

    ARRIVES = auto()
    IS_REFUSED = auto()
    IS_LOST = auto()
    DOES_NOT_LEAVE = auto()


@dataclass(slots=True)
class Node:
    """Executes what arrives, and answers into the air."""

    name: str
    drops_repeats: bool = False
    reports_last_id: bool = False
    gives_ids: bool = True
    executed: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    air: list[Answer] = field(default_factory=list)
    booted: float = 0.0

    def receive(self, command_id: int, *, refuses: bool) -> None:
        known = self._named(command_id)
        if self.drops_repeats and command_id in self.executed:
            self.air.append(Accepted(self.name, known))
            if command_id not in self.tasks:
                self.air.append(Done(self.name, known))
        elif refuses:
            self.air.append(Rejected(self.name, known, "no"))
        else:
            self.executed.append(command_id)
            self.tasks.append(command_id)
            self.air.append(Accepted(self.name, known))

    def work(self, *, fails: bool) -> None:
        if not self.tasks:
            return
        known = self._named(self.tasks.pop(0))
        self.air.append(
            Failed(self.name, known, "jam") if fails else Done(self.name, known)
        )

    def lose_power(self, now: float) -> None:
        self.tasks.clear()
        self.booted = now

    def says(self, now: float, *, ready: bool | None, live: bool = True) -> Seen:
        last_id = max(self.executed, default=None) if self.reports_last_id else None
        return Seen(
            node=self.name,
            live=live,
            online=True,
            ready=ready,
            uptime=now - self.booted,
            drops_repeats=True if self.drops_repeats else None,
            last_id=last_id,
        )

    def _named(self, command_id: int) -> int | None:
        return command_id if self.gives_ids else None


class World:
    """Runs an engine, carries out its effects, and holds it to its promises."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.name: node for node in nodes}
        self.station = Station(nodes=NODES, policies=POLICIES)
        self.time = 0.0
        self.wall_ahead = NOON
        self.steady_ahead = 1000.0
        self.effects: deque[Effect] = deque()
        self.writing: Snapshot | None = None
        self.write_again = False
        self.disk = _text(Snapshot())
        self.history = "[]"
        # The record.
        self.orders = 0
        self.stored: set[int] = set()
        self.burnt: set[int] = set()
        self.withdrawn: set[int] = set()
        self.lost: set[int] = set()
        self.attempts: dict[tuple[int, str], int] = {}
        self.may_have: set[tuple[int, str]] = set()
        self.may_go_again: set[tuple[int, str]] = set()
        self.resent: set[int] = set()
        self.first_in_lane: dict[str, list[int]] = {}
        self.ended: dict[int, CommandState] = {}
        self.waiting_actions: dict[int, int] = {}
        self.waiting_resends: dict[int, int] = {}
        self._start()

    # The world moves

    @property
    def now(self) -> Now:
        return Now(self.wall_ahead + self.time, self.steady_ahead + self.time)

    def _start(self) -> None:
        history = [command_from_json(item) for item in json.loads(self.history)]
        stored = snapshot_from_json(json.loads(self.disk))
        self.engine = Engine(self.station, stored, history, self.now)
        self.tell(Tick())

    def crash(self, *, after_write: bool) -> None:
        """Drop all that is in memory, and go on with what is on disk."""
        if self.writing is not None and after_write:
            self._write(self.writing)
        self.writing, self.write_again = None, False
        self.effects.clear()
        self.waiting_actions.clear()
        self.waiting_resends.clear()
        for command in self._disk_commands():
            self.withdrawn.discard(command.id)
            if command.command_class is CommandClass.ONCE:
                self.lost.discard(self.identity(command))
        self.steady_ahead = 500.0 - self.time
        self._start()

    def tell(self, event: Event) -> list[Effect]:
        effects = self.engine.handle(event, self.now)
        self.effects.extend(effects)
        return effects

    def try_to(self, event: Event) -> bool:
        before = self.engine.snapshot()
        try:
            self.tell(event)
        except Refused:
            assert self.engine.snapshot() == before, "a refused wish changed something"
            return False
        return True

    def order(
        self, kind: str, nodes: tuple[str, ...], key: str, idempotency_key: str | None
    ) -> None:
        self.orders += 1
        once = POLICIES[kind].command_class is CommandClass.ONCE
        wish = Enqueue(
            kind=kind,
            params={"order": self.orders} if once else {},
            nodes=nodes,
            cause=Cause.ACTION,
            key=key,
            idempotency_key=idempotency_key,
        )
        known = set(self.engine.book.open) | set(self.engine.book.closed)
        for effect in self.tell(wish):
            if isinstance(effect, Enqueued):
                if effect.command_id not in known:
                    assert effect.command_id not in self.burnt, "an id came back"
                revision = self.engine.book.revision
                self.waiting_actions[effect.command_id] = revision

    def resolve(self, command: Command, outcome: Outcome) -> None:
        unknown = [
            delivery.node
            for delivery in command.deliveries
            if delivery.state is DeliveryState.UNKNOWN
        ]
        asked = self.try_to(Resolve(command.id, outcome))
        if asked and outcome is Outcome.RESEND:
            self.may_go_again |= {(self.identity(command), node) for node in unknown}
            self.resent.add(command.id)
            self.waiting_resends[command.id] = self.engine.book.revision

    def carry_out_one(self, fate: Fate) -> None:
        effect = self.effects.popleft()
        match effect:
            case Commit():
                self.begin_write()
            case Publish(command_id, node):
                self._publish(command_id, node, fate)
            case Changed(command_id, state):
                before = self.ended.get(command_id)
                assert before is None, f"#{command_id} was {before}, now {state}"
                if state.final:
                    self.ended[command_id] = state

    def begin_write(self) -> None:
        if self.writing is None:
            self.writing = self.engine.snapshot()
        else:
            self.write_again = True

    def end_write(self, *, fails: bool, but_is_there: bool = False) -> None:
        """Say how a write ended. A failed one may yet have reached the disk."""
        snapshot = self.writing
        if snapshot is None:
            return
        self.writing = None
        if self.write_again:
            self.write_again = False
            self.effects.append(Commit())
        if not fails:
            self._write(snapshot)
            self.tell(Committed(snapshot.revision))
        else:
            if but_is_there:
                self._write(snapshot)
            self.tell(CommitFailed())
        for command_id in _take_answered(self.waiting_actions, snapshot.revision):
            if fails:
                self._withdraw(command_id)
        for command_id in _take_answered(self.waiting_resends, snapshot.revision):
            if fails:
                self._take_back_resend(command_id)

    def _withdraw(self, command_id: int) -> None:
        command = self.engine.book.find(command_id)
        if command is None or command_id not in self.engine.book.unstored:
            return
        self.withdrawn.add(command_id)
        if command.command_class is CommandClass.ONCE:
            self.lost.add(self.identity(command))
        self.tell(Withdraw(command_id))

    def _take_back_resend(self, command_id: int) -> None:
        command = self.engine.book.open.get(command_id)
        self.tell(NotResent(command_id))
        if command is not None:
            for node in command.nodes:
                self.may_go_again.discard((self.identity(command), node))

    def settle(self, fate: Fate) -> None:
        """Carry out everything, as in a world where all goes well."""
        for _ in range(ENDLESS * 10):
            if self.effects:
                self.carry_out_one(fate)
            elif self.writing is not None:
                self.end_write(fails=False)
            else:
                return
        raise AssertionError("the engine has effects without end")

    def archive(self, *, crash_before_told: bool) -> None:
        closed = list(self.engine.book.closed.values())
        self.history = json.dumps([command_as_json(command) for command in closed])
        if crash_before_told:
            self.crash(after_write=False)
        else:
            self.tell(Archived(frozenset(command.id for command in closed)))

    def pass_time(self, seconds: float, fate: Fate, *, reporting: bool) -> None:
        end = self.time + seconds
        at_once = 0
        report_at = self.time if reporting else end + 1
        while True:
            self.settle(fate)
            deadline = self.engine.next_deadline(self.now)
            due = end + 1 if deadline is None else self.time + deadline
            upcoming = min(due, report_at)
            if upcoming > end:
                break
            at_once = at_once + 1 if upcoming <= self.time else 0
            assert at_once < ENDLESS, "the engine asks to be called without end"
            self.time = max(self.time, upcoming)
            if report_at < due:
                report_at += REPORT_EVERY
                self.report_ready()
            else:
                self.tell(Tick())
        self.time = end

    def report_ready(self) -> None:
        for node in self.nodes.values():
            self.tell(node.says(self.time, ready=not node.tasks))

    def come_to_an_end(self) -> None:
        """Let everything be well for as long as it takes."""
        self.settle(Fate.ARRIVES)
        self.tell(Connection(up=True))
        self.tell(Dispatching(enabled=True))
        for _ in range(LONG_ENOUGH):
            self._nodes_do_their_work()
            self.pass_time(REPORT_EVERY, Fate.ARRIVES, reporting=True)
            self.check()
            if all(
                command.state is CommandState.UNCONFIRMED
                for command in self.engine.book.open.values()
            ):
                break
        else:
            left = self.engine.book.open.values()
            raise AssertionError(f"promise 4: stuck for ever: {_shown(left)}")
        self.settle(Fate.ARRIVES)
        self.check_nothing_vanished()

    def _nodes_do_their_work(self) -> None:
        for node in self.nodes.values():
            while node.tasks:
                node.work(fails=False)
            while node.air:
                self.tell(node.air.pop(0))
                self.settle(Fate.ARRIVES)

    # The record is kept, and the engine judged by it

    def identity(self, command: Command) -> int:
        """Return what stays the same when a command goes on under a new id."""
        order: int = command.params["order"]
        return order

    def _publish(self, command_id: int, name: str, fate: Fate) -> None:
        command = self.engine.book.open.get(command_id)
        if command is None:
            return
        if fate is Fate.DOES_NOT_LEAVE:
            self.tell(NotPublished(command_id, name))
            return
        node = self.nodes[name]
        stored = next(one for one in self._disk_commands() if one.id == command_id)
        delivery = stored.delivery(name)
        assert delivery is not None
        before = self.attempts.get((command_id, name), 0)
        assert delivery.attempts > before, "published before it was recorded"
        self.attempts[command_id, name] = before + 1
        self.burnt.add(command_id)
        self._judge_repeat(command, node)
        if before == 0 and command_id not in self.resent:
            self._judge_order(command)
        if fate is not Fate.IS_LOST:
            node.receive(command_id, refuses=fate is Fate.IS_REFUSED)

    def _judge_repeat(self, command: Command, node: Node) -> None:
        if command.command_class is not CommandClass.ONCE:
            return
        identity = self.identity(command)
        assert identity not in self.lost, "sent, though it could not be stored"
        this = (identity, node.name)
        if this in self.may_have and not node.drops_repeats:
            asked = this in self.may_go_again
            assert asked, f"promise 2: #{command.id} went to node {node.name} twice"
        self.may_go_again.discard(this)
        self.may_have.add(this)

    def _judge_order(self, command: Command) -> None:
        if command.command_class is CommandClass.UNTIL_DONE:
            return
        for lane in _lanes(command):
            sent = self.first_in_lane.setdefault(lane, [])
            if command.id not in sent:
                before = max(sent, default=0)
                assert before < command.id, f"#{command.id} went after #{before}"
                sent.append(command.id)

    def check(self) -> None:
        commands = self.engine.book.open.values()
        self._check_one_in_flight(commands)
        for command in commands:
            self._check_truth(command)
            assert not command.state.final
        waiting = {command.id: why for command, why in self.engine.waiting(self.now)}
        for command in commands:
            if command.state is CommandState.QUEUED:
                assert waiting.get(command.id), f"promise 5: #{command.id} waits mutely"
        quiet = not self.effects and self.writing is None
        needs_time = any(
            command.state is not CommandState.UNCONFIRMED
            and not (
                command.command_class is CommandClass.UNTIL_DONE
                and command.id in waiting
            )
            for command in commands
        )
        if quiet and needs_time:
            assert self.engine.next_deadline(self.now) is not None, "promise 4"
        for command_id, state in self.ended.items():
            closed = self.engine.book.closed.get(command_id)
            assert closed is not None, f"promise 3: #{command_id} has vanished"
            assert closed.state is state, f"promise 3: #{command_id} was {state}"
            self._check_truth(closed)

    def check_nothing_vanished(self) -> None:
        for command_id in self.stored - self.withdrawn:
            command = self.engine.book.find(command_id)
            assert command is not None, f"promise 3: #{command_id} has vanished"
            if command.state is not CommandState.UNCONFIRMED:
                assert command.state.final
                assert self.ended.get(command_id, command.state) is command.state

    def _check_one_in_flight(self, commands: Iterable[Command]) -> None:
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
            node = self.nodes[delivery.node]
            if not node.gives_ids:
                continue
            causes = {
                entry.cause
                for entry in command.timeline
                if entry.node == node.name and entry.state == delivery.state
            }
            executed = command.id in node.executed
            if delivery.state is DeliveryState.DONE:
                told = causes & {Cause.PERSON, Cause.RESTARTED}
                assert executed or told, f"#{command.id} done? not by {node.name}"
            elif causes == {Cause.LAST_ID}:
                assert not executed, f"#{command.id} was done by {node.name}"
            elif (
                delivery.state is DeliveryState.FAILED
                and command.command_class is CommandClass.ONCE
                and not causes & {Cause.NODE, Cause.LATE_ANSWER, Cause.PERSON}
            ):
                assert not executed, f"#{command.id} may have been done: {causes}"
            elif (
                delivery.state is DeliveryState.REJECTED
                and command.command_class is CommandClass.ONCE
            ):
                assert not executed, f"#{command.id} was not refused by {node.name}"

    def _write(self, snapshot: Snapshot) -> None:
        self.disk = _text(snapshot)
        ids = self._disk_ids()
        self.stored |= ids
        self.burnt |= ids

    def _disk_ids(self) -> set[int]:
        return {command.id for command in self._disk_commands()}

    def _disk_commands(self) -> tuple[Command, ...]:
        return snapshot_from_json(json.loads(self.disk)).commands


def _take_answered(waiting: dict[int, int], revision: int) -> list[int]:
    answered = [command_id for command_id, at in waiting.items() if at <= revision]
    for command_id in answered:
        del waiting[command_id]
    return answered


def _lanes(command: Command) -> tuple[str, ...]:
    if POLICIES[command.kind].gate is Gate.ALL_READY:
        return ("all nodes",)
    return command.nodes


def _shown(commands: Iterable[Command]) -> str:
    return ", ".join(
        f"#{command.id} {command.kind} {command.state} {command.deliveries}"
        for command in commands
    )


def _text(snapshot: Snapshot) -> str:
    return json.dumps(snapshot_as_json(snapshot))
