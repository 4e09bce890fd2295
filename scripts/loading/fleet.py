"""All nodes of all stations in this process, on one MQTT connection."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
import heapq
from itertools import count
import random

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from custom_components.mqtt_dispatch.protocols.paired_dispenser.protocol import (
    CONVEYOR_SECONDS,
)
from scripts.parts.broker import Broker
from scripts.parts.process import PartError
from simulator.faults import Order
from simulator.node import Connect, Effect, Executed, Message
from simulator.paired_dispenser.state import HEARTBEAT_SECONDS
from simulator.paired_dispenser.station import Dispenser, a_node
from simulator.paired_dispenser.wire import FIRMWARES, Settings, read_command
from simulator.runner import steady_unix_clock

from .gate import Gate
from .loop_client import LoopClient

WORK_SECONDS = 3.0
CONNECT_PATIENCE = 10
DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped"


@dataclass(frozen=True, slots=True)
class StationPlan:
    """A station as both sides know it."""

    name: str
    prefix: str
    nodes: tuple[str, ...]
    firmware: str

    @property
    def drops_repeats(self) -> bool:
        """Whether its nodes drop repeated ids, so that silence may be asked again."""
        return FIRMWARES[self.firmware].dedupes


def plan(stations: int, nodes: int) -> tuple[StationPlan, ...]:
    """Share the nodes out evenly. Old and new firmware take turns."""
    shares = [nodes // stations + (i < nodes % stations) for i in range(stations)]
    return tuple(
        StationPlan(
            name=f"Load {number:03}",
            prefix=f"load{number:03}",
            nodes=tuple(str(node) for node in range(1, share + 1)),
            firmware=("old", "new")[number % 2],
        )
        for number, share in enumerate(shares, start=1)
    )


@dataclass(slots=True)
class Arrival:
    """A command as its nodes got it. All times are unix seconds."""

    gate_opened_at: float
    at: dict[str, float] = field(default_factory=dict)
    """By node: when it came first."""


class Fleet:
    """Plays the nodes, and notes what arrives and what they do.

    A node that says something does so as a client of its own would, except that all
    share one connection: what Home Assistant gets is the same.
    """

    def __init__(self, broker: Broker, stations: Sequence[StationPlan]) -> None:
        self.clock = steady_unix_clock()
        self.arrivals: dict[tuple[str, int], Arrival] = {}
        self.executions: Counter[tuple[str, str, int]] = Counter()
        self.published: Counter[str] = Counter()
        """How many messages, by the last but one level of their topics."""
        self.dropped = 0
        """How many messages the broker says it dropped."""
        self._broker = broker
        self._gates = {
            plan.prefix: Gate(
                plan.nodes, 0.0 if plan.drops_repeats else CONVEYOR_SECONDS
            )
            for plan in stations
        }
        self._nodes: dict[str, Dispenser] = {}
        self._prefixes: dict[Dispenser, str] = {}
        self._due: list[tuple[float, int, Dispenser]] = []
        self._due_at: dict[Dispenser, float] = {}
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None
        self._connected = asyncio.Event()
        self._lost: str | None = None
        self._client = LoopClient(Client(CallbackAPIVersion.VERSION2))
        self._client.paho.on_connect = self._on_connect
        self._client.paho.on_subscribe = lambda *_: self._connected.set()
        self._client.paho.on_disconnect = self._on_disconnect
        self._client.paho.on_message = self._on_message
        self._build(stations)

    async def start(self) -> None:
        """Connect, and switch the nodes on one after the other, within five seconds."""
        self._client.connect(self._broker.host, self._broker.port)
        async with asyncio.timeout(CONNECT_PATIENCE):
            await self._connected.wait()
        self._advance()

    async def stop(self) -> None:
        """Fall silent. Raises PartError if the connection was lost meanwhile."""
        if self._timer is not None:
            self._timer.cancel()
        self._client.paho.on_disconnect = None
        await self._client.disconnect()
        if self._lost is not None:
            raise PartError(f"The nodes lost their connection: {self._lost}")

    def order(self, prefix: str, node: str, order: Order) -> None:
        """Have a node misbehave."""
        simulated = self._nodes[f"{prefix}/cmd/{node}"]
        self._carry_out(simulated, simulated.order(order, self.clock()))

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish something of one's own."""
        self._client.paho.publish(topic, payload)

    def _build(self, stations: Sequence[StationPlan]) -> None:
        spread = random.Random(1)
        for station in stations:
            settings = Settings(
                prefix=station.prefix,
                firmware=FIRMWARES[station.firmware],
                work_seconds=WORK_SECONDS,
                while_busy="says_so",
            )
            for name in station.nodes:
                at = self.clock() + spread.uniform(0, HEARTBEAT_SECONDS)
                node = a_node(
                    name,
                    settings,
                    dispenses=name == station.nodes[0],
                    memory=None,
                    now=at,
                )
                self._nodes[node.subscriptions[0]] = node
                self._prefixes[node] = station.prefix
                self._push(node)

    def _push(self, node: Dispenser) -> None:
        at = node.next_deadline()
        if at is not None and at != self._due_at.get(node):
            self._due_at[node] = at
            heapq.heappush(self._due, (at, next(self._numbers), node))

    def _advance(self) -> None:
        now = self.clock()
        while self._due and self._due[0][0] <= now:
            at, _, node = heapq.heappop(self._due)
            if at == self._due_at[node]:
                del self._due_at[node]
                self._carry_out(node, node.advance(now))
        if self._due:
            delay = max(0.0, self._due[0][0] - self.clock())
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(delay, self._advance)

    def _carry_out(self, node: Dispenser, effects: Sequence[Effect]) -> None:
        now = self.clock()
        prefix = self._prefixes[node]
        for effect in effects:
            match effect:
                case Message():
                    self._gates[prefix].published(node.name, effect, now)
                    self.published[effect.topic.split("/")[-2]] += 1
                    self._client.paho.publish(
                        effect.topic, effect.payload, effect.qos, effect.retain
                    )
                case Executed(id=int(command_id)):
                    self.executions[prefix, node.name, command_id] += 1
                case Connect():
                    self._carry_out(node, node.on_connect(now))
        self._push(node)

    def _on_message(self, _: Client, __: object, message: MQTTMessage) -> None:
        if message.topic == DROPPED_TOPIC:
            self.dropped = int(message.payload)
            return
        node = self._nodes.get(message.topic)
        command = read_command(message.payload)
        if node is None or command is None:
            return
        now = self.clock()
        key = (self._prefixes[node], command.id)
        if key not in self.arrivals:
            self.arrivals[key] = Arrival(self._gates[key[0]].opened_at())
        self.arrivals[key].at.setdefault(node.name, now)
        self._carry_out(node, node.receive(message.topic, message.payload, now))
        self._rearm()

    def _rearm(self) -> None:
        """See to what became due earlier than what the timer waits for."""
        if self._timer is not None:
            self._timer.cancel()
        self._advance()

    def _on_connect(
        self,
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._lost = str(reason)
            return
        client.subscribe([("+/cmd/+", 1), (DROPPED_TOPIC, 0)])

    def _on_disconnect(self, *about: object) -> None:
        self._lost = str(about[3])
