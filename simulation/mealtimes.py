"""Judges what is planned and ordered from here: each date has its one outcome (3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from simulation.dates import coming, is_paused, never
from simulation.facts import Facts, Stored
from simulation.record import StationBegan

_SURE_AFTER = 30.0
_SURE_AFTER_ON_A_BAD_DISK = 400.0
"""Seconds for which a meal must stand after its time: so long may a change have taken
to its being on disk, and nobody can say whether that or the meal came first."""

_NOT_WANTED = frozenset({"cancelled", "superseded", "expired"})
_GRAIN = 1.0
_JUST_NOW = 30.0
"""Seconds before the end in which what comes need not be on disk yet."""


class Came(NamedTuple):
    """A date that came while its meal stood on disk."""

    meal_id: str
    day: str
    nominal: str
    """What its owner's clock shows then."""
    at: float
    by: float
    """Unix seconds: until then it should have happened."""
    skipped: bool
    stood_until: float
    """Unix seconds."""


class _Standing(NamedTuple):
    meal: Mapping[str, Any]
    zone: str
    pause: Mapping[str, Any] | None
    since: float
    """Unix seconds."""


class Mealtimes:
    """Follows each meal of the plan from when it is on disk until it is changed."""

    def __init__(self, began: StationBegan, facts: Facts) -> None:
        self._facts = facts
        self._zone = began.zone
        self._wall = began.wall
        self._standing: dict[str, _Standing] = {}
        self.came: list[Came] = []
        self._wanted: list[Came] = []
        """Dates not skipped, also those so near to a change that none is sure."""
        self.clock_is_right = True
        self._down_since: float | None = None

    @property
    def sure_after(self) -> float:
        """Return for how many seconds what was asked for may not be on disk yet."""
        bad = any(kind.startswith("disk") for kind in self._facts.befell)
        return _SURE_AFTER_ON_A_BAD_DISK if bad else _SURE_AFTER

    def clock_set(self) -> None:
        """Judge no more: by a clock that was set, nobody knows what came due."""
        self.clock_is_right = False

    def gone(self, at: float) -> None:
        if self._down_since is None:
            self._down_since = at

    def loaded(self) -> None:
        self._down_since = None

    def zone_set(self, zone: str, at: float) -> None:
        """Go by another place from now on.

        Who is started there was in no other: what came in its absence may be still to
        come.
        """
        self._zone = zone
        if self._down_since is not None:
            for meal_id in tuple(self._standing):
                self._close(meal_id, self._wall + self._down_since - self.sure_after)
        self.look(at)

    def look(self, at: float) -> None:
        """Compare what is planned now with what was, where nodes do not keep it."""
        if self._facts.wire.plan_kinds:
            return
        wall = self._wall + at
        pause = self._facts.plan_pause
        planned = {
            meal["id"]: _Standing(_without_begins(meal), self._zone, pause, wall)
            for meal in self._facts.plan
        }
        for meal_id, stood in tuple(self._standing.items()):
            stands = planned.get(meal_id)
            if stands is None or stood[:3] != stands[:3]:
                self._close(meal_id, wall - self.sure_after)
        self._standing = planned | self._standing

    def ended(self, at: float) -> None:
        """Hold each date that came due to a command that tells what became of it."""
        for meal_id in tuple(self._standing):
            self._close(meal_id, self._wall + at - _JUST_NOW)
        facts = self._facts
        if facts.restores or not self.clock_is_right:
            return
        for came in self.came:
            found = commands_of(facts, came.meal_id, came.day)
            what = f"meal:{came.meal_id}:{came.day}"
            if not found:
                facts.break_promise(3, at, f"nobody knows what became of {what!r}")
            elif came.skipped and any(
                _is_wanted(one, came.at) and not self._comes_later(one, came.at)
                for one in found
            ):
                facts.break_promise(3, at, f"{what!r} was skipped, and ordered")
        self._judge_skipped(at)

    def _judge_skipped(self, at: float) -> None:
        """Hold each date that was told skipped to its not being fed."""
        facts = self._facts
        if self.sure_after > _SURE_AFTER:
            # A skip that could not be stored is taken back, with its date on record.
            return
        for skipped in facts.ever_known.values():
            if skipped.meal is None or not _is_skipped(skipped):
                continue
            meal_id, nominal = skipped.meal
            for other in commands_of(facts, meal_id, nominal[:10]):
                sent = any(
                    (other.id, node) in facts.attempted_at for node in other.parts
                )
                if self._comes_later(other, skipped.intent[0]):
                    continue
                if sent and not set(other.parts).isdisjoint(skipped.parts):
                    what = f"{nominal} of meal {meal_id} was told skipped, and sent"
                    facts.break_promise(3, at, what)

    def _close(self, meal_id: str, until: float) -> None:
        stood = self._standing.pop(meal_id)
        self.came += _came(stood, stood.since, until)
        unsure = self.sure_after
        around = _came(stood, stood.since - unsure, until + unsure)
        self._wanted += (came for came in around if not came.skipped)

    def _comes_later(self, command: Stored, skipped_at: float) -> bool:
        """Whether a date was moved to behind its skip, no longer skipped, and ordered.

        Whoever moves to this evening what a pause skipped at noon has it fed then.
        """
        return any(
            (came.meal_id, came.nominal) == command.meal
            and skipped_at < came.at <= command.intent[0] + _GRAIN
            for came in self._wanted
        )


def commands_of(facts: Facts, meal_id: str, day: str) -> list[Stored]:
    """Return what was ever stored for a date of a meal."""
    return [
        command
        for command in facts.ever_known.values()
        if command.meal is not None
        and (command.meal[0], command.meal[1][:10]) == (meal_id, day)
    ]


def _came(stood: _Standing, since: float, until: float) -> Iterator[Came]:
    meal_id = stood.meal["id"]
    for found in coming(stood.meal, stood.zone, never, since, until):
        skipped = found.skipped or is_paused(stood.pause, found.at)
        by = found.at + stood.meal["deadline"]
        yield Came(meal_id, found.day, found.nominal, found.at, by, skipped, until)


def _is_skipped(command: Stored) -> bool:
    return command.state == "cancelled" and command.cause == "skipped"


def _is_wanted(command: Stored, since: float) -> bool:
    """Whether a command was ordered since then, and not withdrawn or expired."""
    ordered_at = command.intent[0]
    return ordered_at >= since - _GRAIN and command.state not in _NOT_WANTED


def _without_begins(meal: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in meal.items() if name != "begins"}
