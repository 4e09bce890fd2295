"""When a pause begins and ends."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.events import Dispatching
from ..model.pause import Pause
from .unstored_wishes import TakeBack


class Pausing:
    """Ends a pause when its time has come, while no wrong clock says so.

    One that is to last so long goes by the steady clock in the run in which it was
    ordered, one that is to end at a moment by the wall clock while that is plausible.
    """

    def __init__(self, facts: Facts) -> None:
        """Take up a pause that is stored, once the clock is known."""
        self._ledger, self._clock = facts.ledger, facts.clock
        self._deadlines = facts.deadlines
        self.ends: float | None = None
        """The steady second at which one ends that is to last so long."""
        facts.deadlines.when(Due.PAUSE, self._over)

    def dispatch(self, wish: Dispatching, now: Now) -> TakeBack:
        """Begin a pause, in place of another, or end one; return what undoes it."""
        before, ended = self._ledger.pause, self.ends
        until, ends = wish.until, None
        if wish.lasts is not None:
            until, ends = now.wall + wish.lasts, now.steady + wish.lasts
        self._put(None if wish.enabled else Pause(until, wish.reason), ends, now)
        return lambda at: self._put(before, ended, at)

    def look_again(self, now: Now) -> None:
        """Reckon its end anew: it is another pause, or the clock was set."""
        pause = self._ledger.pause
        if pause is None or pause.until is None:
            self._deadlines.drop(Due.PAUSE)
        elif self.ends is None:
            wait = max(0.0, pause.until - now.wall)
            at = now.steady + wait if self._clock.plausible else None
            self._deadlines.set(Due.PAUSE, at=at)
        else:
            self._deadlines.set(Due.PAUSE, at=self.ends)
            if self._clock.plausible:
                until = now.wall + self.ends - now.steady
                self._ledger.keep_pause(Pause(until, pause.reason))

    def _put(self, pause: Pause | None, ends: float | None, now: Now) -> None:
        self._ledger.keep_pause(pause)
        self.ends = ends
        self.look_again(now)

    def _over(self, now: Now) -> None:
        self._put(None, None, now)
