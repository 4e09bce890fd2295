"""A paired dispenser on a bench."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from simulator.paired_dispenser.faults import FAULTS
from simulator.paired_dispenser.station import Dispenser, a_node
from simulator.paired_dispenser.wire import FIRMWARES, Settings

from ..bench import Bench

START = 1_800_000_000.0
FEED = {"patient_id": 0, "target_room": 1, "items": [{"pill_id": 1, "quantity": 2}]}


class PairedBench(Bench[Dispenser]):
    """One node, switched on and connected; times are seconds since `START`."""

    start = START
    names = ("1",)
    faults = FAULTS

    def __init__(
        self,
        firmware: str = "old",
        *,
        node: str = "1",
        dispenses: bool = True,
        memory: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(
            a_node(
                node,
                Settings("disp", FIRMWARES[firmware], **settings),
                dispenses=dispenses,
                memory=memory,
                now=START,
            )
        )

    def send(self, content: Mapping[str, Any] | bytes) -> None:
        self.receive("disp/cmd/1", content)

    def feed(self, queue_id: int, **more: Any) -> None:
        self.send({"queue_id": queue_id, **FEED, **more})

    def said(self, suffix: str) -> list[tuple[float, dict[str, Any]]]:
        """Return what it published so far on one of its topics, and when."""
        return self.told(f"disp/{suffix}/1")

    def answers(self) -> list[tuple[float, str, int]]:
        """Return its answers in their order: time, accepted/refused/status, id."""
        found = []
        for at, message in self.messages:
            content = json.loads(message.payload)
            if message.topic == "disp/ack/1":
                word = "accepted" if content["accepted"] else "refused"
                found.append((at, word, content["queue_id"]))
            if message.topic == "disp/evt/1":
                found.append((at, content["status"], content["queue_id"]))
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
