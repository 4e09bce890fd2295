"""The one list of all that time alone brings.

Whoever waits for a moment puts it here, and is told when it has come; nobody is asked
in turn. Most moments move on before they come (a node that is heard each second is
silent fifteen seconds later), so moving one costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from enum import StrEnum, auto
from heapq import heappop, heappush
from typing import Final

from .model.clock import Now
from .model.effects import Effect


class Due(StrEnum):
    """What there is to wait for. On the steady clock, but for those of `_WALL`."""

    WAIT = auto()
    """An answer, or the next attempt: by command and node."""
    REST = auto()
    """A node that was too busy for something: by command and node."""
    HOLD = auto()
    """A doubt that holds its lanes: by command."""
    ALARM = auto()
    """What must be done, and is not: by command."""
    EXPIRY = auto()
    """By command."""
    TURN = auto()
    """Of what was ordered for later: by command."""
    COPY = auto()
    """A second copy of an answer: by node and subject."""
    NODE_PAUSE = auto()
    """A node that may say once more that it is done: by node."""
    CONNECTION = auto()
    """The next try after something could not leave."""
    COMMIT = auto()
    """The next try after something could not be stored."""
    REPORTS = auto()
    """What nodes tell of themselves may be stored again."""
    SILENCE = auto()
    """Of a node that is not heard: by node."""
    STALENESS = auto()
    """Of a node that does not say whether it is ready: by node."""
    READINESS = auto()
    """Of a node whose readiness must stand for a moment: by node."""
    SLEEP = auto()
    """By node."""
    WORD = auto()
    """What a node that sleeps said holds no longer: by node."""
    RELAY = auto()
    """The silence of whoever relays."""
    SESSION = auto()
    """What the session of the protocol waits for: by whatever it says."""
    CLOCK = auto()
    """One that was set is believed, if it still stands there."""
    PAUSE = auto()
    """The end of a pause."""
    REFUSALS = auto()
    """Feeds that were refused are long ago."""
    REPLY = auto()
    """Room for one more answer."""
    MEAL = auto()
    NODE_MEAL = auto()
    OVERDUE = auto()
    """A meal is expected to have happened."""
    PLAN_PAUSE = auto()
    """The end of a pause of the plan."""
    DESIRED = auto()
    """What nodes should hold may be something else."""
    DEVIATION = auto()
    """A node is about to do something else than planned, or did."""
    DAY = auto()
    """The owner's day ends."""
    ENDING = auto()
    """What began may still go on, or no longer: by command and node."""
    WATER = auto()
    """A run that water is counted of is certainly over: by node and what of it."""


_WALL: Final = frozenset(
    {
        Due.EXPIRY,
        Due.TURN,
        Due.MEAL,
        Due.NODE_MEAL,
        Due.OVERDUE,
        Due.PLAN_PAUSE,
        Due.DESIRED,
        Due.DEVIATION,
        Due.DAY,
    }
)

type _What = tuple[Due, *tuple[Hashable, ...]]
type Then = Callable[..., Iterable[Effect] | None]
"""`then(*of, now)`: what follows when a moment has come."""


class _Moments:
    """Moments on one clock, the first one first.

    What was moved to a later moment is found at its old one, and goes to its place
    then.
    """

    def __init__(self) -> None:
        self.at: dict[_What, float] = {}
        self._found_at: dict[_What, float] = {}
        self._heap: list[tuple[float, int, _What]] = []
        self._count = 0
        self.has_sooner = False

    def set(self, what: _What, at: float) -> None:
        """Wait for something, or sooner than before."""
        self.at[what] = at
        self.has_sooner = True
        found_at = self._found_at.get(what)
        if found_at is None or at < found_at:
            self._push(what, at)

    def drop(self, what: _What) -> None:
        self.at.pop(what, None)

    def may_be_due(self, clock: float) -> bool:
        """Whether anything is found by then, be it that it has moved on."""
        return bool(self._heap) and self._heap[0][0] <= clock

    def first(self) -> float | None:
        """Return the first moment."""
        heap = self._heap
        while heap:
            found_at, _, what = heap[0]
            at = self.at.get(what)
            if self._found_at.get(what) != found_at:
                heappop(heap)
            elif at is None:
                heappop(heap)
                del self._found_at[what]
            elif at > found_at:
                heappop(heap)
                self._push(what, at)
            else:
                return at
        return None

    def take_first(self) -> _What:
        """Take out what is due at the first moment."""
        _, _, what = heappop(self._heap)
        del self._found_at[what], self.at[what]
        return what

    def _push(self, what: _What, at: float) -> None:
        self._count += 1
        self._found_at[what] = at
        heappush(self._heap, (at, self._count, what))


class Deadlines:
    """What is waited for, and until when."""

    def __init__(self) -> None:
        """Begin with nothing to wait for."""
        self._steady = _Moments()
        self._wall = _Moments()
        self._then: dict[Due, Then] = {}

    def when(self, due: Due, then: Then) -> None:
        """Have something done whenever a moment of this kind has come.

        The engine looks at everything then in any case.
        """
        self._then[due] = then

    def set(self, due: Due, *of: Hashable, at: float | None) -> None:
        """Wait until a moment, in seconds of the clock that it is on; None: no more."""
        if at is None:
            self.drop(due, *of)
            return
        moments = self._wall if due in _WALL else self._steady
        what: _What = (due, *of)
        known = moments.at.get(what)
        if known is not None and known <= at:
            # It is found where it was, or sooner.
            moments.at[what] = at
        else:
            moments.set(what, at)

    def drop(self, due: Due, *of: Hashable) -> None:
        """Wait no more."""
        self._clock(due).drop((due, *of))

    def at(self, due: Due, *of: Hashable) -> float | None:
        """Return the moment that is waited for; None: it is not, or has come."""
        return self._clock(due).at.get((due, *of))

    def take_sooner(self) -> bool:
        """Whether anything comes sooner than when this was last asked, or at all now.

        What only moved on is none: who waits for its old moment finds it then.
        """
        sooner = self._steady.has_sooner or self._wall.has_sooner
        self._steady.has_sooner = self._wall.has_sooner = False
        return sooner

    def next(self, now: Now) -> float | None:
        """Return in how many seconds the first moment comes, if there is any."""
        steady, wall = self._steady.first(), self._wall.first()
        waits = [
            at - clock
            for at, clock in ((steady, now.steady), (wall, now.wall))
            if at is not None
        ]
        return max(0.0, min(waits)) if waits else None

    def pass_time(self, now: Now) -> list[Effect] | None:
        """Do what is due, first things first; None: nothing was."""
        steady, wall = self._steady, self._wall
        if not steady.may_be_due(now.steady) and not wall.may_be_due(now.wall):
            return None
        effects: list[Effect] | None = None
        for moments, clock in ((steady, now.steady), (wall, now.wall)):
            while (first := moments.first()) is not None and first <= clock:
                due, *of = moments.take_first()
                effects = [] if effects is None else effects
                if (then := self._then.get(due)) is not None:
                    effects.extend(then(*of, now) or ())
        return effects

    def _clock(self, due: Due) -> _Moments:
        return self._wall if due in _WALL else self._steady
