"""A valve hub on a bench: a clock that only the test moves, and all that it says."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from simulator.faults import order_from_text
from simulator.node import Connect, CutOff, Effect, Executed, Message, Remembered
from simulator.valve_hub import HUB, ValveHub, station
from simulator.valve_hub_faults import FAULTS
from simulator.valve_hub_wire import Settings

START = 1_800_000_000.0
"""A Friday, 08:00 UTC."""
NODES = ("1", "3")
AWAKE = 10.0
"""When node 3 wakes up first, as the last one; node 1 did before."""


class HubBench:
    """A hub, switched on, connected and told the time; seconds since `START`.

    Node 1 has two valves, node 3 a curtain. They wake up every 10 s.
    """

    def __init__(
        self, memory: Mapping[str, Any] | None = None, **settings: Any
    ) -> None:
        self.now = START
        self.said: list[tuple[float, str]] = []
        self.messages: list[bytes] = []
        self.executed: list[tuple[float, Executed]] = []
        self.memory: Mapping[str, Any] = {}
        chosen = {"wake_seconds": 10.0, "curtains": frozenset({"3"}), **settings}
        memories = {} if memory is None else {HUB: memory}
        (self.hub,) = station(NODES, Settings("valvehub", **chosen), memories, START)
        self.run(0)
        self.send("DATETIME 2027-01-15 08:00:00 5")
        self.forget()

    @property
    def node(self) -> Any:
        return self.hub.nodes["1"]

    def run(self, seconds: float) -> None:
        """Let time pass, in steps from deadline to deadline."""
        end = self.now + seconds
        while (deadline := self.hub.next_deadline()) is not None and deadline <= end:
            self.now = deadline
            self._note(self.hub.advance(self.now))
        self.now = end

    def send(self, *lines: str) -> None:
        for line in lines:
            payload = f"{line}\n".encode("utf-8", "surrogatepass")
            self._note(self.hub.receive("valvehub/tx", payload, self.now))

    def order(self, text: str) -> None:
        self._note(self.hub.order(order_from_text(text, NODES, FAULTS), self.now))

    def forget(self) -> None:
        self.said.clear()
        self.messages.clear()

    def lines(self, *first_words: str) -> list[str]:
        """Return the lines it said that begin so; all where nothing is given."""
        return [
            line
            for _, line in self.said
            if not first_words or line.split()[0] in first_words
        ]

    def events(self) -> list[tuple[str, int, int]]:
        """Return what nodes reported: node, event, detail."""
        found = []
        for line in self.lines("EVENT", "EVENT_LOG"):
            word, node, _, *rest = line.split()
            if word == "EVENT":
                found.append((node, int(rest[0]), int(rest[1], 16)))
            else:
                found.append((node, int(rest[1]), int(rest[3])))
        return found

    def ids(self) -> list[int | str]:
        return [executed.id for _, executed in self.executed]

    def _note(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Message():
                    self.messages.append(effect.payload)
                    for line in _lines(effect.payload):
                        self.said.append((round(self.now - START, 3), line))
                case Executed():
                    self.executed.append((round(self.now - START, 3), effect))
                case Remembered():
                    self.memory = json.loads(json.dumps(effect.memory))
                case Connect():
                    self._note(self.hub.on_connect(self.now))
                case CutOff():
                    raise AssertionError("a hub never leaves")


def _lines(payload: bytes) -> list[str]:
    text = payload.decode()
    if text.startswith("{"):
        text = json.loads(text)["SerialReceived"]
    return [line for line in text.split("\n") if line]


def a_hub(**settings: Any) -> ValveHub:
    (hub,) = station(NODES, Settings("valvehub", **settings), {}, START)
    return hub
