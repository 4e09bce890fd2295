"""What every simulated greenhouse node has: power, a connection, a clock, faults."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, CLEAR, Order, StandingOrders
from simulator.greenhouse.answers import Answers
from simulator.node import Agenda, Connect, CutOff, Effect, Message, Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.greenhouse.wire import Task

    type _Said = Callable[[float], list[Effect]]

BOOT_SECONDS = 2.0
RECONNECT_SECONDS = 1.0
FREE_HEAP_BYTES = 180_000
RSSI_DBM = -61


@dataclass(frozen=True, slots=True)
class Settings:
    """What the nodes of a station have in common.

    `interval_scale` multiplies the nodes' own intervals and the time that a start
    takes, `telemetry_scale` those between two measurements on top.
    """

    prefix: str
    interval_scale: float = 1.0
    telemetry_scale: float = 1.0


class GreenhouseNode(ABC):
    """One node. `name` is its hardware id.

    `now` is unix seconds: when it is made, so that its first advance switches it on.
    """

    def __init__(self, name: str, settings: Settings, now: float) -> None:
        self._name = name
        self.settings = settings
        self.orders = StandingOrders()
        self.agenda = Agenda()
        self.answers = Answers(
            self.agenda, base=self.base, stamp=self.stamp, ended=self.ended
        )
        self.connected = False
        self.booted_at = now
        self._powered = False
        self.agenda.put("boot", now, self._boot)

    @property
    def name(self) -> str:
        return self._name

    @property
    def will(self) -> Message | None:
        return Message(f"{self.base()}/lwt", b"offline", qos=1, retain=True)

    @property
    @abstractmethod
    def subscriptions(self) -> tuple[str, ...]:
        """The topic filters of a clean session."""

    @abstractmethod
    def base(self) -> str:
        """Return the beginning of the topics on which it speaks now."""

    @abstractmethod
    def stamp(self, now: float) -> int:
        """Return what it writes as `ts` of an answer."""

    @abstractmethod
    def on_connect(self, now: float) -> list[Effect]:
        """Return what it says once it is connected and subscribed."""

    @abstractmethod
    def hear(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        """Return its answer to a message on one of its topics."""

    @abstractmethod
    def lose_power(self) -> None:
        """Forget what does not outlive a loss of power."""

    @abstractmethod
    def lose_config(self) -> Mapping[str, Any]:
        """Lose its configuration; return what its flash holds then."""

    @abstractmethod
    def ended(self, cmd_id: str, status: str) -> None:
        """Note the last answer to a command."""

    def next_deadline(self) -> float | None:
        return self.agenda.next_deadline()

    def advance(self, now: float) -> list[Effect]:
        return self.agenda.run(now)

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        return self.hear(topic, payload, now) if self.connected else []

    def order(self, order: Order, now: float) -> list[Effect]:
        match order.fault, order.value:
            case "die", "now":
                return self._power_off(order.seconds, now)
            case "clock", _:
                self.set_clock_ahead(order.seconds or 0.0)
                return []
            case "reset", _:
                memory = self.lose_config()
                effects = self._power_off(self.boot_seconds, now)
                return [Remembered(memory), *effects]
            case fault, value if fault == CLEAR:
                return self._clear(value, now)
            case fault, "now":
                return self.at_once(fault, now) if self.connected else []
        self.orders.add(order)
        return []

    def clear(self, _fault: str) -> None:
        """Take back what an order did at once."""
        return

    def at_once(self, _fault: str, _now: float) -> list[Effect]:
        """Do what an order has it do: nothing that this firmware knows."""
        return []

    @abstractmethod
    def set_clock_ahead(self, seconds: float) -> None:
        """Have its clock wrong by so much, where it has one."""

    @property
    def boot_seconds(self) -> float:
        return BOOT_SECONDS * self.settings.interval_scale

    def scaled(self, seconds: float) -> float:
        return seconds * self.settings.interval_scale

    def restart(self, now: float) -> list[Effect]:
        return self._power_off(self.boot_seconds, now)

    def die(self, task: Task, now: float) -> list[Effect]:
        """Lose power, as the orders that stood for a command say."""
        return [task.note("die"), *self._power_off(task.orders["die"].seconds, now)]

    def reconnect(self, now: float) -> list[Effect]:
        """Break the connection and make it anew, as another address has it do."""
        self.connected = False
        at = now + self.scaled(RECONNECT_SECONDS)
        self.agenda.put("connect", at, lambda _: [Connect()])
        return [CutOff()]

    def say(
        self,
        suffix: str,
        content: Mapping[str, Any],
        *,
        base: str | None = None,
        retain: bool = False,
    ) -> Message:
        topic = f"{self.base() if base is None else base}/{suffix}"
        return Message(topic, json.dumps(content).encode(), qos=1, retain=retain)

    def every(self, name: str, seconds: float, now: float, said: _Said) -> None:
        """Say something again and again, from `seconds` on."""

        def again(at: float) -> list[Effect]:
            self.every(name, seconds, at, said)
            return said(at) if self.connected else []

        self.agenda.put(name, now + seconds, again)

    def _boot(self, now: float) -> list[Effect]:
        self._powered = True
        self.booted_at = now
        return [Connect()]

    def _power_off(self, back_after: float | None, now: float) -> list[Effect]:
        self._powered = False
        self.connected = False
        self.lose_power()
        self.agenda.clear()
        if back_after is not None:
            self.agenda.put("boot", now + back_after, self._boot)
        return [CutOff()]

    def _clear(self, fault: str, now: float) -> list[Effect]:
        self.orders.clear(fault)
        self.clear(fault)
        if fault in (ALL, "clock"):
            self.set_clock_ahead(0.0)
        if fault in (ALL, "die") and not self._powered:
            self.agenda.put("boot", now, self._boot)
        return []
