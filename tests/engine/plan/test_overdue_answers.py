"""What a person says of a meal that did not happen by its deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    HIGHEST_ID,
    Cause,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    PutMeal,
    Refused,
    RemoveMeal,
    SkipMeal,
)
from custom_components.mqtt_dispatch.engine.model.meal import LateAnswer
from custom_components.mqtt_dispatch.engine.orders.guards import portions_today
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from tests.engine.driver import (
    DAY,
    HOUR,
    MINUTE,
    Driver,
    Writes,
    a_station,
    policies,
)
from tests.engine.plan.planned import all_of, answer, overdue, put

TODAY, TOMORROW = "2026-07-20T13:00", "2026-07-21T13:00"
DEADLINE = HOUR + 30 * MINUTE
"""Seconds from noon to that of a meal at 13:00."""
FEED_NOW, HAPPENED, LEAVE = LateAnswer.FEED_NOW, LateAnswer.HAPPENED, LateAnswer.LEAVE


@pytest.fixture
def missed(kitchen: Driver) -> tuple[Driver, str]:
    """A station that was off when its meal was due, and the meal."""
    meal = put(kitchen)
    kitchen.crash(away=3 * HOUR)
    assert overdue(kitchen) == [TODAY]
    return kitchen, meal


def test_who_leaves_it_is_not_asked_again(missed: tuple[Driver, str]) -> None:
    driver, meal = missed
    answer(driver, meal, LEAVE)
    driver.crash(away=MINUTE)
    driver.advance(HOUR)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [])
    assert len(all_of(driver, meal)) == 1


def test_that_it_happened_is_kept_as_fed(missed: tuple[Driver, str]) -> None:
    driver, meal = missed
    answer(driver, meal, HAPPENED)
    told = all_of(driver, meal)[-1]
    assert told.state is CommandState.SUCCEEDED
    assert told.timeline[-1].cause is Cause.PERSON
    assert told.timeline[-1].detail == "Ann"
    driver.crash(away=MINUTE)
    assert driver.engine.ledger.overdue == {}
    driver.all_ready()
    driver.advance(MINUTE)
    assert driver.published == []


def test_what_is_fed_now_is_fed_once_however_often_it_is_asked_for(
    missed: tuple[Driver, str],
) -> None:
    driver, meal = missed
    answer(driver, meal, FEED_NOW)
    with pytest.raises(Refused, match="not_overdue"):
        answer(driver, meal, FEED_NOW)
    driver.crash(away=MINUTE)
    driver.all_ready()
    driver.advance(MINUTE)
    again = all_of(driver, meal)[-1]
    assert driver.times_published(again.id, "1") == 1
    driver.done(again.id)
    assert driver.engine.ledger.overdue == {}
    driver.advance(HOUR)
    assert (driver.overdue, len(all_of(driver, meal))) == ([TODAY], 2)


def test_one_that_was_tried_again_and_not_fed_is_asked_again(
    missed: tuple[Driver, str],
) -> None:
    driver, meal = missed
    answer(driver, meal, FEED_NOW)
    assert overdue(driver) == []
    driver.advance(HOUR)
    assert (overdue(driver), driver.overdue) == ([TODAY], [TODAY])
    answer(driver, meal, FEED_NOW)
    assert len(all_of(driver, meal)) == 3


def test_an_answer_to_another_date_is_refused(missed: tuple[Driver, str]) -> None:
    driver, meal = missed
    with pytest.raises(Refused, match="not_overdue"):
        answer(driver, meal, FEED_NOW, TOMORROW)


@pytest.fixture
def waits() -> tuple[Driver, str]:
    """A station whose nodes are away, with a meal that waits, overdue."""
    driver = Driver()
    meal = put(driver)
    driver.advance(DEADLINE)
    return driver, meal


def test_what_waits_goes_on_waiting_as_if_it_were_ordered_now(
    waits: tuple[Driver, str],
) -> None:
    driver, meal = waits
    answer(driver, meal, FEED_NOW)
    driver.advance(HOUR - 1)
    driver.all_ready()
    driver.advance(1)
    (feed,) = all_of(driver, meal)
    assert driver.times_published(feed.id, "1") == 1


def test_what_waits_is_withdrawn_if_it_happened(waits: tuple[Driver, str]) -> None:
    driver, meal = waits
    answer(driver, meal, HAPPENED)
    withdrawn, told = all_of(driver, meal)
    assert withdrawn.state is CommandState.CANCELLED
    assert told.state is CommandState.SUCCEEDED
    driver.all_ready()
    driver.advance(MINUTE)
    assert driver.published == []


@pytest.mark.parametrize("said", [FEED_NOW, HAPPENED])
def test_what_is_under_way_is_left_to_its_nodes(said: LateAnswer) -> None:
    driver = Driver()
    meal = put(driver, deadline=5.0)
    driver.advance(HOUR + 6)
    driver.all_ready()
    (feed,) = all_of(driver, meal)
    assert feed.state is CommandState.SENT
    with pytest.raises(Refused, match="under_way"):
        answer(driver, meal, said)
    driver.done(feed.id)
    assert driver.engine.ledger.overdue == {}


@pytest.mark.parametrize("said", [FEED_NOW, HAPPENED])
def test_an_answer_settles_what_is_in_doubt(kitchen: Driver, said: LateAnswer) -> None:
    meal = put(kitchen)
    kitchen.advance(DEADLINE)
    (feed,) = all_of(kitchen, meal)
    assert feed.state is CommandState.UNCONFIRMED
    answer(kitchen, meal, said)
    kitchen.advance(MINUTE)
    assert [command.id for command in all_of(kitchen, meal)] == [feed.id]
    assert kitchen.times_published(feed.id, "1") == (2 if said is FEED_NOW else 1)
    settled = kitchen.state(feed.id) is CommandState.SUCCEEDED
    assert settled is (said is HAPPENED)


def test_what_is_to_be_sent_again_is_not_said_to_have_happened(
    kitchen: Driver,
) -> None:
    meal = put(kitchen)
    kitchen.advance(DEADLINE)
    (feed,) = all_of(kitchen, meal)
    kitchen.disconnect()
    kitchen.reporting = ()
    kitchen.resolve(feed.id, Outcome.RESEND)
    with pytest.raises(Refused, match="under_way"):
        answer(kitchen, meal, HAPPENED)
    assert kitchen.state(feed.id) is CommandState.QUEUED


@pytest.fixture
def half_done(kitchen: Driver) -> tuple[Driver, str]:
    """A station one of whose nodes fed a meal, the other failed to."""
    meal = put(kitchen)
    kitchen.advance(HOUR + MINUTE)
    (feed,) = all_of(kitchen, meal)
    kitchen.done(feed.id, "1")
    kitchen.fail(feed.id, "2")
    kitchen.advance(HOUR)
    assert overdue(kitchen) == [TODAY]
    return kitchen, meal


def test_nothing_that_was_done_is_done_again(half_done: tuple[Driver, str]) -> None:
    driver, meal = half_done
    answer(driver, meal, FEED_NOW)
    driver.advance(MINUTE)
    _, rest = all_of(driver, meal)
    assert driver.times_published(rest.id, "1") == 0
    assert driver.times_published(rest.id, "2") == 1
    driver.done(rest.id, "2")
    assert driver.engine.ledger.overdue == {}
    assert portions_today(driver.engine.ledger, driver.now.wall, ZoneInfo("UTC")) == 2


@pytest.mark.parametrize("time", ["13:00", "16:00"])
def test_the_rest_that_waits_is_no_whole_meal_again(
    half_done: tuple[Driver, str], time: str
) -> None:
    driver, meal = half_done
    driver.disconnect()
    driver.reporting = ()
    answer(driver, meal, FEED_NOW)
    with pytest.raises(Refused, match="date_is_over"):
        driver.tell(SkipMeal(meal, date(2026, 7, 20)))
    put(driver, time, meal_id=meal, portions=3)
    driver.all_ready()
    driver.advance(3 * HOUR)
    feed, rest = all_of(driver, meal)
    assert [driver.times_published(one.id, "1") for one in (feed, rest)] == [1, 0]


def test_the_rest_that_happened_is_counted_once(half_done: tuple[Driver, str]) -> None:
    driver, meal = half_done
    answer(driver, meal, HAPPENED)
    assert driver.engine.ledger.overdue == {}
    assert portions_today(driver.engine.ledger, driver.now.wall, ZoneInfo("UTC")) == 2


# Answers that could not be stored


@pytest.mark.parametrize("said", [FEED_NOW, HAPPENED, LEAVE])
def test_an_answer_that_could_not_be_stored_changed_nothing(
    missed: tuple[Driver, str], said: LateAnswer
) -> None:
    driver, meal = missed
    before = [command.id for command in all_of(driver, meal)]
    driver.writes = Writes.FAIL
    answer(driver, meal, said)
    driver.writes = Writes.AT_ONCE
    driver.advance(HOUR)
    assert [command.id for command in all_of(driver, meal)] == before
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])


@pytest.mark.parametrize("said", [FEED_NOW, HAPPENED, LEAVE])
def test_what_waits_waits_on_if_an_answer_could_not_be_stored(
    waits: tuple[Driver, str], said: LateAnswer
) -> None:
    driver, meal = waits
    (before,) = all_of(driver, meal)
    driver.writes = Writes.FAIL
    answer(driver, meal, said)
    driver.writes = Writes.AT_ONCE
    driver.advance(MINUTE)
    assert (driver.overdue, overdue(driver)) == ([TODAY], [TODAY])
    waiting = all_of(driver, meal)[-1]
    assert waiting.state is CommandState.QUEUED
    assert waiting.expires_at == before.expires_at
    driver.all_ready()
    driver.advance(MINUTE)
    driver.done(waiting.id)
    assert overdue(driver) == []
    assert driver.published == [(waiting.id, "1"), (waiting.id, "2")]


def test_what_never_expires_waits_on_as_it_did() -> None:
    driver = Driver(a_station(policies=policies(feed={"expires_in": None})))
    meal = put(driver)
    driver.advance(DEADLINE)
    answer(driver, meal, FEED_NOW)
    (feed,) = all_of(driver, meal)
    assert (feed.state, feed.expires_at) == (CommandState.QUEUED, None)


@pytest.mark.parametrize("said", [FEED_NOW, HAPPENED])
@pytest.mark.parametrize("moves", [True, False])
def test_nothing_is_done_for_a_date_that_the_plan_has_no_more_as_it_was(
    *, missed: tuple[Driver, str], said: LateAnswer, moves: bool
) -> None:
    """While the clock is not believed, what is overdue stays as it was known."""
    driver, meal = missed
    planned = driver.engine.ledger.meals[meal]
    driver.set_clock(-2 * DAY)
    driver.heartbeat()
    if moves:
        driver.tell(PutMeal(replace(planned, rule=new_rule(time="20:00"))))
    else:
        driver.tell(RemoveMeal(meal))
    assert overdue(driver) == [TODAY]
    with pytest.raises(Refused, match="not_overdue"):
        answer(driver, meal, said)


def test_that_it_happened_is_taken_though_no_id_is_left_to_keep_it_by(
    missed: tuple[Driver, str],
) -> None:
    driver, meal = missed
    driver.engine.ledger.next_id = HIGHEST_ID + 1
    driver.writes = Writes.FAIL
    answer(driver, meal, HAPPENED)
    assert overdue(driver) == [TODAY]
    driver.writes = Writes.AT_ONCE
    answer(driver, meal, HAPPENED)
    assert overdue(driver) == []
