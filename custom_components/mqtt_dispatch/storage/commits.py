"""Puts what the engine knows on disk, and tells whoever waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..engine.engine import Engine
from ..engine.model.events import CommitFailed, Committed
from ..log import LOGGER
from .store import CommitError, StationStore


class NotStoredError(HomeAssistantError):
    """What was asked for could not be stored, and is not done."""

    def __init__(self, error: object) -> None:
        """Say so in the words of the user's language."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="not_stored",
            translation_placeholders={"error": str(error)},
        )


class Commits:
    """One worker that commits.

    What is asked for while a commit is being written shares the next one.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        store: StationStore,
        tell: Callable[[Committed | CommitFailed], object],
        *,
        revision: int,
    ) -> None:
        """Begin with the `revision` that was read. `name` is the station's."""
        self.revision = revision
        """What is on disk."""
        self._name = name
        self._engine = engine
        self._store = store
        self._tell = tell
        self._wanted = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._ending = False
        self._ended = False
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []

    def start(self, hass: HomeAssistant) -> None:
        """Begin to commit."""
        # No background task of the entry: Home Assistant ends those at the very
        # beginning of its stop, and what comes after must be stored too.
        self._worker = hass.loop.create_task(
            self._commit_when_wanted(), name=f"{DOMAIN} {self._name} commit"
        )

    def want(self) -> None:
        """Have what the engine knows now committed."""
        self._wanted.set()

    async def async_finish(self) -> None:
        """Commit once more what is not on disk, and nothing after it."""
        if self._worker is not None:
            self._ending = True
            self._wanted.set()
            await self._worker
            self._worker = None
        self._ended = True
        unloaded = NotStoredError("the station was unloaded")
        self._answer(self._engine.ledger.revision, unloaded)

    async def async_stored(self) -> None:
        """Wait until all that the engine knows now is on disk.

        Raises NotStoredError if it could not be written.
        """
        revision = self._engine.ledger.revision
        if revision <= self.revision:
            return
        if self._ended:
            raise NotStoredError("the station was unloaded")
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((revision, waiter))
        await waiter

    async def _commit_when_wanted(self) -> None:
        while not self._ending or self._wanted.is_set():
            await self._wanted.wait()
            self._wanted.clear()
            if self._engine.ledger.revision > self.revision:
                await self._commit()

    async def _commit(self) -> None:
        snapshot = self._engine.snapshot()
        try:
            await self._store.async_commit(snapshot)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is stored
            if self._engine.conditions.storage_ok:
                LOGGER.error(
                    "%s: the queue cannot be stored: %s",
                    self._name,
                    error,
                    exc_info=None if isinstance(error, CommitError) else error,
                )
            self._answer(snapshot.revision, NotStoredError(error))
            self._tell(CommitFailed())
        else:
            if not self._engine.conditions.storage_ok:
                LOGGER.info("%s: the queue is stored again", self._name)
            self.revision = snapshot.revision
            self._answer(snapshot.revision, None)
            self._tell(Committed(snapshot.revision))

    def _answer(self, revision: int, error: NotStoredError | None) -> None:
        answered = [waiter for asked, waiter in self._waiters if asked <= revision]
        self._waiters = [item for item in self._waiters if item[0] > revision]
        for waiter in answered:
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)
