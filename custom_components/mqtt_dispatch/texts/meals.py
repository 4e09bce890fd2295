"""What became of the dates of meals and why, as a person says it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from homeassistant.util import dt as dt_util

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Cause, Command, CommandState
from ..engine.model.meal import Meal, MealDate
from ..engine.model.policy import PlanKeeper
from ..engine.view import OverdueView
from .commands import meal_on
from .evidence import deliveries_in_words, describe_doubt
from .sentences import (
    local_time,
    moment_in_words,
    node_title,
    reason_in_words,
    reasons_in_words,
    sentence,
)

_ENDS: Final = MappingProxyType(
    {
        Cause.MISSED: "why_missed",
        Cause.GUARD: "why_limit",
        Cause.QUEUE_FULL: "why_queue_full",
        Cause.NODE_REMOVED: "why_node_removed",
    }
)
_LIMITS: Final = MappingProxyType(
    {
        "minimum_gap": "why_minimum_gap",
        "portions_per_day": "why_portions_per_day",
    }
)
_BY_NODES: Final = (CommandState.FAILED, CommandState.REJECTED)


def name_of(coordinator: DispatchCoordinator, meal: Meal) -> str:
    """Return what its owner calls a meal."""
    return meal.name or sentence(coordinator.hass, "meal_unnamed")


def why_ended(coordinator: DispatchCoordinator, command: Command) -> str | None:
    """Return why a date of a meal ended as it did; None: there is nothing to say.

    `command` is what was to feed it, or tells why it was not fed.
    """
    last = command.timeline[-1]
    if command.state in _BY_NODES:
        return " ".join(deliveries_in_words(coordinator, command))
    if last.cause is Cause.SKIPPED:
        return last.detail or None
    if command.state is CommandState.SUCCEEDED:
        return None
    node = _told_by(coordinator, command)
    if last.cause is Cause.MISSED and node is not None:
        return _silent(coordinator, node)
    key = _LIMITS.get(last.detail) or _ENDS.get(last.cause, "why_withdrawn")
    if command.state is CommandState.EXPIRED and last.cause is not Cause.MISSED:
        key = "why_expired"
    elif last.cause is Cause.PERSON and last.detail:
        key = "why_withdrawn_by"
    time = local_time(coordinator.hass, last.at)
    return sentence(coordinator.hass, key, time=time, person=last.detail)


def why_overdue(coordinator: DispatchCoordinator, overdue: OverdueView) -> list[str]:
    """Return why a meal has not happened, in at least one sentence."""
    hass, command = coordinator.hass, overdue.command
    if command is None and overdue.date.node:
        lines = [_silent(coordinator, overdue.date.node)]
    elif command is None:
        lines = [sentence(hass, "why_unknown")]
    elif overdue.waits_for:
        reasons = reasons_in_words(hass, coordinator, overdue.waits_for)
        lines = [sentence(hass, "why_waits", reasons=reasons)]
    elif not command.state.final or command.state in _BY_NODES:
        lines = deliveries_in_words(coordinator, command)
    else:
        lines = [why_ended(coordinator, command) or sentence(hass, "why_unknown")]
    node = coordinator.data.nodes.get(overdue.date.node)
    if node is not None and node.reason is not None:
        lines.append(reason_in_words(hass, coordinator, node.reason))
    return lines


def describe_question(coordinator: DispatchCoordinator, command: Command) -> str:
    """Return what is known of a command in doubt, and by when its meal was expected."""
    known = describe_doubt(coordinator, command)
    for overdue in coordinator.data.overdue:
        if overdue.command is not None and overdue.command.id == command.id:
            by = expected_by(coordinator, overdue)
            return f"{sentence(coordinator.hass, 'overdue_by', by=by)}\n\n{known}"
    return known


def expected_by(coordinator: DispatchCoordinator, overdue: OverdueView) -> str:
    """Return by when a meal should have happened, at least to the minute."""
    moment = dt_util.utc_from_timestamp(overdue.expected_by)
    local = dt_util.as_local(moment)
    if local.date() == dt_util.now().date():
        return f"{local:%H:%M}"
    return moment_in_words(coordinator.hass, moment)


def overdue_in_words(coordinator: DispatchCoordinator, overdue: OverdueView) -> str:
    """Return which meal has not happened, by when it should have, and why."""
    return sentence(
        coordinator.hass,
        "overdue_meal",
        meal=name_of(coordinator, overdue.meal),
        by=expected_by(coordinator, overdue),
        reason=" ".join(why_overdue(coordinator, overdue)),
    )


def overdue_as_data(
    coordinator: DispatchCoordinator, overdue: OverdueView
) -> dict[str, Any]:
    """Return what is told of a meal that should have happened, for machines."""
    return {
        **meal_on(coordinator, overdue.date).as_data(),
        "kind": overdue.meal.kind,
        "node": overdue.date.node or None,
        "command_id": None if overdue.command is None else overdue.command.id,
        "reason": " ".join(why_overdue(coordinator, overdue)),
    }


def ended_as_data(
    coordinator: DispatchCoordinator, command: Command, date: MealDate
) -> dict[str, Any]:
    """Return what is told of the date of a meal that a command dealt with."""
    return {
        **meal_on(coordinator, date).as_data(),
        "kind": command.kind,
        "node": _told_by(coordinator, command),
        "command_id": command.id,
        "reason": why_ended(coordinator, command),
    }


def _told_by(coordinator: DispatchCoordinator, command: Command) -> str | None:
    """Return the node that keeps the plan itself and tells of such a meal."""
    keeper = coordinator.engine.station.keeper_of(command)
    return command.nodes[0] if keeper is PlanKeeper.NODES_THAT_TELL else None


def _silent(coordinator: DispatchCoordinator, node: str) -> str:
    title = node_title(coordinator, node)
    return sentence(coordinator.hass, "why_node_silent", node=title)
