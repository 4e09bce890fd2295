"""Any story of what people want of a plan: nothing twice, nothing lost, told once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import os

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    AnswerOverdue,
    Event,
    Finish,
    PausePlan,
    PutMeal,
    Refused,
    RemoveMeal,
    ResumePlan,
    SkipMeal,
    UnskipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import (
    Became,
    IfMissed,
    LateAnswer,
    Rule,
)
from custom_components.mqtt_dispatch.engine.plan.outcomes import became
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes, a_station
from tests.engine.plan.planned import put

USUAL = {"cat": "07:00", "dog": "18:00"}
TIMES = {"cat": ["06:50", "07:20", "07:45"], "dog": ["17:50", "18:05", "19:00"]}
"""No two meals share one, so a time tells which is meant."""
MEALS = st.sampled_from([*USUAL])
SPANS = st.sampled_from([0.0, 1.0, MINUTE, 30 * MINUTE, HOUR]) | st.floats(0, 20 * HOUR)
NEAR = st.integers(-1, 3)
"""Days from today."""
NEVER_FED = (DeliveryState.FAILED, DeliveryState.REJECTED)

STORIES = os.environ.get("ENGINE_STORIES")
TOLD = settings(
    max_examples=int(STORIES or 100),
    stateful_step_count=30,
    deadline=None,
    derandomize=STORIES is None,
    database=None,
    print_blob=True,
)


class Stories(RuleBasedStateMachine):
    """A station with two daily meals, in UTC, whose clock is right."""

    @initialize(if_missed=st.sampled_from(IfMissed))
    def begin(self, if_missed: IfMissed) -> None:
        self.driver = Driver(a_station(max_open=10_000, feeds_waiting=None))
        self.since: dict[str, date] = {}
        self.told: Counter[str] = Counter()
        self.by_hand: set[int] = set()
        for meal, time in USUAL.items():
            put(self.driver, time, meal_id=meal, if_missed=if_missed)
            self.since[meal] = self._today()

    # What people want

    @rule(meal=MEALS)
    def skip_the_next(self, meal: str) -> None:
        self._ask(SkipMeal(meal))

    @rule(meal=MEALS, days=NEAR)
    def skip_a_date(self, meal: str, days: int) -> None:
        self._ask(SkipMeal(meal, day=self._today() + timedelta(days=days)))

    @rule(meal=MEALS, days=NEAR)
    def skip_until(self, meal: str, days: int) -> None:
        self._ask(SkipMeal(meal, until=self._today() + timedelta(days=days)))

    @rule(meal=MEALS, days=st.none() | NEAR)
    def unskip(self, meal: str, days: int | None) -> None:
        day = None if days is None else self._today() + timedelta(days=days)
        self._ask(UnskipMeal(meal, day))

    @rule(span=st.none() | SPANS)
    def pause(self, span: float | None) -> None:
        until = None if span is None else self.driver.now.wall + span
        self._ask(PausePlan(until, "away"))

    @rule()
    def resume(self) -> None:
        self._ask(ResumePlan())

    @rule(meal=MEALS, portions=st.integers(1, 4))
    def change(self, meal: str, portions: int) -> None:
        if planned := self.driver.engine.ledger.meals.get(meal):
            self._ask(PutMeal(replace(planned, params={"portions": portions})))

    @rule(meal=MEALS, number=st.integers(0, 2))
    def move(self, meal: str, number: int) -> None:
        if planned := self.driver.engine.ledger.meals.get(meal):
            self._forget_what_was_told()
            self._ask(PutMeal(replace(planned, rule=Rule(TIMES[meal][number]))))

    @rule(meal=MEALS)
    def remove_and_put(self, meal: str) -> None:
        self._forget_what_was_told()
        self._ask(RemoveMeal(meal))
        with suppress(Refused):
            put(self.driver, USUAL[meal], meal_id=meal)
        self.since[meal] = self._today()

    @rule()
    def feed_by_hand(self) -> None:
        with suppress(Refused):
            self.by_hand.add(self.driver.feed())

    @rule(which=st.integers(0, 3))
    def withdraw(self, which: int) -> None:
        waiting = [one for one in self._open() if not one.ever_sent]
        for command in waiting[which : which + 1]:
            self.driver.cancel(command.id)

    @rule(outcome=st.sampled_from(Outcome))
    def settle_a_doubt(self, outcome: Outcome) -> None:
        for command in self._in(CommandState.UNCONFIRMED)[:1]:
            self.driver.resolve(command.id, outcome)

    @rule()
    def finish(self) -> None:
        for command in self._in(CommandState.FAILED)[-1:]:
            self._ask(Finish(command.id))

    @rule(meal=MEALS, said=st.sampled_from(LateAnswer))
    def answer(self, meal: str, said: LateAnswer) -> None:
        overdue = self.driver.engine.ledger.overdue.get((meal, ""))
        if overdue is not None:
            self._ask(AnswerOverdue(meal, overdue.nominal, said, by="Ann"))

    # What nodes, time and the disk do

    @rule(one_fails=st.booleans())
    def nodes_do_what_waits(self, *, one_fails: bool) -> None:
        driver = self.driver
        driver.connect()
        driver.ready()
        driver.advance(driver.station.settings.debounce)
        for command in self._in(CommandState.SENT):
            if one_fails:
                driver.fail(command.id, "2")
            driver.done(command.id)
        driver.disconnect()

    @rule()
    def nodes_take_what_waits_and_say_nothing(self) -> None:
        driver = self.driver
        driver.connect()
        driver.ready()
        driver.advance(driver.station.settings.debounce)
        driver.advance(2 * MINUTE)
        driver.disconnect()

    @rule(span=SPANS)
    def time_passes(self, span: float) -> None:
        self.driver.advance(span)

    @rule(meal=MEALS, after=st.sampled_from([-1, 1, 31, 50, 61]))
    def a_meal_comes(self, meal: str, after: int) -> None:
        """Some minutes after its time, or in the minute before it."""
        if planned := self.driver.engine.ledger.meals.get(meal):
            due = self._at(self._today(), planned.rule.time) + after * MINUTE
            self.driver.advance((due - self.driver.now.wall) % DAY)

    @rule(meal=MEALS, said=st.sampled_from([LateAnswer.FEED_NOW, LateAnswer.HAPPENED]))
    def a_meal_fails_and_is_answered(self, meal: str, said: LateAnswer) -> None:
        self.a_meal_comes(meal, 1)
        self.nodes_do_what_waits(one_fails=True)
        self.driver.advance(30 * MINUTE)
        self.answer(meal, said)

    @rule(away=SPANS | st.just(3 * DAY))
    def crash(self, away: float) -> None:
        self._write()
        self.driver.crash(away=away)

    @rule(writes=st.sampled_from(Writes))
    def the_disk(self, writes: Writes) -> None:
        self._write()
        self.driver.writes = writes

    @rule(away=SPANS)
    def crash_with_what_was_not_written(self, away: float) -> None:
        self.driver.writes = Writes.AT_ONCE
        self.driver.crash(away=away)

    # What must hold

    @invariant()
    def no_node_feeds_a_date_twice(self) -> None:
        fed = Counter(
            (command.meal.meal_id, command.meal.date, delivery.node)
            for command in self._commands()
            if command.meal is not None
            for delivery in command.deliveries
            if delivery.attempts and delivery.state not in NEVER_FED
        )
        assert all(times == 1 for times in fed.values()), fed

    @invariant()
    def nothing_is_told_to_be_overdue_twice(self) -> None:
        if hasattr(self, "driver"):
            told = Counter(self.driver.overdue) - self.told
            assert all(times == 1 for times in told.values()), told

    @invariant()
    def each_date_that_is_over_was_dealt_with(self) -> None:
        if not hasattr(self, "driver"):
            return
        outcomes = self._outcomes()
        for meal in self.driver.engine.ledger.meals:
            day = self.since[meal] + timedelta(days=1)
            while day < self._today():
                assert (meal, str(day)) in outcomes, (meal, day)
                day += timedelta(days=1)

    @invariant()
    def what_is_overdue_did_not_happen_and_the_rest_did(self) -> None:
        if not hasattr(self, "driver"):
            return
        outcomes, now = self._outcomes(), self.driver.now.wall
        ledger = self.driver.engine.ledger
        for overdue in ledger.overdue.values():
            said = outcomes[overdue.meal_id, overdue.date]
            assert said not in (Became.FED, Became.SKIPPED)
        for meal_id, meal in ledger.meals.items():
            day = self._today()
            due = self._at(day, meal.rule.time)
            is_known = outcomes.get((meal_id, str(day)), Became.DUE) is not Became.DUE
            at_once = meal.if_missed is IfMissed.ASK and is_known
            if due + (MINUTE if at_once else meal.deadline) > now:
                day -= timedelta(days=1)
                due -= DAY
            became_so = outcomes.get((meal_id, str(day)))
            if became_so in (Became.MISSED, Became.FAILED, Became.DUE) and (
                meal.begins is not None
                and due > meal.begins
                and not self._fed_by_hand_since(due)
            ):
                assert (meal_id, "") in ledger.overdue, (meal_id, day, became_so)

    def _ask(self, event: Event) -> None:
        with suppress(Refused):
            self.driver.tell(event)

    def _write(self) -> None:
        if self.driver.commit_wanted:
            self.driver.commit()
        self.driver.writes = Writes.AT_ONCE

    def _forget_what_was_told(self) -> None:
        """It is expected anew at its new time, even if that is the old one again."""
        self._write()
        self.told = Counter(self.driver.overdue)

    def _fed_by_hand_since(self, due: float) -> bool:
        return any(
            command.meal is None
            and command.state is CommandState.SUCCEEDED
            and any(one.at > due for one in command.timeline if one.state == "sent")
            for command in self._commands()
        )

    def _outcomes(self) -> dict[tuple[str, str], Became]:
        """Return what became of each date, by the latest that was not taken back."""
        return {
            (command.meal.meal_id, command.meal.date): became(command)
            for command in sorted(self._commands(), key=lambda one: one.id)
            if command.meal is not None and command.timeline[-1].cause is not Cause.PLAN
        }

    def _today(self) -> date:
        return datetime.fromtimestamp(self.driver.now.wall, UTC).date()

    @staticmethod
    def _at(day: date, time: str) -> float:
        return datetime.fromisoformat(f"{day}T{time}+00:00").timestamp()

    def _commands(self) -> list[Command]:
        if not hasattr(self, "driver"):
            return []
        return [*self._open(), *self.driver.engine.ledger.closed.values()]

    def _open(self) -> list[Command]:
        return list(self.driver.engine.ledger.open.values())

    def _in(self, state: CommandState) -> list[Command]:
        return [one for one in self._commands() if one.state is state]


def test_in_every_story_people_have_of_a_plan_what_they_want() -> None:
    run_state_machine_as_test(Stories, settings=TOLD)
