"""Orders that are withdrawn together: what ends at once is one batch of the history."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
import contextlib

import aiohttp

from scripts.parts.api import RefusedError
from scripts.parts.process import PartError

from .plan import Plan
from .runs import meet
from .stand import Stand

SWITCH = "switch.kitchen_dispatching"
TOGETHER = 3
END_PATIENCE = 60
_GONE = (PartError, aiohttp.ClientError, TimeoutError)
"""What calls raise whose Home Assistant was killed."""


async def send_nothing(stand: Stand) -> None:
    """Have the station send nothing any more, so that orders wait."""
    switch = {"entity_id": SWITCH}
    await stand.home_assistant.api.do("switch", "turn_off", switch)
    await stand.until_state(SWITCH, "off")


async def wait_together(stand: Stand, tags: Iterable[int]) -> None:
    """Give orders that wait; nothing happens to them."""
    stand.folder.plan_nothing()
    for tag in tags:
        await stand.order(tag)


async def withdraw(stand: Stand) -> None:
    """Withdraw all that waits. Home Assistant may be killed meanwhile."""
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        await stand.call("cancel_all")


async def withdrawn(stand: Stand) -> None:
    """Withdraw all that waits, and return when it is in the history."""
    await stand.call("cancel_all")
    await stand.until("all commands are in the history", stand.stored.archived)


async def killed_in(
    stand: Stand, plan: Plan, tag: int, life: asyncio.Task[None]
) -> str | None:
    """Return the point at which Home Assistant was killed, and runs again.

    None: it passed all points and runs on. `life` is what has it pass them, at whose
    end the order with this tag is in the history.
    """
    point = await meet(stand, plan, tag, life)
    if point is None:
        await life
        return None
    async with asyncio.timeout(END_PATIENCE):
        await stand.home_assistant.process.ended()
    life.cancel()
    with contextlib.suppress(asyncio.CancelledError, RefusedError, *_GONE):
        await life
    await stand.home_assistant.kill()
    stand.folder.plan_nothing()
    await stand.start_home_assistant()
    return point
