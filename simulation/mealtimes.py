"""Judges the meals that Home Assistant orders: none is lost (3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from simulation.facts import Facts
from simulation.record import StationBegan

_SURE_AFTER = 400.0
"""Seconds for which a meal must stand after its time: so long may a change have taken
to its being on disk, and nobody can say whether that or the meal came first."""


class _Standing(NamedTuple):
    time: str
    zone: str
    since: float
    """Unix seconds."""


class Mealtimes:
    """Follows each meal of the plan from when it is on disk until it is changed."""

    def __init__(self, began: StationBegan, facts: Facts) -> None:
        self._facts = facts
        self._zone = began.zone
        self._wall = began.wall
        self._standing: dict[str, _Standing] = {}
        self._owed: set[str] = set()
        self._clock_is_right = True

    def clock_set(self) -> None:
        """Judge no more: by a clock that was set, nobody knows what came due."""
        self._clock_is_right = False

    def zone_set(self, zone: str, at: float) -> None:
        self._zone = zone
        self.look(at)

    def look(self, at: float) -> None:
        """Compare what is planned now with what was, where nodes do not keep it."""
        if self._facts.wire.plan_kinds:
            return
        wall = self._wall + at
        planned = {
            meal["id"]: meal["rule"]["time"]
            for meal in self._facts.plan
            if _is_daily(meal)
        }
        for meal_id, stood in tuple(self._standing.items()):
            if (stood.time, stood.zone) != (planned.get(meal_id), self._zone):
                self._close(meal_id, wall - _SURE_AFTER)
        for meal_id, local in planned.items():
            self._standing.setdefault(meal_id, _Standing(local, self._zone, wall))

    def ended(self, at: float) -> None:
        """Hold each date that came due to a command that tells what became of it."""
        for meal_id in tuple(self._standing):
            self._close(meal_id, self._wall + at)
        facts = self._facts
        if facts.restores or not self._clock_is_right:
            return
        known = {
            command.key.rpartition("T")[0]
            for command in facts.ever_known.values()
            if command.key is not None
        }
        for key in sorted(self._owed - known):
            facts.break_promise(3, at, f"nobody knows what became of {key!r}")

    def _close(self, meal_id: str, until: float) -> None:
        stood = self._standing.pop(meal_id)
        self._owed |= {f"meal:{meal_id}:{day}" for day in _dates(stood, until)}


def _is_daily(meal: Mapping[str, Any]) -> bool:
    return bool(meal["enabled"]) and len(meal["rule"]["weekdays"]) == 7  # noqa: PLR2004 - a week


def _dates(stood: _Standing, until: float) -> Iterator[date]:
    """Yield the dates on which a time came, but where clocks skip it or repeat it."""
    zone = ZoneInfo(stood.zone)
    day = datetime.fromtimestamp(stood.since, zone).date()
    while day <= datetime.fromtimestamp(until, zone).date():
        local = datetime.combine(day, time.fromisoformat(stood.time), zone)
        is_plain = local.utcoffset() == local.replace(fold=1).utcoffset()
        if is_plain and stood.since < local.timestamp() < until:
            yield day
        day += timedelta(days=1)
