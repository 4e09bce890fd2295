"""An account of its own of what should have been fed, skipped and missed, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from simulation.dates import Coming, Sun, coming, on_day

LATE = 1800.0
"""Seconds that a meal may be late and still be fed."""
_ON_TIME = 60.0
_LOOKED_AT = 3 * 86_400.0
"""For which a date that was not dealt with can come at another time."""
_AHEAD = 366 * 86_400.0

type Meal = dict[str, Any]
"""As it is stored."""


class Became(NamedTuple):
    """What became of a date."""

    meal_id: str
    day: str
    what: str
    """fed, skipped or missed."""
    at: float
    """Unix seconds: when that was so."""
    nominal: str
    portions: int


class Missed(NamedTuple):
    """A date that was missed, or fed too late, and that somebody should be told of."""

    became: Became
    due: float
    by: float
    """Unix seconds: until then it should have been fed."""


class Paused(NamedTuple):
    """Unix seconds; an `until` of None: till it is ended."""

    since: float
    until: float | None


class Account:
    """Follows a plan from moment to moment; all moments are unix seconds."""

    def __init__(self, at: float, zone: str, sun: Sun) -> None:
        self.at = at
        self.zone = zone
        self._sun = sun
        self.meals: dict[str, Meal] = {}
        self.entries: list[Became] = []
        self.missed: list[Missed] = []
        self.came: dict[str, list[float]] = {}
        """When the dates of each meal were due that were dealt with."""
        self.pauses: list[Paused] = []
        self._dealt: dict[tuple[str, str], Became] = {}
        self._changed: dict[str, list[float]] = {}

    # What the owner wants

    def put(self, meal: Meal) -> None:
        """Have a meal that is new, or otherwise from now on."""
        meal_id = meal["id"]
        before = self.meals.get(meal_id)
        if before is not None:
            self._changed.setdefault(meal_id, []).append(self.at)
        if before is not None and _when(before) == _when(meal):
            self.meals[meal_id] = meal
            return
        owed = set() if before is None else self._to_come(before)
        self.meals[meal_id] = meal
        self._deal_with_owed([(meal, owed)])

    def remove(self, meal_id: str) -> None:
        del self.meals[meal_id]
        self._changed.setdefault(meal_id, []).append(self.at)

    def set_zone(self, zone: str) -> None:
        owed = [(meal, self._to_come(meal)) for meal in self.meals.values()]
        self.zone = zone
        for meal_id in self.meals:
            self._changed.setdefault(meal_id, []).append(self.at)
        self._deal_with_owed(owed)

    def pause(self, until: float | None) -> None:
        """Pause from now on, or go on with the pause that is."""
        since = self.at
        if self.pauses and _lasts(self.pauses[-1], self.at):
            since = self.pauses.pop().since
        self.pauses.append(Paused(since, until))

    def resume(self) -> None:
        if self.pauses and _lasts(self.pauses[-1], self.at):
            self.pauses[-1] = Paused(self.pauses[-1].since, self.at)

    def fed_after_all(self, meal_id: str, nominal: str) -> None:
        """Have a date fed now that was missed."""
        missed = self._dealt.get((meal_id, nominal[:10]))
        if missed is None:
            return
        found = self.on(self.meals[meal_id], date.fromisoformat(nominal[:10]))
        portions = self.meals[meal_id]["params"]["portions"]
        if found is not None and found.nominal == nominal:
            portions = found.params["portions"]
        self._note(
            missed._replace(what="fed", at=self.at, nominal=nominal, portions=portions)
        )

    def happened(self, meal_id: str, nominal: str) -> None:
        """Take it that a date that was missed was fed by somebody."""
        key = meal_id, nominal[:10]
        if key in self._dealt:
            self._dealt[key] = self._dealt[key]._replace(what="happened")

    # What comes of it

    def next_wanted(self, meal: Meal) -> Coming | None:
        """Return the next date that is to be fed."""
        for found in self._coming(meal, self.at, self.at + _AHEAD):
            if self._is_to_come(meal, found) and not self._is_skipped(found):
                return found
        return None

    def is_over(self, meal: Meal, day: date) -> bool:
        found = self.on(meal, day)
        return found is not None and (
            found.at <= self.at or not self._is_to_come(meal, found)
        )

    def on(self, meal: Meal, day: date) -> Coming | None:
        return on_day(meal, day, self.zone, self._sun)

    def became(self, meal_id: str, day: str) -> Became | None:
        return self._dealt.get((meal_id, day))

    def was_changed(self, meal_id: str, since: float, until: float) -> bool:
        """Whether a meal was put anew, or came at other times, in between."""
        return any(since <= at <= until for at in self._changed.get(meal_id, ()))

    def advance(self, at: float, *, away: bool = False) -> None:
        """Let time pass; `away`: all that came is dealt with at its end."""
        due = [
            (found, meal)
            for meal in self.meals.values()
            for found in self._coming(meal, self.at, at)
        ]
        self.at = at
        due.sort(key=lambda item: (item[0].at, item[0].nominal))
        for found, meal in due:
            if self._is_to_come(meal, found):
                self._deal(meal, found, at if away else found.at)

    def _deal(self, meal: Meal, found: Coming, at: float) -> None:
        feeds_late = meal["if_missed"] == "feed_late"
        if self._is_skipped(found):
            what = "skipped"
        elif at - found.at <= (LATE if feeds_late else _ON_TIME):
            what = "fed"
        elif meal["if_missed"] == "skip":
            what = "skipped"
        else:
            what = "missed"
        portions = found.params["portions"]
        became = Became(meal["id"], found.day, what, at, found.nominal, portions)
        self.came.setdefault(meal["id"], []).append(found.at)
        asks = what == "missed" and meal["if_missed"] == "ask"
        by = found.at + (_ON_TIME if asks else meal["deadline"])
        if self._note(became) and (what == "missed" or (what == "fed" and by <= at)):
            self.missed.append(Missed(became, found.at, by))

    def _note(self, became: Became) -> bool:
        """Keep what became of a date; return whether that is news."""
        before = self._dealt.get((became.meal_id, became.day))
        if before is not None and before.what == became.what == "skipped":
            # It is skipped still, wherever it was moved.
            return False
        self._dealt[became.meal_id, became.day] = became
        is_news = before is None or before[2:] != became[2:]
        if is_news:
            self.entries.append(became)
        return is_news

    def _deal_with_owed(self, owed: list[tuple[Meal, set[str]]]) -> None:
        """Deal with what was to come, and comes at a time that has passed by now."""
        late = [
            (found, meal)
            for meal, days in owed
            for found in self._coming(meal, self.at - _LOOKED_AT, self.at)
            if found.day in days and self._is_to_come(meal, found)
        ]
        late.sort(key=lambda item: (item[0].at, item[0].nominal))
        for found, meal in late:
            self._deal(meal, found, self.at)

    def _to_come(self, meal: Meal) -> set[str]:
        return {
            found.day
            for found in self._coming(meal, self.at, self.at + _LOOKED_AT)
            if self._is_to_come(meal, found)
        }

    def _is_to_come(self, meal: Meal, found: Coming) -> bool:
        became = self._dealt.get((meal["id"], found.day))
        if became is None:
            return True
        # What was not fed may still be, where it was moved to later since.
        return became.what in ("missed", "skipped") and found.at > became.at

    def _is_skipped(self, found: Coming) -> bool:
        return found.skipped or any(
            pause.since <= found.at and (pause.until is None or found.at < pause.until)
            for pause in self.pauses[-2:]
        )

    def _coming(self, meal: Meal, start: float, end: float) -> list[Coming]:
        return [*coming(meal, self.zone, self._sun, start, end)]


def _lasts(pause: Paused, at: float) -> bool:
    return pause.until is None or pause.until > at


def _when(meal: Mapping[str, Any]) -> object:
    """Return all that says when a meal comes."""
    times = {day: one["time"] for day, one in meal["overrides"].items() if one["time"]}
    return meal["rule"], meal["enabled"], times
