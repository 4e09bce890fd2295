"""How a hub's lines come to the broker, and the faults that befall them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.node import Agenda, Effect, Message, Note

if TYPE_CHECKING:
    from simulator.faults import Order
    from simulator.valve_hub.wire import Settings


class Voice:
    """One line a message, as the serial bridge sends them when nothing goes wrong."""

    def __init__(self, settings: Settings, agenda: Agenda) -> None:
        self._settings = settings
        self._agenda = agenda
        self._held = ""
        self._delayed = 0

    def forget(self) -> None:
        """Lose what was held back, as a restart does."""
        self._held = ""

    def say(self, line: str) -> list[Effect]:
        text, self._held = f"{self._held}{line}\n", ""
        if self._settings.bridge == "tasmota":
            text = json.dumps({"SerialReceived": text.rstrip("\n")})
        return [Message(f"{self._settings.prefix}/rx", text.encode())]

    def say_with(self, order: Order | None, line: str, now: float) -> list[Effect]:
        """Say a line as a fault would have it."""
        if order is None:
            return self.say(line)
        note = Note(f"fault on {line!r}: {order}")
        match order.value:
            case "double":
                return [note, *self.say(line), *self.say(line)]
            case "cut":
                return [note, *self.say(line[: len(line) // 2])]
            case "join":
                self._held += f"{line}\n"
            case "glue":
                self._held += line
            case "delay":
                self._say_later(line, now + (order.seconds or 0.0))
        return [note]

    def _say_later(self, line: str, at: float) -> None:
        self._delayed += 1
        self._agenda.put(f"delayed {self._delayed}", at, lambda _: self.say(line))
