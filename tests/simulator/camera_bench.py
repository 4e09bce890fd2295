"""A camera on a bench: a clock that the test moves, and a record of all it does."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from simulator.esp32_cam import SleepingCamera
from simulator.esp32_cam_options import FAULTS
from simulator.esp32_cam_wire import Settings
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

MAC = "AA:BB:CC:DD:EE:FF"
NAME = "AABBCCDDEEFF"
START = 1_800_000_000.0 - 1_800_000_000.0 % 86_400
"""A midnight, UTC."""


class CameraBench:
    """One camera, switched on and connected; times are seconds since `START`."""

    def __init__(
        self, *, memory: Mapping[str, Any] | None = None, **settings: Any
    ) -> None:
        self.now = START
        self.connected = False
        self.messages: list[tuple[float, Message]] = []
        self.executed: list[Executed] = []
        self.memory: Mapping[str, Any] = {}
        self.node = SleepingCamera(
            NAME, Settings("device", **settings), memory=memory, now=self.now
        )
        self.run(0)

    def run(self, seconds: float) -> None:
        """Let time pass, in steps from deadline to deadline."""
        end = self.now + seconds
        while (deadline := self.node.next_deadline()) is not None and deadline <= end:
            self.now = deadline
            self.note(self.node.advance(self.now))
        self.now = end

    def send(self, topic: str, content: Mapping[str, Any] | bytes) -> None:
        """Have it receive a message, if it is there to receive any."""
        if not isinstance(content, bytes):
            content = json.dumps({"device_id": MAC, **content}).encode()
        if self.connected:
            self.note(self.node.receive(topic, content, self.now))

    def command(self, **content: Any) -> None:
        self.send(f"device/{MAC}/cmd", content)

    def reply(self, **content: Any) -> None:
        self.send(f"device/{MAC}/ack", content)

    def order(self, text: str) -> None:
        self.note(self.node.order(order_from_text(text, [NAME], FAULTS), self.now))

    def said(self, channel: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on topics that end so, and when."""
        return [
            (round(at - START, 3), json.loads(message.payload))
            for at, message in self.messages
            if message.topic.endswith(f"/{channel}")
        ]

    def hellos(self) -> list[float]:
        return [at for at, _ in self.said("status")]

    def statuses(self) -> list[tuple[float, str]]:
        return [(at, content["status"]) for at, content in self.said("ack")]

    def chunks(self) -> list[int]:
        return [
            content["chunk_id"]
            for _, content in self.said("data")
            if "chunk_id" in content
        ]

    def kinds(self) -> list[str]:
        return [executed.kind for executed in self.executed]

    def note(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Message():
                    assert self.connected
                    self.messages.append((self.now, effect))
                case Executed():
                    self.executed.append(effect)
                case Remembered():
                    self.memory = effect.memory
                case Connect():
                    self.connected = True
                    self.note(self.node.on_connect(self.now))
                case CutOff():
                    self.connected = False
                case Note():
                    pass
