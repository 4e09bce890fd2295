"""Puts what the engine knows on disk, and tells whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable

from ..engine.engine import Engine
from ..engine.ledger.snapshot import Snapshot
from ..engine.model.events import CommitFailed, Committed
from .ports import Clock, Disk, Listeners, Written


class Unloaded(Exception):  # noqa: N818 - it is an answer, not a fault
    """The station was unloaded before it was stored."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("the station was unloaded")


class Commits:
    """One commit at a time; what is asked for meanwhile shares the next one."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        disk: Disk,
        listeners: Listeners,
        tell: Callable[[Committed | CommitFailed], None],
        *,
        revision: int,
    ) -> None:
        """Begin with the `revision` that was read; the engine may be ahead of it."""
        self.revision = revision
        """What is on disk."""
        self._engine = engine
        self._clock = clock
        self._disk = disk
        self._listeners = listeners
        self._tell = tell
        self._wanted = False
        self._writing = False
        self._ended = False
        self._finished: list[Callable[[], None]] = []
        self._waiters: list[tuple[int, Written]] = []

    @property
    def busy(self) -> bool:
        """Whether something is being written, or is to be."""
        return self._wanted or self._writing

    def want(self) -> None:
        """Have what the engine knows committed, soon."""
        self._wanted = True
        if not self._writing and not self._ended:
            self._writing = True
            self._clock.later(0, self._write)

    def when_stored(self, stored: Written) -> None:
        """Tell when all that the engine knows now is on disk, or why it is not."""
        revision = self._engine.ledger.revision
        if revision <= self.revision:
            stored(None)
        elif self._ended:
            stored(Unloaded())
        else:
            self._waiters.append((revision, stored))
            self.want()

    def finish(self, finished: Callable[[], None]) -> None:
        """Commit once more what is not on disk, and nothing after it; then tell."""
        if self._ended:
            finished()
            return
        self._finished.append(finished)
        self.want()

    def _write(self) -> None:
        self._wanted = False
        snapshot = self._engine.snapshot()
        if snapshot.revision <= self.revision:
            self._rest()
            return

        def written(error: Exception | None) -> None:
            try:
                self._written(snapshot, error)
            except Exception:  # noqa: BLE001 - else nothing were ever stored again
                self._listeners.fault("telling of a commit")
            if self._wanted:
                self._write()
            else:
                self._rest()

        self._disk.commit(snapshot, written)

    def _written(self, snapshot: Snapshot, error: Exception | None) -> None:
        if (error is None) is not self._engine.conditions.storage_ok:
            self._listeners.storage(error)
        if error is None:
            self.revision = snapshot.revision
        revision = snapshot.revision
        try:
            self._tell(CommitFailed(revision) if error else Committed(revision))
        finally:
            # Who is told that it failed finds all as if he had not asked.
            self._answer(revision, error)

    def _rest(self) -> None:
        self._writing = False
        if self._finished:
            self._ended = True
            self._answer(self._engine.ledger.revision, Unloaded())
        while self._finished:
            self._finished.pop()()

    def _answer(self, revision: int, error: Exception | None) -> None:
        answered = [stored for asked, stored in self._waiters if asked <= revision]
        self._waiters = [item for item in self._waiters if item[0] > revision]
        for stored in answered:
            stored(error)
