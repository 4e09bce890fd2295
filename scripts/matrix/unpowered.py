"""The arm in which nodes lose their power in a write of their flash, and come back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import override

from scripts.parts.process import PartError
from simulator.paired_dispenser.native import WENT_IN_A_WRITE

from .deciding import settle
from .runs import PASSED_ALL, TAGS_A_RUN, Run, judged, unrecorded
from .stand import Stand

CUT_NODES = (("1",), ("2",), ("1", "2"))
WRITES = {1: "what begins", 2: "how it ended"}
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
    for number, cut in enumerate([*cuts(), None], 1):
        before = _power_cuts(stand)
        nodes = () if cut is None else cut.nodes
        for node in nodes:
            order = "" if cut is None else f"{cut.write}-{cut.step}"
            await stand.simulator.order(node, {"cut": order})
        await stand.order(number * TAGS_A_RUN)
        await stand.rest()
        if _power_cuts(stand) - before != len(nodes):
            raise PartError(f"{cut or PASSED_ALL}: not as often as was ordered")
        run = await judged(arm, (stand,), str(cut or PASSED_ALL), number)
        await settle(stand)
        yield replace(run, verdicts=run.verdicts | unrecorded((stand,), run))


def _power_cuts(stand: Stand) -> int:
    return stand.simulator.process.log.read_text(encoding="utf-8").count(
        WENT_IN_A_WRITE
    )
