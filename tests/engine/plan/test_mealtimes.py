"""Meals through the engine: enqueued once, missed, late, refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.effects import MealPut
from custom_components.mqtt_dispatch.engine.model.events import (
    Event,
    PutMeal,
    Refused,
    RemoveMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import WEEKDAYS
from custom_components.mqtt_dispatch.engine.plan.meals import new_meal, new_rule
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes, a_station

QUEUED, EXPIRED = CommandState.QUEUED, CommandState.EXPIRED


def a_meal(time: str, *, meal_id: str = "", **fields: Any) -> PutMeal:
    return PutMeal(
        new_meal(
            meal_id=meal_id,
            name="Dinner",
            rule=new_rule(time=time, weekdays=fields.pop("weekdays", WEEKDAYS)),
            params={"portions": fields.pop("portions", 2)},
            **fields,
        )
    )


def put(driver: Driver, meal: Event) -> str:
    (meal_id,) = (
        effect.meal_id for effect in driver.tell(meal) if isinstance(effect, MealPut)
    )
    return meal_id


def feeds(driver: Driver) -> list[Command]:
    ledger = driver.engine.ledger
    found = [*ledger.open.values(), *ledger.closed.values()]
    return sorted(found, key=lambda command: command.id)


def test_a_meal_is_enqueued_at_its_time_and_asks_to_be_called_then() -> None:
    driver = Driver()
    put(driver, a_meal("18:00"))
    assert driver.engine.next_deadline(driver.now) == 6 * HOUR
    driver.advance(6 * HOUR - 0.5)
    assert feeds(driver) == []

    driver.advance(0.5)
    (feed,) = feeds(driver)
    assert feed.state is QUEUED
    assert feed.params == {"portions": 2}
    assert feed.nodes == ("1", "2")
    assert feed.timeline[0].cause is Cause.MEAL
    assert feed.expires_at == driver.now.wall + HOUR


def test_a_meal_is_fed_every_day_once() -> None:
    driver = Driver()
    put(driver, a_meal("18:00"))
    for day in range(1, 4):
        driver.advance(DAY)
        assert len(feeds(driver)) == day


def test_its_key_names_the_meal_and_its_local_time() -> None:
    driver = Driver(replace(a_station(), zone=ZoneInfo("Europe/Berlin")))
    meal_id = put(driver, a_meal("15:00"))
    driver.advance(HOUR)

    (feed,) = feeds(driver)
    assert feed.idempotency_key == f"meal:{meal_id}:2026-07-20T15:00"


def test_promise_2_a_crash_does_not_feed_a_meal_twice(kitchen: Driver) -> None:
    put(kitchen, a_meal("12:01"))
    kitchen.advance(MINUTE)
    (feed,) = feeds(kitchen)
    for _ in range(3):
        kitchen.crash(away=MINUTE)
        kitchen.all_ready()

    assert [command.id for command in feeds(kitchen)] == [feed.id]
    assert kitchen.times_published(feed.id, "1") == 1


def test_promise_2_a_clock_set_back_and_forth_does_not_feed_it_twice(
    kitchen: Driver,
) -> None:
    put(kitchen, a_meal("12:01"))
    kitchen.advance(MINUTE)
    for by in (-2 * HOUR, 2 * HOUR, -30 * MINUTE, 31 * MINUTE):
        kitchen.set_clock(by)
        kitchen.advance(2 * MINUTE)

    assert len(feeds(kitchen)) == 1


def test_promise_1_a_meal_whose_command_was_not_stored_comes_again_after_a_crash() -> (
    None
):
    driver = Driver()
    put(driver, a_meal("12:01"))
    driver.writes = Writes.WHEN_TOLD
    driver.advance(MINUTE)
    assert len(feeds(driver)) == 1
    driver.writes = Writes.AT_ONCE
    driver.crash(away=MINUTE)

    (feed,) = feeds(driver)
    assert feed.state is QUEUED


def test_a_meal_that_could_not_be_stored_is_stored_later() -> None:
    driver = Driver()
    put(driver, a_meal("12:01"))
    driver.writes = Writes.FAIL
    driver.advance(MINUTE)
    driver.writes = Writes.AT_ONCE
    driver.advance(30.0)

    (feed,) = feeds(driver)
    assert driver.disk.command(feed.id) == feed


@pytest.mark.parametrize(
    ("late_by", "state"), [(30 * MINUTE, QUEUED), (30 * MINUTE + 1, EXPIRED)]
)
def test_a_missed_meal_is_fed_up_to_thirty_minutes_late(
    late_by: float, state: CommandState
) -> None:
    driver = Driver()
    put(driver, a_meal("13:00"))
    driver.crash(away=HOUR + late_by)

    (feed,) = feeds(driver)
    assert feed.state is state


def test_a_missed_meal_is_recorded_and_told() -> None:
    driver = Driver()
    put(driver, a_meal("13:00"))
    driver.crash(away=2 * HOUR)

    (missed,) = feeds(driver)
    assert missed.timeline[-1].cause is Cause.MISSED
    assert driver.changes == [(missed.id, EXPIRED)]
    driver.crash(away=MINUTE)
    assert len(feeds(driver)) == 1


def test_a_late_meal_expires_when_it_would_have(kitchen: Driver) -> None:
    put(kitchen, a_meal("13:00"))
    kitchen.crash(away=HOUR + 20 * MINUTE)
    (feed,) = feeds(kitchen)
    kitchen.advance(40 * MINUTE - 1.0)
    assert kitchen.state(feed.id) is QUEUED
    kitchen.advance(1.0)

    assert kitchen.state(feed.id) is EXPIRED


def test_what_is_late_is_a_number_of_the_station() -> None:
    driver = Driver(a_station(late=HOUR))
    put(driver, a_meal("13:00"))
    driver.crash(away=2 * HOUR)

    (feed,) = feeds(driver)
    assert feed.timeline[-1].cause is not Cause.MISSED


@pytest.mark.parametrize(
    ("numbers", "cause"),
    [({"portions_per_day": 1}, Cause.GUARD), ({"max_open": 0}, Cause.QUEUE_FULL)],
)
def test_a_meal_that_may_not_be_fed_says_so(
    numbers: dict[str, Any], cause: Cause
) -> None:
    driver = Driver(a_station(**numbers))
    put(driver, a_meal("12:01"))
    driver.advance(MINUTE)

    (feed,) = feeds(driver)
    assert feed.state is CommandState.CANCELLED
    assert feed.timeline[-1].cause is cause


def test_two_meals_at_one_time_are_two_meals() -> None:
    driver = Driver()
    put(driver, a_meal("12:01", portions=1))
    put(driver, a_meal("12:01", portions=2))
    driver.advance(MINUTE)

    assert [feed.params["portions"] for feed in feeds(driver)] == [1, 2]


def test_a_removed_meal_is_not_fed() -> None:
    driver = Driver()
    meal_id = put(driver, a_meal("12:01"))
    driver.tell(RemoveMeal(meal_id))
    driver.advance(DAY)
    assert feeds(driver) == []

    with pytest.raises(Refused, match="unknown_meal"):
        driver.tell(RemoveMeal(meal_id))


def test_an_edited_meal_keeps_its_id_and_takes_its_new_time() -> None:
    driver = Driver()
    meal_id = put(driver, a_meal("12:01"))
    assert put(driver, a_meal("12:05", meal_id=meal_id)) == meal_id
    driver.advance(4 * MINUTE)
    assert feeds(driver) == []
    driver.advance(MINUTE)

    assert len(feeds(driver)) == 1


def test_meals_survive_a_crash() -> None:
    driver = Driver()
    meal_id = put(driver, a_meal("18:00", weekdays=("mon",)))
    meal = driver.engine.ledger.meals[meal_id]
    driver.crash()

    assert driver.engine.ledger.meals == {meal_id: meal}


def test_meals_follow_the_owner_to_another_zone() -> None:
    driver = Driver()
    put(driver, a_meal("18:00"))
    driver.tell(ZoneChanged(ZoneInfo("Europe/Berlin")))
    assert driver.engine.next_deadline(driver.now) == 4 * HOUR
    driver.advance(4 * HOUR)

    assert len(feeds(driver)) == 1


def test_a_new_meal_whose_time_has_passed_today_waits_for_tomorrow() -> None:
    driver = Driver()
    put(driver, a_meal("11:59"))
    driver.advance(HOUR)

    assert feeds(driver) == []
