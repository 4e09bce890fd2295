"""Enough is enough: what the plan still gives today counts, and can be taken off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    Enqueue,
    PutMeal,
    Refused,
    RemoveMeal,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import Override
from custom_components.mqtt_dispatch.engine.orders.guards import planned_today
from custom_components.mqtt_dispatch.engine.plan.skipping import with_override
from tests.engine.driver import DAY, HOUR, MINUTE, NODES, Driver, Writes, a_station
from tests.engine.plan.meal_samples import a_meal

TODAY, TOMORROW = "2026-07-20", "2026-07-21"


def a_day(*times: str, limit: int | None = 6) -> Driver:
    """Return a station at noon that is ready, with meals of two portions."""
    driver = Driver(a_station(portions_per_day=limit))
    for time in times:
        driver.tell(PutMeal(a_meal(time, meal_id=time)))
    driver.all_ready()
    return driver


def still_planned(driver: Driver) -> int:
    return planned_today(driver.engine.ledger, driver.station, driver.now.wall)


def on(driver: Driver, meal_id: str, day: str) -> Override | None:
    return driver.engine.ledger.meals[meal_id].overrides.get(day)


def eat(driver: Driver, command_id: int) -> None:
    driver.accept(command_id)
    driver.done(command_id)


class TestWhatThePlanStillGivesToday:
    def test_is_left_room_for_by_who_feeds_beside_it(self) -> None:
        driver = a_day("14:00", "18:00")
        with pytest.raises(Refused) as refused:
            driver.feed(3)

        assert refused.value.code == "portions_planned"
        assert refused.value.placeholders == {
            "limit": "6",
            "given": "0",
            "planned": "4",
        }
        driver.feed(2)

    def test_is_no_more_than_what_is_still_to_come(self) -> None:
        driver = a_day("08:00", "14:00", "18:00")
        assert still_planned(driver) == 4
        driver.tell(SkipMeal("18:00"))
        assert still_planned(driver) == 2
        driver.advance(2 * HOUR + MINUTE)
        assert still_planned(driver) == 0

    def test_does_not_keep_the_plan_itself_from_feeding(self) -> None:
        driver = a_day("14:00", "18:00", limit=4)
        driver.advance(7 * HOUR)

        assert len(driver.engine.ledger.open) == 2

    def test_does_not_count_tomorrow(self) -> None:
        driver = a_day("08:00", limit=2)
        assert driver.command(driver.feed(2)).state is CommandState.SENT


class TestAFeedThatIsTakenOffTheNextMeal:
    def test_leaves_it_what_is_left(self) -> None:
        driver = a_day("14:00", "18:00", limit=4)
        eat(driver, driver.feed(1, off_next_meal=True))
        driver.advance(2 * HOUR)

        (meal,) = driver.engine.ledger.open.values()
        assert meal.params == {"portions": 1}
        assert still_planned(driver) == 2

    @pytest.mark.parametrize("portions", [2, 5])
    def test_has_it_skipped_where_nothing_is_left(self, portions: int) -> None:
        driver = a_day("14:00", limit=None)
        feed = driver.feed(portions, off_next_meal=True)
        eat(driver, feed)
        driver.advance(3 * HOUR)

        assert not driver.engine.ledger.open
        assert [*driver.engine.ledger.closed] == [feed, feed + 1]
        assert driver.state(feed + 1) is CommandState.CANCELLED

    def test_may_be_one_of_tomorrow_for_which_there_is_no_room_today(self) -> None:
        driver = a_day("08:00", "14:00", limit=4)
        driver.advance(3 * HOUR)
        with pytest.raises(Refused, match="portions_per_day"):
            driver.feed(3, off_next_meal=True)
        driver.feed(1, off_next_meal=True)

        assert on(driver, "08:00", TOMORROW) == Override(params={"portions": 1})

    def test_is_taken_off_once_however_often_it_is_asked_for(self) -> None:
        driver = a_day("14:00", limit=None)
        for _ in range(2):
            driver.feed(1, off_next_meal=True, idempotency_key="a tap")

        assert on(driver, "14:00", TODAY) == Override(params={"portions": 1})

    def test_is_refused_where_no_meal_is_planned(self) -> None:
        with pytest.raises(Refused, match="no_next_meal"):
            a_day().feed(1, off_next_meal=True)

    def test_changes_nothing_where_a_guard_refuses_it(self) -> None:
        driver = a_day("14:00", limit=2)
        with pytest.raises(Refused, match="portions_per_day"):
            driver.feed(3, off_next_meal=True)

        assert on(driver, "14:00", TODAY) is None

    @pytest.mark.parametrize("portions", [1, 2])
    def test_is_given_back_when_it_is_withdrawn(self, portions: int) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("14:00", meal_id="14:00")))
        driver.cancel(driver.feed(portions, off_next_meal=True))

        assert on(driver, "14:00", TODAY) is None

    def test_is_given_back_when_it_expires_over_a_crash(self) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("18:00", meal_id="18:00")))
        driver.feed(1, off_next_meal=True)
        driver.crash()
        driver.advance(2 * HOUR)

        assert on(driver, "18:00", TODAY) is None

    def test_is_given_back_when_it_could_not_be_stored(self) -> None:
        driver = a_day("14:00", limit=None)
        driver.writes = Writes.FAIL
        driver.feed(1, off_next_meal=True)

        assert on(driver, "14:00", TODAY) is None
        assert not driver.engine.ledger.open

    def test_stays_taken_off_while_nobody_knows_what_became_of_it(self) -> None:
        driver = a_day("18:00", limit=None)
        feed = driver.feed(1, off_next_meal=True)
        driver.advance(HOUR)

        assert driver.state(feed) is CommandState.UNCONFIRMED
        assert on(driver, "18:00", TODAY) == Override(params={"portions": 1})

    def test_is_not_given_back_to_a_date_that_is_over(self) -> None:
        driver = Driver(a_station(nodes=("1",)))
        driver.tell(PutMeal(a_meal("12:10", meal_id="12:10")))
        driver.feed(1, off_next_meal=True)
        driver.advance(2 * DAY)

        assert on(driver, "12:10", TODAY) == Override(params={"portions": 1})

    def test_of_a_meal_that_is_gone_is_nobodys(self) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("14:00", meal_id="14:00")))
        feed = driver.feed(1, off_next_meal=True)
        driver.tell(RemoveMeal("14:00"))
        driver.cancel(feed)

        assert not driver.engine.ledger.meals


class TestWhatIsGivenBack:
    def test_is_fed_late_where_the_meal_was_left_out_for_what_never_came(self) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("12:40", meal_id="12:40")))
        driver.feed(2, off_next_meal=True)
        driver.advance(HOUR)

        (meal,) = driver.engine.ledger.open.values()
        assert meal.params == {"portions": 2}

    def test_is_missed_and_told_where_it_is_too_late_for_that(self) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("12:10", meal_id="12:10")))
        driver.feed(2, off_next_meal=True)
        driver.advance(HOUR + MINUTE)

        assert driver.overdue == [f"{TODAY}T12:10"]

    def test_leaves_a_skip_of_a_person_alone(self) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("18:00", meal_id="18:00")))
        feed = driver.feed(1, off_next_meal=True)
        driver.tell(SkipMeal("18:00"))
        driver.cancel(feed)

        assert on(driver, "18:00", TODAY) == Override(skipped=True)

    def test_leaves_an_amount_of_a_person_alone(self) -> None:
        driver = Driver()
        driver.tell(PutMeal(a_meal("18:00", meal_id="18:00")))
        feed = driver.feed(1, off_next_meal=True)
        meal = driver.engine.ledger.meals["18:00"]
        driver.tell(PutMeal(with_override(meal, TODAY, params={"portions": 3})))
        driver.cancel(feed)

        assert on(driver, "18:00", TODAY) == Override(params={"portions": 3})

    @pytest.mark.parametrize("first", [0, 1])
    def test_is_what_no_other_feed_takes_off(self, first: int) -> None:
        driver = Driver()
        meal = replace(a_meal("18:00", meal_id="18:00"), params={"portions": 3})
        driver.tell(PutMeal(meal))
        feeds = [driver.feed(n, off_next_meal=True) for n in (1, 2)]
        assert (found := on(driver, "18:00", TODAY)) is not None
        assert found.skipped
        driver.cancel(feeds[first])
        left = {"portions": 1 if first == 0 else 2}
        assert on(driver, "18:00", TODAY) == Override(params=left)

        driver.cancel(feeds[1 - first])
        assert on(driver, "18:00", TODAY) is None


class TestARefusalForWhatThePlanStillGives:
    def test_offers_to_take_it_off_the_next_meal_where_that_helps(self) -> None:
        driver = a_day("14:00", "18:00")
        with pytest.raises(Refused) as refused:
            driver.feed(3)
        assert "off_next_meal" not in refused.value.placeholders
        driver.feed(3, off_next_meal=True)

    @pytest.mark.parametrize("off_next_meal", [True, False])
    def test_says_that_it_does_not_help(self, off_next_meal: bool) -> None:
        driver = a_day("14:00", "18:00", limit=5)
        with pytest.raises(Refused, match="portions_planned") as refused:
            driver.feed(4, off_next_meal=off_next_meal)
        assert refused.value.placeholders["off_next_meal"] == "not_enough"
        with pytest.raises(Refused, match="portions_planned") as refused:
            driver.engine.wishes.check(an_order(4, off_next_meal), driver.now)
        assert refused.value.placeholders["off_next_meal"] == "not_enough"

    def test_says_so_where_the_next_meal_is_on_another_day(self) -> None:
        driver = a_day("14:00", limit=2)
        with pytest.raises(Refused, match="portions_planned") as refused:
            driver.feed(1, at=driver.now.wall + 4 * HOUR)
        assert refused.value.placeholders["off_next_meal"] == "not_enough"


def an_order(portions: int, off_next_meal: bool) -> Enqueue:
    return Enqueue(
        kind="feed",
        params={"portions": portions},
        nodes=NODES,
        cause=Cause.ACTION,
        off_next_meal=off_next_meal,
    )


def test_what_is_for_a_later_day_leaves_room_for_a_meal_at_its_very_beginning() -> None:
    driver = a_day("00:00", limit=2)
    with pytest.raises(Refused, match="portions_planned"):
        driver.feed(1, at=driver.now.wall + 22 * HOUR)
