"""Gateways of protocol 5, `petnet`, and the feeders behind them.

A gateway is one MQTT client and may play several feeders. It is on the air as long as
one of its feeders has power, and checks in whenever it connects or one of them starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator import arguments
from simulator.node import (
    Agenda,
    Connect,
    CutOff,
    Effect,
    Message,
    Node,
    Note,
    Remembered,
)
from simulator.petnet.faults import FAULTS
from simulator.petnet.feeder import Feeder
from simulator.petnet.requests import Requests
from simulator.petnet.wire import (
    FIRMWARES,
    Settings,
    command_topic,
    read_command,
    read_reply,
    reply_topic,
)
from simulator.simulated import Simulated

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping, Sequence

    from simulator.faults import Order
    from simulator.simulated import Memories


class Gateway:
    """One gateway. `memory` is what its flash held; `now` is unix seconds."""

    def __init__(
        self,
        name: str,
        feeders: Sequence[str],
        settings: Settings,
        *,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        self._name = name
        self._settings = settings
        self._agenda = Agenda()
        self._requests = Requests(name, settings, self._agenda)
        self._memory = dict(memory or {})
        self._on = False
        self._feeders = {
            feeder: Feeder(
                feeder,
                name,
                settings,
                memory=self._memory.get(feeder, {}),
                ask=self._requests.ask,
                now=now,
            )
            for feeder in feeders
        }
        self._by_hid = {name.lower(): each for name, each in self._feeders.items()}

    @property
    def name(self) -> str:
        return self._name

    @property
    def will(self) -> Message | None:
        return None

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (
            command_topic(self._settings, self._name),
            reply_topic(self._settings, self._name),
        )

    @property
    def unanswered(self) -> int:
        """How many of its requests nobody answered in time."""
        return self._requests.unanswered

    def next_deadline(self) -> float | None:
        agendas = [self._agenda, *(each.agenda for each in self._feeders.values())]
        times = (agenda.next_deadline() for agenda in agendas)
        return min((at for at in times if at is not None), default=None)

    def advance(self, now: float) -> list[Effect]:
        effects = self._agenda.run(now)
        for feeder in self._feeders.values():
            was_off = not feeder.powered
            effects += feeder.agenda.run(now)
            if was_off and feeder.powered and self._on:
                effects += self._check_in(now) + feeder.announce(now)
        return self._settled(effects)

    def on_connect(self, now: float) -> list[Effect]:
        effects = self._requests.connected(now) + self._check_in(now)
        for feeder in self._feeders.values():
            if feeder.powered:
                effects += feeder.announce(now)
        return effects

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if not self._on:
            return []
        if topic == reply_topic(self._settings, self._name):
            request_id = read_reply(payload)
            if request_id is None:
                return [Note("got a reply that it cannot read")]
            return self._requests.answered(request_id, now)
        command = read_command(payload)
        if command is None:
            return [Note(f"dropped {len(payload)} bytes it cannot read")]
        feeder = self._by_hid.get(command.device)
        if feeder is None or not feeder.powered:
            return [Note(f"dropped {command.name}: {command.device} is not here")]
        return self._settled(feeder.take(command, now))

    def order(self, order: Order, now: float) -> list[Effect]:
        effects: list[Effect] = []
        for name, feeder in self._feeders.items():
            if order.node in (None, name):
                effects += feeder.order(order, now)
        return self._settled(effects)

    def _check_in(self, now: float) -> list[Effect]:
        uri = f"/api/v1/kronos/gateways/{self._name}/checkin"
        return self._requests.ask(uri, {}, now)

    def _settled(self, effects: list[Effect]) -> list[Effect]:
        """Add what the gateway does about what its feeders did."""
        memory = {name: feeder.memory() for name, feeder in self._feeders.items()}
        if memory != self._memory:
            self._memory = memory
            effects.insert(0, Remembered(memory))
        powered = any(feeder.powered for feeder in self._feeders.values())
        if powered and not self._on:
            effects.append(Connect())
        if self._on and not powered:
            self._requests.forget()
            effects.append(CutOff())
        self._on = powered
        return effects


def _add_options(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--gateways",
        type=arguments.nodes,
        default=("gateway-1",),
        metavar="gateway-1",
        help="the gateways through which the feeders speak, in turn",
    )
    add(
        "--firmware",
        choices=FIRMWARES,
        default="old",
        help="old takes a schedule in one message, new step by step; default: old",
    )
    add(
        "--work-seconds",
        type=arguments.seconds,
        default=3.0,
        metavar="S",
        help="how long a feed takes (3)",
    )
    add(
        "--interval-scale",
        type=arguments.scale,
        default=1.0,
        metavar="X",
        help="multiplies heartbeat (30 s), sensor report (300 s) and boot time (2 s)",
    )


def station(
    names: Sequence[str],
    gateways: Sequence[str],
    settings: Settings,
    memories: Memories,
    now: float,
) -> list[Gateway]:
    """Return the gateways of a station, each with its share of the feeders."""
    shares = {
        gateway: names[number :: len(gateways)]
        for number, gateway in enumerate(gateways)
    }
    return [
        Gateway(gateway, share, settings, memory=memories.get(gateway), now=now)
        for gateway, share in shares.items()
        if share
    ]


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    settings = Settings(
        prefix=given.prefix,
        stepwise=given.firmware == "new",
        work_seconds=given.work_seconds,
        interval_scale=given.interval_scale,
    )
    return [*station(names, given.gateways, settings, memories, now)]


SIMULATED = Simulated(
    key="petnet",
    default_prefix="krs",
    default_nodes=("5d1a7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2",),
    faults=FAULTS,
    add_options=_add_options,
    station=_station,
)
