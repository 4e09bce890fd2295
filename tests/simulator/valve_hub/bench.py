"""A valve hub on a bench, with its nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
import json
from typing import Any, override

from simulator.node import CutOff, Effect
from simulator.valve_hub.faults import FAULTS
from simulator.valve_hub.hub import HUB, ValveHub
from simulator.valve_hub.station import station
from simulator.valve_hub.wire import Settings

from ..bench import Bench

START = 1_800_000_000.0
"""A Friday, 08:00 UTC."""
NODES = ("1", "3")
AWAKE = 10.0
"""When node 3 wakes up first, as the last one; node 1 did before."""


class HubBench(Bench[ValveHub]):
    """A hub, switched on, connected and told the time; seconds since `START`.

    Node 1 has two valves, node 3 a curtain. They wake up every 10 s.
    """

    start = START
    names = NODES
    faults = FAULTS

    def __init__(
        self, memory: Mapping[str, Any] | None = None, **settings: Any
    ) -> None:
        chosen = {"wake_seconds": 10.0, "curtains": frozenset({"3"}), **settings}
        memories = {} if memory is None else {HUB: memory}
        (hub,) = station(NODES, Settings("valvehub", **chosen), memories, START)
        super().__init__(hub)
        self.send("DATETIME 2027-01-15 08:00:00 5")
        self.messages.clear()

    @property
    def first(self) -> Any:
        """Node 1."""
        return self.node.nodes["1"]

    @property
    def said(self) -> list[tuple[float, str]]:
        """The lines that it said, and when."""
        return [
            (at, line)
            for at, message in self.messages
            for line in _lines(message.payload)
        ]

    def payloads(self) -> list[bytes]:
        return [message.payload for _, message in self.messages]

    def send(self, *lines: str) -> None:
        for line in lines:
            self.receive("valvehub/tx", f"{line}\n".encode("utf-8", "surrogatepass"))

    def lines(self, *first_words: str) -> list[str]:
        """Return the lines it said that begin so; all where nothing is given."""
        return [
            line
            for _, line in self.said
            if not first_words or line.split()[0] in first_words
        ]

    def events(self) -> list[tuple[str, int, int]]:
        """Return what is in the logs of nodes: node, event, detail."""
        return [
            (node, int(event), int(detail))
            for _, node, _, _, event, _, detail in map(
                str.split, self.lines("EVENT_LOG")
            )
        ]

    @override
    def note(self, effects: Sequence[Effect]) -> None:
        assert CutOff() not in effects, "a hub never leaves"
        super().note(effects)


def _lines(payload: bytes) -> list[str]:
    text = payload.decode()
    if text.startswith("{"):
        text = json.loads(text)["SerialReceived"]
    return [line for line in text.split("\n") if line]


def a_hub(**settings: Any) -> ValveHub:
    (hub,) = station(NODES, Settings("valvehub", **settings), {}, START)
    return hub
