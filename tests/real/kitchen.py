"""The station Kitchen on real parts, as tests use it."""

from __future__ import annotations

from collections import Counter
import json
from pathlib import Path
from typing import Any, override

from scripts.parts.flows import DOMAIN
from scripts.parts.site import Site
from scripts.parts.stations import KITCHEN

from .stand import Stand

OPTIONS = {
    "accept_timeout": 3.0,
    "done_timeout": 8.0,
    "retry_delay": 4.0,
    "hold": 5.0,
    "feeds_waiting": 0,
    "feeds_per_hour": 0,
}
"""Seconds, shorter than usual, so that what must time out does so soon; and as many
feeds as there are points to look at."""


class Kitchen(Stand):
    """A station with two nodes that work for a second."""

    def __init__(self, site: Site) -> None:
        super().__init__(site, KITCHEN)

    @override
    async def begin(self) -> None:
        """Wait until the nodes are ready."""
        await super().begin()
        await self.until_state("binary_sensor.kitchen_ready", "on")

    async def feed(self, **fields: Any) -> int:
        """Order a feed and return its id."""
        answer = await self.call("feed", **{"portions": 1, **fields})
        return int(answer["command_id"])

    async def until_executed(self, command_id: int) -> None:
        """Wait until both nodes have executed a command."""

        def both_have() -> bool:
            return 0 not in self.executed(command_id)

        await self.until_simulated("executing", both_have)

    async def drop_repeats(self) -> None:
        """Give the nodes firmware that drops repeats, and let that be heard."""
        for fault in ("dedupes", "answers_repeats", "last_id"):
            await self.order("all", **{fault: "on"})
        await self.order("all", busy="now")
        await self.until_state("binary_sensor.kitchen_ready", "off")
        await self.order("all", clear="busy")
        await self.until_state("binary_sensor.kitchen_ready", "on")

    @override
    async def tidy_up(self) -> None:
        """Take back all faults, and settle what is in doubt."""
        await self.order("all", clear="all")
        await self.until_state("binary_sensor.kitchen_ready", "on")
        await super().tidy_up()

    def executed(self, command_id: int) -> tuple[int, int]:
        """Return how often node 1 and node 2 executed a command, say their ledgers."""
        executions = self.site.simulator.executions()
        return executions["1", command_id], executions["2", command_id]

    def executed_ids(self, node: str) -> list[int]:
        """Return what a node executed, in the order in which it did."""
        return [
            row["id"] for row in self.site.simulator.ledger() if row["node"] == node
        ]

    def executed_twice(self) -> Counter[tuple[str, int]]:
        """Return every id that a node executed more than once."""
        executions = self.site.simulator.executions()
        return Counter({key: times for key, times in executions.items() if times > 1})


def shorten_timeouts(config: Path) -> None:
    """Give the station its options, before Home Assistant is started."""
    path = config / ".storage" / "core.config_entries"
    stored = json.loads(path.read_bytes())
    for entry in stored["data"]["entries"]:
        if entry["domain"] == DOMAIN:
            entry["options"] = OPTIONS
    path.write_text(json.dumps(stored), encoding="utf-8")
