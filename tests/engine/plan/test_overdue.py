"""Meals that did not happen by their deadline: said once, answered, cleared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Cancel,
    Finish,
    PutMeal,
    RemoveMeal,
    SkipMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import IfMissed, LateAnswer
from custom_components.mqtt_dispatch.engine.model.reports import Seen
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from tests.engine.driver import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Driver,
    Writes,
    a_station,
)
from tests.engine.plan.planned import all_of, answer, overdue, put

TODAY, TOMORROW = "2026-07-20T13:00", "2026-07-21T13:00"
DEADLINE = HOUR + 30 * MINUTE
"""Seconds from noon to that of a meal at 13:00."""
FEED_NOW, HAPPENED, LEAVE = LateAnswer.FEED_NOW, LateAnswer.HAPPENED, LateAnswer.LEAVE


# Raised once


def test_a_meal_that_was_fed_in_time_is_not_overdue(kitchen: Driver) -> None:
    meal = put(kitchen)
    kitchen.advance(HOUR + MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.done(feed.id)
    kitchen.advance(DAY - 2 * HOUR)
    assert kitchen.overdue == []


def test_one_that_waits_is_told_at_its_deadline_and_not_before() -> None:
    driver = Driver()
    put(driver, deadline=10 * MINUTE)
    driver.advance(HOUR + 10 * MINUTE - 1)
    assert driver.overdue == []
    driver.advance(1)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])
    driver.advance(2 * HOUR)
    assert driver.overdue == [TODAY]


@pytest.mark.parametrize("away", [DEADLINE, DEADLINE + 1, 12 * HOUR])
def test_it_is_told_by_a_start_after_the_deadline_once(away: float) -> None:
    driver = Driver()
    put(driver)
    driver.crash(away=away)
    for _ in range(3):
        driver.crash(away=MINUTE)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])


def test_it_is_told_when_it_is_on_disk_and_lost_with_what_was_not() -> None:
    driver = Driver()
    put(driver)
    driver.advance(DEADLINE - 1)
    driver.writes = Writes.WHEN_TOLD
    driver.advance(2)
    assert driver.overdue == []
    driver.crash()
    driver.commit()
    assert driver.overdue == [TODAY]


def test_of_a_meal_only_the_latest_date_is_asked_for() -> None:
    driver = Driver()
    put(driver)
    driver.crash(away=DAY + DEADLINE)
    assert (driver.overdue, overdue(driver)) == ([TOMORROW], [TOMORROW])


def test_the_next_date_replaces_one_that_nobody_answered() -> None:
    driver = Driver()
    put(driver)
    driver.advance(DEADLINE)
    driver.advance(DAY)
    assert (driver.overdue, overdue(driver)) == ([TODAY, TOMORROW], [TOMORROW])


def test_the_next_date_that_is_fed_takes_the_question_away(kitchen: Driver) -> None:
    meal = put(kitchen)
    kitchen.disconnect()
    kitchen.advance(12 * HOUR)
    assert overdue(kitchen) == [TODAY]
    kitchen.all_ready()
    kitchen.advance(13 * HOUR + 2 * MINUTE)
    kitchen.done(all_of(kitchen, meal)[-1].id)
    kitchen.advance(HOUR)
    assert (kitchen.overdue, overdue(kitchen)) == ([TODAY], [])


def test_one_that_was_left_is_not_asked_again_once_a_later_one_has_more_time(
    kitchen: Driver,
) -> None:
    meal = put(kitchen, deadline=10 * MINUTE)
    kitchen.tell(Seen(node="1", live=True, online=True, ready=False))
    kitchen.advance(2 * HOUR)
    answer(kitchen, meal, LEAVE)
    kitchen.all_ready()
    kitchen.advance(DAY - HOUR)
    kitchen.done(all_of(kitchen, meal)[-1].id)
    kitchen.advance(20 * MINUTE)
    assert (kitchen.overdue, overdue(kitchen)) == ([TODAY], [])

    planned = kitchen.engine.ledger.meals[meal]
    kitchen.tell(PutMeal(replace(planned, deadline=3 * HOUR)))
    kitchen.advance(MINUTE)

    assert kitchen.overdue == [TODAY]


@pytest.mark.parametrize("crashes", [False, True])
def test_who_says_that_a_meal_happened_is_not_asked_for_the_one_before(
    *, crashes: bool
) -> None:
    driver = Driver()
    meal = put(driver, if_missed=IfMissed.ASK)
    driver.crash(away=DAY + HOUR + 2 * MINUTE)
    assert driver.overdue == [TOMORROW]
    planned = driver.engine.ledger.meals[meal]
    driver.tell(PutMeal(replace(planned, if_missed=IfMissed.FEED_LATE, deadline=HOUR)))
    answer(driver, meal, HAPPENED, TOMORROW)

    if crashes:
        driver.crash(away=MINUTE)
    driver.advance(MINUTE)

    assert driver.overdue == [TOMORROW]


def test_a_doubt_that_is_settled_where_the_date_is_still_to_come_asks_for_nothing(
    kitchen: Driver,
) -> None:
    meal = put(kitchen, deadline=10 * MINUTE)
    kitchen.advance(HOUR + 10 * MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.fail(feed.id, "1")
    assert kitchen.overdue == [TODAY]
    kitchen.tell(ZoneChanged(ZoneInfo("America/Los_Angeles")))

    kitchen.resolve(feed.id, Outcome.FAILED)
    kitchen.advance(MINUTE)

    assert kitchen.overdue == [TODAY]


def test_one_that_failed_is_told_at_its_deadline_though_a_person_settled_it(
    kitchen: Driver,
) -> None:
    meal = put(kitchen)
    kitchen.advance(HOUR + MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.fail(feed.id, "1")

    kitchen.resolve(feed.id, Outcome.FAILED)
    kitchen.advance(MINUTE)

    assert kitchen.overdue == []
    kitchen.advance(HOUR)
    assert kitchen.overdue == [TODAY]


def test_nothing_is_asked_of_what_is_older_than_two_days() -> None:
    driver = Driver()
    put(driver, new_rule(time="13:00", weekdays=["mon"]))
    driver.crash(away=3 * DAY)
    assert (driver.overdue, overdue(driver)) == ([], [])


@pytest.mark.parametrize(
    ("if_missed", "deadline", "by"),
    [
        # A person is asked at once of what was missed.
        (IfMissed.ASK, 3 * HOUR, [TODAY]),
        (IfMissed.FEED_LATE, 3 * HOUR, []),
        (IfMissed.SKIP, 30 * MINUTE, []),
    ],
)
def test_what_is_missed_while_nothing_runs_is_asked_as_the_meal_says(
    if_missed: IfMissed, deadline: float, by: list[str]
) -> None:
    driver = Driver()
    put(driver, if_missed=if_missed, deadline=deadline)
    driver.crash(away=2 * HOUR)
    assert driver.overdue == by


def test_what_is_skipped_or_paused_for_is_never_overdue() -> None:
    driver = Driver()
    meal = put(driver)
    driver.tell(SkipMeal(meal))
    driver.advance(DAY)
    assert driver.overdue == []


# Cleared


def test_it_clears_when_it_was_fed_after_all(kitchen: Driver) -> None:
    meal = put(kitchen)
    kitchen.disconnect()
    kitchen.advance(DEADLINE)
    assert overdue(kitchen) == [TODAY]
    kitchen.all_ready()
    kitchen.advance(MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.done(feed.id)
    assert (kitchen.overdue, overdue(kitchen)) == ([TODAY], [])


def test_it_clears_when_a_person_settles_the_doubt(kitchen: Driver) -> None:
    meal = put(kitchen)
    kitchen.advance(DEADLINE)
    (feed,) = all_of(kitchen, meal)
    assert feed.state is CommandState.UNCONFIRMED
    assert overdue(kitchen) == [TODAY]
    kitchen.resolve(feed.id, Outcome.SUCCEEDED)
    assert overdue(kitchen) == []


def test_it_clears_when_what_failed_of_it_is_finished(kitchen: Driver) -> None:
    meal = put(kitchen)
    kitchen.advance(HOUR + MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.done(feed.id, "1")
    kitchen.fail(feed.id, "2")
    kitchen.advance(HOUR)
    assert overdue(kitchen) == [TODAY]

    kitchen.tell(Finish(feed.id))
    kitchen.advance(MINUTE)
    rest = all_of(kitchen, meal)[-1]
    assert rest.finishes == feed.id
    kitchen.done(rest.id, "2")
    assert overdue(kitchen) == []


def test_it_clears_when_the_animal_is_fed_by_hand(kitchen: Driver) -> None:
    put(kitchen)
    kitchen.crash(away=3 * HOUR)
    assert overdue(kitchen) == [TODAY]
    kitchen.all_ready()
    kitchen.done(kitchen.feed())
    assert overdue(kitchen) == []


def test_a_doubt_of_before_that_is_settled_later_fed_nothing_since(
    kitchen: Driver,
) -> None:
    by_hand = kitchen.feed()
    put(kitchen)
    kitchen.advance(20 * MINUTE)
    assert kitchen.state(by_hand) is CommandState.UNCONFIRMED
    kitchen.crash(away=4 * HOUR)
    assert overdue(kitchen) == [TODAY]
    kitchen.resolve(by_hand, Outcome.SUCCEEDED)
    assert overdue(kitchen) == [TODAY]


def test_another_meal_of_the_plan_does_not_make_up_for_it(kitchen: Driver) -> None:
    put(kitchen)
    snack = put(kitchen, "16:30")
    kitchen.crash(away=4 * HOUR)
    kitchen.all_ready()
    kitchen.advance(31 * MINUTE)
    (feed,) = all_of(kitchen, snack)
    kitchen.done(feed.id)
    assert overdue(kitchen) == [TODAY]


def test_who_withdraws_what_waits_wants_no_question() -> None:
    driver = Driver()
    meal = put(driver)
    driver.advance(DEADLINE)
    (feed,) = all_of(driver, meal)
    driver.tell(Cancel(feed.id))
    assert overdue(driver) == []


def test_it_goes_with_its_meal() -> None:
    driver = Driver()
    meal = put(driver)
    driver.advance(DEADLINE)
    driver.tell(RemoveMeal(meal))
    assert overdue(driver) == []


def test_a_meal_that_is_moved_to_later_is_expected_then() -> None:
    driver = Driver()
    meal = put(driver)
    driver.crash(away=3 * HOUR)
    assert overdue(driver) == [TODAY]
    put(driver, "18:00", meal_id=meal)
    assert overdue(driver) == []
    driver.advance(3 * HOUR + 30 * MINUTE)
    assert overdue(driver) == ["2026-07-20T18:00"]


def test_a_meal_that_is_moved_after_it_was_fed_is_not_expected_again(
    kitchen: Driver,
) -> None:
    meal = put(kitchen)
    kitchen.advance(HOUR + MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.done(feed.id)
    put(kitchen, "14:00", meal_id=meal)
    kitchen.advance(6 * HOUR)
    assert (kitchen.overdue, all_of(kitchen, meal)) == ([], [kitchen.command(feed.id)])


def test_a_place_where_the_time_is_still_to_come_takes_the_question_away() -> None:
    driver = Driver()
    put(driver)
    driver.crash(away=2 * HOUR)
    assert overdue(driver) == [TODAY]
    driver.tell(ZoneChanged(ZoneInfo("America/Los_Angeles")))
    assert overdue(driver) == []
    driver.crash(
        away=9 * HOUR,
        station=replace(a_station(), zone=ZoneInfo("America/Los_Angeles")),
    )
    assert driver.overdue == [TODAY, TODAY]


@pytest.mark.parametrize("in_doubt", [True, False])
@pytest.mark.parametrize("place", [True, False])
def test_one_that_came_is_expected_though_its_meal_is_changed_before_its_deadline(
    kitchen: Driver, *, in_doubt: bool, place: bool
) -> None:
    meal = put(kitchen, new_rule(time="13:00", weekdays=["mon"]))
    if not in_doubt:
        kitchen.disconnect()
    kitchen.advance(HOUR + 20 * MINUTE)
    (feed,) = all_of(kitchen, meal)
    assert feed.state.name == ("UNCONFIRMED" if in_doubt else "QUEUED")
    if place:
        kitchen.tell(ZoneChanged(kitchen.engine.station.zone))
    else:
        put(kitchen, new_rule(time="13:00", weekdays=["mon", "tue"]), meal_id=meal)
    assert kitchen.overdue == []
    kitchen.advance(10 * MINUTE)
    assert (kitchen.overdue, overdue(kitchen)) == ([TODAY], [TODAY])


def test_who_left_one_is_not_asked_again_when_the_meal_is_resumed() -> None:
    driver = Driver()
    meal = put(driver)
    driver.crash(away=DEADLINE + 3 * HOUR)
    answer(driver, meal, LEAVE)
    put(driver, meal_id=meal, enabled=False)
    put(driver, meal_id=meal)
    driver.advance(HOUR)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [])


# Changes that could not be stored


@pytest.mark.parametrize("said", [None, LEAVE])
@pytest.mark.parametrize("change", ["move", "skip"])
@pytest.mark.parametrize("fails_after", [0, 20 * MINUTE])
def test_a_change_that_could_not_be_stored_has_nothing_told_again(
    said: LateAnswer | None, change: str, fails_after: float
) -> None:
    driver = Driver()
    meal = put(driver, deadline=10 * MINUTE)
    driver.advance(HOUR + 10 * MINUTE)
    if said is not None:
        answer(driver, meal, said)
    before = overdue(driver)
    driver.writes = Writes.WHEN_TOLD
    if change == "move":
        put(driver, "13:15", meal_id=meal, deadline=10 * MINUTE)
    else:
        driver.tell(SkipMeal(meal, date(2026, 7, 20)))
    assert overdue(driver) == []
    driver.advance(fails_after)
    driver.fail_to_commit()
    driver.writes = Writes.AT_ONCE
    driver.advance(MINUTE)
    assert (driver.overdue, overdue(driver)) == ([TODAY], before)


# Clocks


@pytest.mark.parametrize("by", [-3 * HOUR, -23 * HOUR, DAY, 14 * DAY, -14 * DAY])
def test_a_clock_that_is_wrong_for_a_moment_says_nothing_again(by: float) -> None:
    driver = Driver()
    put(driver)
    driver.advance(DEADLINE)
    for each in (by, -by):
        driver.set_clock(each)
        driver.heartbeat()
        driver.advance(1)
    driver.advance(HOUR)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])


def test_a_clock_that_begins_in_1970_asks_for_nothing_until_it_is_right() -> None:
    driver = Driver()
    put(driver)
    driver.advance(HOUR - 1)
    driver.crash(away=-driver.now.wall + 100.0)
    driver.advance(HOUR)
    assert driver.overdue == []
    driver.set_clock(NOON + 3 * HOUR - driver.now.wall)
    driver.heartbeat()
    assert driver.overdue == [TODAY]


def test_one_that_waits_is_told_in_a_place_where_its_deadline_is_over_already() -> None:
    driver = Driver()
    put(driver)
    driver.advance(HOUR + 10 * MINUTE)
    driver.tell(ZoneChanged(ZoneInfo("Asia/Tokyo")))
    driver.advance(HOUR)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])


def test_one_that_was_fed_is_not_told_in_a_place_where_its_deadline_is_over(
    kitchen: Driver,
) -> None:
    meal = put(kitchen)
    kitchen.advance(HOUR + MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.tell(ZoneChanged(ZoneInfo("Asia/Tokyo")))
    kitchen.done(feed.id)
    kitchen.advance(HOUR)
    assert kitchen.overdue == []


def test_it_is_asked_however_much_has_ended_since() -> None:
    driver = Driver()
    put(driver)
    driver.crash(away=DEADLINE)
    driver.archive()
    driver.history = ()
    driver.crash(away=MINUTE)
    driver.advance(HOUR)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])
