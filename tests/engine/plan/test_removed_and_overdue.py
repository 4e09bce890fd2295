"""What waits for a meal goes with it; what makes up for a meal that did not happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    PutMeal,
    Refused,
    RemoveMeal,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from tests.engine.driver import HOUR, MINUTE, Driver
from tests.engine.plan.meal_samples import a_meal
from tests.engine.test_wall_clock import ordered, planned


def overdue(driver: Driver) -> list[str]:
    return [meal.nominal for meal in driver.engine.ledger.overdue.values()]


class TestAMealThatIsRemoved:
    def test_takes_what_waits_with_it(self) -> None:
        driver = planned("12:30")
        driver.advance(31 * MINUTE)
        (waiting,) = driver.engine.ledger.open
        driver.tell(RemoveMeal("12:30"))

        assert driver.state(waiting) is CommandState.CANCELLED

    def test_leaves_what_was_sent(self, kitchen: Driver) -> None:
        kitchen.tell(PutMeal(a_meal("12:30", meal_id="12:30")))
        kitchen.advance(30 * MINUTE)
        (sent,) = kitchen.engine.ledger.open
        kitchen.tell(RemoveMeal("12:30"))

        assert kitchen.state(sent) is CommandState.SENT

    def test_and_is_there_as_that_could_not_be_stored_is_ordered_again(self) -> None:
        driver = planned("12:30")
        driver.advance(31 * MINUTE)
        driver.tell(RemoveMeal("12:30"))
        driver.tell(PutMeal(a_meal("12:30", meal_id="12:30")))

        assert ordered(driver) == 1 * ["2026-07-20T12:30"]


class TestWhatMakesUpForAMealThatDidNotHappen:
    def test_is_a_feed_by_hand_for_good(self, kitchen: Driver) -> None:
        kitchen.tell(PutMeal(a_meal("12:30", meal_id="12:30")))
        kitchen.disconnect()
        kitchen.advance(2 * HOUR)
        assert overdue(kitchen) == ["2026-07-20T12:30"]
        kitchen.connect()
        kitchen.all_ready()
        feed = kitchen.feed()
        kitchen.accept(feed)
        kitchen.done(feed)
        kitchen.advance(HOUR)

        assert overdue(kitchen) == []

    def test_is_no_other_meal(self, kitchen: Driver) -> None:
        for time in ("12:30", "15:00"):
            kitchen.tell(PutMeal(a_meal(time, meal_id=time)))
        kitchen.disconnect()
        kitchen.advance(2 * HOUR)
        kitchen.connect()
        kitchen.all_ready()
        kitchen.advance(HOUR + MINUTE)
        (sent,) = kitchen.engine.ledger.open
        kitchen.accept(sent)
        kitchen.done(sent)
        kitchen.advance(2 * HOUR)

        assert overdue(kitchen) == ["2026-07-20T12:30"]


def test_a_date_before_the_meal_began_cannot_be_skipped() -> None:
    driver = planned("08:00")
    with pytest.raises(Refused, match="date_is_over"):
        driver.tell(SkipMeal("08:00", date(2026, 7, 20)))


class TestADateThatIsUnderWayAtItsDeadline:
    def test_is_not_told_where_it_happens(self, kitchen: Driver) -> None:
        kitchen.tell(PutMeal(replace(a_meal("12:30", meal_id="m"), deadline=20.0)))
        kitchen.advance(30 * MINUTE)
        (sent,) = kitchen.engine.ledger.open
        kitchen.accept(sent)
        kitchen.advance(40.0)
        assert kitchen.state(sent) is CommandState.ACCEPTED
        assert overdue(kitchen) == []
        kitchen.done(sent)
        kitchen.advance(HOUR)

        assert kitchen.overdue == []

    def test_is_told_once_nobody_knows_what_became_of_it(self, kitchen: Driver) -> None:
        kitchen.tell(PutMeal(replace(a_meal("12:30", meal_id="m"), deadline=20.0)))
        kitchen.advance(30 * MINUTE)
        (sent,) = kitchen.engine.ledger.open
        kitchen.accept(sent)
        kitchen.advance(40.0)
        assert kitchen.overdue == []
        kitchen.advance(2 * MINUTE)

        assert kitchen.state(sent) is CommandState.UNCONFIRMED
        assert kitchen.overdue == ["2026-07-20T12:30"]


def test_what_waits_waits_on_if_its_meal_is_moved_to_before() -> None:
    driver = planned("12:30")
    driver.advance(31 * MINUTE)
    driver.tell(PutMeal(a_meal("08:00", meal_id="12:30")))
    driver.advance(20 * MINUTE)
    (waiting,) = driver.engine.ledger.open.values()

    assert waiting.state is CommandState.QUEUED


def test_what_waits_at_a_node_goes_to_the_one_that_its_meal_is_for_now() -> None:
    driver = Driver()
    meal = new_meal(
        meal_id="dose",
        name="",
        rule=new_rule(time="12:30"),
        params={},
        kind="dose",
        nodes=("1",),
    )
    driver.tell(PutMeal(meal))
    driver.advance(31 * MINUTE)
    driver.tell(PutMeal(replace(meal, nodes=("2",))))

    assert [one.nodes for one in driver.engine.ledger.open.values()] == [("2",)]
