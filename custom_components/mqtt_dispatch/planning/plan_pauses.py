"""How the plan of stations is paused, while what people order is still sent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.events import Dispatching, PausePlan, ResumePlan
from ..engine.model.pause import PlanPause
from ..ordering.together import async_all_stored


def plan_pause_of(wish: Dispatching) -> PausePlan:
    """Return the same pause, of the plan alone."""
    until = wish.until if wish.lasts is None else now().wall + wish.lasts
    return PausePlan(until, wish.reason)


async def async_pause_plan(
    coordinators: Sequence[DispatchCoordinator], wish: PausePlan | ResumePlan
) -> None:
    """Have nothing of the plan be done at stations, or go on: at all of them, or none.

    Raises NotStoredError; each is as it was before then.
    """
    undo = []
    for coordinator in coordinators:
        before = coordinator.engine.plan.paused(now())
        undo.append(partial(coordinator.handle, _as_it_was(before)))
        coordinator.handle(wish)
    await async_all_stored(coordinators, undo)


def _as_it_was(pause: PlanPause | None) -> PausePlan | ResumePlan:
    return ResumePlan() if pause is None else PausePlan(pause.until, pause.reason)
