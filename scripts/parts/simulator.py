"""Simulated nodes, and the ledger of what they did."""

from __future__ import annotations

from abc import ABC, abstractmethod
import asyncio
from collections import Counter
from collections.abc import Sequence
import json
from pathlib import Path
import sys
from typing import Any, override

from .broker import Broker
from .orders import give
from .process import Process


class Player(ABC):
    """What plays the nodes of one station, and tells what they did."""

    process: Process
    """The program that plays them."""

    @abstractmethod
    async def start(self) -> None:
        """Start the nodes."""

    @abstractmethod
    async def stop(self) -> None:
        """Stop the nodes."""

    @abstractmethod
    async def order(self, node: str, order: dict[str, Any]) -> None:
        """Have a node ("all" for each) misbehave from now on; {"clear": "all"} ends it.

        Raises PartError for an order that nobody knows.
        """

    @abstractmethod
    def ledger(self) -> list[dict[str, Any]]:
        """Return one row for each execution: node, kind, payload and more."""

    def executions(self) -> Counter[tuple[str, int]]:
        """Return how often each node executed each id."""
        return Counter((row["node"], row["id"]) for row in self.ledger())


class Simulator(Player):
    """The nodes of one station: `python -m simulator` with a broker to talk to.

    `options` are handed on as they are, for example ["--work-seconds", "1"]. The
    ledger outlives a kill and is continued by the next start.
    """

    def __init__(
        self,
        folder: Path,
        broker: Broker,
        *,
        protocol: str = "paired_dispenser",
        prefix: str = "disp",
        nodes: Sequence[str] = ("1", "2"),
        options: Sequence[str] = (),
    ) -> None:
        self._ledger = folder / "ledger.jsonl"
        self._broker = broker
        self._prefix = prefix
        self.process = Process(
            "The simulator",
            [
                *(sys.executable, "-m", "simulator", "--protocol", protocol),
                *("--host", broker.host, "--port", str(broker.port)),
                *("--prefix", prefix, "--nodes", ",".join(nodes)),
                *("--ledger", str(folder), *options),
            ],
            folder / "simulator.log",
        )

    @override
    async def start(self) -> None:
        """Start the nodes; they connect, and connect again, by themselves."""
        self._ledger.parent.mkdir(parents=True, exist_ok=True)
        await self.process.start()

    @override
    async def stop(self) -> None:
        await self.process.stop()

    async def kill(self) -> None:
        await self.process.kill()

    @override
    async def order(self, node: str, order: dict[str, Any]) -> None:
        """Have a node ("all" for each) misbehave from now on; return when it stands.

        The orders are those of `python -m simulator --help`: {"ack": "drop"}. Raises
        PartError if the simulator does not know the order or does not answer.
        """
        topic = f"simulator/{self._prefix}/{node}"
        await asyncio.to_thread(give, self._broker, topic, order)

    @override
    def ledger(self) -> list[dict[str, Any]]:
        """Return one row for each execution: at (unix s), node, id, kind, payload."""
        if not self._ledger.exists():
            return []
        text = self._ledger.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]
