"""Writes what a station knows, while those who asked for it wait: as `coordinator`."""

from __future__ import annotations

from collections.abc import Callable, Generator

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import Snapshot
from custom_components.mqtt_dispatch.engine.model.events import CommitFailed, Committed
from simulation.files import StationFiles
from simulation.process import Process

type Action = Generator[None, bool]
"""Yields to wait until all that the engine knows is stored; gets whether it is."""


class Commits:
    """The commits of a station: one at a time, what comes meanwhile shares the next.

    `committed` is what is written, `told` takes how each commit ended, `idle` is called
    when there is nothing more to write.
    """

    def __init__(
        self,
        process: Process,
        files: StationFiles,
        engine: Engine,
        *,
        committed: int,
        told: Callable[[Committed | CommitFailed], object],
        idle: Callable[[], None],
    ) -> None:
        self._process = process
        self._files = files
        self._engine = engine
        self._told = told
        self._idle = idle
        self._committed = committed
        self._wanted = False
        self._working = False
        self._closed = False
        self._waiters: list[tuple[int, Action]] = []

    @property
    def busy(self) -> bool:
        """Whether something is being written, or is to be."""
        return self._wanted or self._working

    def want(self) -> None:
        if not self._wanted:
            self._wanted = True
            if not self._working:
                self._working = True
                self._process.later(0.0, self._work)

    def begin(self, action: Action) -> None:
        """Carry out an action up to where it waits for the disk."""
        try:
            next(action)
        except StopIteration:
            return
        self._wait(action)

    def close(self) -> None:
        """Write nothing more, and keep nobody waiting."""
        self._closed = True
        self._answer_waiters(self._engine.ledger.revision, stored=False)

    def _work(self) -> None:
        if not self._wanted:
            self._working = False
            self._idle()
            return
        self._wanted = False
        snapshot = self._engine.snapshot()
        if snapshot.revision <= self._committed:
            self._work()
            return
        self._process.point("before a commit")
        self._files.commit(snapshot, lambda error: self._written(snapshot, error))

    def _written(self, snapshot: Snapshot, error: OSError | None) -> None:
        if error is None:
            self._committed = snapshot.revision
        self._answer_waiters(snapshot.revision, stored=error is None)
        self._told(
            CommitFailed() if error is not None else Committed(snapshot.revision)
        )
        self._work()

    def _answer_waiters(self, revision: int, *, stored: bool) -> None:
        answered = [action for at, action in self._waiters if at <= revision]
        self._waiters = [item for item in self._waiters if item[0] > revision]
        for action in answered:
            self._answer(action, stored=stored)

    def _answer(self, action: Action, *, stored: bool) -> None:
        self._process.later(0.0, lambda: self._go_on(action, stored=stored))

    def _go_on(self, action: Action, *, stored: bool) -> None:
        try:
            action.send(stored)
        except StopIteration:
            return
        self._wait(action)

    def _wait(self, action: Action) -> None:
        revision = self._engine.ledger.revision
        if revision <= self._committed:
            self._go_on(action, stored=True)
        elif self._closed:
            self._go_on(action, stored=False)
        else:
            self._waiters.append((revision, action))
