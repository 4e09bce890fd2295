"""Any story of clocks, zones, moves and restarts: fed at most once, none lost."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
import os

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from custom_components.mqtt_dispatch.engine.model.command import Cause, Command
from custom_components.mqtt_dispatch.engine.model.events import PutMeal, ZoneChanged
from custom_components.mqtt_dispatch.engine.wall_clock import STANDS
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, a_station, policies
from tests.engine.plan.meal_samples import a_meal
from tests.engine.plan.test_meals_properties import ZONES

MEALS = st.sampled_from(["cat", "dog"])
TIMES = st.sampled_from(
    ["00:00", "00:20", "06:50", "11:58", "12:00", "12:02", "12:40", "18:00", "23:59"]
)
SPANS = st.one_of(
    st.sampled_from([0.0, 1.0, MINUTE, STANDS, HOUR, DAY]),
    st.floats(0, 3 * HOUR),
    st.floats(0, 3 * DAY),
)


STORIES = os.environ.get("ENGINE_STORIES")
TOLD = settings(
    max_examples=int(STORIES or 100),
    stateful_step_count=25,
    deadline=None,
    derandomize=STORIES is None,
    database=None,
    print_blob=True,
)


class Stories(RuleBasedStateMachine):
    """A station with two daily meals; its clock is at most 20 hours wrong for long."""

    @initialize(zone=st.sampled_from(ZONES), times=st.tuples(TIMES, TIMES))
    def begin(self, zone: object, times: tuple[str, str]) -> None:
        feed = policies(feed={"expires_in": None})
        self.driver = Driver(
            a_station(policies=feed, words={"zone": zone}, max_open=10_000)
        )
        self.ahead = 0.0
        for meal, time in zip(("cat", "dog"), times, strict=True):
            self.driver.tell(PutMeal(a_meal(time, meal_id=meal)))
        self.since = self._today()

    @rule(meal=MEALS, time=TIMES)
    def move(self, meal: str, time: str) -> None:
        self.driver.tell(PutMeal(a_meal(time, meal_id=meal)))

    @rule(meal=MEALS, after=st.sampled_from([-31, -30, -1, 0, 1, 31]))
    def move_near(self, meal: str, after: int) -> None:
        local = self._now() + timedelta(minutes=after)
        self.driver.tell(PutMeal(a_meal(f"{local:%H:%M}", meal_id=meal)))

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: object) -> None:
        self.driver.station = a_station(
            policies=self.driver.station.policies, words={"zone": zone}, max_open=10_000
        )
        self.driver.tell(ZoneChanged(self.driver.station.zone))

    @rule(span=SPANS)
    def time_passes(self, span: float) -> None:
        self.driver.advance(span)

    @rule(ahead=st.one_of(st.just(0.0), st.floats(0, 20 * HOUR)))
    def the_clock_is_set(self, ahead: float) -> None:
        self._set_clock(ahead)
        self.driver.advance(STANDS)

    @rule(
        by=st.sampled_from([-400 * DAY, -2 * DAY, -HOUR, HOUR, 23 * HOUR, 400 * DAY]),
        span=st.floats(0, STANDS - 1.0),
        meal=MEALS,
        time=st.one_of(st.none(), TIMES),
    )
    def the_clock_is_wrong_for_a_moment(
        self, by: float, span: float, meal: str, time: str | None
    ) -> None:
        before = self.ahead
        self._set_clock(before + by)
        if time is not None and not -DAY <= by < 0:
            self.driver.tell(PutMeal(a_meal(time, meal_id=meal)))
        self.driver.advance(span)
        self._set_clock(before)

    @rule(away=SPANS)
    def crash(self, away: float) -> None:
        self.driver.crash(away=away)

    @precondition(lambda self: self.driver.engine.ledger.open)
    @rule()
    def nodes_feed_what_waits(self) -> None:
        driver = self.driver
        driver.connect()
        while driver.engine.ledger.open:
            driver.ready()
            driver.advance(driver.station.settings.debounce)
            driver.done(next(iter(driver.engine.ledger.open)))
        driver.disconnect()

    @invariant()
    def no_date_is_fed_twice(self) -> None:
        if not hasattr(self, "driver"):
            return
        fed = Counter(
            self._date_of(command)
            for command in self._commands()
            if command.ever_sent or not command.state.final
        )
        assert all(times == 1 for times in fed.values()), fed

    @invariant()
    def nothing_is_told_twice(self) -> None:
        if not hasattr(self, "driver"):
            return
        told: dict[tuple[str, str], Command] = {}
        for command in sorted(self._commands(), key=lambda command: command.id):
            before = told.get(self._date_of(command))
            told[self._date_of(command)] = command
            # Who moves a meal, and moves it again, is told of each time that it had.
            assert (
                before is None
                or before.idempotency_key != command.idempotency_key
                or before.timeline[-1].cause is not Cause.MISSED
                or command.timeline[-1].cause is not Cause.MISSED
            )

    @invariant()
    def each_date_that_is_over_was_fed_or_missed(self) -> None:
        if not hasattr(self, "driver") or not self.driver.engine.clock.plausible:
            return
        dealt_with = {
            self._date_of(command)
            for command in self._commands()
            if command.timeline[-1].cause is not Cause.PLAN
        }
        day = self.since + timedelta(days=1)
        while day < self._today():
            for meal in ("cat", "dog"):
                assert (meal, str(day)) in dealt_with
            day += timedelta(days=1)

    def _set_clock(self, ahead: float) -> None:
        self.driver.set_clock(ahead - self.ahead)
        self.ahead = ahead
        self.driver.heartbeat("1")

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.driver.now.wall, self.driver.station.zone)

    def _today(self) -> date:
        return self._now().date()

    def _commands(self) -> list[Command]:
        ledger = self.driver.engine.ledger
        return [*ledger.open.values(), *ledger.closed.values()]

    def _date_of(self, command: Command) -> tuple[str, str]:
        _, meal, nominal = (command.idempotency_key or "").split(":", 2)
        return meal, nominal[:10]


def test_in_every_story_each_date_is_fed_once_or_told_as_missed() -> None:
    run_state_machine_as_test(Stories, settings=TOLD)
