"""Answers of greenhouse nodes, and the faults that can befall them on their way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.node import Agenda, Effect, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.greenhouse.wire import Task

FINAL = ("DONE", "NO_EFFECT", "ERROR", "INVALID", "BUSY")
_WELL = ("DONE", "NO_EFFECT")


class Answers:
    """What a node answers, as effects: at once, late, twice, or not at all.

    `base` gives the beginning of its topics now, `stamp` what it writes as `ts` at a
    time, and `ended` is told of the last answer to a command: its id and status.
    """

    def __init__(
        self,
        agenda: Agenda,
        *,
        base: Callable[[], str],
        stamp: Callable[[float], int],
        ended: Callable[[str, str], None],
    ) -> None:
        self._agenda = agenda
        self._base = base
        self._stamp = stamp
        self._ended = ended
        self._delayed = 0

    def ack(self, task: Task, now: float, /, **more: object) -> list[Effect]:
        return self.say(task, "ACK", now, **more)

    def done(self, task: Task, now: float, /, **more: object) -> list[Effect]:
        return self.say(task, "DONE", now, **more)

    def error(
        self, task: Task, now: float, code: str, message: str, /, **more: object
    ) -> list[Effect]:
        return self.say(
            task, "ERROR", now, error_code=code, error_message=message, **more
        )

    def turn_away(
        self, task: Task, now: float, code: str, message: str
    ) -> list[Effect]:
        """Refuse a command without noting that it ended."""
        content = {"status": "ERROR", "error_code": code, "error_message": message}
        return self._send(task, task.channel, content, now)

    def say(
        self, task: Task, status: str, now: float, /, **more: object
    ) -> list[Effect]:
        """Answer a command; `channel` among `more` is where, if not where it came."""
        content: dict[str, Any] = {"status": status, **more}
        channel = str(content.pop("channel", task.channel))
        effects: list[Effect] = []
        if status in _WELL and (failure := task.orders.get("fail")):
            content = {"status": "ERROR", "error_code": failure.value}
            effects.append(task.note("fail"))
        if content["status"] in FINAL:
            self._ended(task.id, content["status"])
        return effects + self._send(task, channel, content, now)

    def _send(
        self, task: Task, channel: str, content: Mapping[str, Any], now: float
    ) -> list[Effect]:
        if task.ordered("silent", "works"):
            return [task.note("silent")]
        answer = {"cmd_id": task.id, **content, "ts": self._stamp(now)}
        message = self._message(channel, answer)
        fault = "ack" if content["status"] == "ACK" else "done"
        order = task.orders.get(fault)
        if order is None:
            return [message]
        effects: list[Effect] = [task.note(fault)]
        match order.value:
            case "double":
                effects += [message, message]
            case "delay":
                self._delayed += 1
                self._agenda.put(
                    f"delayed {self._delayed}",
                    now + (order.seconds or 0.0),
                    lambda _: [self._message(channel, answer)],
                )
        return effects

    def _message(self, channel: str, answer: Mapping[str, Any]) -> Message:
        topic = f"{self._base()}/{channel}/command_response"
        return Message(topic, json.dumps(answer).encode(), qos=1)
