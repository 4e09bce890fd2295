"""Draws a plan and what its owner changes of it, and plays it through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
import math
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from custom_components.mqtt_dispatch.engine.model.command import Cause
from custom_components.mqtt_dispatch.engine.model.effects import MealPut, MealSkipped
from custom_components.mqtt_dispatch.engine.model.events import (
    AnswerOverdue,
    Enqueue,
    PausePlan,
    PutMeal,
    Refused,
    RemoveMeal,
    ResumePlan,
    SkipMeal,
    UnskipMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import LateAnswer
from custom_components.mqtt_dispatch.engine.model.policy import (
    FEEDING,
    Settings,
    Station,
)
from custom_components.mqtt_dispatch.engine.plan.meals import meal_from_json
from simulation.dates import Coming, day_of
from simulation.years.account import Account, Meal
from simulation.years.comparing import compare
from simulation.years.house import House

ZONES: Final = (
    "Europe/Berlin",
    "Australia/Adelaide",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 86_400.0
_YEAR = 365.25 * _DAY
_BEGINS = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
_READY_FOR_EVER = 1e12
_POLAR = 11.5
"""Hours: a half of a day that is as long as this has no end."""


@dataclass(slots=True)
class Played:
    """What became of a plan."""

    seed: int
    dates: int = 0
    fed: int = 0
    skipped: int = 0
    missed: int = 0
    overdue: int = 0
    changes: int = 0
    differences: list[str] = field(default_factory=list)


def play(seed: int, years: float = 10.0, changes: int | None = None) -> Played:
    """Play a plan through; any difference from its account is a defect.

    `changes`: about how many bursts of them come in a year, if not as it is drawn.
    """
    return _Play(seed, years, changes).run()


def sun_of(swing: float, ahead: float) -> Callable[[str, date], float | None]:
    """Return a sun: days differ by so many hours, and noon is so many hours early.

    A swing above 5.5 has weeks in which it does not rise, and others without a night.
    """

    @cache
    def sun(event: str, day: date) -> float | None:
        turn = 2 * math.pi * (day.timetuple().tm_yday - 80) / 365.25
        half = 6.0 + swing * math.sin(turn)
        if not 12.0 - _POLAR < half < _POLAR:
            return None
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
        hours = half if event == "sunset" else -half
        return noon + 3600.0 * (hours - ahead) + 17.25

    return sun


class _Play:
    def __init__(self, seed: int, years: float, changes: int | None) -> None:
        random = self._random = Random(f"{seed} years")
        self._seed = seed
        zone = random.choice(ZONES)
        wall = _BEGINS + random.uniform(0.0, _YEAR)
        self._end = wall + years * _YEAR
        sun = sun_of(random.choice((2.0, 5.0, 7.0)), random.choice((1.0, -4.0, 10.0)))
        station = Station(
            nodes=("1",),
            policies={"feed": FEEDING},
            settings=Settings(
                max_age=_READY_FOR_EVER,
                online_age=_READY_FOR_EVER,
                debounce=0.0,
                feeds_waiting=0,
                feeds_per_hour=0,
            ),
            zone=ZoneInfo(zone),
            sun=sun,
        )
        self._house = House(station, wall)
        self._account = Account(wall, zone, sun)
        self._changes_a_year = random.choice((1, 3, 8)) if changes is None else changes
        self._played = Played(seed)
        self._away: list[tuple[float, float]] = []
        self._answers_at = math.inf
        self._deeds: tuple[tuple[int, Callable[[], None]], ...] = (
            (4, self._skip),
            (2, self._skip_until),
            (2, self._unskip),
            (5, self._move),
            (4, self._change_rule),
            (2, self._change_how),
            (2, self._pause),
            (2, self._resume),
            (2, self._enable),
            (1, self._remove),
            (1, self._set_zone),
            (3, self._restart),
            (1, self._feed),
        )

    def run(self) -> Played:
        for _ in range(self._random.randint(1, 4)):
            self._add()
        while True:
            at = self._next_moment()
            is_answer = self._answers_at < at
            at = min(at, self._answers_at)
            if at > self._end:
                break
            self._advance(at)
            if is_answer:
                self._answers_at = math.inf
                self._answer()
            else:
                self._do_something()
                self._answers_at = self._account.at + self._random.uniform(30.0, 9000.0)
            self._played.changes += 1
        self._advance(self._end)
        return self._result()

    def _result(self) -> Played:
        played, entries = self._played, self._account.entries
        played.dates = len(entries)
        for what in ("fed", "skipped", "missed"):
            setattr(played, what, sum(one.what == what for one in entries))
        played.overdue = len(self._house.overdue)
        played.differences += compare(self._account, self._house, self._away)
        return played

    def _advance(self, at: float) -> None:
        self._house.advance(at)
        self._account.advance(at)

    def _next_moment(self) -> float:
        """Return when something is changed: often, near a date of some meal."""
        random, account = self._random, self._account
        mean = _YEAR / self._changes_a_year
        at = (
            account.at + random.choice((60.0, 0.1 * mean, 1.5 * mean)) * random.random()
        )
        if account.meals and random.random() < 0.5:  # noqa: PLR2004 - one of two
            # Its rule may have ended, and it may have no dates any more.
            meal = random.choice([*account.meals.values()])
            for days in range(3):
                found = account.on(
                    meal, day_of(at, account.zone) + timedelta(days=days)
                )
                if found is not None:
                    near = (-3600.0, -600.0, -60.0, -1.0, 0.0, 60.0, 1200.0, 7200.0)
                    at = max(account.at, found.at + random.choice(near))
                    break
        # Nobody knows what comes first at the very moment of a date.
        return math.floor(at) + 1.5

    def _do_something(self) -> None:
        if len(self._account.meals) < self._random.randint(1, 3):
            self._add()
            return
        weights = [weight for weight, _ in self._deeds]
        (deed,) = self._random.choices([one for _, one in self._deeds], weights)
        deed()

    # The plan

    def _add(self) -> None:
        random = self._random
        meal: Meal = {
            "id": "",
            "name": "",
            "kind": "feed",
            "rule": self._rule(),
            "params": {"portions": random.randint(1, 9)},
            "enabled": True,
            "begins": None,
            "nodes": [],
            "if_missed": random.choice(("feed_late", "feed_late", "skip", "ask")),
            "deadline": random.choice((600.0, 1800.0, 7200.0)),
            "skipped_until": None,
            "overrides": {},
        }
        effects = self._house.tell(PutMeal(meal_from_json(meal)))
        (meal["id"],) = (one.meal_id for one in effects if isinstance(one, MealPut))
        self._account.put(meal)

    def _rule(self) -> dict[str, Any]:
        random = self._random
        rule: dict[str, Any] = {
            "time": "",
            "weekdays": list(_WEEK),
            "sun": None,
            "offset": 0,
            "every": 1,
            "first": None,
            "until": None,
        }
        if random.random() < 0.2:  # noqa: PLR2004 - one of five
            rule["sun"] = random.choice(("sunrise", "sunset"))
            rule["offset"] = random.choice((0, -30, 45, 700))
        else:
            rule["time"] = self._clock()
        today = day_of(self._account.at, self._account.zone)
        match random.randrange(6):
            case 0 | 1:
                rule["weekdays"] = sorted(
                    random.sample(_WEEK, random.randint(1, 4)), key=_WEEK.index
                )
            case 2 | 3:
                rule["every"] = random.randint(2, 9)
                rule["first"] = str(today + timedelta(days=random.randint(-9, 20)))
            case 4:
                rule["first"] = str(today + timedelta(days=random.randint(0, 20)))
                if random.random() < 0.3:  # noqa: PLR2004 - seldom
                    rule["until"] = rule["first"]
                else:
                    days = timedelta(days=random.randint(30, 900))
                    rule["until"] = str(date.fromisoformat(rule["first"]) + days)
        return rule

    def _clock(self) -> str:
        random = self._random
        hour = random.choice((0, 1, 2, 2, 3, 6, 8, 12, 18, 20, 23))
        return f"{hour:02}:{random.choice((0, 15, 30, 59)):02}"

    # What the owner changes

    def _a_meal(self) -> Meal:
        return deepcopy(self._random.choice([*self._account.meals.values()]))

    def _a_day(self) -> date:
        today = day_of(self._account.at, self._account.zone)
        return today + timedelta(days=self._random.choice((0, 0, 1, 1, 2, 7)))

    def _put(self, meal: Meal, *fields: str) -> None:
        """Have some fields of a meal otherwise, and the rest as it stands."""
        stands = self._house.engine.ledger.meals[meal["id"]]
        wanted = meal_from_json(meal)
        changed = {name: getattr(wanted, name) for name in fields}
        if "overrides" in changed:
            changed["overrides"] = {**stands.overrides, **changed["overrides"]}
        self._house.tell(PutMeal(replace(stands, **changed)))
        self._account.put(meal)

    def _move(self) -> None:
        """Have one date at another time, or of another size."""
        meal, day = self._a_meal(), self._a_day()
        found = self._account.on(meal, day)
        other = _otherwise(meal, str(day))
        if found is not None and self._random.random() < 0.7:  # noqa: PLR2004 - often
            other["time"] = self._near(found)
        else:
            other["time"] = self._clock()
        if self._random.random() < 0.3:  # noqa: PLR2004 - seldom
            other["params"] = {"portions": self._random.randint(10, 20)}
        self._put(meal, "overrides")

    def _near(self, found: Coming) -> str:
        """Return a time of the same date, near that of a meal or near now."""
        minutes = self._random.choice((-300, -40, -10, 10, 40, 300))
        at = self._random.choice((found.at, self._account.at)) + 60.0 * minutes
        local = datetime.fromtimestamp(at, ZoneInfo(self._account.zone))
        return f"{local:%H:%M}"

    def _change_rule(self) -> None:
        meal = self._a_meal()
        rule = self._rule()
        if self._random.random() < 0.6 and meal["rule"]["time"]:  # noqa: PLR2004 - often
            rule = {**meal["rule"], "time": self._clock()}
            if (found := self._account.on(meal, self._a_day())) is not None:
                rule["time"] = self._near(found)
        meal["rule"] = rule
        self._put(meal, "rule")

    def _change_how(self) -> None:
        meal = self._a_meal()
        meal["params"] = {"portions": self._random.randint(1, 9)}
        meal["if_missed"] = self._random.choice(("feed_late", "skip", "ask"))
        meal["deadline"] = self._random.choice((600.0, 1800.0, 7200.0))
        self._put(meal, "params", "if_missed", "deadline")

    def _enable(self) -> None:
        meal = self._a_meal()
        meal["enabled"] = not meal["enabled"]
        self._put(meal, "enabled")

    def _remove(self) -> None:
        meal = self._a_meal()
        self._house.tell(RemoveMeal(meal["id"]))
        self._account.remove(meal["id"])

    def _skip(self) -> None:
        meal = self._a_meal()
        day = self._random.choice((None, self._a_day()))
        found = self._skipped_first(meal, day)
        told = self._ask(SkipMeal(meal["id"], day), refused=found is None)
        if found is not None and told is not None:
            self._compare_first(found, told)
            _otherwise(meal, found.day)["skipped"] = True
            self._account.put(meal)

    def _skip_until(self) -> None:
        meal = self._a_meal()
        days = timedelta(days=self._random.choice((0, 3, 10)))
        until = day_of(self._account.at, self._account.zone) + days
        found = self._skipped_first(meal, None)
        if found is not None and found.day > str(until):
            found = None
        told = self._ask(SkipMeal(meal["id"], None, until), refused=found is None)
        if found is not None and told is not None:
            self._compare_first(found, told)
            meal["skipped_until"] = str(until)
            for day, other in meal["overrides"].items():
                if other["skipped"] is False and day <= str(until):
                    other["skipped"] = None
            self._account.put(meal)

    def _skipped_first(self, meal: Meal, day: date | None) -> Coming | None:
        if day is None:
            return self._account.next_wanted(meal)
        found = self._account.on(meal, day)
        return None if self._account.is_over(meal, day) else found

    def _compare_first(self, found: Coming, told: str) -> None:
        if told != found.nominal:
            self._differ(f"{told} was said to be skipped, and not {found.nominal}")

    def _unskip(self) -> None:
        meal = self._a_meal()
        day = self._random.choice((None, self._a_day()))
        if day is None:
            if self._ask(UnskipMeal(meal["id"]), refused=False) is not None:
                meal["skipped_until"] = None
                for other in meal["overrides"].values():
                    other["skipped"] = None
                self._account.put(meal)
            return
        found = self._skipped_first(meal, day)
        told = self._ask(UnskipMeal(meal["id"], day), refused=found is None)
        if found is not None and told is not None:
            _otherwise(meal, str(day))["skipped"] = False
            self._account.put(meal)

    def _ask(self, wish: SkipMeal | UnskipMeal, *, refused: bool) -> str | None:
        """Ask for something; return what was said of it, or None for a refusal."""
        try:
            effects = self._house.tell(wish)
        except Refused as why:
            if not refused:
                self._differ(f"{wish} was refused: {why.code}")
            return None
        if refused:
            self._differ(f"{wish} was not refused")
        said = [one.date.nominal for one in effects if isinstance(one, MealSkipped)]
        return said[0] if said else ""

    def _pause(self) -> None:
        lasts = self._random.choice((None, 3600.0, _DAY, 9 * _DAY))
        until = None if lasts is None else self._account.at + lasts
        self._house.tell(PausePlan(until, "away"))
        self._account.pause(until)

    def _resume(self) -> None:
        self._house.tell(ResumePlan())
        self._account.resume()

    # What else happens

    def _set_zone(self) -> None:
        zone = self._random.choice(ZONES)
        self._house.tell(ZoneChanged(ZoneInfo(zone)))
        self._account.set_zone(zone)

    def _restart(self) -> None:
        away = self._random.choice((5.0, 600.0, 2700.0, 20_000.0, 100_000.0, 5 * _DAY))
        began = self._account.at
        self._house.restart(began + away)
        self._account.advance(began + away, away=True)
        self._away.append((began, began + away))

    def _feed(self) -> None:
        self._house.tell(
            Enqueue(
                kind="feed",
                params={"portions": 1},
                nodes=("1",),
                cause=Cause.ACTION,
            )
        )

    def _answer(self) -> None:
        """Answer what is overdue, or leave it be."""
        for overdue in tuple(self._house.engine.ledger.overdue.values()):
            if overdue.answer is not None:
                continue
            answer = self._random.choice((None, *LateAnswer))
            if answer is None:
                continue
            meal_id, nominal = overdue.meal_id, overdue.nominal
            try:
                self._house.tell(AnswerOverdue(meal_id, nominal, answer))
            except Refused:
                # What was fed for another was for this animal, too.
                continue
            if answer is LateAnswer.FEED_NOW:
                self._account.fed_after_all(meal_id, nominal)
            elif answer is LateAnswer.HAPPENED:
                self._account.happened(meal_id, nominal)

    def _differ(self, what: str) -> None:
        at = datetime.fromtimestamp(self._account.at, UTC)
        self._played.differences.append(f"{at:%Y-%m-%d %H:%M:%S}: {what}")


def _otherwise(meal: Meal, day: str) -> dict[str, Any]:
    nothing: Mapping[str, Any] = {"skipped": None, "time": "", "params": None}
    other: dict[str, Any] = meal["overrides"].setdefault(day, dict(nothing))
    return other
