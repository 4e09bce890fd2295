"""The station Kitchen on real parts, as tests use it."""

from __future__ import annotations

import asyncio
from collections import Counter
import json
from pathlib import Path
from typing import Any

from scripts.parts.api import Api, wait_for_state
from scripts.parts.flows import DOMAIN
from scripts.parts.site import Site

OPTIONS = {
    "accept_timeout": 3.0,
    "done_timeout": 8.0,
    "retry_delay": 4.0,
    "hold": 5.0,
}
"""Seconds. Shorter than usual, so that what must time out does so soon."""

PATIENCE = 60
SETTLED = (
    "succeeded",
    "failed",
    "rejected",
    "expired",
    "cancelled",
    "superseded",
    "unconfirmed",
)


class Kitchen:
    """A station with two nodes that work for a second."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.device = ""

    @property
    def api(self) -> Api:
        return self.site.home_assistant.api

    async def begin(self) -> None:
        """Wait until the nodes are ready."""
        self.device = await self.site.device_id()
        await self.until_state("binary_sensor.kitchen_ready", "on")

    async def feed(self, **fields: Any) -> int:
        """Order a feed and return its id."""
        answer = await self.call("feed", **{"portions": 1, **fields})
        return int(answer["command_id"])

    async def call(self, action: str, **fields: Any) -> Any:
        """Call an action on the station."""
        return await self.api.call(DOMAIN, action, {"device_id": self.device, **fields})

    async def command(self, command_id: int) -> dict[str, Any]:
        """Return what Home Assistant tells of a command."""
        answer = await self.call("get_commands", command_id=command_id)
        command: dict[str, Any] = answer["commands"][0]
        return command

    async def until(self, command_id: int, *states: str) -> dict[str, Any]:
        """Wait until a command is in one of these states, and return it."""
        command: dict[str, Any] = {}
        try:
            async with asyncio.timeout(PATIENCE), self.api.websocket() as socket:
                changes = socket.events(
                    "subscribe_entities", entity_ids=["event.kitchen_command"]
                )
                async for _ in changes:
                    command = await self.command(command_id)
                    if command["state"] in states:
                        return command
        except TimeoutError:
            pass
        raise AssertionError(f"#{command_id} is not {states}: {command}")

    async def settled(self, command_id: int) -> dict[str, Any]:
        """Wait until a command has ended or is in doubt, and return it."""
        return await self.until(command_id, *SETTLED)

    async def until_executed(self, command_id: int) -> None:
        """Wait until both nodes have executed a command."""

        async def both_have() -> bool:
            return 0 not in self.executed(command_id)

        await self.site.simulator.process.until("executing", both_have, PATIENCE)

    async def until_state(self, entity_id: str, state: str) -> None:
        """Wait until an entity has a state."""
        try:
            async with asyncio.timeout(PATIENCE):
                await wait_for_state(self.api, entity_id, state.__eq__)
        except TimeoutError:
            seen = await self.api.state(entity_id)
            raise AssertionError(f"{entity_id} is not {state}: {seen}") from None

    async def order(self, node: str, **fault: Any) -> None:
        """Have a node ("all" for both) misbehave from now on."""
        await self.site.simulator.order(node, fault)

    async def drop_repeats(self) -> None:
        """Give the nodes firmware that drops repeats, and let that be heard."""
        for fault in ("dedupes", "answers_repeats", "last_id"):
            await self.order("all", **{fault: "on"})
        await self.order("all", busy="now")
        await self.until_state("binary_sensor.kitchen_ready", "off")
        await self.order("all", clear="busy")
        await self.until_state("binary_sensor.kitchen_ready", "on")

    async def crash_and_restart(self) -> None:
        """Kill Home Assistant as a power cut does, and start it again."""
        await self.site.home_assistant.kill()
        await self.site.home_assistant.start()

    async def tidy_up(self) -> None:
        """Take back all faults, and settle what is in doubt."""
        await self.order("all", clear="all")
        await self.until_state("binary_sensor.kitchen_ready", "on")
        answer = await self.call("get_commands", state="unconfirmed", limit=1000)
        for command in answer["commands"]:
            await self.call(
                "resolve_command", command_id=command["command_id"], outcome="failed"
            )
        await self.until_state("sensor.kitchen_queue", "0")

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
