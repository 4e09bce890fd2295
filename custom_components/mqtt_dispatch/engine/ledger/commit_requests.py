"""When what has changed is to be written."""

from __future__ import annotations

from ..deadlines import Deadlines, Due
from ..model.clock import Now
from ..model.events import Commit
from .ledger import Ledger

COMMIT_RETRY = 30.0
"""Seconds from a failed commit to the next try."""
REPORTS_SHARE = 30.0
"""Seconds in which all that is stored for reports alone is so in one commit."""


class CommitRequests:
    """Asks for a commit when there is something to store, and again if it failed."""

    def __init__(self, ledger: Ledger, deadlines: Deadlines, now: Now) -> None:
        """Begin with all that was read being stored."""
        self._ledger = ledger
        self._deadlines = deadlines
        self._requested = ledger.revision
        self._reports_wait_until = now.steady
        self._failed = False
        deadlines.when(Due.COMMIT, self._store_again)

    def next(self, now: Now) -> list[Commit]:
        """Ask for a commit; one for reports alone comes some time after another."""
        ledger = self._ledger
        if ledger.waits and self._deadlines.at(Due.COMMIT) is None:
            self._deadlines.set(Due.COMMIT, at=now.steady + REPORTS_SHARE)
        if ledger.revision <= self._requested:
            return []
        if ledger.pressing <= self._requested:
            if now.steady < self._reports_wait_until:
                self._deadlines.set(Due.REPORTS, at=self._reports_wait_until)
                return []
            self._reports_wait_until = now.steady + REPORTS_SHARE
        self._requested = ledger.revision
        return [Commit()]

    def stored(self, revision: int) -> None:
        """Note what is on disk."""
        self._failed = False
        self._requested = max(self._requested, revision)
        self._deadlines.drop(Due.COMMIT)

    def not_stored(self, now: Now) -> None:
        """Try again in a while: what could not be written never was."""
        self._failed = True
        self._requested = self._ledger.revision
        self._deadlines.set(Due.COMMIT, at=now.steady + COMMIT_RETRY)

    def _store_again(self, _: Now) -> None:
        if self._ledger.waits or self._failed:
            self._ledger.touch()
