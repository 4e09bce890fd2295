"""What became of each date of a meal decides: none is fed twice, none is lost."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState, Outcome
from custom_components.mqtt_dispatch.engine.model.events import (
    PutMeal,
    RemoveMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import MealDate
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes, a_station
from tests.engine.plan.meal_samples import BERLIN, a_meal, utc
from tests.engine.test_wall_clock import missed, ordered, planned

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def move(driver: Driver, time: str, meal: str = "12:30") -> None:
    driver.tell(PutMeal(a_meal(time, meal_id=meal)))


class TestAMealThatIsMoved:
    @pytest.mark.parametrize("time", ["12:40", "12:20", "18:00", "08:00"])
    def test_after_it_was_sent_is_not_fed_again(
        self, kitchen: Driver, time: str
    ) -> None:
        move(kitchen, "12:30")
        kitchen.advance(31 * MINUTE)
        move(kitchen, time)
        kitchen.advance(8 * HOUR)

        assert ordered(kitchen) == ["2026-07-20T12:30"]

    @pytest.mark.parametrize("time", ["12:10", "18:00"])
    def test_before_it_was_fed_is_fed_at_its_new_time(self, time: str) -> None:
        driver = planned("12:30")
        move(driver, time)
        driver.advance(8 * HOUR)

        assert ordered(driver) == [f"2026-07-20T{time}"]

    def test_a_little_into_the_past_is_fed_at_once(self) -> None:
        driver = planned("12:30")
        move(driver, "11:40")

        assert ordered(driver) == ["2026-07-20T11:40"]
        assert missed(driver) == []

    def test_far_into_the_past_is_missed_and_says_so(self) -> None:
        driver = planned("12:30")
        move(driver, "08:00")
        driver.advance(8 * HOUR)

        assert missed(driver) == ordered(driver) == ["2026-07-20T08:00"]

    def test_from_the_past_is_fed_after_all(self) -> None:
        driver = planned("12:30")
        move(driver, "08:00")
        move(driver, "18:00")
        driver.advance(8 * HOUR)

        assert missed(driver) == ["2026-07-20T08:00"]
        assert ordered(driver) == ["2026-07-20T08:00", "2026-07-20T18:00"]

    def test_while_it_waits_is_taken_back_and_waits_for_its_new_time(self) -> None:
        driver = planned("12:30")
        driver.advance(40 * MINUTE)
        (waiting,) = driver.engine.ledger.open
        move(driver, "14:00")
        assert driver.state(waiting) is CommandState.CANCELLED
        assert not driver.engine.ledger.open

        driver.advance(2 * HOUR)
        assert ordered(driver) == ["2026-07-20T12:30", "2026-07-20T14:00"]
        move(driver, "12:30")
        assert ordered(driver)[2:] == ["2026-07-20T12:30"]

    def test_and_moved_back_as_that_could_not_be_stored_is_fed(self) -> None:
        driver = planned("12:30")
        driver.advance(40 * MINUTE)
        move(driver, "14:00")
        move(driver, "12:30")

        (again,) = driver.engine.ledger.open.values()
        assert again.idempotency_key == "meal:12:30:2026-07-20T12:30"

    def test_that_is_in_doubt_is_not_fed_again(self, kitchen: Driver) -> None:
        move(kitchen, "12:30")
        kitchen.advance(35 * MINUTE)
        (feed,) = kitchen.engine.ledger.open
        assert kitchen.state(feed) is CommandState.UNCONFIRMED
        move(kitchen, "14:00")
        kitchen.resolve(feed, Outcome.FAILED)
        kitchen.advance(2 * HOUR)

        assert ordered(kitchen) == ["2026-07-20T12:30"]

    def test_and_lost_in_a_crash_is_fed_at_its_old_time(self) -> None:
        driver = planned("12:30")
        driver.writes = Writes.WHEN_TOLD
        move(driver, "11:40")
        driver.writes = Writes.AT_ONCE
        driver.crash(away=MINUTE)
        assert ordered(driver) == []

        driver.advance(HOUR)
        assert ordered(driver) == ["2026-07-20T12:30"]

    def test_each_day_is_fed_each_day(self) -> None:
        driver = planned("12:30")
        for day in range(4):
            driver.advance(DAY)
            move(driver, f"12:{31 + day}")

        assert [one[:10] for one in ordered(driver)] == [
            f"2026-07-{20 + day}" for day in range(4)
        ]

    def test_while_clocks_cannot_be_believed_is_fed_once_they_can(self) -> None:
        driver = planned("12:30")
        driver.set_clock(23 * HOUR)
        move(driver, "14:00")
        driver.set_clock(-23 * HOUR)
        driver.advance(3 * HOUR)

        assert ordered(driver) == ["2026-07-20T14:00"]


class TestAMealThatIsChanged:
    def test_in_what_is_fed_keeps_what_it_owes(self) -> None:
        driver = planned("12:30")
        driver.crash(away=2 * HOUR, station=a_station(late=3 * HOUR))
        meal = driver.engine.ledger.meals["12:30"]
        driver.tell(PutMeal(replace(meal, params={"portions": 5}, begins=None)))

        assert ordered(driver) == ["2026-07-20T12:30"]

    def test_in_its_days_owes_nothing_for_days_that_are_over(self) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("11:50", ["mon"], meal_id="m")))
        driver.advance(7 * DAY + MINUTE)
        driver.tell(PutMeal(a_meal("11:50", meal_id="m")))
        driver.advance(HOUR)

        assert ordered(driver) == ["2026-07-27T11:50"]

    def test_by_removing_and_putting_it_back_is_not_fed_again(
        self, kitchen: Driver
    ) -> None:
        move(kitchen, "12:30")
        kitchen.advance(HOUR)
        meal = kitchen.engine.ledger.meals["12:30"]
        kitchen.tell(RemoveMeal("12:30"))
        kitchen.tell(PutMeal(replace(meal, rule=replace(meal.rule, time="14:00"))))
        kitchen.advance(2 * HOUR)

        assert len(ordered(kitchen)) == 1

    def test_by_removing_and_putting_it_back_while_it_waits_is_fed_once(self) -> None:
        driver = planned("12:30")
        driver.advance(HOUR)
        meal = driver.engine.ledger.meals["12:30"]
        driver.tell(RemoveMeal("12:30"))
        driver.tell(PutMeal(replace(meal, rule=replace(meal.rule, time="14:00"))))
        driver.advance(90 * MINUTE)

        (left,) = driver.engine.ledger.open.values()
        assert left.meal == MealDate("12:30", "2026-07-20T14:00")


class TestAZoneThatChanges:
    def test_to_the_west_feeds_what_comes_there(self) -> None:
        driver = planned("05:02")
        driver.tell(ZoneChanged(LOS_ANGELES))
        driver.advance(5 * MINUTE)

        assert ordered(driver) == ["2026-07-20T05:02"]

    def test_to_the_west_feeds_nothing_that_was_fed_today(self) -> None:
        driver = planned("12:30")
        driver.advance(HOUR)
        driver.tell(ZoneChanged(LOS_ANGELES))
        driver.advance(12 * HOUR)

        assert ordered(driver) == ["2026-07-20T12:30"]

    def test_to_the_west_owes_nothing_for_the_day_on_which_a_meal_was_put(self) -> None:
        driver = planned("11:00")
        driver.advance(DAY - HOUR)
        driver.cancel(*driver.engine.ledger.open)
        driver.tell(ZoneChanged(LOS_ANGELES))
        driver.advance(DAY + 8 * HOUR)

        assert ordered(driver) == ["2026-07-21T11:00", "2026-07-22T11:00"]

    @pytest.mark.parametrize(("time", "lost"), [("13:50", 0), ("13:00", 1)])
    def test_to_the_east_feeds_or_misses_what_it_puts_into_the_past(
        self, time: str, lost: int
    ) -> None:
        driver = planned(time)
        driver.tell(ZoneChanged(BERLIN))

        assert ordered(driver) == [f"2026-07-20T{time}"]
        assert len(missed(driver)) == lost

    def test_there_and_back_misses_it_once(self) -> None:
        driver = planned("13:00")
        for _ in range(3):
            driver.tell(ZoneChanged(BERLIN))
            driver.tell(ZoneChanged(LOS_ANGELES))
        driver.advance(10 * HOUR)

        assert missed(driver) == ["2026-07-20T13:00"]
        assert ordered(driver) == ["2026-07-20T13:00"] * 2


class TestMealsThatFallDueTogether:
    @pytest.mark.parametrize("times", [("02:10", "02:40"), ("02:40", "02:10")])
    def test_in_the_hour_that_is_skipped_go_in_the_order_of_their_times(
        self, times: tuple[str, str]
    ) -> None:
        station = replace(a_station(), zone=BERLIN)
        driver = Driver(station, wall=utc("2026-03-28T12:00"))
        for time in times:
            driver.tell(PutMeal(a_meal(time, meal_id=time)))
        driver.advance(DAY)

        assert ordered(driver) == ["2026-03-29T02:10", "2026-03-29T02:40"]

    def test_after_an_absence_go_in_the_order_of_their_times(self) -> None:
        driver = planned("14:00", "13:00", "13:50")
        driver.crash(away=2 * HOUR)

        assert ordered(driver) == [
            "2026-07-20T13:00",
            "2026-07-20T13:50",
            "2026-07-20T14:00",
        ]


def test_no_more_is_kept_than_can_come_due_again() -> None:
    driver = planned("08:00", "18:00")
    driver.advance(30 * DAY)

    assert len(driver.engine.ledger.occurrences) <= 2 * 6
    driver.crash()
    assert len(ordered(driver)) == 60
