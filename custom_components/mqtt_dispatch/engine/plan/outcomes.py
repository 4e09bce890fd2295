"""What became of a date of a meal, by the command that dealt with it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ..ledger.ledger import Ledger
from ..model.command import Cause, Command, CommandState
from ..model.meal import Became

_BY_STATE: Final = MappingProxyType(
    {
        CommandState.SUCCEEDED: Became.FED,
        CommandState.FAILED: Became.FAILED,
        CommandState.REJECTED: Became.FAILED,
        CommandState.EXPIRED: Became.MISSED,
    }
)
_CANCELLED: Final = MappingProxyType(
    {
        Cause.SKIPPED: Became.SKIPPED,
        # Who withdraws it wants it skipped.
        Cause.PERSON: Became.SKIPPED,
        # It is ordered anew, as it is planned now.
        Cause.PLAN: Became.DUE,
    }
)
_OUTWEIGHING: Final = (Became.FED, Became.DUE)
"""What finishes a command and became so outweighs the rest of it, first one first."""


def became(command: Command) -> Became:
    """Return what became of the date of a meal that a command is for.

    What was superseded goes on as another.
    """
    if command.state is CommandState.CANCELLED:
        return _CANCELLED.get(command.timeline[-1].cause, Became.FAILED)
    return _BY_STATE.get(command.state, Became.DUE)


def became_in_all(ledger: Ledger, command: Command) -> Became:
    """Return the same, whatever finished what the command left undone."""
    if (alone := became(command)) is not Became.FAILED:
        return alone
    all_parts = [became(part) for part in ledger.parts(command)]
    return next((each for each in _OUTWEIGHING if each in all_parts), alone)


def sent_at(command: Command) -> float:
    """Return when a command was last sent, in unix seconds; 0: it never was."""
    sent = (one.at for one in command.timeline if one.state == CommandState.SENT)
    return max(sent, default=0.0)
