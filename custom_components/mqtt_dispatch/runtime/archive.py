"""Writes the history of a station, behind."""

from __future__ import annotations

from collections.abc import Callable

from ..engine.engine import Engine
from ..engine.model.events import Archived
from ..engine.unarchived import AT_ONCE, Unarchived
from .ports import Cancel, Clock, Disk

HISTORY_DELAY = 60.0
"""Seconds from the end of a command to its line in the history."""


class Archive:
    """Brings what is over to the history, some at a time, one write after the other."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        disk: Disk,
        tell: Callable[[Archived], None],
    ) -> None:
        """Begin with nothing due."""
        self._unarchived = Unarchived(engine.facts, clock.now())
        self._clock = clock
        self._disk = disk
        self._tell = tell
        self._cancel: Cancel | None = None
        self._writing = False
        self._wanted = False
        self._ended = False

    def schedule(self) -> None:
        """Have what is over written a while from now."""
        self._wanted = True
        self._after(HISTORY_DELAY)

    def end(self) -> None:
        """Write nothing more; what has ended is in the hot file until it is."""
        self._ended = True
        if self._cancel is not None:
            self._cancel()

    def _after(self, seconds: float) -> None:
        if self._cancel is None and not self._writing and not self._ended:
            self._cancel = self._clock.later(seconds, self._write)

    def _write(self) -> None:
        self._cancel = None
        self._wanted = False
        past = self._unarchived.lines(self._clock.now())
        if not past:
            return
        self._writing = True

        def written(error: Exception | None) -> None:
            self._writing = False
            if self._ended:
                return
            if error is not None:
                self._tell(Archived(None))
                self.schedule()
                return
            self._unarchived.written(past)
            self._tell(Archived(frozenset(command.id for command in past.commands)))
            if len(past.commands) == AT_ONCE:
                self._after(0)
            elif self._wanted:
                self._after(HISTORY_DELAY)

        self._disk.write_history(past, written)
