"""What became of a date of a meal, by the command that dealt with it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

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


def became(command: Command) -> Became:
    """Return what became of the date of a meal that a command is for.

    What was superseded goes on as another.
    """
    if command.state is CommandState.CANCELLED:
        return _CANCELLED.get(command.timeline[-1].cause, Became.FAILED)
    return _BY_STATE.get(command.state, Became.DUE)
