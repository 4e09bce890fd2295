"""One command a second, spread over the stations, and what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
import contextlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

import aiohttp

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from scripts.parts.api import RefusedError
from scripts.parts.flows import DOMAIN
from simulator.faults import Order

from .figures import Figure, number
from .fleet import StationPlan
from .rig import Rig

PROBE_EVERY = 10
"""Every so many pairs one that makes deadlines pass."""
PROBE_EXPIRES_IN = 5
LATE_PATIENCE = 120
LOOK_AGAIN_SECONDS = 0.5
FINAL = frozenset(state.value for state in CommandState if state.final)


class Purpose(StrEnum):
    """What an order is to show."""

    PLAIN = "plain"
    SILENT = "silent"
    """One node does not hear it, and is asked again after the retry delay."""
    EXPIRES = "expires"
    """It waits behind a silent one, and runs out of time."""


@dataclass(slots=True)
class Ordered:
    """An order, and the answer to it."""

    prefix: str
    purpose: Purpose
    at: float
    """Unix seconds: when it was given."""
    command_id: int | None = None
    state: str = "unanswered"
    ended_at: float | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing can change it any more."""
        return self.state in FINAL

    @property
    def as_wanted(self) -> bool:
        """Whether it ended as it should."""
        wanted = "expired" if self.purpose is Purpose.EXPIRES else "succeeded"
        return self.state == wanted


class Orders:
    """Gives orders at their times, whatever became of those before."""

    def __init__(self, rig: Rig, *, probes: bool) -> None:
        self.given: list[Ordered] = []
        self._rig = rig
        self._plan = _places(rig.stations, probes=probes)

    async def give(self, seconds: float) -> None:
        """Give one a second, and return when each is answered."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with asyncio.TaskGroup() as answers:
            for second in range(int(seconds)):
                await asyncio.sleep(max(0.0, started + second - loop.time()))
                answers.create_task(self._give(*next(self._plan)))

    async def look_again(self) -> None:
        """Take up what became of those that had not ended when they were answered.

        What is late is not lost. Gives them two minutes.
        """
        left = [order for order in self.given if order.command_id and not order.ended]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LATE_PATIENCE):
                for order in left:
                    while not order.ended:
                        await asyncio.sleep(LOOK_AGAIN_SECONDS)
                        await self._look_at(order)

    async def _look_at(self, order: Ordered) -> None:
        fields = {
            "device_id": self._rig.devices[order.prefix],
            "command_id": order.command_id,
        }
        answer = await self._rig.api.call(DOMAIN, "get_commands", fields)
        order.state = answer["commands"][0]["state"]
        order.ended_at = self._rig.fleet.clock()

    async def _give(self, station: StationPlan, purpose: Purpose) -> None:
        fleet = self._rig.fleet
        if purpose is Purpose.SILENT:
            node = station.nodes[-1]
            fleet.order(station.prefix, node, Order("silent", "idle", node, count=1))
        order = Ordered(station.prefix, purpose, fleet.clock())
        self.given.append(order)
        fields = {
            "device_id": self._rig.devices[station.prefix],
            "portions": 1,
            "wait": True,
        }
        if purpose is Purpose.EXPIRES:
            fields["expires_in"] = PROBE_EXPIRES_IN
        try:
            answer = await self._rig.api.call(DOMAIN, "feed", fields)
        except (RefusedError, TimeoutError, aiohttp.ClientError) as error:
            order.state = f"error: {error}"
            return
        order.command_id = answer["command_id"]
        order.state = answer["state"]
        order.ended_at = fleet.clock()


def of_orders(rig: Rig, given: Sequence[Ordered]) -> Iterator[Figure]:
    """Return what became of the orders, and what the nodes executed."""
    made_to_expire = sum(order.purpose is Purpose.EXPIRES for order in given)
    wrong = [order for order in given if not order.as_wanted]
    states = ", ".join(sorted({order.state for order in wrong}))
    nodes = {station.prefix: station.nodes for station in rig.stations}
    executions = rig.fleet.executions
    missing = [
        (order.prefix, node, order.command_id)
        for order in given
        if order.state == "succeeded"
        for node in nodes[order.prefix]
        if (order.prefix, node, order.command_id) not in executions
    ]
    yield number("Commands", len(given))
    yield number(
        "of them succeeded", sum(order.state == "succeeded" for order in given)
    )
    if made_to_expire:
        yield number("of them were made to expire, and did", made_to_expire)
    yield number(
        f"of them ended otherwise{f' ({states})' if states else ''}", len(wrong), 0
    )
    yield number("Executed twice", sum(n > 1 for n in executions.values()), 0)
    yield number("Said to be done, and not executed", len(missing), 0)


def _places(
    stations: Sequence[StationPlan], *, probes: bool
) -> Iterator[tuple[StationPlan, Purpose]]:
    """Yield where each order goes. Two in a row go to one station.

    So the first finds its gate open, and the second must wait for it to open.
    """
    for pair in count():
        station = stations[pair % len(stations)]
        if probes and pair % PROBE_EVERY == 0 and station.drops_repeats:
            yield station, Purpose.SILENT
            yield station, Purpose.EXPIRES
        else:
            yield station, Purpose.PLAIN
            yield station, Purpose.PLAIN
