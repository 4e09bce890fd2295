"""A world of two nodes, a disk and a broker in which anything may go wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
import json

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Snapshot,
    command_as_json,
    command_from_json,
    snapshot_as_json,
    snapshot_from_json,
)
from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandClass,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.effects import (
    Changed,
    Commit,
    Effect,
    Enqueued,
    Publish,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Archived,
    CommitFailed,
    Committed,
    Connection,
    Dispatching,
    Enqueue,
    Event,
    Finish,
    NotPublished,
    Refused,
    Resolve,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.policy import Settings, Station
from tests.engine.driver import NODES, NOON
from tests.engine.fake_node import Fate, Node
from tests.engine.policies import POLICIES
from tests.engine.record import Record

REPORT_EVERY = 4.0
ANY_NUMBER = Settings(feeds_waiting=0, feeds_per_hour=0)
ENDLESS = 100
LONG_ENOUGH = 1000
"""Rounds in which everything must have come to an end once all is well."""


class World:
    """Runs an engine, carries out its effects, and has a record kept of it all."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.name: node for node in nodes}
        self.station = Station(nodes=NODES, policies=POLICIES, settings=ANY_NUMBER)
        self.time = 0.0
        self.wall_ahead = NOON
        self.steady_ahead = 1000.0
        self.effects: deque[Effect] = deque()
        self.writing: Snapshot | None = None
        self.write_again = False
        self.disk = _text(Snapshot())
        self.history = "[]"
        self.record = Record(self.nodes)
        self.orders = 0
        self.waiting_actions: dict[int, int] = {}
        self.waiting_resends: dict[int, int] = {}
        self._start()

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
        self.record.found_on_disk(self._disk_commands())
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
        known = set(self.engine.ledger.open) | set(self.engine.ledger.closed)
        for effect in self.tell(wish):
            if isinstance(effect, Enqueued):
                if effect.command_id not in known:
                    self.record.enqueued(effect.command_id)
                revision = self.engine.ledger.revision
                self.waiting_actions[effect.command_id] = revision

    def resolve(self, command: Command, outcome: Outcome) -> None:
        unknown = [
            delivery.node
            for delivery in command.deliveries
            if delivery.state is DeliveryState.UNKNOWN
        ]
        asked = self.try_to(Resolve(command.id, outcome))
        if asked and outcome is Outcome.RESEND:
            self.record.asked_to_send_again(command, unknown)
            self.waiting_resends[command.id] = self.engine.ledger.revision

    def finish(self, command: Command) -> None:
        """Order what nodes say they did not do; no other may get it again."""
        rest = [
            delivery.node
            for delivery in command.deliveries
            if delivery.state in (DeliveryState.FAILED, DeliveryState.REJECTED)
        ]
        known = {*self.engine.ledger.open, *self.engine.ledger.closed}
        if self.try_to(Finish(command.id)):
            for command_id in set(self.engine.ledger.open) - known:
                self.record.enqueued(command_id)
                if command.command_class is CommandClass.ONCE:
                    self.record.asked_to_send_again(command, rest)
                self.waiting_actions[command_id] = self.engine.ledger.revision

    def carry_out_one(self, fate: Fate) -> None:
        effect = self.effects.popleft()
        match effect:
            case Commit():
                self.begin_write()
            case Publish(command_id, node):
                self._publish(command_id, node, fate)
            case Changed(command_id, state):
                self.record.told(command_id, state)

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
        withdrawn = self._unstored(
            _take_answered(self.waiting_actions, snapshot.revision)
        )
        not_resent = self._open(_take_answered(self.waiting_resends, snapshot.revision))
        if not fails:
            self._write(snapshot)
            self.tell(Committed(snapshot.revision))
            return
        if but_is_there:
            self._write(snapshot)
        for command in withdrawn:
            self.record.withdrawn(command)
        self.tell(CommitFailed(snapshot.revision))
        for command in not_resent:
            self.record.not_sent_again(command)

    def _unstored(self, command_ids: Iterable[int]) -> list[Command]:
        ledger = self.engine.ledger
        return [
            command
            for command_id in command_ids
            if command_id in ledger.unstored
            and (command := ledger.find(command_id)) is not None
        ]

    def _open(self, command_ids: Iterable[int]) -> list[Command]:
        found = map(self.engine.ledger.open.get, command_ids)
        return [command for command in found if command is not None]

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
        closed = list(self.engine.ledger.closed.values())
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
                for command in self.engine.ledger.open.values()
            ):
                break
        else:
            left = self.engine.ledger.open.values()
            raise AssertionError(f"promise 4: stuck for ever: {_shown(left)}")
        self.settle(Fate.ARRIVES)
        self.record.check_nothing_vanished(self.engine)

    def _nodes_do_their_work(self) -> None:
        for node in self.nodes.values():
            while node.tasks:
                node.work(fails=False)
            while node.air:
                self.tell(node.air.pop(0))
                self.settle(Fate.ARRIVES)

    def check(self) -> None:
        quiet = not self.effects and self.writing is None
        self.record.check(self.engine, self.now, quiet=quiet)

    def _publish(self, command_id: int, name: str, fate: Fate) -> None:
        command = self.engine.ledger.open.get(command_id)
        if command is None:
            return
        if fate is Fate.DOES_NOT_LEAVE:
            self.tell(NotPublished(command_id, name))
            return
        node = self.nodes[name]
        stored = next(one for one in self._disk_commands() if one.id == command_id)
        delivery = stored.delivery(name)
        assert delivery is not None
        self.record.published(command, node, delivery)
        if fate is not Fate.IS_LOST:
            node.receive(command_id, refuses=fate is Fate.IS_REFUSED)

    def _write(self, snapshot: Snapshot) -> None:
        self.disk = _text(snapshot)
        self.record.written(self._disk_commands())

    def _disk_commands(self) -> tuple[Command, ...]:
        return snapshot_from_json(json.loads(self.disk)).commands


def _take_answered(waiting: dict[int, int], revision: int) -> list[int]:
    answered = [command_id for command_id, at in waiting.items() if at <= revision]
    for command_id in answered:
        del waiting[command_id]
    return answered


def _shown(commands: Iterable[Command]) -> str:
    return ", ".join(
        f"#{command.id} {command.kind} {command.state} {command.deliveries}"
        for command in commands
    )


def _text(snapshot: Snapshot) -> str:
    return json.dumps(snapshot_as_json(snapshot))
