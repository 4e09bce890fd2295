"""Acks and evts of protocol 1, and the faults that befall them on their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.faults import UnderOrders
from simulator.node import Agenda, Effect, Message, Note
from simulator.paired_dispenser.wire import Command, Flag, Settings, message


@dataclass(frozen=True, slots=True)
class Task(UnderOrders):
    """A command the node took, and the orders that stood when it came."""

    command: Command

    def note(self, fault: str) -> Note:
        return Note(f"fault on {self.command.id}: {self.orders[fault]}")


class Answers:
    """What a node answers, as effects: at once, late, twice, later than the next."""

    def __init__(self, node: str, settings: Settings, agenda: Agenda) -> None:
        self._node = node
        self._settings = settings
        self._agenda = agenda
        self._held: list[Message] = []
        self._delayed = 0

    def forget(self) -> None:
        """Lose what was held back, as a loss of power does."""
        self._held.clear()

    def ack(self, task: Task, *, accepted: bool, now: float) -> list[Effect]:
        return self._answer("ack", task, {"accepted": self._flag(accepted)}, now)

    def evt(self, task: Task, status: str, now: float) -> list[Effect]:
        content = {"done": self._flag(True), "status": status}
        return self._answer("evt", task, content, now)

    def _answer(
        self, suffix: str, task: Task, content: dict[str, Any], now: float
    ) -> list[Effect]:
        content = {"queue_id": task.command.id, **content}
        answer = message(self._settings, suffix, self._node, content)
        return self.pass_on(suffix, task, answer, now)

    def pass_on(
        self, suffix: str, task: Task, answer: Message, now: float
    ) -> list[Effect]:
        """Return what becomes of an answer to a command on its way."""
        if task.ordered("silent", "works"):
            return [task.note("silent")]
        order = task.orders.get(suffix)
        if order is None:
            return self._send(answer)
        effects: list[Effect] = [task.note(suffix)]
        match order.value:
            case "double":
                effects += self._send(answer, answer)
            case "reorder":
                self._held.append(answer)
            case "delay":
                self._send_later(answer, now + (order.seconds or 0.0))
        return effects

    def _send(self, *answers: Message) -> list[Effect]:
        held, self._held = self._held, []
        return [*answers, *held]

    def _send_later(self, answer: Message, at: float) -> None:
        self._delayed += 1
        self._agenda.put(f"delayed {self._delayed}", at, lambda _: self._send(answer))

    def _flag(self, value: bool) -> Flag:
        return self._settings.flag(value)
