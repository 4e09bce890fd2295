"""Arms that kill Home Assistant over its history: written, purged, taken over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from .plan import Deed, Plan
from .runs import Run, enumerated
from .stand import Stand
from .withdrawing import (
    TOGETHER,
    killed_in,
    send_nothing,
    wait_together,
    withdraw,
    withdrawn,
)

OLD_LINES = 600
"""More than a purge takes away at a time."""
MOST_PURGES = 3


async def batched(arm: str, stand: Stand) -> AsyncIterator[Run]:
    """Kill at each point from the first line of some commands until they are forgotten.

    A run is three orders that end together and are written together. The file of the
    station drops them with the order that comes after them, to which nothing happens
    here: the arm that kills at each point of an order has all of those.
    """
    await send_nothing(stand)
    stand.must_see = (
        "before a command comes again in the write of the history",
        "before the commit in the write of the history",
        "after the forgetting of what the history has",
    )

    async def happen(plan: Plan, tag: int) -> str | None:
        batch = range(tag, tag + TOGETHER)
        await wait_together(stand, batch)
        stand.folder.write_plan(plan)

        async def live() -> None:
            await withdraw(stand)
            await stand.until("they are in the history", stand.stored.archived)
            await stand.order(batch.stop)

        point = await killed_in(stand, plan, tag, asyncio.ensure_future(live()))
        await withdrawn(stand)
        return point

    async for run in enumerated(arm, (stand,), Deed.KILL, happen, only="the history"):
        yield run


async def purged(arm: str, stand: Stand) -> AsyncIterator[Run]:
    """Kill at each point of a purge of lines that are older than what is kept."""
    await send_nothing(stand)
    stand.must_see = (
        "before a command goes again in the purge of the history",
        "before room is given back in the purge of the history",
    )

    async def happen(plan: Plan, tag: int) -> str | None:
        batch = range(tag, tag + TOGETHER)
        await wait_together(stand, batch)
        stand.stored.put_old_lines(OLD_LINES)
        stand.folder.write_plan(plan)

        async def live() -> None:
            await withdraw(stand)
            await stand.until("they are in the history", stand.stored.archived)

        point = await killed_in(stand, plan, tag, asyncio.ensure_future(live()))
        await withdrawn(stand)
        for more in range(batch.stop, batch.stop + MOST_PURGES):
            await wait_together(stand, (more,))
            await withdrawn(stand)
        await stand.until("nothing old is left", stand.stored.has_nothing_old)
        return point

    # A line is needed that can be made older, and a start that knows when the one
    # before it was: else no clock is believed for a day that says what is too old.
    await wait_together(stand, (0,))
    await withdrawn(stand)
    await stand.home_assistant.kill()
    await stand.start_home_assistant()
    async for run in enumerated(
        arm, (stand,), Deed.KILL, happen, only="the purge of the history"
    ):
        yield run


async def taken_over(arm: str, stand: Stand) -> AsyncIterator[Run]:
    """Kill at each point of the start that finds the history file of an older version.

    It has all that ended in the runs before, and the database is not there.
    """
    await send_nothing(stand)
    stand.must_see = (
        "before a table is made in the opening of the history",
        "before a command comes again in the write of the history",
        "after the removal of the earlier history file",
    )

    async def happen(plan: Plan, tag: int) -> str | None:
        batch = range(tag, tag + TOGETHER)
        await wait_together(stand, batch)
        await withdrawn(stand)
        # With this one the file of the station drops what the history has.
        await wait_together(stand, (batch.stop,))
        await withdrawn(stand)
        await stand.home_assistant.kill()
        stand.stored.as_an_earlier_version()
        stand.folder.write_plan(plan)
        starting = asyncio.ensure_future(stand.start_home_assistant())
        point = await killed_in(stand, plan, tag, starting)
        await stand.until("its file is gone", stand.stored.is_of_this_version)
        return point

    async for run in enumerated(
        arm, (stand,), Deed.KILL, happen, only="history", at_start=True
    ):
        yield run
