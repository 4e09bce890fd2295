"""Drives the engine of one station as `coordinator` does, one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
import hashlib
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.broker.rate_limit import Pace
from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.model.clock import Now, first_id
from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    Adopted,
    Archived,
    Backup,
    Changed,
    Commit,
    Connection,
    Effect,
    Event,
    ImageCame,
    Inquire,
    Instruct,
    NotPublished,
    Publish,
    Say,
    TellTime,
    Tick,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.reports import Failed, Reply
from custom_components.mqtt_dispatch.protocols.base import (
    Happened,
    Instructing,
    Learned,
    Malformed,
    Message as Arrived,
    Publication,
    Sending,
    Site as WireSite,
    qos_of,
)
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from custom_components.mqtt_dispatch.station import assembled
from custom_components.mqtt_dispatch.storage.archive import HISTORY_DELAY
from simulation.casts.base import Cast, StationPlan
from simulation.client import Client
from simulation.clock import GRAIN
from simulation.committing import Action, Commits
from simulation.files import StationFiles
from simulation.knowledge import Knowledge
from simulation.process import Process
from simulation.record import Asks, Desired, Entry, Pictures, Shown, Told
from simulation.speaking import Mouth
from simulator.node import Message


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
        self._process = process
        self._client = client
        self._files = files
        self._mouth = Mouth(site.name, process, client)
        stored, history = files.load()
        station = assembled(
            self.protocol,
            site.knowledge.site,
            site.plan.options,
            ZoneInfo(site.knowledge.zone),
            site.name,
        )
        begin = process.now()
        self.engine = Engine(station, stored, history, begin, first_id(begin.wall))
        self.wire_site = self._site()
        self.filters = self.protocol.topics(site.name)
        self._commits = Commits(
            process,
            files,
            self.engine,
            committed=stored.revision,
            told=self.handle,
            idle=self._idle,
        )
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
        if self.engine.ledger.unarchived:
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
        self._commits.want()

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
        self._commits.begin(action)

    def _idle(self) -> None:
        """Stop, if that was waited for, now that all is written."""
        if self._stopped is not None and not self.stopped:
            self.stopped = True
            self._commits.close()
            self._process.later(0.0, self._stopped)

    def zone_changed(self) -> None:
        self.wire_site = self._site()
        self.handle(ZoneChanged(ZoneInfo(self.site.knowledge.zone)))

    # Messages and the connection

    def message_came(self, topic: str, payload: bytes, retained: bool) -> None:
        if not self._listening:
            return
        if not self._subscribed and not retained:
            self.subscribed()
        if not retained and self.site.cast.is_question(Message(topic, payload)):
            answerable = self._client.can_publish and self.engine.ledger.dispatching
            asks = (topic, payload, answerable)
            self.site.note(Asks(self._process.time, self.site.name, *asks))
        came = Arrived(topic, payload, retained, self.now().wall)
        for report in self.protocol.report(self.wire_site, came):
            match report:
                case Malformed() | Happened():
                    pass
                case Learned(node, facts):
                    self.site.knowledge.learn(node, facts, self._process)
                    self.wire_site = self._site()
                case Publication():
                    self.handle(Reply(report))
                case _:
                    self.handle(report)

    def subscribed(self) -> None:
        if self._listening and not self._subscribed:
            self._subscribed = True
            self.connection_changed()

    def connection_changed(self) -> None:
        up = self._client.connected
        if (
            self._listening
            and self._subscribed
            and up is not self.engine.conditions.connected
        ):
            self.handle(Connection(up))

    # What people are shown

    def show(self) -> None:
        ledger = self.engine.ledger
        commands = (*ledger.open.values(), *ledger.closed.values())
        self.site.note(
            Shown(self._process.time, self.site.name, tuple(map(_shown, commands)))
        )

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Commit():
                self._commits.want()
            case Publish():
                self._publish(effect)
            case Inquire(node):
                self._mouth.say(self.protocol.inquiry(self.wire_site, node))
            case Say(Publication() as answer):
                self._mouth.say((answer,), qos=0)
            case TellTime():
                told = self.protocol.time_answer(self.wire_site, self.now().wall)
                self._mouth.say(told, qos=0)
            case ImageCame(node, name, content):
                digest = hashlib.sha256(content).hexdigest()
                shown = (self.site.name, node, name, digest)
                self.site.note(Pictures(self._process.time, *shown))
            case Instruct():
                self._instruct(effect)
            case Changed():
                self._changed(effect)

    def _changed(self, change: Changed) -> None:
        told = (change.command_id, str(change.state), str(change.cause))
        self.site.note(Told(self._process.time, self.site.name, *told))
        if change.state is CommandState.SUCCEEDED:
            self._learn(change.command_id)
        if change.state.final:
            self._plan_history()

    def _publish(self, order: Publish) -> None:
        command = self.engine.ledger.open.get(order.command_id)
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
            publications = self.protocol.messages(self.wire_site, sending)
        except InvalidCommand as invalid:
            self.handle(Failed(order.node, command.id, invalid.code))
            return
        if not self._mouth.tell(publications, qos_of(command)):
            self.handle(NotPublished(command.id, order.node))

    def _instruct(self, order: Instruct) -> None:
        instructing = Instructing(
            instruction=order.instruction,
            name=order.name,
            missing=order.missing,
            readings=self.engine.statuses[order.node].readings,
            wall=self.now().wall,
        )
        self._mouth.say(self.protocol.instruct(self.wire_site, order.node, instructing))

    # What is known of the nodes

    def _site(self) -> WireSite:
        return replace(self.site.knowledge.site(), told=self.engine.told)

    def _learn(self, command_id: int) -> None:
        command = self.engine.ledger.find(command_id)
        if command is None:
            return
        for node in command.nodes:
            learned = self.protocol.learned(self.wire_site, command, node)
            if learned:
                self.site.knowledge.learn(node, learned, self._process)
        self.wire_site = self._site()

    def _welcome(self) -> Action:
        for node in self.engine.station.nodes:
            if node in self.site.knowledge.to_welcome:
                self.handle(Adopted(node, f"welcome:{node}"))
                if not (yield):
                    return
                self.site.knowledge.welcomed(node, self._process)

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
        if self._commits.busy or self.stopped:
            return
        ledger = self.engine.ledger
        stands = (ledger.revision, deadline is None)
        if not ledger.open or stands == self._stands:
            return
        self._stands = stands
        waiting = self.engine.waiting(self._process.now())
        reasons = {command.id: found for command, found in waiting}
        self.site.note(
            Desired(
                self._process.time,
                self.site.name,
                deadline,
                tuple(
                    (
                        command.id,
                        str(command.state),
                        tuple(str(one.why) for one in reasons.get(command.id, ())),
                    )
                    for command in ledger.open.values()
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
        closed = list(self.engine.ledger.closed.values())
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
