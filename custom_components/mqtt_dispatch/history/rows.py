"""What is written to the history, as rows, and what rows say."""

from __future__ import annotations

from collections.abc import Iterator
import json
from typing import Any

from ..engine.ledger.snapshot import command_as_json, command_from_json
from ..engine.model.command import Command, CommandState, DeliveryState
from ..engine.model.past import Outcome
from ..engine.model.reports import Dispensed
from ..storage.migrations import HISTORY
from .schema import FORMAT

type Row = tuple[Any, ...]


def command_row(entry_id: str, command: Command) -> Row:
    """Return the row of `commands`. Raises TypeError or ValueError."""
    content = json.dumps(
        command_as_json(command), allow_nan=False, separators=(",", ":")
    )
    return (
        entry_id,
        command.id,
        command.kind,
        command.state.value,
        command.created_at,
        _first_at(command, CommandState.UNCONFIRMED, None),
        command.timeline[-1].at,
        FORMAT,
        content,
    )


def delivery_rows(entry_id: str, command: Command) -> Iterator[Row]:
    """Yield the rows of `deliveries`."""
    for delivery in command.deliveries:
        yield (
            entry_id,
            command.id,
            delivery.node,
            command.kind,
            command.state.value,
            command.created_at,
            delivery.state.value,
            delivery.attempts,
            *(
                _first_at(command, state, delivery.node)
                for state in (
                    DeliveryState.SENT,
                    DeliveryState.ACCEPTED,
                    DeliveryState.DONE,
                )
            ),
        )


def outcome_row(entry_id: str, outcome: Outcome) -> Row:
    """Return the row of `occurrences`."""
    settled = outcome.settled
    return (
        entry_id,
        settled.meal_id,
        settled.date,
        settled.node,
        settled.nominal,
        settled.command_id,
        outcome.became.value,
    )


def dispensed_row(entry_id: str, report: Dispensed) -> Row:
    """Return the row of `dispensed`."""
    return (
        entry_id,
        report.started_at,
        report.node,
        report.planned,
        report.grams,
        report.reason,
    )


def command_of(line_format: int, content: str) -> Command | None:
    """Return the command of a row of any version; None: it says none."""
    try:
        data = {"commands": [json.loads(content)]}
        for step in HISTORY.steps[line_format - 1 :]:
            data = step(data)
        return command_from_json(data["commands"][0])
    except (KeyError, TypeError, ValueError):
        return None


def _first_at(command: Command, state: str, node: str | None) -> float | None:
    return next(
        (
            entry.at
            for entry in command.timeline
            if entry.state == state and entry.node == node
        ),
        None,
    )
