"""Which point comes next, so that each point is met once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .plan import Deed, Plan

type Place = tuple[str, int]
"""The name of a point and which of its occurrences in a life is meant, from 1."""


class Itinerary:
    """Point 1, 2, ... until a run passes all, then those that slipped by.

    Two threads pass the points, and not always in the same order: between two runs one
    can change its number, and no run meets it. Those are met by their names at the end.
    Where only every n-th point is wanted, what slipped by is not looked for.
    """

    def __init__(
        self,
        deed: Deed,
        only: str = "",
        every: int = 1,
        *,
        at_start: bool = False,
    ) -> None:
        self._deed = deed
        self._at_start = at_start
        self._only = only
        self._every = every
        self._number = 1
        self._counting = True
        self._life: tuple[Place, ...] = ()
        """All points of the last life: in the end, of one to which nothing happened."""
        self._met: Counter[str] = Counter()
        self._tried: set[Place] = set()

    def next(self) -> Plan | None:
        """Return the next plan, None if every point was met."""
        if self._counting:
            return Plan(self._number, self._deed, self._only, self._at_start)
        for place in self._slipped():
            self._tried.add(place)
            name, occurrence = place
            return Plan(occurrence, self._deed, name, self._at_start)
        return None

    def took(self, point: str | None, passed: Iterable[str]) -> None:
        """Take in at which point a run was met, None for none, and all it passed."""
        if point is not None:
            self._met[point] += 1
        if self._counting:
            self._counting = point is not None
            self._number += self._every
            self._life = tuple(
                place for place in _places(passed) if self._only in place[0]
            )

    def _slipped(self) -> Iterator[Place]:
        if self._every > 1:
            return
        for place in self._life:
            name, occurrence = place
            if occurrence > self._met[name] and place not in self._tried:
                yield place


def reached(plan: Plan, passed: Iterable[str]) -> str | None:
    """Return the point of a plan, None if it was not passed yet."""
    counted = [name for name in passed if plan.only in name]
    return counted[plan.point - 1] if len(counted) >= plan.point else None


def _places(passed: Iterable[str]) -> Iterator[Place]:
    occurrences: Counter[str] = Counter()
    for name in passed:
        occurrences[name] += 1
        yield name, occurrences[name]
