"""Writes the history of a station, behind."""

from __future__ import annotations

from collections.abc import Callable

from ..engine.engine import Engine
from ..engine.model.events import Archived
from .ports import Cancel, Clock, Disk

HISTORY_DELAY = 60.0
"""Seconds from the end of a command to its line in the history file."""


class Archive:
    """Brings commands that have ended to the history, some at a time."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        disk: Disk,
        tell: Callable[[Archived], None],
    ) -> None:
        """Begin with nothing due."""
        self._engine = engine
        self._clock = clock
        self._disk = disk
        self._tell = tell
        self._cancel: Cancel | None = None
        self._ended = False

    def schedule(self) -> None:
        """Have what has ended written a while from now."""
        if self._cancel is None and not self._ended:
            self._cancel = self._clock.later(HISTORY_DELAY, self._write)

    def end(self) -> None:
        """Write nothing more; what has ended is in the hot file until it is."""
        self._ended = True
        if self._cancel is not None:
            self._cancel()

    def _write(self) -> None:
        self._cancel = None
        ledger = self._engine.ledger
        # What is not on disk yet may be withdrawn, and then never was.
        closed = [
            command
            for command in ledger.closed.values()
            if command.id not in ledger.unstored
        ]

        def written(error: Exception | None) -> None:
            if self._ended:
                return
            if error is None:
                self._tell(Archived(frozenset(command.id for command in closed)))
            else:
                self.schedule()

        self._disk.write_history(closed, written)
