"""Arms that end the process of Home Assistant: SIGKILL and SIGTERM."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from .plan import Deed, Plan
from .runs import Happening, Run, enumerated, meet
from .stand import Stand

END_PATIENCE = 60


async def ended(
    arm: str, stand: Stand, deed: Deed, *, every: int = 1
) -> AsyncIterator[Run]:
    """End the process at each point, and start it again on what it has stored."""
    happen = ending(stand)
    async for run in enumerated(arm, (stand,), deed, happen, every=every):
        yield run


def ending(stand: Stand) -> Happening:
    """Return what orders a feed, and starts the process again that the hook ends."""

    async def happen(plan: Plan, tag: int) -> str | None:
        order = asyncio.ensure_future(stand.order(tag))
        point = await meet(stand, plan, tag, order)
        if point is not None:
            async with asyncio.timeout(END_PATIENCE):
                await stand.home_assistant.process.ended()
            await order
            await stand.home_assistant.kill()
            await stand.start_home_assistant()
        await order
        return point

    return happen
