"""Whether the wall clock may be right: a wrong one decides nothing of the plan."""

from __future__ import annotations

from typing import Self

from .ledger.ledger import Ledger
from .model.clock import BEGINNING, Now
from .model.policy import DAY, MINUTE

CLOCK_SET = 1.0
"""Seconds by which the clocks may drift apart before the wall clock counts as set."""
SET_FORWARD = MINUTE
"""Seconds by which it may be ahead of the steady clock's account of it."""
STANDS = 5 * MINUTE
"""Seconds after which a clock that was set is believed, if it still stands there.

Who sets a clock wants to set it right, and a machine that slept is behind for good: an
animal must not wait for a person then.
"""


class WallClock:
    """Holds the wall clock to what is stored, and to the steady clock.

    It may be right if it is not before the last stored time by more than a day, nor
    ahead of what the steady clock says it should be. Nothing can be said against one
    that a machine begins with, be it years ahead; one that was ahead when its time was
    stored, and has been set right since, catches up with that.
    """

    def __init__(self, ledger: Ledger, now: Now) -> None:
        """Begin with nothing but what is stored."""
        self._ledger = ledger
        self._ahead = now.wall - now.steady
        self._steady = now.steady
        self._believed: float | None = None
        self._highest = 0.0
        """The same when it was farthest ahead, until it has stood behind that."""
        self._behind_since: float | None = None
        self._doubted_since: float | None = None
        self._changed = False
        self.corrected = False
        """Whether a clock that was ahead by more than a day was set right."""

    @property
    def plausible(self) -> bool:
        """Whether it may be right."""
        return self._believed is not None and self._doubted_since is None

    @property
    def known(self) -> bool:
        """Whether it was plausible in this run, so that there is an account of it."""
        return self._believed is not None

    @property
    def doubted(self) -> float | None:
        """Return what it shows, in unix seconds, if that is not believed."""
        return None if self.plausible else self._steady + self._ahead

    @property
    def asks(self) -> bool:
        """Whether it stood for long where only a person can say that it is right."""
        since = self._doubted_since
        return (
            self._believed is None
            and since is not None
            and self._steady >= since + STANDS
            and self._steady + self._ahead >= BEGINNING
        )

    @property
    def behind(self) -> float:
        """Return by how many seconds it was set back lately, a day at most."""
        return 0.0 if self._believed is None else self._highest - self._believed

    @property
    def stays_behind(self) -> bool:
        """Whether it has stood where it was set back to: it was ahead before."""
        since = self._behind_since
        return since is not None and self._steady >= since + STANDS

    def forget_ahead(self) -> None:
        """Take it that it never was ahead."""
        self._highest -= self.behind
        self._behind_since = None

    def look(self, now: Now) -> Self:
        """Compare the clocks."""
        before, self._ahead = self._ahead, now.wall - now.steady
        self._steady = now.steady
        if self._doubted_since is not None and abs(self._ahead - before) > SET_FORWARD:
            # It stands elsewhere now; one that is put right by little does not.
            self._doubted_since = now.steady
        was_plausible, plausible = self.plausible, self._may_be_right(now)
        if plausible:
            self._believe(now)
        elif self._doubted_since is None:
            self._doubted_since = now.steady
        self._changed |= (
            plausible is not was_plausible
            or abs(self._ahead - before) > CLOCK_SET
            or (self._behind_since is not None and self.stays_behind)
        )
        return self

    def changed(self) -> bool:
        """Return whether anything is otherwise since this was last asked."""
        changed, self._changed = self._changed, False
        return changed

    def trust(self, now: Now) -> None:
        """Believe it: a person says that it is right."""
        self._highest = self._ahead = now.wall - now.steady
        self.corrected = self._changed = True
        self._believe(now)

    def account(self, now: Now) -> Now:
        """Return the time as it should be, whatever the wall clock says meanwhile."""
        if self._believed is None:
            return now
        return Now(now.steady + self._believed, now.steady)

    def stands_at(self) -> float | None:
        """Return the steady second at which something follows from how it stands."""
        if self._doubted_since is None:
            since = self._behind_since
            return None if since is None else since + STANDS
        stood = self._doubted_since + STANDS
        begun = stood + self._ahead >= BEGINNING
        if self._believed is not None:
            return stood if begun else None
        caught_up = max(BEGINNING, self._ledger.believed_at - DAY) - self._ahead
        return min(stood, caught_up) if begun and not self.asks else caught_up

    def _may_be_right(self, now: Now) -> bool:
        if now.wall < BEGINNING:
            return False
        if self._believed is None:
            return self._ahead >= self._ledger.believed_at - DAY - now.steady
        if self._highest - DAY <= self._ahead <= self._highest + SET_FORWARD:
            return True
        since = self._doubted_since
        if since is None or now.steady < since + STANDS:
            return False
        self.corrected |= self._ahead < self._highest
        self._highest = self._ahead
        return True

    def _believe(self, now: Now) -> None:
        if self._believed is None:
            self._highest = self._ahead
        highest = self._highest = max(self._highest, self._ahead)
        self._believed = self._ahead
        self._doubted_since = None
        if highest - self._ahead <= CLOCK_SET:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = now.steady
        if now.wall < self._ledger.believed_at - DAY:
            self._ledger.touch()
        self._ledger.believed_at = now.wall
