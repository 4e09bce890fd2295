"""Stands of all protocols: orders bear no mark there, and are told by their time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
import shutil
import time
from typing import Any, override

from scripts.parts.flows import device_id

from .deadly import ended
from .plan import Deed
from .runs import Run
from .stand import Settings, Stand
from .trials import Trial

FLASH = "flash"
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
QUIET_SECONDS = 3.0
"""Longer than the nodes of these stands sleep, work and take to say so."""


def with_flash(trial: Trial, folder: Path) -> Trial:
    """Return the trial with nodes that keep what they remember in a folder."""
    station = trial.station
    options = (*station.options, "--state", str(folder / FLASH))
    return replace(trial, station=station.played_with(*options))


async def tried(
    folder: Path,
    known: Path,
    environment: Mapping[str, str],
    trial: Trial,
    *,
    every: int = 1,
) -> AsyncIterator[Run]:
    """Kill Home Assistant at each point of an order's life, or at every n-th."""
    stand = TriedStand(folder, known, with_flash(trial, folder), environment)
    shutil.copytree(known / FLASH, folder / FLASH)
    async with stand:
        async for run in ended(trial.name, stand, Deed.KILL, every=every):
            yield run


class TriedStand(Stand):
    """A stand whose orders are those of a trial, one after the other."""

    def __init__(
        self, folder: Path, known: Path, trial: Trial, environment: Mapping[str, str]
    ) -> None:
        """Start nothing yet."""
        settings = Settings(firmware=trial.name)
        super().__init__(
            folder, known, settings, environment=environment, station=trial.station
        )
        self.once = trial.once
        self.options = {**self.options, **trial.options}
        self.must_see = (*self.must_see[:-1], f"after the {trial.answer} of node")
        self._trial = trial
        self._given_at: dict[int, float] = {}

    @override
    async def give(self, tag: int) -> None:
        order, number = self._trial.order, len(self._given_at)
        node, station = order.node, self.station
        device = station.name if node is None else station.device_of(node)
        of_node = await device_id(self.home_assistant.api, device)
        params = self._trial.params(number)
        if not self._trial.planned:
            self._given_at[tag] = time.time()
            await self.call(
                "send_command", device_id=of_node, kind=order.kind, params=params
            )
            return
        planned = (await self.call("get_schedule"))["meals"]
        line = {
            "name": "Night",
            "time": f"03:{number % 60:02}",
            "weekdays": EVERY_DAY,
            **({"meal_id": planned[0]["meal_id"]} if planned else {}),
        }
        self._given_at[tag] = time.time()
        await self.call("schedule", device_id=of_node, **line, **params)

    @override
    def tag_of(self, command: Mapping[str, Any]) -> int | None:
        if command["kind"] != self._trial.order.kind:
            return None
        created = command["created_at"]
        if isinstance(created, str):
            created = datetime.fromisoformat(created).timestamp()
        return self._tag_at(created)

    @override
    def executions(self, tag: int) -> dict[str, int]:
        times = Counter(
            row["node"]
            for row in self.simulator.ledger()
            if row["kind"] == self._trial.executed_as and self._tag_at(row["at"]) == tag
        )
        node = self._trial.order.node
        nodes = self.station.nodes if node is None else (node,)
        return {name: times[name] for name in nodes}

    @override
    async def rest(self) -> None:
        """Return when every command is at rest, and the nodes have nothing to do."""
        while True:
            await self.station_at_rest()
            before = await self._all_that_is_known()
            await self.through_the_broker()
            # Nobody says when a node that sleeps at times has nothing left to do.
            await asyncio.sleep(QUIET_SECONDS)
            await self.through_the_broker()
            if await self._all_that_is_known() == before:
                return

    async def _all_that_is_known(self) -> tuple[object, ...]:
        return await self.commands(), len(self.simulator.ledger())

    def _tag_at(self, at: float) -> int | None:
        """Return the last order that was given by a time; unix seconds."""
        given = (tag for tag, given_at in self._given_at.items() if given_at <= at)
        return max(given, default=None)
