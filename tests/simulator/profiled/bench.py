"""A station by a profile on a bench, and together with the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
import json
from typing import Any, override

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.base import Protocol
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.profile import Profile
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from simulator.node import Effect, Message
from simulator.profiled.faults import faults_of
from simulator.profiled.player import Player
from simulator.profiled.settings import Settings
from simulator.profiled.station import station
from simulator.profiled.wire import fits, said_of
from tests.protocols.played import Played
from tests.protocols.profiled.shipped import text_of

from ..bench import Bench

START = 1_800_000_000.0
"""A Friday, 08:00 UTC."""
FEEDER, VALVE = "feeder", "datapoint_valve"
MODELS = {FEEDER: "aqara_feeder", VALVE: "neo_valve"}
TAP = "tap"


class ProfiledBench(Bench[Player]):
    """One client, switched on and connected to a broker that keeps what is retained."""

    start = START

    def __init__(
        self,
        profile: Profile,
        models: Mapping[str, str],
        memory: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.names = tuple(models)
        self.faults = faults_of(profile)
        self.retained: dict[str, Message] = {}
        chosen = Settings(profile, profile.prefix, models, **settings)
        (self.prefix,) = (profile.prefix,)
        (player,) = station(chosen, {}, START)
        if memory is not None:
            (player,) = station(chosen, {player.name: memory}, START)
        super().__init__(player)

    def send(self, topic: str, content: Any, *, retain: bool = False) -> None:
        """Publish: a text as it is, anything else as JSON."""
        text = content if isinstance(content, str) else json.dumps(content)
        if retain:
            self.retained[topic] = Message(topic, text.encode(), retain=True)
        if any(fits(each, topic) for each in self.node.subscriptions):
            self.receive(topic, text.encode())

    def said(self) -> list[tuple[str, Any]]:
        """Return what it said since this was last asked: topic, content."""
        found = [(each.topic, _content(each.payload)) for _, each in self.messages]
        self.messages.clear()
        return found

    def deeds(self, *kinds: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return what was executed of these kinds, or all: its kind, its params."""
        return [
            (each.kind, each.payload)
            for each in self.executed
            if not kinds or each.kind in kinds
        ]

    @override
    def heard(self, message: Message) -> None:
        if message.retain:
            self.retained[message.topic] = message
        if any(fits(each, message.topic) for each in self.node.subscriptions):
            self.receive(message.topic, message.payload)

    @override
    def note(self, effects: Sequence[Effect]) -> None:
        before = self.connections
        super().note(effects)
        if self.connections < before and (will := self.wills[-1]) is not None:
            self.retained[will.topic] = will
            self.messages.append((round(self.now - self.start, 3), will))
        if self.connections > before:
            for message in [*self.retained.values()]:
                if any(fits(each, message.topic) for each in self.node.subscriptions):
                    self.receive(message.topic, message.payload)


class Together:
    """A station of the simulator, and the rules that speak with it by its profile."""

    def __init__(
        self, profile: Profile, models: Mapping[str, str], **settings: Any
    ) -> None:
        self.bench = ProfiledBench(profile, models, **settings)
        self.protocol: Protocol = protocol_of(profile)
        fields = {
            node: {"model": model, **said_of(profile.models[model])}
            for node, model in models.items()
        }
        self.home = Played(self.protocol, fields, wall=START)
        self.run(1)

    def put(self, kind: str, node: str, **params: Any) -> int:
        """Order a command, and let it be sent."""
        command_id = self.home.put(kind, node, **params)
        self._pass()
        return command_id

    def state(self, command_id: int) -> CommandState:
        return self.home.state(command_id)

    def delivery(self, command_id: int, node: str) -> DeliveryState:
        return self.home.delivery(command_id, node).state

    def run(self, seconds: float) -> None:
        """Let time pass, with each hearing at once what the other says."""
        end = self.bench.now + seconds
        self._pass()
        while self.bench.now < end:
            step = min(self._until_next(), end - self.bench.now)
            self.bench.run(step)
            self.home.advance(step)
            self._pass()

    def restart_home(self, away: float = 1.0) -> None:
        """Kill what sends, and start it again."""
        self.home.crash()
        self.home.now = replace(self.home.now, wall=self.bench.now)
        self.bench.run(away)
        self.bench.messages.clear()
        self.home.advance(away)
        self.home.connect()
        for message in self.bench.retained.values():
            self.home.hear(message.topic, message.payload.decode(), retain=True)
        self._pass()

    def _until_next(self) -> float:
        deadline = self.bench.node.next_deadline()
        theirs = float("inf") if deadline is None else deadline - self.bench.now
        due = self.home.engine.next_deadline(self.home.now)
        ours = float("inf") if due is None else due
        return max(min(theirs, ours), 0.001)

    def _pass(self) -> None:
        while self.bench.messages or self.home.sent:
            messages = [message for _, message in self.bench.messages]
            self.bench.messages.clear()
            for message in messages:
                self.home.hear(message.topic, message.payload.decode())
            for topic, payload in self.home.taken():
                self.bench.send(topic, payload)


def zigbee2mqtt(**settings: Any) -> ProfiledBench:
    """Return a bridge with a feeder and a valve."""
    return ProfiledBench(read(text_of("zigbee2mqtt")), MODELS, **settings)


def zigbee2mqtt_together(**settings: Any) -> Together:
    """Return the same, and what orders of it."""
    return Together(read(text_of("zigbee2mqtt")), MODELS, **settings)


def tasmota_together(**settings: Any) -> Together:
    """Return a valve at a relay, and what orders of it."""
    return Together(read(text_of("tasmota")), {TAP: "relay_valve"}, **settings)


def _content(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode()
