"""What is ordered at several stations at once: stored at all, or sent at none."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.command import Command


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

    def release(self, command_id: int) -> None:
        """Let a command, or what it went on as, have its turn."""
        self._ids.discard(command_id)
        if (twin := self._twins.pop(command_id, None)) is not None:
            self.release(twin)

    def goes_on_as(self, command_id: int, twin: int) -> None:
        """Have what a command goes on as wait in its place."""
        if command_id in self._ids:
            self._twins[command_id] = twin
            self._ids.add(twin)

    def forget(self, command: Command) -> None:
        """Drop a command that is open no longer."""
        self._ids.discard(command.id)
