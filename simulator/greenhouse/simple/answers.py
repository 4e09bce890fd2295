"""Answers of protocol 4, the node's memory of them, and the faults on their way.

What the wire leaves open is decided here:

- The memory is lost with the power. It holds an id from when it came first, and
  answers a repeat with the latest answer it gave, if it gave one. What was BUSY or
  INVALID is not kept.
- Old firmware says ACK and nothing more, unless something went wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any

from simulator.faults import UnderOrders
from simulator.node import Agenda, Effect, Message, Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.greenhouse.simple.wire import Command, Firmware

REMEMBERED_IDS = 128
MEMORY_SECONDS = 300.0

_WELL = ("DONE", "NO_EFFECT")
_NOT_KEPT = ("BUSY", "INVALID")


@dataclass(frozen=True, slots=True)
class Task(UnderOrders):
    """A command, where it came, and the orders that stood when it did."""

    command: Command
    channel: str

    def note(self, fault: str) -> Note:
        return Note(f"fault on {self.command.id}: {self.orders[fault]}")


@dataclass(slots=True)
class _Known:
    since: float
    answer: Mapping[str, Any] | None = None


class Answers:
    """What a node answers, as effects: at once, late, twice, from memory.

    `base` gives the beginning of its topics now, `firmware` what it ever says.
    """

    def __init__(
        self, base: Callable[[], str], firmware: Firmware, agenda: Agenda
    ) -> None:
        self._base = base
        self._firmware = firmware
        self._agenda = agenda
        self._known: dict[str, _Known] = {}
        self._delayed = 0

    def forget(self) -> None:
        """Lose the memory, as a loss of power does."""
        self._known.clear()

    def knows(self, cmd_id: str, now: float) -> bool:
        self._known = {
            each: known
            for each, known in self._known.items()
            if now - known.since < MEMORY_SECONDS
        }
        return cmd_id in self._known

    def again(self, task: Task, now: float) -> list[Effect]:
        """Answer a repeat from memory."""
        effects: list[Effect] = [Note(f"dropped {task.command.id}: a repeat")]
        answer = self._known[task.command.id].answer
        if answer is not None:
            fault = "ack" if answer["status"] == "ACK" else "done"
            effects += self._answer(fault, task, answer, now)
        return effects

    def remember(self, task: Task, now: float) -> None:
        """Know the id from now on."""
        self._known[task.command.id] = _Known(now)
        while len(self._known) > REMEMBERED_IDS:
            del self._known[next(iter(self._known))]

    def ack(self, task: Task, now: float) -> list[Effect]:
        return self._say("ack", task, {"status": "ACK"}, now)

    def turn_away(self, task: Task, status: str, now: float, code: str) -> list[Effect]:
        """Answer a command that is not even looked at; the memory stays as it is."""
        return self._answer("done", task, {"status": status, "error_code": code}, now)

    def end(
        self, task: Task, status: str, now: float, /, **more: object
    ) -> list[Effect]:
        """Give the last answer to a command."""
        if status in _WELL and not self._firmware.reports_done:
            known = self._known.get(task.command.id)
            if known is not None and known.answer is not None:
                return []
            return self.ack(task, now)
        return self._say("done", task, {"status": status, **more}, now)

    def _say(
        self, fault: str, task: Task, content: dict[str, Any], now: float
    ) -> list[Effect]:
        if content["status"] in _NOT_KEPT:
            self._known.pop(task.command.id, None)
        elif task.command.id in self._known:
            self._known[task.command.id].answer = content
        return self._answer(fault, task, content, now)

    def _answer(
        self, fault: str, task: Task, content: Mapping[str, Any], now: float
    ) -> list[Effect]:
        if task.ordered("silent", "works"):
            return [task.note("silent")]
        answer = {"cmd_id": task.command.id, **content, "ts": int(now * 1000)}
        order = task.orders.get(fault)
        if order is None:
            return [self._message(task, answer)]
        effects: list[Effect] = [task.note(fault)]
        match order.value:
            case "double":
                effects += [self._message(task, answer)] * 2
            case "delay":
                self._delayed += 1
                self._agenda.put(
                    f"delayed {self._delayed}",
                    now + (order.seconds or 0.0),
                    lambda _: [self._message(task, answer)],
                )
        return effects

    def _message(self, task: Task, answer: Mapping[str, Any]) -> Message:
        topic = f"{self._base()}/{task.channel}/command_response"
        return Message(topic, json.dumps(answer).encode(), qos=1)
