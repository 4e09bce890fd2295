"""Work in the executor that nobody leaves before it has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from homeassistant.core import HomeAssistant


async def async_to_the_end[*Args, R](
    hass: HomeAssistant, job: Callable[[*Args], R], *args: *Args
) -> R:
    """Run a job in the executor, and do not leave before it has ended.

    A thread cannot be cancelled: a write that nobody waits for any more could end after
    the next one, and leave the older content. Nor does Home Assistant know of it: what
    it knows of, and does not wait for, it cancels at the very beginning of its stop.
    """
    running = hass.loop.run_in_executor(None, job, *args)
    cancelled: asyncio.CancelledError | None = None
    while not running.done():
        try:
            await asyncio.wait((running,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return running.result()
    running.exception()
    raise cancelled
