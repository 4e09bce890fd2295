"""A gateway's requests to its server: one at a time, each waits for its reply."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from simulator.node import Note
from simulator.petnet.wire import Settings, request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.node import Agenda, Effect, Message

REPLY_SECONDS = 5.0


class Requests:
    """What the gateway asks. The next one waits until this one was answered.

    One that is not answered within `REPLY_SECONDS` is counted and given up.
    """

    def __init__(self, gateway: str, settings: Settings, agenda: Agenda) -> None:
        self._gateway = gateway
        self._settings = settings
        self._agenda = agenda
        self._made = 0
        self._waiting: str | None = None
        self._queue: deque[tuple[str, Message]] = deque()
        self.unanswered = 0

    def ask(self, uri: str, body: Mapping[str, Any], now: float) -> list[Effect]:
        self._made += 1
        request_id = f"{self._gateway}-{int(now)}-{self._made}"
        message = request(self._settings, self._gateway, request_id, uri, body)
        self._queue.append((request_id, message))
        return self._send_next(now)

    def answered(self, request_id: str, now: float) -> list[Effect]:
        if request_id != self._waiting:
            return [Note(f"nobody waits for a reply to {request_id}")]
        return self._go_on(now)

    def connected(self, now: float) -> list[Effect]:
        """Begin anew: what was asked before is not answered any more."""
        if self._waiting is not None:
            return self._give_up(now)
        return self._send_next(now)

    def forget(self) -> None:
        """Lose all, as a loss of power does."""
        self._queue.clear()
        self._waiting = None
        self._agenda.drop("reply")

    def _send_next(self, now: float) -> list[Effect]:
        if self._waiting is not None or not self._queue:
            return []
        self._waiting, message = self._queue.popleft()
        self._agenda.put("reply", now + REPLY_SECONDS, self._give_up)
        return [message]

    def _give_up(self, now: float) -> list[Effect]:
        self.unanswered += 1
        note = Note(f"{self._waiting} was not answered, {self.unanswered} so far")
        return [note, *self._go_on(now)]

    def _go_on(self, now: float) -> list[Effect]:
        self._waiting = None
        self._agenda.drop("reply")
        return self._send_next(now)
