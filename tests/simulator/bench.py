"""A node on a bench: a clock that only the test moves, and a record of all it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import json
from typing import Any

from simulator.faults import Fault, order_from_text
from simulator.node import (
    Connect,
    CutOff,
    Effect,
    Executed,
    Message,
    Node,
    Note,
    Remembered,
)


class Bench[N: Node]:
    """What a protocol calls a node, switched on and connected."""

    start: float
    """When it is switched on; unix seconds."""
    names: Sequence[str]
    """Whom orders may name."""
    faults: Mapping[str, Fault]

    def __init__(self, node: N) -> None:
        """Switch a node on, which was made at `start`."""
        self.node = node
        self.now = self.start
        self.connections = 0
        self.wills: list[Message | None] = []
        self.messages: list[tuple[float, Message]] = []
        """What it published, and how many seconds after `start`."""
        self.executed: list[Executed] = []
        self.executed_at: list[float] = []
        self.memory: Mapping[str, Any] = {}
        self.notes: list[str] = []
        self.run(0)

    @property
    def connected(self) -> bool:
        return self.connections == 1

    def run(self, seconds: float) -> None:
        """Let time pass, in steps from deadline to deadline."""
        end = self.now + seconds
        while (deadline := self.node.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.note(self.node.advance(self.now))
        self.now = end

    def receive(self, topic: str, content: Mapping[str, Any] | bytes) -> None:
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self.note(self.node.receive(topic, content, self.now))

    def order(self, text: str) -> None:
        order = order_from_text(text, self.names, self.faults)
        self.note(self.node.order(order, self.now))

    def told(self, topic_end: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on topics that end so, and when."""
        return [
            (at, json.loads(message.payload))
            for at, message in self.messages
            if message.topic.endswith(topic_end)
        ]

    def executed_ids(self) -> list[int | str]:
        return [executed.id for executed in self.executed]

    def note(self, effects: Sequence[Effect]) -> None:
        """Carry out what a node wants."""
        at = round(self.now - self.start, 3)
        for effect in effects:
            match effect:
                case Message():
                    assert self.connected, "it would be lost"
                    self.messages.append((at, effect))
                    self.heard(effect)
                case Executed():
                    self.executed.append(effect)
                    self.executed_at.append(at)
                case Remembered():
                    self.memory = json.loads(json.dumps(effect.memory))
                case Connect():
                    self.connections += 1
                    self.wills.append(self.node.will)
                    self.note(self.node.on_connect(self.now))
                case CutOff():
                    self.connections -= 1
                case Note():
                    self.notes.append(effect.text)

    def heard(self, message: Message) -> None:
        """Do what whoever hears a message does at once: nothing."""
