"""Drives the engine of one station as `coordinator` does, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
import hashlib
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.coordinator import HISTORY_DELAY
from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.events import (
    Adopted,
    Archived,
    AskForParts,
    Backup,
    Changed,
    Commit,
    CommitFailed,
    Committed,
    Connection,
    Effect,
    Event,
    ImageCame,
    Inquire,
    NotPublished,
    Publish,
    Release,
    Tick,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model import Command, CommandState, Now
from custom_components.mqtt_dispatch.engine.reports import Failed
from custom_components.mqtt_dispatch.engine.snapshot import Snapshot
from custom_components.mqtt_dispatch.pace import Pace
from custom_components.mqtt_dispatch.protocols.base import (
    ImageReply,
    InvalidCommand,
    Malformed,
    Message as Arrived,
    Publication,
    Sending,
    qos_of,
)
from custom_components.mqtt_dispatch.station import assembled
from simulation.casts.base import Cast, StationPlan
from simulation.client import Client, NoConnection
from simulation.clock import GRAIN
from simulation.files import StationFiles
from simulation.knowledge import Knowledge
from simulation.process import Process
from simulation.record import Asks, Entry, Pictures, Shown, Standing, Told
from simulator.node import Message

type Action = Generator[None, bool]
"""Yields to wait until all that the engine knows is stored; gets whether it is."""


@dataclass(frozen=True, slots=True)
class Site:
    """A station, what is known of it, and where what happens is noted."""

    plan: StationPlan
    cast: Cast
    knowledge: Knowledge
    note: Callable[[Entry], None]

    @property
    def name(self) -> str:
        return self.plan.name


class StationDriver:
    """One station, from the moment it is loaded until it is stopped."""

    def __init__(
        self, site: Site, process: Process, client: Client, files: StationFiles
    ) -> None:
        """Take up the station where its files left it. Raises Unusable."""
        self.site = site
        self.protocol = site.cast.protocol
        self.wire_site = site.knowledge.site()
        self._process = process
        self._client = client
        self._files = files
        stored, history = files.load()
        station = assembled(
            self.protocol,
            site.knowledge.site,
            site.plan.options,
            ZoneInfo(site.knowledge.zone),
            site.name,
        )
        self.engine = Engine(station, stored, history, process.now())
        self.filters = self.protocol.topics(site.name)
        self._committed = stored.revision
        self._commit_wanted = False
        self._worker_busy = False
        self._waiters: list[tuple[int, Action]] = []
        self._subscribed = False
        self._listening = False
        self._stopped: Callable[[], None] | None = None
        self.stopped = False
        self._timer = 0
        self._history_planned = False
        self._follow_up = False
        self._pace = Pace(every=0.1, at_once=20)
        self._stands: object = None

    def start(self) -> None:
        self.handle(Tick())
        if self.engine.book.unarchived:
            self._plan_history()
        self._listening = True
        self._client.subscribe(self.filters)
        if any(
            self.protocol.welcome(self.wire_site, node)
            for node in self.site.knowledge.to_welcome
        ):
            self.begin(self._welcome())

    def stop(self, stopped: Callable[[], None]) -> None:
        """Store what is known, then call `stopped`."""
        self._listening = False
        self._stopped = stopped
        self.site.knowledge.write()
        self.handle(Connection(up=False))
        self.handle(Backup(under_way=False))
        self._want_commit()

    def handle(self, event: Event) -> list[Effect]:
        """Tell the engine of an event. Raises Refused for what may not be asked."""
        effects = self.engine.handle(event, self._process.now())
        for effect in effects:
            self._process.point(f"before {type(effect).__name__}")
            self._carry_out(effect)
        if not self._follow_up and not self.stopped:
            self._follow_up = True
            wait = 0.0 if effects else self._pace.wait(self.now().steady)
            self._process.later(wait, self._after_events)
        return effects

    def now(self) -> Now:
        return self._process.now()

    def begin(self, action: Action) -> None:
        """Carry out what somebody asked for, up to where it waits for the disk."""
        try:
            next(action)
        except StopIteration:
            return
        self._wait(action)

    def zone_changed(self) -> None:
        self.wire_site = self.site.knowledge.site()
        self.handle(ZoneChanged(ZoneInfo(self.site.knowledge.zone)))

    # Messages and the connection

    def message_came(self, topic: str, payload: bytes, retained: bool) -> None:
        if not self._listening:
            return
        if not self._subscribed and not retained:
            self.subscribed()
        if not retained and self.site.cast.is_question(Message(topic, payload)):
            asks = (topic, payload, self._client.can_publish)
            self.site.note(Asks(self._process.time, self.site.name, *asks))
        came = Arrived(topic, payload, retained, self.now().wall)
        for report in self.protocol.report(self.wire_site, came):
            match report:
                case Malformed():
                    pass
                case Publication():
                    self._say((report,), qos=0)
                case _:
                    self.handle(report)

    def subscribed(self) -> None:
        if self._listening and not self._subscribed:
            self._subscribed = True
            self.connection_changed()

    def connection_changed(self) -> None:
        up = self._client.connected
        if self._listening and self._subscribed and up is not self.engine.connected:
            self.handle(Connection(up))

    # What people are shown

    def show(self) -> None:
        book = self.engine.book
        commands = (*book.open.values(), *book.closed.values())
        self.site.note(
            Shown(self._process.time, self.site.name, tuple(map(_shown, commands)))
        )

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Commit():
                self._want_commit()
            case Publish():
                self._publish(effect)
            case Inquire(node):
                self._say(self.protocol.inquiry(self.wire_site, node))
            case ImageCame(node, name, content):
                digest = hashlib.sha256(content).hexdigest()
                shown = (self.site.name, node, name, digest)
                self.site.note(Pictures(self._process.time, *shown))
            case AskForParts(node, name, missing):
                self._tell_of_image(node, name, missing)
            case Release(node, name):
                self._tell_of_image(node, name, ())
            case Changed():
                self._changed(effect)

    def _changed(self, change: Changed) -> None:
        told = (change.command_id, str(change.state), str(change.cause))
        self.site.note(Told(self._process.time, self.site.name, *told))
        if change.state is CommandState.SUCCEEDED:
            self._learn(change.command_id)
        if change.state.final:
            self._plan_history()

    # What is known of the nodes

    def _learn(self, command_id: int) -> None:
        command = self.engine.book.find(command_id)
        if command is None or not (learned := self.protocol.learned(command)):
            return
        for node in command.nodes:
            self.site.knowledge.learn(node, learned, self._process)
        self.wire_site = self.site.knowledge.site()

    def _welcome(self) -> Action:
        for node in self.engine.station.nodes:
            if node in self.site.knowledge.to_welcome:
                self.handle(Adopted(node, f"welcome:{node}"))
                if not (yield):
                    return
                self.site.knowledge.welcomed(node, self._process)

    # Commits: one at a time; what comes meanwhile shares the next one

    def _want_commit(self) -> None:
        if not self._commit_wanted:
            self._commit_wanted = True
            if not self._worker_busy:
                self._worker_busy = True
                self._process.later(0.0, self._work)

    def _work(self) -> None:
        if not self._commit_wanted:
            self._worker_busy = False
            if self._stopped is not None:
                self._end(self._stopped)
            return
        self._commit_wanted = False
        snapshot = self.engine.snapshot()
        if snapshot.revision <= self._committed:
            self._work()
            return
        self._process.point("before a commit")
        self._files.commit(snapshot, lambda error: self._written(snapshot, error))

    def _written(self, snapshot: Snapshot, error: OSError | None) -> None:
        if error is None:
            self._committed = snapshot.revision
        self._answer_waiters(snapshot.revision, stored=error is None)
        self.handle(
            CommitFailed() if error is not None else Committed(snapshot.revision)
        )
        self._work()

    def _end(self, stopped: Callable[[], None]) -> None:
        self.stopped = True
        self._answer_waiters(self.engine.book.revision, stored=False)
        self._process.later(0.0, stopped)

    def _answer_waiters(self, revision: int, *, stored: bool) -> None:
        answered = [action for at, action in self._waiters if at <= revision]
        self._waiters = [item for item in self._waiters if item[0] > revision]
        for action in answered:
            self._answer(action, stored=stored)

    def _answer(self, action: Action, *, stored: bool) -> None:
        self._process.later(0.0, lambda: self._go_on(action, stored=stored))

    def _go_on(self, action: Action, *, stored: bool) -> None:
        try:
            action.send(stored)
        except StopIteration:
            return
        self._wait(action)

    def _wait(self, action: Action) -> None:
        revision = self.engine.book.revision
        if revision <= self._committed:
            self._go_on(action, stored=True)
        elif self.stopped:
            self._go_on(action, stored=False)
        else:
            self._waiters.append((revision, action))

    # Publishing

    def _publish(self, order: Publish) -> None:
        command = self.engine.book.open.get(order.command_id)
        if command is None:
            return
        sending = Sending(
            command=command,
            node=order.node,
            wall=self.now().wall,
            step=order.step,
            readings=self.engine.statuses[order.node].readings,
        )
        try:
            publications = self.protocol.publications(self.wire_site, sending)
        except InvalidCommand as invalid:
            self.handle(Failed(order.node, command.id, invalid.code))
            return
        left = False
        for publication in publications:
            self._process.point("before the connection is checked")
            if not self._client.connected:
                if not left:
                    self.handle(NotPublished(command.id, order.node))
                return
            self._process.point("before a publish")
            try:
                self._send(publication, qos_of(command))
            except NoConnection:
                # It may leave later: it is followed like one that left.
                return
            left = True
            self._process.point("after a publish")

    def _tell_of_image(self, node: str, name: str, missing: tuple[int, ...]) -> None:
        reply = ImageReply(
            name=name,
            missing=missing,
            readings=self.engine.statuses[node].readings,
            wall=self.now().wall,
        )
        self._say(self.protocol.image_reply(self.wire_site, node, reply))

    def _say(self, publications: tuple[Publication, ...], qos: int = 1) -> None:
        """Publish what is no command: an answer, or a question."""
        for publication in publications:
            if self._client.connected:
                try:
                    self._send(publication, qos)
                except NoConnection:
                    return

    def _send(self, publication: Publication, qos: int) -> None:
        payload = publication.payload.encode()
        self._client.publish(self.site.name, Message(publication.topic, payload, qos))

    # Time

    def _after_events(self) -> None:
        self._follow_up = False
        self._timer += 1
        timer = self._timer
        deadline = self.engine.next_deadline(self._process.now())
        if deadline is not None:
            self._process.later(deadline + GRAIN, lambda: self._deadline_reached(timer))
        self._note_what_stands(deadline)

    def _deadline_reached(self, timer: int) -> None:
        if timer == self._timer and not self.stopped:
            self.handle(Tick())

    def _note_what_stands(self, deadline: float | None) -> None:
        if self._commit_wanted or self._worker_busy or self.stopped:
            return
        book = self.engine.book
        stands = (book.revision, deadline is None)
        if not book.open or stands == self._stands:
            return
        self._stands = stands
        waiting = self.engine.waiting(self._process.now())
        reasons = {command.id: found for command, found in waiting}
        self.site.note(
            Standing(
                self._process.time,
                self.site.name,
                deadline,
                tuple(
                    (
                        command.id,
                        str(command.state),
                        tuple(str(one.why) for one in reasons.get(command.id, ())),
                    )
                    for command in book.open.values()
                ),
            )
        )

    # History, written behind

    def _plan_history(self) -> None:
        if not self._history_planned:
            self._history_planned = True
            self._process.later(HISTORY_DELAY, self._write_history)

    def _write_history(self) -> None:
        self._history_planned = False
        if self.stopped:
            return
        closed = list(self.engine.book.closed.values())
        self._files.write_history(closed, lambda error: self._archived(closed, error))

    def _archived(self, closed: list[Command], error: OSError | None) -> None:
        if self.stopped:
            return
        if error is not None:
            self._plan_history()
        else:
            self.handle(Archived(frozenset(command.id for command in closed)))


def _shown(command: Command) -> tuple[int, str, tuple[tuple[str, str, str], ...]]:
    parts = []
    for delivery in command.deliveries:
        causes = [
            str(entry.cause)
            for entry in command.timeline
            if entry.node == delivery.node and entry.state == delivery.state
        ]
        parts.append((delivery.node, str(delivery.state), (causes or [""])[-1]))
    return command.id, str(command.state), tuple(parts)
