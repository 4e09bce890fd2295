"""Judges what is told overdue: what did not happen in time, once, and no more (3)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from simulation.dates import shown_at
from simulation.facts import Facts, Stored
from simulation.mealtimes import Came, Mealtimes, commands_of
from simulation.record import OverdueTold, StationBegan

_ASKED_AFTER = 60.0
"""Seconds after which somebody is asked about what was missed, at the earliest."""
_GRAIN = 1.0
_OFF = frozenset({"person", "skipped"})
"""Why a date was taken back for good."""


class _Date(NamedTuple):
    meal_id: str
    nominal: str
    node: str


class OverdueMeals:
    """Holds what is told, and what the files say, to what was fed."""

    def __init__(self, began: StationBegan, facts: Facts, meals: Mealtimes) -> None:
        self._facts = facts
        self._meals = meals
        self._wall = began.wall
        self._zones = {began.zone}
        self._told: Counter[_Date] = Counter()
        self._told_at: dict[_Date, float] = {}
        """When each was told first."""
        self._stored: set[_Date] = set()
        self._down_since: float | None = None
        self._down: list[tuple[float, float]] = []

    def zone_set(self, zone: str) -> None:
        self._zones.add(zone)

    def durable(self) -> None:
        self._stored |= {
            _Date(one["meal_id"], one["nominal"], one["node"])
            for one in self._facts.overdue
        }

    def gone(self, at: float) -> None:
        if self._down_since is None:
            self._down_since = at

    def loaded(self, at: float) -> None:
        if self._down_since is not None:
            self._down.append((self._down_since, at))
            self._down_since = None

    def told(self, entry: OverdueTold) -> None:
        facts = self._facts
        told = _Date(entry.meal_id, entry.nominal, entry.node)
        self._told[told] += 1
        self._told_at.setdefault(told, entry.at)
        if facts.restores or not self._meals.clock_is_right:
            return
        what = f"{entry.nominal} of meal {entry.meal_id} was told overdue"
        if self._told[told] > 1 and not self._was_forgotten(told):
            facts.break_promise(3, entry.at, f"{what} {self._told[told]} times")
        if told not in self._stored:
            facts.break_promise(1, entry.at, f"{what} before that was stored")
        if any(
            self._fed_at(one) < entry.at - _GRAIN
            for one in commands_of(facts, told.meal_id, told.nominal[:10])
            if _is_of(one, told.node)
        ):
            facts.break_promise(3, entry.at, f"{what}, and was fed")
        day, _, clock = entry.nominal.partition("T")
        times = [shown_at(date.fromisoformat(day), clock, zone) for zone in self._zones]
        earliest = min((at for at in times if at is not None), default=0.0)
        if self._wall + entry.at < earliest + _ASKED_AFTER - _GRAIN:
            facts.break_promise(3, entry.at, f"{what} before its time was over")

    def _was_forgotten(self, told: _Date) -> bool:
        """Excuse that it is told again where what had fed it is gone.

        It stood in a history that went bad, and nobody but us knows of it. That a date
        is no longer overdue once it is fed is judged in the end.
        """
        since = self._told_at[told]
        is_lost = any(
            self._fed_at(feed) >= since
            for command_id in self._facts.lost
            if (feed := self._facts.ever_known.get(command_id)) is not None
            and feed.kind == "feed"
            and _is_of(feed, told.node)
            and (feed.meal is None or _date_of(feed.meal) == _date_of(told))
        )
        if is_lost:
            self._facts.excuse("told overdue again: fed by what a history had")
        return is_lost

    def ended(self, at: float) -> None:
        """Hold each date that was not fed in time to its having been told."""
        facts = self._facts
        if facts.restores or not self._meals.clock_is_right:
            return
        said = {(one.meal_id, one.nominal[:10]) for one in {*self._told, *self._stored}}
        for came in self._meals.came:
            if (came.meal_id, came.day) in said or came.skipped:
                continue
            if came.stood_until >= came.by and self._must_be_told(came, at):
                what = f"{came.day} of meal {came.meal_id} was never told overdue"
                facts.break_promise(3, at, what)
        for one in facts.overdue:
            found = commands_of(facts, one["meal_id"], one["nominal"][:10])
            if one["answer"] is None and any(
                self._fed_at(each) < at for each in found if _is_of(each, one["node"])
            ):
                what = f"{one['nominal']} of meal {one['meal_id']} is overdue, and fed"
                facts.break_promise(3, at, what)

    def _must_be_told(self, came: Came, at: float) -> bool:
        by = came.by - self._wall
        by = next((back for down, back in self._down if down < by < back), by)
        # What was done may not be on disk yet.
        by += self._meals.sure_after
        if by > at:
            return False
        for command in commands_of(self._facts, came.meal_id, came.day):
            if command.id in self._facts.lost:
                # It was dealt with, and what became of it is not to be known any more.
                return False
            is_off = command.state == "cancelled" and command.cause in _OFF
            if is_off or self._fed_at(command) <= by:
                return False
            if self._was_under_way(command, by):
                return False
        return not any(
            came.at - self._wall < self._fed_at(feed) <= by
            for feed in self._facts.ever_known.values()
            if feed.kind == "feed" and feed.meal is None
        )

    def _was_under_way(self, command: Stored, by: float) -> bool:
        """Whether it was sent in time, and done in the end."""
        begun = [
            self._facts.attempted_at[command.id, node]
            for node in command.parts
            if (command.id, node) in self._facts.attempted_at
        ]
        is_done = self._fed_at(command) < float("inf")
        return is_done and min(begun, default=float("inf")) <= by

    def _fed_at(self, command: Stored) -> float:
        """Return when it was on disk that a command was done; infinity: never."""
        if command.state != "succeeded":
            return float("inf")
        done = [
            self._facts.done_at.get((command.id, node), float("inf"))
            for node in command.parts
        ]
        return max(done, default=float("inf"))


def _date_of(of: tuple[str, ...]) -> tuple[str, str]:
    """Return which meal something is of, and on which day."""
    return of[0], of[1][:10]


def _is_of(command: Stored, node: str) -> bool:
    """Whether a command tells of a date at a node, or at all that feed it together."""
    return not node or node in command.parts
