"""The seam between a simulated node and whatever plays it.

A node has no clock and does no I/O. It is told what arrives and what time it is,
and answers with effects, to be carried out in their order. The same node therefore
runs on a real broker (`runner`) and in a simulation with a virtual clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from simulator.faults import Order


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message; lost without a trace while the node is not connected."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Executed:
    """A node began to carry out a command: from here on an animal may be fed."""

    node: str
    id: int | str
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the node's flash holds from now on; it outlives a loss of power."""

    memory: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Connect:
    """The node wants its connection; `on_connect` follows each time it has it."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """The connection breaks without a goodbye, so the broker sends the will."""


@dataclass(frozen=True, slots=True)
class Note:
    """One line for whoever watches."""

    text: str


type Effect = Message | Executed | Remembered | Connect | CutOff | Note


class Client(Protocol):
    """What has an MQTT connection. All times are unix seconds and never fall."""

    @property
    def name(self) -> str:
        """Its name within its station."""

    @property
    def will(self) -> Message | None:
        """What the broker sends when the connection breaks; fixed at connect."""

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The topic filters of a clean session."""

    def on_connect(self, now: float, /) -> list[Effect]:
        """Return what it says once it is connected and subscribed."""

    def receive(self, topic: str, payload: bytes, now: float, /) -> list[Effect]:
        """Return its answer to a message. Never raises, whatever arrives."""

    def advance(self, now: float) -> list[Effect]:
        """Do what is due. The first advance of a new one switches it on."""

    def next_deadline(self) -> float | None:
        """Return when `advance` next has something to do; None means never."""


class Node(Client, Protocol):
    """A node of a protocol, which takes orders for faults."""

    def order(self, order: Order, now: float) -> list[Effect]:
        """Take an order, which need not name this node."""


type Action = Callable[[float], list[Effect]]


class Agenda:
    """What a node will do and when: one action a name, a new one replaces it."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[float, Action]] = {}

    def put(self, name: str, at: float, action: Action) -> None:
        self._entries[name] = (at, action)

    def drop(self, name: str) -> None:
        self._entries.pop(name, None)

    def clear(self) -> None:
        self._entries.clear()

    def next_deadline(self) -> float | None:
        return min((at for at, _ in self._entries.values()), default=None)

    def run(self, now: float) -> list[Effect]:
        """Run what is due at `now` (unix seconds), the earliest first."""
        effects: list[Effect] = []
        while due := [
            (at, name) for name, (at, _) in self._entries.items() if at <= now
        ]:
            _, name = min(due)
            _, action = self._entries.pop(name)
            effects.extend(action(now))
        return effects
