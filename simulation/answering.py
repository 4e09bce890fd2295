"""Judges what nodes are given on the spot: answers, commands on a waking, room."""

from __future__ import annotations

from collections import Counter

from simulation.facts import Facts, latest_in
from simulation.record import Asks, Complained, Loaded, Sent
from simulation.repeating import DAY

AT_ONCE = 0.001
"""Seconds: an answer leaves in the same step as its question came, or is late."""
DOUBTED_FOR = 300.0
"""Seconds for which a clock that was set may be taken for wrong."""
SET_FORWARD = 60.0


class Answering:
    """Follows each question, and each waking."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._asked: dict[str, float] = {}
        self._put_off: set[str] = set()
        self._newest_known = 0.0
        self._was_set = False
        self._doubted_until = 0.0
        self._told: Counter[str] = Counter()
        self._excused_wakings: set[str] = set()

    def asks(self, entry: Asks) -> None:
        self.look(entry.at)
        wire = self._facts.wire
        question = wire.question(entry)
        tells_time = question in wire.answered_late
        if self._was_set:
            # Nobody notices before something happens.
            self._was_set = False
            self._doubted_until = entry.at + DOUBTED_FOR
        wrong = tells_time and (
            entry.wall < self._newest_known - DAY or entry.at < self._doubted_until
        )
        if question is not None and entry.answerable and not wrong:
            self._asked[question] = entry.at
        elif question is not None and tells_time:
            self._put_off.add(question)
        node = wire.waking(entry)
        if node is not None:
            self._told[node] = 0
            self._excused_wakings.discard(node)

    def sent(self, entry: Sent) -> None:
        """Take an answer; one that the client kept is too late to be one."""
        wire = self._facts.wire
        answer = wire.answer(entry)
        if answer is not None:
            if entry.again:
                what = f"the client answered {answer} again"
                self._facts.break_promise(4, entry.at, what)
            elif self._asked.pop(answer, None) is not None:
                self._put_off.discard(answer)
            elif answer in self._put_off:
                self._put_off.remove(answer)
            else:
                what = f"{answer} was answered, which nobody asked"
                self._facts.break_promise(4, entry.at, what)
        self.look(entry.at)
        if wire.per_waking is None or entry.again:
            return
        for order in wire.read(entry):
            if order.talk:
                continue
            self._told[order.node] += 1
            if (
                self._told[order.node] > wire.per_waking
                and order.node not in self._excused_wakings
            ):
                what = f"node {order.node} got command {self._told[order.node]}"
                self._facts.break_promise(2, entry.at, f"{what} of one waking")

    def clock_set(self, by: float) -> None:
        """Expect to be told no time by a clock that has just gone far."""
        self._was_set |= by > SET_FORWARD or by <= -DAY

    def crashed(self) -> None:
        """Expect no answer of a process that is gone."""
        self._put_off |= self._asked.keys() & self._facts.wire.answered_late
        self._asked.clear()

    def loaded(self, entry: Loaded) -> None:
        """Let each waking begin anew: nobody remembers what nodes got on it.

        A clock that is a day behind what is stored is taken for wrong: its time is told
        once it is right again.
        """
        self._excused_wakings |= self._told.keys()
        self._was_set, self._doubted_until = False, 0.0
        self._newest_known = max(map(latest_in, (entry.stored, entry.history)))

    def complained(self, entry: Complained) -> None:
        """Count what nodes turn away; a hub that is full was given too much."""
        if self._facts.wire.full(entry):
            if self._facts.lost_lately(entry.at):
                self._facts.excuse("a hub had no place left for what was sent again")
            else:
                what = f"{entry.client} was given more than it holds"
                self._facts.break_promise(2, entry.at, what)

    def look(self, at: float) -> None:
        for question, asked_at in tuple(self._asked.items()):
            if at - asked_at > AT_ONCE:
                del self._asked[question]
                what = f"{question} was asked at {asked_at:.3f} and not answered"
                self._facts.break_promise(4, at, what)
