"""Arms in which Home Assistant lives on, and the world around it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from .disk import Disk
from .plan import Answer, Deed, Plan
from .runs import Run, enumerated, meet
from .stand import Stand
from .verdict import Answered

STATUS = "sensor.kitchen_status"
STALLED_SECONDS = 5.0
"""Longer than nodes are waited for, so that what is held arrives after all limits."""
BEFORE_A_WRITE = "before the write of the"
A_TRY = (
    "before a temporary",
    "before the write of the history",
    # After what failed it is opened anew, and a full disk may not even allow that.
    "before the opening of the history",
)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What happens at a point, while Home Assistant waits there, and what afterwards.

    `afterwards` gets the tag of the order.
    """

    at_point: Callable[[], Awaitable[Answer]]
    afterwards: Callable[[int], Awaitable[None]]
    only: str = ""
    """What the names of the points have at which it happens."""


async def disturbed(
    arm: str, stand: Stand, disturbance: Disturbance
) -> AsyncIterator[Run]:
    """Disturb at each point."""

    async def happen(plan: Plan, tag: int) -> str | None:
        asked = stand.control.expect(disturbance.at_point)
        order = asyncio.ensure_future(stand.order(tag))
        point = await meet(stand, plan, tag, order)
        if point is not None:
            await asked
            await disturbance.afterwards(tag)
        await order
        return point

    only = disturbance.only
    async for run in enumerated(arm, (stand,), Deed.ASK, happen, only=only):
        yield run


def broker_killed(stand: Stand) -> Disturbance:
    """Kill mosquitto, and start it again once that was noticed."""

    async def at_point() -> Answer:
        await stand.broker.kill()
        return Answer()

    async def afterwards(_: int) -> None:
        await stand.until_state(STATUS, "offline")
        await stand.broker.start()

    return Disturbance(at_point, afterwards)


def network_cut(stand: Stand, only: str = "") -> Disturbance:
    """Cut the connection to the broker, and heal it once that was noticed."""

    async def at_point() -> Answer:
        stand.proxy.cut()
        return Answer()

    async def afterwards(_: int) -> None:
        await stand.until_state(STATUS, "offline")
        stand.proxy.heal()

    return Disturbance(at_point, afterwards, only)


def network_stalled(stand: Stand) -> Disturbance:
    """Hold what passes, and let it arrive after all limits."""

    async def at_point() -> Answer:
        stand.proxy.stall()
        return Answer()

    async def afterwards(_: int) -> None:
        # This is what happens to the network; nothing is waited for.
        await asyncio.sleep(STALLED_SECONDS)
        stand.proxy.heal()

    return Disturbance(at_point, afterwards)


def disk_failing(stand: Stand, disk: Disk) -> Disturbance:
    """Let a write fail, until it was refused or tried again."""

    async def at_point() -> Answer:
        await disk.fail()
        return Answer()

    async def afterwards(tag: int) -> None:
        tries = _tries(stand)
        await stand.until(
            "what could not be written is tried again, or refused, or found room",
            lambda: (
                _tries(stand) > tries
                or stand.orders[tag] is Answered.REFUSED
                or stand.over(tag)
            ),
        )
        await disk.work()

    return Disturbance(at_point, afterwards, BEFORE_A_WRITE)


def clock_set(seconds: float) -> Disturbance:
    """Set the clock ahead of the true time, or behind it, until the next order."""

    async def at_point() -> Answer:
        return Answer(clock_ahead=seconds)

    async def afterwards(_: int) -> None: ...

    return Disturbance(at_point, afterwards)


def _tries(stand: Stand) -> int:
    return sum(name.startswith(A_TRY) for name in stand.folder.passed())
