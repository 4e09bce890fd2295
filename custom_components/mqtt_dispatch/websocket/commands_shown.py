"""What is open at a station, what it waits for, and what a person must decide."""

from __future__ import annotations

from typing import Any, Final

from ..clock import now
from ..coordinator import DispatchCoordinator
from ..engine.model.command import Command, CommandState, Outcome
from ..engine.orders.decisions import may_be_sent_again
from ..engine.scheduling.waiting import Reasons
from ..texts.commands import describe_command, kind_in_words
from ..texts.evidence import advice_in_doubt, deliveries_in_words
from ..texts.meals import expected_by
from ..texts.responses import reason_as_response
from ..texts.sentences import node_title, reasons_in_words, sentence
from .reader import Reader

MOST_SHOWN: Final = 50
"""Commands of a queue that are told one by one; of the rest, how many they are."""


def commands_of(coordinator: DispatchCoordinator, reader: Reader) -> dict[str, Any]:
    """Return the open commands, those under way first, then in the order they came."""
    every = sorted(
        coordinator.engine.ledger.open.values(),
        key=lambda command: (not command.state.in_flight, command.id),
    )
    waiting = coordinator.engine.waiting(now())
    shown = every[:MOST_SHOWN]
    return {
        "open": [
            _command(
                coordinator,
                reader,
                command,
                waiting.of(command) if waiting.has(command.id) else (),
            )
            for command in shown
        ],
        "more": len(every) - len(shown),
    }


def _command(
    coordinator: DispatchCoordinator,
    reader: Reader,
    command: Command,
    reasons: Reasons,
) -> dict[str, Any]:
    hass = coordinator.hass
    return {
        "id": command.id,
        "kind": command.kind,
        "kind_in_words": kind_in_words(hass, command.kind),
        "in_words": describe_command(coordinator, command),
        "state": command.state.value,
        "created_at": command.created_at,
        "at": command.not_before,
        "expires_at": command.expires_at,
        "idempotency_key": command.idempotency_key,
        "nodes": [
            {
                "node": delivery.node,
                "title": node_title(coordinator, delivery.node),
                "state": delivery.state.value,
                "attempts": delivery.attempts,
                "step": delivery.step,
                "steps": delivery.steps,
                "in_words": words,
            }
            for delivery, words in zip(
                command.deliveries,
                deliveries_in_words(coordinator, command),
                strict=True,
            )
        ],
        "waits_for": [reason_as_response(reason) for reason in reasons],
        "waits_in_words": reasons_in_words(hass, coordinator, reasons)
        if reasons
        else None,
        "may": _may(coordinator, reader, command),
    }


def _may(
    coordinator: DispatchCoordinator, reader: Reader, command: Command
) -> list[str]:
    """Return what the reader may do about a command."""
    if not reader.may_decide(coordinator, command):
        return []
    found = [] if command.ever_sent else ["cancel"]
    if command.state is CommandState.UNCONFIRMED:
        found.append("resolve")
    return found


def doubts_of(coordinator: DispatchCoordinator, reader: Reader) -> list[dict[str, Any]]:
    """Return the questions that a person must answer, the oldest first."""
    ledger = coordinator.engine.ledger
    return [
        {
            "command_id": command.id,
            "kind": command.kind,
            "in_words": describe_command(coordinator, command),
            "evidence": _evidence(coordinator, command),
            "answers": _answers(coordinator, reader, command),
        }
        for command in sorted(
            ledger.open.by_state.of(CommandState.UNCONFIRMED), key=lambda one: one.id
        )
    ]


def _evidence(coordinator: DispatchCoordinator, command: Command) -> list[str]:
    """Return what is known of a doubt, a sentence each."""
    lines = deliveries_in_words(coordinator, command)
    for overdue in coordinator.data.overdue:
        if overdue.command is not None and overdue.command.id == command.id:
            by = expected_by(coordinator, overdue)
            lines.insert(0, sentence(coordinator.hass, "overdue_by", by=by))
    advice = advice_in_doubt(coordinator, command)
    return lines if advice is None else [*lines, advice]


def _answers(
    coordinator: DispatchCoordinator, reader: Reader, command: Command
) -> list[str]:
    if not reader.may_decide(coordinator, command):
        return []
    again = may_be_sent_again(command, coordinator.engine.station)
    return [each.value for each in Outcome if each is not Outcome.RESEND or again]
