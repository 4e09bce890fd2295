"""What a feeder of protocol 5 says, and the faults that befall it on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.faults import StandingOrders, UnderOrders
from simulator.node import Agenda, Effect, Message, Note
from simulator.petnet.schedule import Entry, digest
from simulator.petnet.wire import Command, Settings, broken_trace, telemetry

if TYPE_CHECKING:
    from collections.abc import Sequence

REMOTE, BUTTON, SCHEDULE = 4, 5, 6

type Ask = Callable[[str, Mapping[str, Any], float], list[Effect]]


@dataclass(frozen=True, slots=True)
class Work(UnderOrders):
    """Something to be done, and the orders that stood when it came.

    `command` is None for what nobody sent: a meal, or a press of the button.
    """

    id: str
    kind: str
    content: Any
    source: int = REMOTE
    command: Command | None = None


class Voice:
    """A feeder's telemetry, and its requests by way of its gateway."""

    def __init__(
        self,
        name: str,
        gateway: str,
        settings: Settings,
        *,
        orders: StandingOrders,
        agenda: Agenda,
        ask: Ask,
    ) -> None:
        self._name = name
        self._gateway = gateway
        self._settings = settings
        self._orders = orders
        self._agenda = agenda
        self._ask = ask
        self._late = 0

    def say(self, content: Mapping[str, Any]) -> Message:
        return telemetry(self._settings, self._gateway, self._spelled, content)

    def hash(self, schedule: Sequence[Entry]) -> Message:
        key = "local_md5" if self._settings.stepwise else "s|local_md5"
        return self.say({"s|msg_type": "hash", key: digest(schedule)})

    def trace(self) -> Message:
        return broken_trace(self._settings, self._gateway, self._spelled)

    def report(
        self, work: Work, word: str, body: Mapping[str, Any], now: float
    ) -> list[Effect]:
        """Make the request that says what became of a command."""
        if work.command is None:
            return []
        if work.ordered("silent", "works"):
            return [Note(f"fault on {work.id}: {work.orders['silent']}")]
        uri = f"/api/v1/core/events/{work.id}/{word}"
        fault = "received" if word == "received" else "succeeded"
        return self.faulty(work, fault, lambda at: self._ask(uri, body, at), now)

    def faulty(
        self, work: Work, fault: str, say: Callable[[float], list[Effect]], now: float
    ) -> list[Effect]:
        """Say it as the order for `fault` wants it: not at all, late, or twice."""
        order = work.orders.get(fault)
        if order is None:
            return say(now)
        effects: list[Effect] = [Note(f"fault on {work.id}: {order}")]
        match order.value:
            case "double":
                effects += say(now)
                effects += say(now)
            case "delay":
                self._late += 1
                at = now + (order.seconds or 0.0)
                self._agenda.put(f"late {self._late}", at, say)
        return effects

    @property
    def _spelled(self) -> str:
        return self._name.upper() if "spelling" in self._orders.view() else self._name
