"""Nodes of protocol 4, `greenhouse`: they introduce themselves and are given a place.

What the wire leaves open is decided here:

- A node without a configuration lives at its temporary address, says hello on the
  topic that all share, tells its status and heartbeat, and measures nothing.
- One that gets another address breaks its connection, connects under it and says what
  it holds. One that gets a configuration for the address it has says so at once.
- Right after each connection it asks for the time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, CLEAR, Order, StandingOrders
from simulator.greenhouse.simple.answers import Answers, Task
from simulator.greenhouse.simple.faults import FAULTS
from simulator.greenhouse.simple.options import add_options, settings_from
from simulator.greenhouse.simple.telling import Telling
from simulator.greenhouse.simple.wire import (
    Config,
    ConfigError,
    Settings,
    read_command,
    read_config,
    refusal,
)
from simulator.greenhouse.simple.work import Work
from simulator.node import (
    Agenda,
    Connect,
    CutOff,
    Effect,
    Message,
    Note,
    Remembered,
)
from simulator.simulated import Simulated

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from simulator.node import Node
    from simulator.simulated import Memories

BOOT_SECONDS = 2.0
RECONNECT_SECONDS = 1.0


class GreenhouseNode:
    """One node. `name` is its hardware id.

    `memory` is what its flash held, from a `Remembered`; `now` is unix seconds. Raises
    ValueError where `memory` is not what a node stores.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        node_type: str,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        self._name = name
        self._settings = settings
        self._config: Config | None = None
        self._orders = StandingOrders()
        self._agenda = Agenda()
        self._answers = Answers(self._base, settings.firmware, self._agenda)
        self._work = Work(
            name,
            settings,
            agenda=self._agenda,
            answers=self._answers,
            die=self._die,
            restart=self._restart,
            set_clock=self._set_clock,
        )
        self._telling = Telling(
            name,
            settings,
            node_type=node_type,
            base=self._base,
            agenda=self._agenda,
            orders=self._orders,
        )
        self._powered = False
        self._connected = False
        self._booted_at = now
        self._clock_error = 0.0
        self._take_config(_config_in(memory))
        self._agenda.put("boot", now, self._boot)

    @property
    def name(self) -> str:
        return self._name

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (
            f"{self._base()}/config",
            f"{self._base()}/+/command",
            f"{self._settings.prefix}/time/response",
        )

    @property
    def will(self) -> Message | None:
        return Message(f"{self._base()}/lwt", b"offline", qos=1, retain=True)

    def next_deadline(self) -> float | None:
        return self._agenda.next_deadline()

    def advance(self, now: float) -> list[Effect]:
        return self._agenda.run(now)

    def on_connect(self, now: float) -> list[Effect]:
        self._connected = True
        return self._telling.introduce(self._config, self._booted_at, now)

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if not self._connected:
            return []
        if topic == f"{self._settings.prefix}/time/response":
            self._set_clock()
            return []
        match topic.removeprefix(f"{self._base()}/").split("/"):
            case ["config"]:
                return self._configure(payload, now)
            case [channel, "command"]:
                return self._command(channel, payload, now)
        return []

    def order(self, order: Order, now: float) -> list[Effect]:
        match order.fault, order.value:
            case "die", "now":
                return self._power_off(order.seconds, now)
            case "clock", _:
                self._clock_error = order.seconds or 0.0
                return []
            case "reset", _:
                self._take_config(None)
                effects = self._power_off(self._boot_seconds, now)
                return [Remembered({"config": None}), *effects]
            case fault, value if fault == CLEAR:
                return self._clear(value, now)
        self._orders.add(order)
        return []

    def _base(self) -> str:
        temporary = f"gh-temp/zn-temp/{self._name}"
        address = temporary if self._config is None else self._config.address
        return f"{self._settings.prefix}/{address}"

    @property
    def _secret(self) -> str | None:
        if self._config is None or not self._settings.firmware.signs:
            return None
        return self._config.secret

    @property
    def _boot_seconds(self) -> float:
        return BOOT_SECONDS * self._settings.interval_scale

    def _configure(self, payload: bytes, now: float) -> list[Effect]:
        order = self._orders.take().get("config")
        if order is not None and order.value == "ignore":
            return [Note(f"fault on a configuration: {order}")]
        if order is not None:
            return self._telling.refuse_config("refused")
        try:
            config = read_config(payload)
        except ConfigError as error:
            return self._telling.refuse_config(str(error))
        base = self._base()
        self._telling.fall_silent()
        self._take_config(config)
        effects: list[Effect] = [Remembered({"config": config.content})]
        if base == self._base():
            return effects + self._telling.go_on(config, self._booted_at, now)
        self._connected = False
        at = now + RECONNECT_SECONDS * self._settings.interval_scale
        self._agenda.put("connect", at, lambda _: [Connect()])
        return [*effects, CutOff()]

    def _take_config(self, config: Config | None) -> None:
        self._config = config
        self._work.configure({} if config is None else config.channels)

    def _command(self, channel: str, payload: bytes, now: float) -> list[Effect]:
        secret = self._secret
        command = read_command(payload, signed=secret is not None)
        if command is None:
            return [Note(f"dropped {len(payload)} bytes it does not understand")]
        task = Task(command, channel, orders=self._orders.take())
        if task.ordered("silent", "idle"):
            return [task.note("silent")]
        if secret is not None:
            code = refusal(command, secret, now + self._clock_error)
            if code is not None:
                effects = self._answers.turn_away(task, "INVALID", now, code)
                return [*effects, self._telling.time_request()]
        if self._answers.knows(command.id, now):
            return self._answers.again(task, now)
        for fault in ("invalid", "busy"):
            if fault in task.orders:
                answer = self._answers.turn_away(task, fault.upper(), now, "ordered")
                return [task.note(fault), *answer]
        self._answers.remember(task, now)
        return self._work.do(task, now)

    def _boot(self, now: float) -> list[Effect]:
        self._powered = True
        self._booted_at = now
        return [Connect()]

    def _die(self, task: Task, now: float) -> list[Effect]:
        return [task.note("die"), *self._power_off(task.orders["die"].seconds, now)]

    def _restart(self, _task: Task, now: float) -> list[Effect]:
        return self._power_off(self._boot_seconds, now)

    def _set_clock(self) -> None:
        self._clock_error = 0.0

    def _power_off(self, back_after: float | None, now: float) -> list[Effect]:
        self._powered = False
        self._connected = False
        self._answers.forget()
        self._work.lose_power()
        self._agenda.clear()
        if back_after is not None:
            self._agenda.put("boot", now + back_after, self._boot)
        return [CutOff()]

    def _clear(self, fault: str, now: float) -> list[Effect]:
        self._orders.clear(fault)
        if fault in (ALL, "clock"):
            self._set_clock()
        if fault in (ALL, "die") and not self._powered:
            self._agenda.put("boot", now, self._boot)
        return []


def _config_in(memory: Mapping[str, Any] | None) -> Config | None:
    if memory is None:
        return None
    try:
        held = memory["config"]
    except (KeyError, TypeError) as error:
        raise ValueError("not what a node's flash holds") from error
    return None if held is None else read_config(json.dumps(held).encode())


def station(
    names: Sequence[str],
    settings: Settings,
    types: Sequence[str],
    memories: Memories,
    now: float,
) -> list[GreenhouseNode]:
    """Return a station's nodes; they have the types in turn."""
    return [
        GreenhouseNode(
            name,
            settings,
            node_type=types[number % len(types)],
            memory=memories.get(name),
            now=now,
        )
        for number, name in enumerate(names)
    ]


def _station(
    names: Sequence[str], given: Namespace, memories: Memories, now: float
) -> list[Node]:
    return [*station(names, settings_from(given), given.types, memories, now)]


SIMULATED = Simulated(
    key="greenhouse",
    default_prefix="hydro",
    default_nodes=("esp32-a1b2c3d4e5f6", "esp32-0f1e2d3c4b5a"),
    faults=FAULTS,
    add_options=add_options,
    station=_station,
)
