"""The arm of the hidden resend: the broker goes away between check and publish.

A client that keeps what it could not send gives it to the broker once that is back,
when nobody waits for it any more. Nodes that drop repeats do not show it: to those the
integration itself may send again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
import time

from .disturbed import disturbed, network_cut
from .runs import PASSED_ALL, Run
from .stand import Stand
from .verdict import executed_after

BETWEEN_CHECK_AND_PUBLISH = "before the publish to node"


async def resent(arm: str, stand: Stand) -> AsyncIterator[Run]:
    """Cut the network just before each publish, and see what a node does after that."""
    healed_at: dict[int, float] = {}
    cut = network_cut(stand, BETWEEN_CHECK_AND_PUBLISH)

    async def afterwards(tag: int) -> None:
        healed_at[tag] = time.time()
        await cut.afterwards(tag)

    disturbance = replace(cut, afterwards=afterwards)
    async for run in disturbed(arm, stand, disturbance):
        if run.point != PASSED_ALL:
            (tag,) = run.outcomes
            late = executed_after(stand.simulator.ledger(), tag, healed_at[tag])
            yield replace(run, resent=late)
