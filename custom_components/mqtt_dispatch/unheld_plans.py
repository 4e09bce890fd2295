"""Plans that did not reach the nodes that are to keep them, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator

from homeassistant.util import dt as dt_util

from .coordinator import DispatchCoordinator
from .engine.model.command import Cause, Command, CommandState
from .engine.model.meal import Deviation
from .texts.commands import kind_in_words
from .texts.meal_summaries import meal_in_words
from .texts.sentences import local_time, moment_in_words, sentence

_BY_THE_PLAN = frozenset({Cause.PLAN, Cause.NODE})
NOT_HELD = {
    CommandState.CANCELLED: "plan_cancelled",
    CommandState.EXPIRED: "plan_expired",
    CommandState.FAILED: "plan_failed",
    CommandState.REJECTED: "plan_rejected",
}


def unheld_plans(coordinator: DispatchCoordinator) -> Iterator[Command]:
    """Yield the newest commands of the plan that ended without their nodes' having it.

    The plan is sent anew when it changes or Home Assistant starts; until then a node
    runs what it held before.
    """
    if coordinator.protocol.planning is None:
        return
    ledger = coordinator.engine.ledger
    for node in coordinator.engine.station.nodes:
        for kind in coordinator.protocol.kinds:
            command = ledger.known.newest(kind, node)
            if command is None or command.state not in NOT_HELD:
                continue
            first = ledger.find(command.first_part) or command
            if first.timeline[0].cause in _BY_THE_PLAN:
                yield command


def is_unheld(coordinator: DispatchCoordinator, command_id: int) -> bool:
    """Whether a command is the newest of the plan, and its node did not get it."""
    return any(command.id == command_id for command in unheld_plans(coordinator))


def describe_unheld(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what became of a command that was to bring the plan to a node."""
    return sentence(
        coordinator.hass,
        NOT_HELD[command.state],
        command_id=command.id,
        kind=kind_in_words(coordinator.hass, command.kind),
        time=local_time(coordinator.hass, command.timeline[-1].at),
    )


def describe_deviations(coordinator: DispatchCoordinator, node: str) -> str:
    """Return what a node is about to do otherwise than planned, a line each."""
    return "\n".join(
        f"- {_in_words(coordinator, each)}"
        for each in coordinator.data.deviations
        if each.node == node
    )


def _in_words(coordinator: DispatchCoordinator, deviation: Deviation) -> str:
    hass, planned_kind = coordinator.hass, coordinator.protocol.planned_kind
    meal = coordinator.engine.ledger.meals.get(deviation.meal_id)
    name = "" if meal is None else meal.name
    key = "deviation_leaves_out"
    if deviation.runs and deviation.skipped:
        key = "deviation_runs_skipped"
    elif deviation.runs:
        key = "deviation_runs_unplanned"
    return sentence(
        hass,
        key,
        time=moment_in_words(hass, dt_util.utc_from_timestamp(deviation.at)),
        meal=meal_in_words(coordinator, name, planned_kind, deviation.params),
    )
