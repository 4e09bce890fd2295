"""When a pause begins and ends."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.events import Dispatching
from ..model.pause import Pause


class Pausing:
    """Ends a pause when its time has come, while no wrong clock says so.

    One that is to last so long goes by the steady clock in the run in which it was
    ordered, one that is to end at a moment by the wall clock while that is plausible.
    """

    def __init__(self, facts: Facts) -> None:
        """Take up a pause that is stored, once the clock is known."""
        self._ledger, self._clock = facts.ledger, facts.clock
        self._deadlines = facts.deadlines
        self._goes_by_steady = False
        facts.deadlines.when(Due.PAUSE, self._over)

    def dispatch(self, wish: Dispatching, now: Now) -> None:
        """Begin a pause, in place of another, or end one."""
        until = now.wall + wish.lasts if wish.lasts is not None else wish.until
        pause = None if wish.enabled else Pause(until, wish.reason)
        self.put(pause, now, lasts=wish.lasts)

    def put(self, pause: Pause | None, now: Now, *, lasts: float | None = None) -> None:
        """Have a pause stand, or (None) be over."""
        self._ledger.keep_pause(pause)
        self._goes_by_steady = pause is not None and lasts is not None
        if lasts is not None:
            self._deadlines.set(Due.PAUSE, at=now.steady + lasts)
        self.look_again(now)

    def look_again(self, now: Now) -> None:
        """Reckon its end anew: it is another pause, or the clock was set."""
        pause, ends = self._ledger.pause, self._deadlines.at(Due.PAUSE)
        if pause is None or pause.until is None:
            self._deadlines.drop(Due.PAUSE)
        elif not self._goes_by_steady:
            wait = max(0.0, pause.until - now.wall)
            at = now.steady + wait if self._clock.plausible else None
            self._deadlines.set(Due.PAUSE, at=at)
        elif ends is not None and self._clock.plausible:
            until = now.wall + ends - now.steady
            self._ledger.keep_pause(Pause(until, pause.reason))

    def _over(self, _: Now) -> None:
        self._ledger.keep_pause(None)
