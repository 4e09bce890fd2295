"""Runs at point 1, 2, ... of a command's life, until one passes all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import override

from scripts.parts.process import PartError

from .deciding import settle
from .itinerary import Itinerary, reached
from .plan import Deed, Plan
from .stand import Stand
from .verdict import Outcome, Verdict, judge

PASSED_ALL = "no point any more: nothing happened"
MOST_POINTS = 500
TAGS_A_RUN = 10
"""The tags of run 7 are 70 to 79."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run and what is wrong with it."""

    arm: str
    nodes: str
    point: str
    verdicts: frozenset[Verdict]
    outcomes: dict[int, Outcome]
    """By the tags of the orders."""
    resent: bool = False
    """Whether the MQTT client gave it to a node when nobody waited any more."""

    @override
    def __str__(self) -> str:
        """Return what happened where, and all that is known if something is wrong."""
        wrong = [*sorted(self.verdicts), *(["executed late"] if self.resent else [])]
        if not wrong:
            return f"{self.point}: nothing wrong"
        orders = "; ".join(
            f"order {tag} was {outcome}" for tag, outcome in self.outcomes.items()
        )
        return f"{self.point}: {', '.join(wrong)} ({orders})"


type Happening = Callable[[Plan, int], Awaitable[str | None]]
"""Orders a feed that bears the tag, and lets it happen at the point of the plan.

Returns the name of the point, None if the order passed all points.
"""


async def meet(
    stand: Stand, plan: Plan, tag: int, order: asyncio.Task[object]
) -> str | None:
    """Return the point of the plan once it is reached, None if all were passed.

    Then nothing happens at a point that comes later.
    """
    await stand.until(
        f"the order reaches point {plan.point} ({plan.only}), or its end",
        lambda: (
            reached(plan, stand.folder.passed()) is not None
            or (order.done() and stand.over(tag))
        ),
    )
    point = reached(plan, stand.folder.passed())
    if point is None:
        stand.folder.plan_nothing()
    return point


async def enumerated(
    arm: str,
    stands: Sequence[Stand],
    deed: Deed,
    happening: Happening,
    *,
    only: str = "",
    every: int = 1,
    at_start: bool = False,
) -> AsyncIterator[Run]:
    """Run at each point, one after the other, and judge each run when all rests.

    The points are those of the first stand; with `every`, each so many-th of them; with
    `at_start`, they are counted from a start of its process, not from an order.

    Raises PartError if there is no end to the points, or if the hook does not see what
    it should.
    """
    itinerary = Itinerary(deed, only, every, at_start=at_start)
    runs: list[Run] = []
    while (plan := itinerary.next()) is not None:
        number = len(runs) + 1
        if number > MOST_POINTS:
            raise PartError(f"{arm}: no end after {MOST_POINTS} points")
        stands[0].folder.write_plan(plan)
        point = await happening(plan, number * TAGS_A_RUN)
        passed = stands[0].folder.passed()
        itinerary.took(point, passed)
        if point is None:
            _check_the_hook(passed, stands[0].must_see)
        for stand in stands:
            await stand.rest()
        run = await judged(arm, stands, point or PASSED_ALL, number)
        try:
            for stand in stands:
                await settle(stand)
        except PartError:
            # What could not be settled is seen no more, but what is known is told.
            yield run
            raise
        run = replace(run, verdicts=run.verdicts | unrecorded(stands, run))
        runs.append(run)
        yield run
    for number, run in enumerate(runs, 1):
        point = f"{run.point} (seen at the end of the arm)"
        later = await judged(arm, stands, point, number)
        verdicts = later.verdicts | unrecorded(stands, run)
        if {Verdict.TWICE, Verdict.UNRECORDED} & (verdicts - run.verdicts):
            yield replace(later, verdicts=verdicts)


def unrecorded(stands: Sequence[Stand], run: Run) -> frozenset[Verdict]:
    """Return what is wrong with the lines of a run, once all its orders are settled."""
    right = all(
        stand.recorded(tag, len(outcome.told))
        for stand in stands
        for tag, outcome in run.outcomes.items()
        if tag in stand.orders
    )
    return frozenset(() if right else {Verdict.UNRECORDED})


async def judged(arm: str, stands: Sequence[Stand], point: str, number: int) -> Run:
    """Return what became of all orders of a run, and what is wrong with it."""
    tags = range(number * TAGS_A_RUN, (number + 1) * TAGS_A_RUN)
    outcomes = {
        tag: await stand.outcome(tag)
        for stand in stands
        for tag in tags
        if tag in stand.orders
    }
    verdicts: set[Verdict] = set()
    for outcome in outcomes.values():
        verdicts |= judge(outcome)
    return Run(
        arm=arm,
        nodes=stands[0].settings.firmware,
        point=point,
        verdicts=frozenset(verdicts),
        outcomes=outcomes,
    )


def _check_the_hook(passed: list[str], wanted: Sequence[str]) -> None:
    for must in wanted:
        if not any(name.startswith(must) for name in passed):
            raise PartError(f"The hook sees no more what is {must!r}")
