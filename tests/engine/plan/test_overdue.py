"""Meals that did not happen by their deadline: said once, answered, cleared."""

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
    Cancel,
    Finish,
    PutMeal,
    Refused,
    RemoveMeal,
    SkipMeal,
    ZoneChanged,
)
from custom_components.mqtt_dispatch.engine.model.meal import IfMissed, LateAnswer
from custom_components.mqtt_dispatch.engine.orders.guards import portions_today
from custom_components.mqtt_dispatch.engine.plan.meals import new_rule
from tests.engine.driver import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
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


# Answers


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
