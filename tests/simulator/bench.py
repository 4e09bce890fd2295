"""A node on a bench: a clock that only the test moves, and a record of all it does."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from simulator.faults import order_from_text
from simulator.node import (
    Connect,
    CutOff,
    Effect,
    Executed,
    Message,
    Note,
    Remembered,
)
from simulator.paired_dispenser import PairedDispenser
from simulator.paired_faults import FAULTS
from simulator.paired_wire import FIRMWARES, Settings

START = 1_800_000_000.0
FEED = {"patient_id": 0, "target_room": 1, "items": [{"pill_id": 1, "quantity": 2}]}


class Bench:
    """One node, switched on and connected; times are seconds since `START`."""

    def __init__(
        self,
        firmware: str = "old",
        *,
        dispenses: bool = True,
        memory: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.now = START
        self.connections = 0
        self.messages: list[tuple[float, Message]] = []
        self.executed: list[Executed] = []
        self.memory: Mapping[str, Any] = {}
        self.notes: list[str] = []
        self.node = PairedDispenser(
            "1",
            Settings("disp", FIRMWARES[firmware], **settings),
            dispenses=dispenses,
            memory=memory,
            now=self.now,
        )
        self.run(0)

    def run(self, seconds: float) -> None:
        """Let time pass, in steps from deadline to deadline."""
        end = self.now + seconds
        while (deadline := self.node.next_deadline()) is not None and deadline <= end:
            self.now = deadline
            self._note(self.node.advance(self.now))
        self.now = end

    def send(self, content: Mapping[str, Any] | bytes) -> None:
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self._note(self.node.receive("disp/cmd/1", content, self.now))

    def feed(self, queue_id: int, **more: Any) -> None:
        self.send({"queue_id": queue_id, **FEED, **more})

    def order(self, text: str) -> None:
        self._note(self.node.order(order_from_text(text, ["1"], FAULTS), self.now))

    def said(self, suffix: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on one of its topics, and when."""
        return [
            (at - START, json.loads(message.payload))
            for at, message in self.messages
            if message.topic == f"disp/{suffix}/1"
        ]

    def answers(self) -> list[tuple[float, str, int]]:
        """Return its answers in their order: time, accepted/refused/status, id."""
        found = []
        for at, message in self.messages:
            content = json.loads(message.payload)
            if message.topic == "disp/ack/1":
                word = "accepted" if content["accepted"] else "refused"
                found.append((at - START, word, content["queue_id"]))
            if message.topic == "disp/evt/1":
                found.append((at - START, content["status"], content["queue_id"]))
        return found

    def heartbeats(self) -> list[tuple[float, dict[str, Any]]]:
        return [
            (at, content)
            for at, content in self.said("state")
            if "ready" not in content
        ]

    def readiness(self) -> list[tuple[float, int]]:
        """Return what it said about being ready, and when."""
        return [
            (at, content["ready"])
            for at, content in self.said("state")
            if "ready" in content
        ]

    def executed_ids(self) -> list[int | str]:
        return [executed.id for executed in self.executed]

    def _note(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Message():
                    self.messages.append((self.now, effect))
                case Executed():
                    self.executed.append(effect)
                case Remembered():
                    self.memory = effect.memory
                case Connect():
                    self.connections += 1
                    self._note(self.node.on_connect(self.now))
                case CutOff():
                    self.connections -= 1
                case Note():
                    self.notes.append(effect.text)
