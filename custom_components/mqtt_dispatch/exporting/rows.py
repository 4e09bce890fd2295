"""Commands as rows of plain values, one for each node; nothing that lets anybody in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
import csv
from io import StringIO
import json
from typing import Any, Final
from unicodedata import normalize

from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command, DeliveryState
from ..protocols.untrusted import shown
from ..texts.responses import time_as_response
from ..texts.sentences import node_title

type Row = dict[str, Any]

COLUMNS: Final = (
    "station",
    "command_id",
    "kind",
    "params",
    "state",
    "created_at",
    "at",
    "ended_at",
    "cause",
    "node",
    "node_name",
    "node_state",
    "attempts",
    "sent_at",
    "accepted_at",
    "done_at",
    "reason",
)
_FORMULAS: Final = frozenset("=+-@\t\r\n")
"""What a cell begins with that a spreadsheet works out, in place of showing it."""


def rows_of(
    coordinator: DispatchCoordinator, command: Command, node: str | None
) -> Iterator[Row]:
    """Yield a row for each node of a command; `node`: only for that one."""
    last = command.timeline[-1]
    of_command = {
        "station": coordinator.name,
        "command_id": command.id,
        "kind": command.kind,
        "params": coordinator.protocol.public(command.kind, command.params),
        "state": command.state.value,
        "created_at": time_as_response(command.created_at),
        "at": time_as_response(command.not_before),
        "ended_at": time_as_response(last.at) if command.state.final else None,
        "cause": last.cause.value,
    }
    for delivery in command.deliveries:
        if node in (None, delivery.node):
            yield {
                **of_command,
                "node": delivery.node,
                "node_name": node_title(coordinator, delivery.node),
                "node_state": delivery.state.value,
                "attempts": delivery.attempts,
                **{
                    f"{state}_at": _first_at(command, delivery.node, state)
                    for state in _TOLD
                },
                "reason": shown(delivery.reason) if delivery.reason else None,
            }


_TOLD: Final = (DeliveryState.SENT, DeliveryState.ACCEPTED, DeliveryState.DONE)


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows as lines of a file that a spreadsheet opens."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_cell(row[column]) for column in COLUMNS] for row in rows)
    return text.getvalue()


def header() -> str:
    """Return the first line of such a file."""
    return as_csv([{column: column for column in COLUMNS}])


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case str():
            return harmless(value)
        case _:
            return str(value)


def harmless(text: str) -> str:
    """Return a text that a spreadsheet shows, and never works out as a formula."""
    # There are wide forms of these signs, which some work out as well.
    begins = normalize("NFKC", text).lstrip(" ")[:1]
    return f"'{text}" if begins and begins in _FORMULAS else text


def _first_at(command: Command, node: str, state: DeliveryState) -> str | None:
    return next(
        (
            time_as_response(entry.at)
            for entry in command.timeline
            if entry.node == node and entry.state == state
        ),
        None,
    )
