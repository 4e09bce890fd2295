"""A station on real parts, as tests use it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from scripts.parts.api import Api, wait_for_state
from scripts.parts.flows import DOMAIN, entry_id_of, set_options
from scripts.parts.process import PartError
from scripts.parts.simulator import Player
from scripts.parts.site import Site
from scripts.parts.stations import Staged

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


class Stand:
    """A station, what plays its nodes, and what a test asks of both."""

    def __init__(self, site: Site, station: Staged) -> None:
        self.site = site
        self.station = station
        self.device = ""

    @property
    def api(self) -> Api:
        return self.site.home_assistant.api

    @property
    def simulator(self) -> Player:
        return self.site.simulators[self.station.protocol]

    async def begin(self) -> None:
        """Get to know the station once it is set up."""
        await self._look_up()

    async def set_options(self, **seconds: float) -> None:
        """Have the station wait shorter than usual, and keep that on disk."""
        await set_options(self.api, self.station.name, "sending", seconds)

        async def kept() -> bool:
            return any(
                seconds.items() <= entry["options"].items()
                for entry in self._stored("core.config_entries", "entries")
                if entry["title"] == self.station.name
            )

        await self.site.home_assistant.process.until("storing", kept, PATIENCE)
        await self.site.until_loaded(self.station, self.station.name)

    async def call(self, action: str, **fields: Any) -> Any:
        """Call an action on the station."""
        return await self.api.call(DOMAIN, action, {"device_id": self.device, **fields})

    async def send(self, node: str, kind: str, **params: Any) -> int:
        """Order a command for a node and return its id."""
        device = await self.site.device_id(self.station.device_of(node))
        fields = {"device_id": device, "kind": kind, "params": params}
        answer = await self.api.call(DOMAIN, "send_command", fields)
        return int(answer["command_id"])

    async def sent(self, node: str, kind: str, **params: Any) -> dict[str, Any]:
        """Order a command for a node, and wait until it is settled."""
        return await self.settled(await self.send(node, kind, **params))

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
                events = f"event.{self.station.slug}_command"
                changes = socket.events("subscribe_entities", entity_ids=[events])
                async for _ in changes:
                    command = await self.command(command_id)
                    if command["state"] in states:
                        return command
        except TimeoutError:
            pass
        raise AssertionError(f"#{command_id} is not {states}: {command}")

    async def until_stored(self, command_id: int, state: str) -> None:
        """Wait until a command is in this state on disk."""
        entry_id = await entry_id_of(self.api, self.station.name)

        async def is_stored() -> bool:
            return any(
                (command["id"], command["state"]) == (command_id, state)
                for command in self._stored(f"{DOMAIN}.{entry_id}", "commands")
            )

        try:
            await self.site.home_assistant.process.until("storing", is_stored, PATIENCE)
        except PartError as error:
            raise AssertionError(
                f"#{command_id} was not stored as {state}, and now is"
                f" {await self.command(command_id)}"
            ) from error

    async def settled(self, command_id: int) -> dict[str, Any]:
        """Wait until a command has ended or is in doubt, and return it."""
        return await self.until(command_id, *SETTLED)

    async def until_state(self, entity_id: str, *states: str) -> None:
        """Wait until an entity has one of these states."""
        try:
            async with asyncio.timeout(PATIENCE):
                await wait_for_state(self.api, entity_id, states.__contains__)
        except TimeoutError:
            seen = await self.api.state(entity_id)
            raise AssertionError(f"{entity_id} is not {states}: {seen}") from None

    async def until_simulated(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds of what nodes did."""

        async def looks() -> bool:
            return holds()

        await self._until(what, looks)

    async def order(self, node: str, **fault: Any) -> None:
        """Have a node ("all" for each) misbehave from now on."""
        await self.simulator.order(node, fault)

    async def crash_and_restart(self) -> None:
        """Kill Home Assistant as a power cut does, and start it until it listens."""
        await self.site.home_assistant.kill()
        await self.site.home_assistant.start()
        await self.site.until_listening(self.station)
        # A device that had not been saved yet has another id now.
        await self._look_up()

    async def tidy_up(self) -> None:
        """Take back all faults, and settle what is in doubt."""
        await self.order("all", clear="all")
        answer = await self.call("get_commands", state="unconfirmed", limit=1000)
        for command in answer["commands"]:
            await self.call(
                "resolve_command", command_id=command["command_id"], outcome="failed"
            )
        await self.until_state(f"sensor.{self.station.slug}_queue", "0")

    def deeds(self, node: str, *kinds: str) -> list[dict[str, Any]]:
        """Return what a node executed of these kinds, in its order."""
        return [
            row
            for row in self.simulator.ledger()
            if row["node"] == node and row["kind"] in kinds
        ]

    def _stored(self, key: str, part: str) -> list[dict[str, Any]]:
        stored = self.site.home_assistant.stored(key)
        return stored["data"][part] if stored else []

    async def _look_up(self) -> None:
        self.device = await self.site.device_id(self.station.name)

    async def _until(self, what: str, holds: Callable[[], Awaitable[bool]]) -> None:
        await self.simulator.process.until(what, holds, PATIENCE)
