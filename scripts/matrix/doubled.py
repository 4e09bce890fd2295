"""The arm in which two Home Assistants have the same nodes by mistake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from .plan import Answer, Deed, Plan
from .runs import Run, enumerated, meet
from .stand import Stand


async def doubled(arm: str, first: Stand, second: Stand) -> AsyncIterator[Run]:
    """Order at the second one, at each point of the life of an order at the first."""
    second.folder.plan_nothing()

    async def happen(plan: Plan, tag: int) -> str | None:
        async def order_at_the_second() -> Answer:
            await second.order(tag + 1)
            return Answer()

        asked = first.control.expect(order_at_the_second)
        order = asyncio.ensure_future(first.order(tag))
        point = await meet(first, plan, tag, order)
        if point is not None:
            await asked
        await order
        return point

    async for run in enumerated(arm, (first, second), Deed.ASK, happen):
        yield run
