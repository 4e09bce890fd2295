"""One station of this world: the shipped driver, and what is noted of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
import hashlib
import math
from typing import override
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.effects import (
    Changed,
    Effect,
    ImageCame,
    ImageEffect,
)
from custom_components.mqtt_dispatch.engine.model.events import Adopted, Event
from custom_components.mqtt_dispatch.engine.model.meal import OverdueMeal, Place
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from custom_components.mqtt_dispatch.engine.view import StationView
from custom_components.mqtt_dispatch.protocols.base import Protocol
from custom_components.mqtt_dispatch.protocols.messages import (
    Happened,
    Learned,
    Malformed,
    Message as Incoming,
    Said,
)
from custom_components.mqtt_dispatch.runtime.driver import Driver, World
from custom_components.mqtt_dispatch.station import assembled
from simulation.actions import Action, Actions
from simulation.casts.base import Cast, StationPlan
from simulation.client import Client
from simulation.clock import GRAIN
from simulation.files import StationFiles
from simulation.knowledge import Knowledge
from simulation.plan import is_of_another_station
from simulation.ports import ClientWire, ProcessClock
from simulation.process import Process
from simulation.record import (
    Asks,
    Came,
    Entry,
    OpenCommands,
    OverdueTold,
    Overslept,
    Pictures,
    Read,
    Shown,
    Told,
)
from simulator.node import Message

_LONG_HERE = 500
"""Bytes: here images are small, and their parts are."""


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


class StationDriver(Driver):
    """The shipped driver, in a process that may crash before each effect."""

    process: Process
    overslept: Callable[[float], None]
    """Told by how many seconds the engine was called too late."""
    reads: Callable[[Incoming], None]
    """Told of each message that is read, when its turn has come."""
    _due = math.inf
    """Steady seconds at which the engine wants to be called."""

    @override
    def _handle(self, event: Event, at: Now | None = None) -> list[Effect]:
        now = self.process.now()
        if now.steady > self._due + GRAIN:
            self.overslept(now.steady - self._due)
        effects = super()._handle(event, at)
        # Nobody told the engine what the clocks say since then.
        seen = now if at is None else at
        wait = self.engine.next_deadline(seen)
        self._due = math.inf if wait is None else seen.steady + wait
        return effects

    @override
    def _read(self, message: Incoming) -> tuple[Said, ...]:
        self.reads(message)
        return super()._read(message)

    @override
    def carry_out(self, effect: Effect) -> None:
        self.process.point(f"before {type(effect).__name__}")
        super().carry_out(effect)


class Station:
    """One station, from the moment it is loaded until it is stopped.

    It stands for what Home Assistant is to a driver, and listens to it.
    """

    def __init__(
        self, site: Site, process: Process, client: Client, files: StationFiles
    ) -> None:
        """Take up the station where its files left it. Raises Unusable."""
        self.site = site
        self.protocol = _unpacking_all(site.cast.protocol)
        self._process = process
        self._client = client
        stored, history = files.load()
        station = assembled(
            self.protocol,
            site.knowledge.site,
            site.plan.options,
            Place(ZoneInfo(site.knowledge.zone)),
            site.name,
        )
        wire = ClientWire(site.name, process, client)
        world = World(ProcessClock(process), files, wire, listeners=self)
        self.driver = StationDriver(
            station,
            self.protocol,
            site.knowledge.site(),
            world,
            stored=stored,
            history=history,
        )
        self.driver.process = process
        self.driver.overslept = self._overslept
        self.driver.reads = self._reads
        self.engine = self.driver.engine
        self.handle = self.driver.handle
        self.filters = self.protocol.topics(site.name)
        self.begin = Actions(process, self.driver.commits).begin
        """Carry out what somebody asked for, up to where it waits for the disk."""
        self._subscribed = False
        self._listening = False
        self.stopping = False
        """Whether somebody waits for it to be stopped."""
        self._stands: object = None

    @property
    def stopped(self) -> bool:
        return self.driver.stopped

    def now(self) -> Now:
        return self._process.now()

    def start(self) -> None:
        self.driver.start()
        self._listening = True
        self._client.subscribe(self.filters)
        if any(
            self.protocol.welcome(self.driver.site, node)
            for node in self.site.knowledge.to_welcome
        ):
            self.begin(self._welcome())

    def stop(self, stopped: Callable[[], None]) -> None:
        """Store what is known, then call `stopped`."""
        self._listening = False
        self.stopping = True
        self.site.knowledge.write()
        self.driver.stop(lambda: self._process.later(0.0, stopped))

    def zone_changed(self) -> None:
        self._site_changed()
        self.driver.zone_changed(ZoneInfo(self.site.knowledge.zone))

    # Messages and the connection

    def message_came(self, topic: str, payload: bytes, retained: bool) -> None:
        if not self._listening:
            return
        if not self._subscribed and not retained:
            self.subscribed()
        # A filter may let through what another station is asked.
        is_others = is_of_another_station(topic, self.site.name)
        is_question = self.site.cast.is_question(Message(topic, payload))
        if is_question and not is_others and not retained:
            answerable = self._client.can_publish and self.engine.ledger.dispatching
            asks = (topic, payload, answerable, self._process.now().wall)
            self.site.note(Asks(self._process.time, self.site.name, *asks))
        if self._notes_reading:
            what = (topic, self._process.now().wall)
            self.site.note(Came(self._process.time, self.site.name, *what))
        self.driver.message_came(topic, payload, retained=retained)

    def subscribed(self) -> None:
        if self._listening and not self._subscribed:
            self._subscribed = True
            self.connection_changed()

    def connection_changed(self) -> None:
        if self._listening and self._subscribed:
            self.driver.connection_changed(up=self._client.connected)

    @property
    def _notes_reading(self) -> bool:
        """Whether some messages wait until others are read."""
        return self.protocol.long_report is not None

    def _reads(self, message: Incoming) -> None:
        if self._notes_reading:
            what = (message.topic, message.wall)
            self.site.note(Read(self._process.time, self.site.name, *what))

    def _overslept(self, late: float) -> None:
        self.site.note(Overslept(self._process.time, self.site.name, late))

    # What the driver tells

    def shown(self, before: StationView, now: StationView, *, beside: bool) -> None:  # noqa: ARG002
        """Note what stands while nothing is under way."""
        if self.driver.commits.busy or self.stopped:
            return
        ledger = self.engine.ledger
        instant = self._process.now()
        deadline = self.engine.next_deadline(instant)
        stands = (ledger.revision, deadline is None)
        if not ledger.open or stands == self._stands:
            return
        self._stands = stands
        reasons = {command.id: found for command, found in self.engine.waiting(instant)}
        self.site.note(
            OpenCommands(
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

    def follows_age(self, node: str) -> bool:  # noqa: ARG002
        """Nobody does, as in a Home Assistant where nobody asked to be shown it."""
        return False

    def changed(self, change: Changed) -> None:
        told = (change.command_id, str(change.state), str(change.cause))
        self.site.note(Told(self._process.time, self.site.name, *told))
        if change.state is CommandState.SUCCEEDED:
            self._learn_from(change.command_id)

    def overdue(self, meal: OverdueMeal) -> None:
        told = (meal.meal_id, meal.nominal, meal.node)
        self.site.note(OverdueTold(self._process.time, self.site.name, *told))

    def said(self, news: Learned | Happened) -> None:
        if isinstance(news, Learned):
            self.site.knowledge.learn(news.node, news.facts, self._process)
            self._site_changed()

    def pictured(self, image: ImageEffect) -> None:
        if isinstance(image, ImageCame):
            digest = hashlib.sha256(image.content).hexdigest()
            shown = (self.site.name, image.node, image.name, digest)
            self.site.note(Pictures(self._process.time, *shown))

    def discovered(self, node: str, hello: Hello) -> None:
        """Nobody adopts a node here."""

    def heard(self, message: Incoming, said: tuple[Said, ...]) -> None:
        """Nobody reads along here."""

    def not_understood(self, malformed: Malformed, topic: str) -> None:
        """Nobody counts here."""

    def connection(self, *, up: bool) -> None:
        """Nobody reads the log."""

    def storage(self, error: Exception | None) -> None:
        """Nobody reads the log."""

    def fault(self, doing: str) -> None:  # noqa: ARG002
        """Let it be seen: here nothing may raise but what ends the process."""
        raise  # noqa: PLE0704 - the driver calls this where it caught it

    # What people are shown

    def show(self) -> None:
        ledger = self.engine.ledger
        commands = (*ledger.open.values(), *ledger.closed.values())
        self.site.note(
            Shown(self._process.time, self.site.name, tuple(map(_shown, commands)))
        )

    # What is known of the nodes

    def _site_changed(self) -> None:
        self.driver.site_changed(self.site.knowledge.site())

    def _learn_from(self, command_id: int) -> None:
        command = self.engine.ledger.find(command_id)
        if command is None:
            return
        for node in command.nodes:
            learned = self.protocol.learned(self.driver.site, command, node)
            if learned:
                self.site.knowledge.learn(node, learned, self._process)
        self._site_changed()

    def _welcome(self) -> Action:
        for node in self.engine.station.nodes:
            if node in self.site.knowledge.to_welcome:
                self.handle(Adopted(node, f"welcome:{node}"))
                if not (yield):
                    return
                if node not in self.engine.plan.desired.unwelcomed:
                    self.site.knowledge.welcomed(node, self._process)


def _unpacking_all(protocol: Protocol) -> Protocol:
    """Return a protocol that has more messages than the longest unpacked."""
    if protocol.long_report is None:
        return protocol
    return replace(protocol, long_report=_LONG_HERE)


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
