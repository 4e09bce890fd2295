"""What is ordered at several stations at once: stored at all, or sent at none."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.command import Cause, Command, CommandState


class Together:
    """Commands that wait until others, ordered with them, are on disk, too.

    In memory alone: after a restart each goes on by itself.
    """

    def __init__(self) -> None:
        """Begin with nothing that waits so."""
        self._ids: set[int] = set()
        self._twins: dict[int, int] = {}

    def __contains__(self, command_id: object) -> bool:
        """Whether a command waits for others."""
        return command_id in self._ids

    def __iter__(self) -> Iterator[int]:
        """Go through those that do."""
        return iter(self._ids)

    def hold(self, command_id: int) -> None:
        """Have a command wait."""
        self._ids.add(command_id)

    def waits_as(self, command_id: int) -> int | None:
        """Return under which id a command waits by now; None: it does not."""
        while command_id not in self._ids:
            if command_id not in self._twins:
                return None
            command_id = self._twins[command_id]
        return command_id

    def goes_on_as(self, command_id: int, twin: int) -> None:
        """Have what a command goes on as wait in its place."""
        if command_id in self._ids:
            self._ids.remove(command_id)
            self._ids.add(twin)
            self._twins[command_id] = twin

    def forget(self, command: Command) -> None:
        """Drop a command that is open no longer."""
        if command.id not in self._twins:
            self.release(command.id)

    def release(self, command_id: int) -> None:
        """Let a command wait no more."""
        self._ids.discard(command_id)
        for known in [old for old, twin in self._twins.items() if twin == command_id]:
            del self._twins[known]
            self.release(known)


def came_to_nothing(command: Command) -> bool:
    """Whether a command was never to be sent: others were not stored with it."""
    return (
        command.state is CommandState.CANCELLED
        and command.timeline[-1].cause is Cause.NOT_SENT
    )
