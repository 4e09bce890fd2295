"""What nodes told, and what became otherwise since a message of a command left.

Nobody hears all: connections break, and we and who relays start anew. What is told
after such a break may be due to anything that was in it. And who relays may then say
what it kept from earlier, before it has heard the node again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
import math
from typing import Any, Final

from ....engine.model.clock import Now
from ....engine.model.command import Command
from ..orders import Evidence
from ..profile import ModelReading
from ..reports import NOTHING
from ..wording import is_writable, written

KEPT: Final = 600.0
"""Seconds by which what who relays says after its start may be older than what it said
last: it does not write down at once what it hears."""
ANSWERED_WITHIN: Final = 9.0
"""Seconds after a question within which what is said of it is its answer.

A valve that sleeps hears it only once it looks; a bridge waits 10 s for that.
"""
ECHOED_WITHIN: Final = 11.0
"""Seconds after a message to a node within which who relays may still repeat it, with
all that it keeps of the node: a bridge waits 10 s for what a device says to it."""
_ONE_MOMENT: Final = 10.0
"""Seconds within which a node tells one thing in several messages."""

type Value = str | float
type Values = Mapping[str, Value]


@dataclass(slots=True)
class NodeWords:
    """What a node told since the last break."""

    model: str | None = None
    told: dict[str, Value] = field(default_factory=dict)
    may_be_old: bool = False
    """Whether who relays may have kept its next word from earlier."""
    heard_before: float | None = None
    """When it was heard before what it says now; unix seconds. None: not since."""
    echoes_until: float = 0.0
    """Until when it may only be repeated what was sent to it; steady seconds."""
    _heard_at: float | None = None
    _since: dict[str, float] = field(default_factory=dict)

    def is_sent(self, now: Now) -> None:
        """Note that anything leaves for it, or may have left until now."""
        self.echoes_until = now.steady + ECHOED_WITHIN

    def broken_off(self, *, may_be_old: bool) -> None:
        """Hold nothing for what is so that was told before."""
        self.told.clear()
        self._since.clear()
        self.may_be_old = may_be_old
        self.heard_before = self._heard_at = None

    def comes(self, now: Now) -> None:
        """Note that a word comes; those of one moment count as one."""
        if self._heard_at is None or now.wall - self._heard_at >= _ONE_MOMENT:
            self.heard_before = self._heard_at
        self._heard_at = now.wall

    def take(self, readings: Values, now: Now) -> None:
        """Take in a word."""
        if any(value != NOTHING for value in readings.values()):
            self.may_be_old = False
        for name, value in readings.items():
            if not _goes_on(self.told.get(name), value):
                self._since[name] = now.steady
        self.told.update(readings)

    def so_for(self, seconds: float, names: Iterable[str], now: Now) -> Values:
        """Return what has been so for so long, or only grew."""
        return {
            name: self.told[name]
            for name in names
            if name in self.told and now.steady - self._since[name] >= seconds
        }


def _goes_on(before: Value | None, value: Value) -> bool:
    if isinstance(before, int | float) and isinstance(value, int | float):
        return value >= before
    return value == before


def _is(value: object, wanted: object, *, near: float) -> bool:
    if near and isinstance(value, int | float) and isinstance(wanted, int | float):
        return abs(value - wanted) <= near
    return value == wanted


@dataclass(slots=True)
class Watch:
    """What is known of a message since it left, or since the last break after that."""

    message: tuple[int, int]
    """The attempt and the step."""
    since: float
    """When the first message after that came; steady seconds."""
    before: Values
    """What was so when it was recorded, if there was a break since."""
    last: dict[str, Value] = field(default_factory=dict)
    began: float | None = None
    """When its node was heard to take it; steady seconds."""
    was_taken: bool = False
    """Whether it was told what shows that it was taken."""
    settles_at: dict[tuple[int, bool], float] = field(default_factory=dict)
    """When evidence has held for long enough: by its identity, and whether it was never
    told before what is told now."""
    wants: str = ""
    """The key that is to be asked for: what is told of it may be of earlier."""
    was_asked: int = 0
    """How often its node was asked for that, by all attempts since the last break."""
    _asked: tuple[str, float] = ("", -math.inf)
    """For what its node was asked last since it spoke after the message; and when."""
    _answered: dict[str, Value] = field(default_factory=dict)
    """What was told last in answer to that, unless something else was told since."""
    _first: set[str] = field(default_factory=set)
    """What was never told before, as far as is known."""
    _fresh: set[str] = field(default_factory=set)
    """What was told since, and is not of earlier."""
    _kept: set[str] = field(default_factory=set)
    """What who relays told last and may have kept from earlier."""
    _grown_from_kept: dict[str, float] = field(default_factory=dict)
    """By how much it was more once the node was heard itself: nobody knows since when,
    so it counts no more than what grew while nobody listened."""
    _known: dict[str, set[Value]] = field(default_factory=dict)
    """All that was told of each reading by then and since."""
    _grown: dict[str, float] = field(default_factory=dict)
    """By how much what was heard grew."""
    _unheard: dict[str, float] = field(default_factory=dict)
    """By how much it had grown when it was heard again."""
    _fell_from: dict[str, float] = field(default_factory=dict)
    """What it was when it was recorded, of what was less when it was heard again."""
    _begun_anew: set[str] = field(default_factory=set)
    """What counts from the beginning since, as far as can be told."""
    _unsure: set[str] = field(default_factory=set)
    """What may have begun anew, or have been told an older number in between."""

    def take(
        self,
        name: str,
        reading: ModelReading,
        value: Value,
        now: Now,
        *,
        may_be_old: bool,
    ) -> None:
        """Take in what was told.

        Who tells nothing of it may have forgotten it: that is no other than before.
        """
        if value == NOTHING:
            return
        self._note_answer(name, reading, value, now)
        if name in self.before and name not in self.last:
            self._resume(name, reading, value, may_be_old=may_be_old)
            return
        if not may_be_old:
            self._fresh.add(name)
            if name not in self.last:
                self._first.add(name)
        last = self.last.get(name)
        known = self._known.setdefault(name, set())
        known.update(each for each in (last, value) if each is not None)
        if isinstance(last, int | float) and isinstance(value, int | float):
            growth = value - last
            if growth < 0:
                if not reading.resets:
                    return
                growth = value
                self._begun_anew.add(name)
            is_heard = may_be_old or name not in self._kept
            grown = self._grown if is_heard else self._grown_from_kept
            grown[name] = grown.get(name, 0.0) + growth
            if value >= self._fell_from.get(name, math.inf):
                self._unsure.add(name)
        self.last[name] = value
        self._note_kept(name, may_be_old=may_be_old)

    def asks(self, key: str, now: Now) -> None:
        """Note that its node is asked, with nothing under way that it might repeat."""
        self._asked = key, now.steady
        self.was_asked += key == self.wants

    def asks_no_more(self) -> None:
        """Note that what comes now may be said of something else that was told."""
        self._asked = "", -math.inf

    def is_of_now(self, name: str, told: Values) -> bool:
        """Whether what is told cannot be what who relays kept from before."""
        return name in self._answered or bool(
            self._known.get(name, set()) - {told.get(name)}
        )

    def is_answer(self, name: str, told: Values) -> bool:
        """Whether what is told was its node's answer, and is so still."""
        return name in self._answered and self._answered[name] == told.get(name)

    def _note_answer(
        self, name: str, reading: ModelReading, value: Value, now: Now
    ) -> None:
        if self._is_answer(reading, now):
            self._answered[name] = value
        elif self._answered.get(name, value) != value:
            del self._answered[name]

    def _is_answer(self, reading: ModelReading, now: Now) -> bool:
        key, at = self._asked
        is_asked_for = any(path[:1] == (key,) for path in reading.paths)
        return is_asked_for and now.steady - at <= ANSWERED_WITHIN

    def _note_kept(self, name: str, *, may_be_old: bool) -> None:
        if may_be_old:
            self._kept.add(name)
        else:
            self._kept.discard(name)

    def _resume(
        self, name: str, reading: ModelReading, value: Value, *, may_be_old: bool
    ) -> None:
        """Take in what is told first after a break.

        What is otherwise than before is of later than that: `before` holds only what
        who relays cannot say otherwise from earlier.
        """
        before = self.before[name]
        self._note_kept(name, may_be_old=may_be_old)
        self.last[name] = value
        self._known[name] = {value}
        is_later = value != before
        if isinstance(before, int | float) and isinstance(value, int | float):
            is_later = value > before
            if is_later:
                self._unheard[name] = value - before
            elif value < before and reading.resets:
                self._fell_from[name] = before
            else:
                self.last[name] = before
        if is_later or not may_be_old:
            self._fresh.add(name)

    def holds(
        self, evidence: Evidence, command: Command, told: Values, *, unheard: bool
    ) -> bool:
        """Whether what a node told since a message left is this evidence of it.

        `unheard`: what happened while nobody listened counts, too.
        """
        name, params = evidence.reading, command.params
        if (
            name not in self._fresh
            or not is_writable([evidence.value, evidence.beside], params)
            or any(
                told.get(other) != written(value, params)
                for other, value in evidence.beside.items()
            )
        ):
            return False
        value: Any = told.get(name)
        wanted: Any = written(evidence.value, params)
        match evidence.how:
            case "is":
                return _is(value, wanted, near=evidence.near)
            case "becomes":
                return bool(value == wanted) and self._was_other(
                    name, wanted, unheard=unheard
                )
            case "changes":
                return self._was_other(name, value, unheard=unheard)
            case "grows_by":
                is_number = isinstance(wanted, int | float)
                return is_number and self._grew_by(name, wanted, unheard=unheard)

    def may_show_first(
        self, evidence: Evidence, command: Command, told: Values
    ) -> bool:
        """Whether what is told for the first time is what it would have become."""
        return evidence.reading in self._first and self.holds(
            replace(evidence, how="is"), command, told, unheard=False
        )

    def _was_other(self, name: str, value: Value, *, unheard: bool) -> bool:
        """Whether something else was told before what is told now."""
        if self._known[name] - {value}:
            return True
        return unheard and self.before.get(name, value) != value

    def _grew_by(self, name: str, wanted: float, *, unheard: bool) -> bool:
        """Whether it grew by so much, or more.

        It must be just as much of what seems to have begun anew, for what is told may
        be an older number; and of what grew while nobody listened, for then it may be
        somebody else's.
        """
        grown = self._grown.get(name, 0.0)
        if name in self._unsure:
            return False
        if unheard:
            from_kept = grown + self._grown_from_kept.get(name, 0.0)
            in_all = from_kept + self._unheard.get(name, 0.0)
            fell = name in self._begun_anew or name in self._fell_from
            if from_kept == wanted or (in_all == wanted and not fell):
                return True
        if name in self._begun_anew or name in self._fell_from:
            return grown == wanted
        return grown >= wanted
