"""The arms in which nodes lose their power in a write of their flash, and come back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from typing import override

from scripts.parts.process import PartError
from simulator.paired_dispenser.native import WENT_IN_A_WRITE

from .deadly import ending
from .deciding import settle
from .plan import Deed, Plan
from .runs import PASSED_ALL, TAGS_A_RUN, Run, enumerated, judged, unrecorded
from .stand import Stand

CUT_NODES = (("1",), ("2",), ("1", "2"))
WRITES = {1: "what is to begin", 2: "that it begins", 3: "how it ended"}
"""Of a feed that both begin at one moment."""
STEPS = {
    0: "before it erases",
    1: "after it erased",
    2: "after the first byte",
    49: "in the middle",
    96: "before the last byte",
    97: "after the last byte",
}
"""Of the 98 moments of a write; `tests/firmware` and worlds meet all of them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which nodes lose their power, in which write, and when in it."""

    nodes: tuple[str, ...]
    write: int
    step: int

    @property
    def moment(self) -> str:
        """As the simulator has it."""
        return f"{self.write}-{self.step}"

    @override
    def __str__(self) -> str:
        """Return what happens, in words."""
        who = " and ".join(f"node {node}" for node in self.nodes)
        return f"{who}: the write of {WRITES[self.write]}, {STEPS[self.step]}"


def cuts() -> Iterator[Cut]:
    """Return each cut, the beginning of a feed first."""
    for write in WRITES:
        for nodes in CUT_NODES:
            for step in STEPS:
                yield Cut(nodes, write, step)


async def unpowered(arm: str, stand: Stand) -> AsyncIterator[Run]:
    """Cut the power of nodes in each write of a feed, and in none at last.

    Raises PartError if a cut did not come.
    """
    stand.folder.plan_nothing()
    # The program of the nodes is compiled when they start.
    await stand.rest()
    for number, cut in enumerate([*cuts(), None], 1):
        before = _power_cuts(stand)
        nodes: tuple[str, ...] = ()
        if cut is not None:
            nodes = cut.nodes
            for node in nodes:
                await stand.simulator.order(node, {"cut": cut.moment})
        await stand.order(number * TAGS_A_RUN)
        await stand.rest()
        if _power_cuts(stand) - before != len(nodes):
            raise PartError(f"{cut or PASSED_ALL}: not as often as was ordered")
        run = await judged(arm, (stand,), str(cut or PASSED_ALL), number)
        await settle(stand)
        yield replace(run, verdicts=run.verdicts | unrecorded((stand,), run))


async def killed_and_unpowered(
    arm: str, stand: Stand, *, every: int = 1
) -> AsyncIterator[Run]:
    """Kill Home Assistant at each point of a feed in which nodes lose their power, too.

    Each feed has another cut than the one before.
    """
    each_in_turn = cycle(cuts())
    # No node may come to say that it is done.
    stand.must_see = stand.must_see[:-1]
    stand.folder.plan_nothing()
    # The program of the nodes is compiled when they start.
    await stand.rest()
    ends = ending(stand)

    async def happen(plan: Plan, tag: int) -> str | None:
        cut = next(each_in_turn)
        # The one before may never have come, where an order was never stored.
        await stand.simulator.order("all", {"clear": "cut"})
        for node in cut.nodes:
            await stand.simulator.order(node, {"cut": cut.moment})
        point = await ends(plan, tag)
        return None if point is None else f"{point}; {cut}"

    async for run in enumerated(arm, (stand,), Deed.KILL, happen, every=every):
        yield run


def _power_cuts(stand: Stand) -> int:
    return stand.simulator.process.log.read_text(encoding="utf-8").count(
        WENT_IN_A_WRITE
    )
