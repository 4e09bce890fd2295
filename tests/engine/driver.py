"""Drives an engine through a fake world: two clocks, a disk, a broker, nodes.

By default the disk writes at once, everything published arrives, and no node says
anything that a test does not have it say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum, auto
import json
from typing import Any

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Snapshot,
    snapshot_as_json,
    snapshot_from_json,
)
from custom_components.mqtt_dispatch.engine.model.clock import Now, first_id
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    Delivery,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.effects import (
    Changed,
    Commit,
    Discovered,
    Effect,
    Enqueued,
    Instruct,
    MealOverdue,
    Publish,
    Say,
    TellTime,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Archived,
    Cancel,
    CommitFailed,
    Committed,
    Connection,
    Dispatching,
    Enqueue,
    Event,
    NotPublished,
    Resolve,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.policy import (
    Policy,
    Settings,
    Station,
)
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Rejected,
    Seen,
)
from tests.engine.policies import POLICIES

NODES = ("1", "2")
NOON = 1_784_548_800.0
"""Unix seconds of 2026-07-20 12:00 UTC, a Monday."""
MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_REPORT_EVERY = 4.0
_ENDLESS = 200
"""So many deadlines at one instant are a loop."""


def a_station(
    *,
    nodes: tuple[str, ...] = NODES,
    policies: Mapping[str, Any] = POLICIES,
    words: Mapping[str, Any] | None = None,
    **numbers: Any,
) -> Station:
    """Return a station; `words` are its other fields, `numbers` its settings."""
    settings = Settings(**numbers)
    return Station(nodes=nodes, policies=policies, settings=settings, **(words or {}))


def policies(**overrides: Mapping[str, Any]) -> dict[str, Policy]:
    """Return the rules of kinds, each with what is other for it."""
    return {
        kind: replace(POLICIES[kind], **numbers) for kind, numbers in overrides.items()
    }


class Writes(Enum):
    """What becomes of a commit."""

    AT_ONCE = auto()
    WHEN_TOLD = auto()
    FAIL = auto()


class Disk:
    """Keeps what was last written, as text."""

    def __init__(self, stored: Snapshot) -> None:
        self.writes = 0
        self._text = _as_text(stored)

    def write(self, snapshot: Snapshot) -> None:
        self.writes += 1
        self._text = _as_text(snapshot)

    def read(self) -> Snapshot:
        return snapshot_from_json(json.loads(self._text))

    def command(self, command_id: int) -> Command | None:
        for command in self.read().commands:
            if command.id == command_id:
                return command
        return None


class Driver:
    """One station, from start to crash to start."""

    def __init__(
        self,
        station: Station | None = None,
        *,
        stored: Snapshot | None = None,
        history: Iterable[Command] = (),
        writes: Writes = Writes.AT_ONCE,
        wall: float = NOON,
        ids_by_clock: bool = False,
    ) -> None:
        """Start a station; commands are counted from 1 where it is not `ids_by_clock`.

        Home Assistant has ids by the clock; with small ones a test names its own.
        """
        self.station = station or a_station()
        self._ids_by_clock = ids_by_clock
        self.now = Now(wall=wall, steady=5000.0)
        self.disk = Disk(stored or Snapshot())
        self.writes = writes
        self.history = tuple(history)
        self.published: list[tuple[int, str]] = []
        self.steps: list[tuple[int, str, int]] = []
        """What was published, with its step."""
        self.instructed: list[Instruct] = []
        """What nodes, and who relays to them, were told beside commands."""
        self.said: list[object] = []
        """Answers that were let out."""
        self.times_told = 0
        self.changes: list[tuple[int, CommandState]] = []
        self.told: list[Changed] = []
        self.overdue: list[str] = []
        """Dates of meals that were told to be overdue, "YYYY-MM-DDTHH:MM"."""
        self.discovered: list[str] = []
        self.reporting: tuple[str, ...] = ()
        """Nodes that report ready by themselves while time passes."""
        self.commit_wanted = False
        self._start()

    def _start(self) -> None:
        self.commit_wanted = False
        begin_with = first_id(self.now.wall) if self._ids_by_clock else 1
        self.engine = Engine(
            self.station, self.disk.read(), self.history, self.now, begin_with
        )
        self.tell(Tick())

    def crash(self, *, away: float = 0.0, station: Station | None = None) -> None:
        """Lose all but the disk; start anew, `away` seconds later, not connected."""
        self.station = station or self.station
        self.now = Now(wall=self.now.wall + away, steady=77.0)
        self._start()

    # Events

    def tell(self, event: Event) -> list[Effect]:
        effects = self.engine.handle(event, self.now)
        for effect in effects:
            match effect:
                case Commit():
                    self.commit_wanted = True
                case Publish(command_id, node, step):
                    self.published.append((command_id, node))
                    self.steps.append((command_id, node, step))
                case Instruct():
                    self.instructed.append(effect)
                case Changed(command_id, state):
                    self.changes.append((command_id, state))
                    self.told.append(effect)
                case MealOverdue(meal):
                    self.overdue.append(meal.nominal)
                case Discovered(node):
                    self.discovered.append(node)
        self.times_told += effects.count(TellTime())
        self.said += [effect.message for effect in effects if isinstance(effect, Say)]
        if self.commit_wanted and self.writes is Writes.AT_ONCE:
            self.commit()
        elif self.commit_wanted and self.writes is Writes.FAIL:
            self.fail_to_commit()
        return effects

    def commit(self) -> None:
        """Write what is asked to be written, and say so."""
        self.commit_wanted = False
        snapshot = self.engine.snapshot()
        self.disk.write(snapshot)
        self.tell(Committed(snapshot.revision))

    def fail_to_commit(self) -> None:
        self.commit_wanted = False
        self.tell(CommitFailed(self.engine.ledger.revision))

    def archive(self) -> None:
        """Write the history, and say so."""
        self.history = tuple(self.engine.ledger.closed.values())
        self.tell(Archived(frozenset(command.id for command in self.history)))

    def connect(self) -> None:
        self.tell(Connection(up=True))

    def disconnect(self) -> None:
        self.tell(Connection(up=False))

    def pause(self) -> None:
        self.tell(Dispatching(enabled=False))

    def go_on(self) -> None:
        self.tell(Dispatching(enabled=True))

    def advance(self, seconds: float) -> None:
        """Let time pass, calling the engine exactly when it asked for it."""
        end = self.now.steady + seconds
        report_at = self.now.steady if self.reporting else end + 1
        at_once = 0
        while True:
            deadline = self.engine.next_deadline(self.now)
            due = end + 1 if deadline is None else self.now.steady + deadline
            if min(due, report_at) > end:
                break
            at_once = at_once + 1 if min(due, report_at) == self.now.steady else 0
            assert at_once < _ENDLESS, "the engine asks to be called without end"
            if report_at < due:
                self._pass(report_at - self.now.steady)
                report_at += _REPORT_EVERY
                self.ready(*self.reporting)
            else:
                self._pass(due - self.now.steady)
                self.tell(Tick())
        self._pass(end - self.now.steady)

    def _pass(self, seconds: float) -> None:
        self.now = Now(self.now.wall + seconds, self.now.steady + seconds)

    def set_clock(self, by: float) -> None:
        """Set the wall clock; the steady one knows nothing of it."""
        self.now = replace(self.now, wall=self.now.wall + by)

    # Nodes

    def see(self, node: str, *, live: bool = True, **fields: Any) -> None:
        self.tell(Seen(node=node, live=live, **fields))

    def ready(self, *nodes: str, **fields: Any) -> None:
        """Have nodes (without names: all) report that they are ready."""
        for node in nodes or self.station.nodes:
            self.see(node, online=True, ready=True, **fields)

    def busy(self, node: str) -> None:
        self.see(node, online=True, ready=False)

    def heartbeat(self, *nodes: str, **fields: Any) -> None:
        for node in nodes or self.station.nodes:
            self.see(node, online=True, **fields)

    def all_ready(self, **fields: Any) -> None:
        """Connect, and let every node be ready, settled, and stay so."""
        self.connect()
        self.reporting = self.station.nodes
        self.ready(**fields)
        self.advance(self.station.settings.debounce)

    def accept(self, command_id: int | None, *nodes: str) -> None:
        for node in nodes or self._nodes_of(command_id):
            self.tell(Accepted(node, command_id))

    def done(self, command_id: int | None, *nodes: str) -> None:
        for node in nodes or self._nodes_of(command_id):
            self.tell(Done(node, command_id))

    def reject(self, command_id: int | None, node: str, reason: str = "") -> None:
        self.tell(Rejected(node, command_id, reason))

    def fail(self, command_id: int | None, node: str, reason: str = "") -> None:
        self.tell(Failed(node, command_id, reason))

    def not_published(self, command_id: int, node: str) -> None:
        """Say that what was last published to a node never left."""
        self.published.remove((command_id, node))
        self.tell(NotPublished(command_id, node))

    # Wishes

    def order(
        self,
        kind: str,
        *nodes: str,
        params: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> int:
        """Enqueue a command (without names: to all nodes); return its id."""
        wish = Enqueue(
            kind=kind,
            params=params or {},
            nodes=nodes or self.station.nodes,
            cause=Cause.ACTION,
            **fields,
        )
        (command_id,) = (
            effect.command_id
            for effect in self.tell(wish)
            if isinstance(effect, Enqueued)
        )
        return command_id

    def feed(self, portions: int = 1, **fields: Any) -> int:
        return self.order("feed", params={"portions": portions}, **fields)

    def feed_not_recorded_yet(self) -> int:
        """Have a feed about to be sent; the write that records it is yet to be made."""
        self.disconnect()
        feed = self.feed()
        self.writes = Writes.WHEN_TOLD
        self.come_back()
        return feed

    def come_back(self) -> None:
        """Connect again, and hear that every node is ready."""
        self.connect()
        self.ready()
        self.advance(self.station.settings.debounce)

    def cancel(self, command_id: int) -> None:
        self.tell(Cancel(command_id))

    def resolve(self, command_id: int, outcome: Outcome) -> None:
        self.tell(Resolve(command_id, outcome))

    # What is to be seen

    def command(self, command_id: int) -> Command:
        command = self.engine.ledger.find(command_id)
        assert command is not None, f"command {command_id} has vanished"
        return command

    def state(self, command_id: int) -> CommandState:
        return self.command(command_id).state

    def delivery(self, command_id: int, node: str) -> Delivery:
        delivery = self.command(command_id).delivery(node)
        assert delivery is not None, f"command {command_id} is not for node {node}"
        return delivery

    def deliveries(self, command_id: int) -> list[DeliveryState]:
        return [delivery.state for delivery in self.command(command_id).deliveries]

    def causes(self, command_id: int) -> list[Cause]:
        return [entry.cause for entry in self.command(command_id).timeline]

    def reasons(self, command_id: int) -> tuple[Reason, ...]:
        """Return what a command waits for; nothing if it does not wait."""
        for command, reasons in self.engine.waiting(self.now):
            if command.id == command_id:
                return reasons
        return ()

    def whys(self, command_id: int) -> list[Why]:
        return [reason.why for reason in self.reasons(command_id)]

    def steps_sent(self, command_id: int, node: str) -> list[int]:
        """Return the steps of a command that were published to a node, in order."""
        return [
            step for one, name, step in self.steps if (one, name) == (command_id, node)
        ]

    def times_published(self, command_id: int, node: str) -> int:
        return self.published.count((command_id, node))

    def _nodes_of(self, command_id: int | None) -> tuple[str, ...]:
        if command_id is None:
            return self.station.nodes
        return self.command(command_id).nodes


def _as_text(snapshot: Snapshot) -> str:
    return json.dumps(snapshot_as_json(snapshot))
