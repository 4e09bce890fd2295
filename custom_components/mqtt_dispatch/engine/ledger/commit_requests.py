"""When what has changed is to be written."""

from __future__ import annotations

from ..deadlines import Deadlines, Due
from ..model.clock import Now
from ..model.effects import Commit

COMMIT_RETRY = 30.0
"""Seconds from a failed commit to the next try."""
REPORTS_SHARE = 30.0
"""Seconds in which all that is stored for reports alone is so in one commit."""


class CommitRequests:
    """Asks for a commit when there is something to store, and again if it failed."""

    def __init__(self, deadlines: Deadlines, revision: int, now: Now) -> None:
        """Begin with all up to a revision being stored."""
        self._deadlines = deadlines
        self._requested = revision
        self._reports_wait_until = now.steady
        self.failed = False
        """Whether the latest commit did."""

    def next(
        self, revision: int, now: Now, *, pressing: int, waits: bool
    ) -> list[Commit]:
        """Ask for a commit; one for reports alone comes some time after another.

        See `Ledger.pressing` and `Ledger.waits`.
        """
        if waits and self._deadlines.at(Due.COMMIT) is None:
            self._deadlines.set(Due.COMMIT, at=now.steady + REPORTS_SHARE)
        if revision <= self._requested:
            return []
        if pressing <= self._requested:
            if now.steady < self._reports_wait_until:
                self._deadlines.set(Due.REPORTS, at=self._reports_wait_until)
                return []
            self._reports_wait_until = now.steady + REPORTS_SHARE
        self._requested = revision
        return [Commit()]

    def stored(self, revision: int) -> None:
        """Note what is on disk."""
        self.failed = False
        self._requested = max(self._requested, revision)
        self._deadlines.drop(Due.COMMIT)

    def not_stored(self, revision: int, now: Now) -> None:
        """Try again in a while: what could not be written never was."""
        self.failed = True
        self._requested = revision
        self._deadlines.set(Due.COMMIT, at=now.steady + COMMIT_RETRY)
