"""What people change of a plan, whoever keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    AnswerOverdue,
    Cancel,
    PausePlan,
    PutMeal,
    Refused,
    RemoveMeal,
    ResumePlan,
    SkipMeal,
    UnskipMeal,
    Wish,
)
from custom_components.mqtt_dispatch.engine.model.meal import (
    WEEKDAYS,
    IfMissed,
    LateAnswer,
    Meal,
    Override,
)
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from custom_components.mqtt_dispatch.planning.node_plans import check_node_plan
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from simulation.actions import Action
from simulation.station import Station

MEAL_PETS = 1_000_000
"""Pets from here on are fed by meals, those below by the order of that number."""


class Planners:
    """Asks, and has noted what is refused and what is to be sent again.

    `resend(station, command, taken_back)`.
    """

    def __init__(
        self,
        random: Random,
        refused: Callable[[Station, str, Refused], None],
        resend: Callable[[Station, Command, bool], None],
    ) -> None:
        self._random = random
        self._refused = refused
        self._resend = resend
        self._meals = 0

    def by_name(self) -> Mapping[str, Callable[..., Action]]:
        return {
            "meal": self._meal,
            "plan": self._plan,
            "move": self._move,
            "move_date": self._move_date,
            "skip": self._skip,
            "unskip": self._unskip,
            "pause_plan": self._pause_plan,
            "resume_plan": self._resume_plan,
            "withdraw_meal": self._withdraw,
            "answer_overdue": self._answer,
            "unschedule": self._unschedule,
        }

    def _meal(self, station: Station, *, minutes: int) -> Action:
        meal = new_meal(
            meal_id="",
            name="",
            rule=new_rule(time=_local_time(station, minutes), weekdays=WEEKDAYS),
            params=station.protocol.check(
                "feed", self._named_feed(station, portions=1)
            ),
        )
        station.handle(PutMeal(meal))
        yield

    def _named_feed(self, station: Station, **params: int) -> Mapping[str, Any]:
        """Return params that tell the meals of one line from all others."""
        self._meals += 1
        return station.site.cast.named("feed", params, MEAL_PETS + self._meals)

    def _plan(
        self,
        station: Station,
        *,
        minutes: int,
        days: str,
        wish: tuple[str, Mapping[str, Any], tuple[str, ...]],
        if_missed: str,
        deadline: float,
    ) -> Action:
        """Plan anything by any rule; its first date is in so many minutes."""
        kind, params, nodes = wish
        if kind == "feed":
            params = self._named_feed(station, **params)
        at = _local(station, minutes)
        rules: Mapping[str, Mapping[str, Any]] = {
            "daily": {},
            "weekly": {"weekdays": (WEEKDAYS[at.weekday()],)},
            "other weekdays": {"weekdays": (WEEKDAYS[at.weekday() - 1],)},
            "every third": {"every": 3, "first": at.date() - timedelta(days=3)},
            "once": {"first": at.date(), "until": at.date()},
        }
        meal = new_meal(
            meal_id="",
            name="",
            kind=kind,
            nodes=nodes,
            rule=new_rule(time=f"{at:%H:%M}", **rules[days]),
            params=station.protocol.check(kind, params),
            if_missed=IfMissed(if_missed),
            deadline=deadline,
        )
        return self.put(station, "plan", meal)

    def _move(self, station: Station, *, minutes: int) -> Action:
        """Move a meal to so many minutes from now."""
        before = self._one(station)
        if before is not None and station.protocol.planning is None:
            rule = replace(before.rule, time=_local_time(station, minutes))
            yield from self.put(station, "move", replace(before, rule=rule))

    def _move_date(self, station: Station, *, minutes: int) -> Action:
        """Move one date of a meal to so many minutes from now."""
        before = self._one(station)
        if before is not None:
            at = _local(station, minutes)
            day, time = str(at.date()), f"{at:%H:%M}"
            if station.protocol.planning is not None:
                # Where it overlaps with no other line: a node would refuse all of them.
                own = datetime.strptime(before.rule.time, "%H:%M")  # noqa: DTZ007
                time = f"{own + timedelta(hours=1):%H:%M}"
            override = before.overrides.get(day, Override())
            moved = {day: replace(override, time=time)}
            overrides = {**before.overrides, **moved}
            moved_meal = replace(before, overrides=overrides)
            yield from self.put(station, "move_date", moved_meal)

    def put(self, station: Station, what: str, meal: Meal) -> Action:
        """Plan something, if nodes that keep the plan can keep it."""
        planning, ledger = station.protocol.planning, station.engine.ledger
        others = tuple(m for m in ledger.meals.values() if m.id != meal.id)
        if planning is not None:
            try:
                check_node_plan(
                    planning,
                    station.driver.site,
                    station.engine.station,
                    (*others, meal),
                    station.now().wall,
                    changed={meal.id},
                )
            except InvalidCommand as invalid:
                self._refused(station, what, Refused(invalid.code))
                return
        station.handle(PutMeal(meal))
        yield

    def _skip(
        self, station: Station, *, today: bool, until: int | None = None
    ) -> Action:
        """Skip the next date of a meal, that of today, or all of so many days."""
        if (meal := self._one(station)) is not None:
            now = _local(station, 0).date()
            last = None if until is None else now + timedelta(days=until)
            day = now if today and last is None else None
            yield from self._tell(station, "skip", SkipMeal(meal.id, day, last))

    def _unskip(self, station: Station, *, today: bool) -> Action:
        if (meal := self._one(station)) is not None:
            day = _local(station, 0).date() if today else None
            yield from self._tell(station, "unskip", UnskipMeal(meal.id, day))

    def _pause_plan(self, station: Station, *, lasts: float | None) -> Action:
        until = None if lasts is None else station.now().wall + lasts
        return self._tell(station, "pause_plan", PausePlan(until, "on holiday"))

    def _resume_plan(self, station: Station) -> Action:
        return self._tell(station, "resume_plan", ResumePlan())

    def _withdraw(self, station: Station) -> Action:
        """Take back what waits for a date of a meal."""
        waiting = [
            command
            for command in station.engine.ledger.open.values()
            if command.meal is not None and command.state is CommandState.QUEUED
        ]
        if waiting:
            command = self._random.choice(waiting)
            yield from self._tell(station, "withdraw_meal", Cancel(command.id))

    def _answer(self, station: Station, *, answer: str) -> Action:
        """Say what is to become of what is overdue."""
        open_ones = [
            one for one in station.engine.ledger.overdue.values() if one.answer is None
        ]
        if not open_ones:
            return
        one = self._random.choice(open_ones)
        wish = AnswerOverdue(one.meal_id, one.nominal, LateAnswer(answer), one.node)
        settled = station.engine.plan.dates.settled(one, one.node)
        number = 0 if settled is None else settled.command_id or 0
        command = station.engine.ledger.open.get(number)
        in_doubt = (
            wish.answer is LateAnswer.FEED_NOW
            and command is not None
            and command.state is CommandState.UNCONFIRMED
        )
        if command is None or not in_doubt:
            yield from self._tell(station, "answer_overdue", wish)
            return
        self._resend(station, command, False)
        try:
            station.handle(wish)
        except Refused as refused:
            self._refused(station, "answer_overdue", refused)
            return
        if not (yield):
            self._resend(station, command, True)

    def _unschedule(self, station: Station) -> Action:
        if (meal := self._one(station)) is not None:
            yield from self._tell(station, "unschedule", RemoveMeal(meal.id))

    def _one(self, station: Station) -> Meal | None:
        meals = tuple(station.engine.ledger.meals.values())
        return self._random.choice(meals) if meals else None

    def _tell(self, station: Station, what: str, wish: Wish) -> Action:
        try:
            station.handle(wish)
        except Refused as refused:
            self._refused(station, what, refused)
            return
        yield


def _local(station: Station, minutes: int) -> datetime:
    """Return what the owner's clock shows in so many minutes."""
    wall = station.now().wall + 60 * minutes
    return datetime.fromtimestamp(wall, station.engine.station.zone)


def _local_time(station: Station, minutes: int) -> str:
    return f"{_local(station, minutes):%H:%M}"
