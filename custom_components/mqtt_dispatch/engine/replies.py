"""What is said at once, past the queue: answers for which a node waits."""

from __future__ import annotations

from .deadlines import Due
from .facts import Facts
from .model.clock import Now
from .model.effects import Effect, Say, TellTime
from .model.reports import AsksTime, Question, Reply

BURST = 60
"""Answers that may go out one right after the other."""
PER_SECOND = 10.0
"""Answers that may go out in the long run: no node can have more sent than that."""


class Replies:
    """Lets answers out while the station may speak, and no more than is reasonable.

    An answer that may not go out now is never given: the node asks again. Who asked for
    the time is told as soon as it may be, for a clock that is wrong may be wrong for
    long.
    """

    def __init__(self, facts: Facts, now: Now) -> None:
        """Begin with nobody who waits."""
        self._ledger = facts.ledger
        self._conditions = facts.conditions
        self._clock = facts.clock
        self._deadlines = facts.deadlines
        self._time_asked = False
        self._left = float(BURST)
        self._left_at = now.steady

    def take(self, question: Question, now: Now) -> list[Effect]:
        """Answer a question, if it may be answered now."""
        match question:
            case AsksTime():
                self._time_asked = True
                return self.run(now)
            case Reply(message):
                return [Say(message)] if self._may_speak(now) else []

    def run(self, now: Now) -> list[Effect]:
        """Tell the time to who asked for it and could not be told before."""
        if (
            not self._time_asked
            or not self._clock.look(now).plausible
            or not self._may_speak(now)
        ):
            return []
        self._time_asked = False
        return [TellTime()]

    def _may_speak(self, now: Now) -> bool:
        passed = now.steady - self._left_at
        self._left = min(float(BURST), self._left + passed * PER_SECOND)
        self._left_at = now.steady
        silenced = self._conditions.silenced(dispatching=self._ledger.dispatching)
        if silenced is not None:
            return False
        if self._left < 1.0:
            at = now.steady + (1.0 - self._left) / PER_SECOND
            self._deadlines.set(Due.REPLY, at=at)
            return False
        self._left -= 1.0
        return True
