"""Guards: how much an animal was given, and what is therefore refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.effects import Enqueued
from custom_components.mqtt_dispatch.engine.model.events import Enqueue, Refused
from custom_components.mqtt_dispatch.engine.orders.guards import portions_today
from tests.engine.driver import DAY, HOUR, MINUTE, NODES, Driver, a_station


def today(driver: Driver) -> int:
    return portions_today(driver.engine.ledger, driver.now.wall, driver.station.zone)


def eat(driver: Driver, portions: int = 1) -> int:
    feed = driver.feed(portions)
    driver.accept(feed)
    driver.done(feed)
    assert driver.state(feed) is CommandState.SUCCEEDED
    return feed


def ready_station(**numbers: Any) -> Driver:
    driver = Driver(a_station(**numbers))
    driver.all_ready()
    return driver


def test_no_amount_is_too_much_unless_asked_for() -> None:
    driver = ready_station(feeds_per_hour=0)
    for _ in range(20):
        eat(driver, 50)

    assert today(driver) == 1000


def test_portions_per_day_are_a_limit() -> None:
    driver = ready_station(portions_per_day=10)
    eat(driver, 7)
    with pytest.raises(Refused) as refused:
        driver.feed(4)
    assert refused.value.code == "portions_per_day"
    assert refused.value.placeholders == {"limit": "10", "given": "7"}

    eat(driver, 3)
    assert today(driver) == 10


def test_feeds_that_wait_count_against_the_day() -> None:
    driver = Driver(a_station(portions_per_day=10))
    waiting = driver.feed(8)
    with pytest.raises(Refused, match="portions_per_day"):
        driver.feed(3)

    driver.cancel(waiting)
    driver.feed(3)


def test_an_unconfirmed_feed_counts_as_done() -> None:
    driver = ready_station(portions_per_day=10, hold=0.0)
    feed = driver.feed(8)
    driver.advance(10.0)
    assert driver.state(feed) is CommandState.UNCONFIRMED
    with pytest.raises(Refused, match="portions_per_day"):
        driver.feed(3)

    driver.resolve(feed, Outcome.FAILED)
    driver.feed(3)


def test_a_refused_or_failed_feed_does_not_count() -> None:
    driver = ready_station()
    refused = driver.feed(5)
    driver.reject(refused, "1")
    driver.reject(refused, "2")
    failed = driver.feed(6)
    driver.fail(failed, "1")
    driver.fail(failed, "2")

    assert today(driver) == 0


def test_a_feed_that_one_node_gave_counts() -> None:
    driver = ready_station()
    feed = driver.feed(5)
    driver.done(feed, "1")
    driver.fail(feed, "2", "jam")

    assert driver.state(feed) is CommandState.FAILED
    assert today(driver) == 5
    assert driver.engine.ledger.feeds.last_fed() is None


def test_a_feed_that_did_not_leave_does_not_count(kitchen: Driver) -> None:
    feed = kitchen.feed(5)
    assert today(kitchen) == 5
    kitchen.reporting = ()
    kitchen.not_published(feed, "1")
    kitchen.not_published(feed, "2")

    assert today(kitchen) == 0


def test_a_feed_still_counts_when_its_node_is_removed_in_doubt(kitchen: Driver) -> None:
    feed = kitchen.feed(5)
    kitchen.crash(station=a_station(nodes=("1",)))
    kitchen.advance(10.0)

    assert kitchen.state(feed) is CommandState.UNCONFIRMED
    assert today(kitchen) == 5


def test_a_day_is_the_owners_day() -> None:
    station = replace(a_station(), zone=ZoneInfo("Pacific/Auckland"))
    driver = Driver(station)
    driver.all_ready()
    eat(driver, 4)
    driver.reporting = ()

    driver.advance(DAY - 10 * MINUTE)
    assert today(driver) == 4
    driver.advance(10 * MINUTE)
    assert today(driver) == 0


def test_the_end_of_the_day_is_a_deadline_while_portions_count(kitchen: Driver) -> None:
    eat(kitchen)
    kitchen.reporting = ()
    kitchen.advance(60.0)

    assert kitchen.engine.next_deadline(kitchen.now) == 12 * HOUR - 60.5


def test_the_minimum_gap_is_counted_from_the_last_feed() -> None:
    driver = ready_station(minimum_gap=10 * MINUTE)
    eat(driver)
    driver.advance(4 * MINUTE)
    with pytest.raises(Refused) as refused:
        driver.feed()
    assert refused.value.code == "minimum_gap"
    assert refused.value.placeholders == {"minutes": "6.0"}

    driver.advance(6 * MINUTE)
    eat(driver)


def test_a_feed_that_waits_closes_the_gap() -> None:
    driver = Driver(a_station(minimum_gap=10 * MINUTE))
    waiting = driver.feed()
    driver.advance(30 * MINUTE)
    with pytest.raises(Refused, match="minimum_gap"):
        driver.feed()

    driver.cancel(waiting)
    driver.feed()


# What is ordered for later


def for_later(driver: Driver, after: float, portions: int = 1) -> int:
    return driver.feed(portions, at=driver.now.wall + after, expires_in=DAY)


def meal(driver: Driver) -> int:
    wish = Enqueue(kind="feed", params={}, nodes=NODES, cause=Cause.MEAL)
    (effect,) = (each for each in driver.tell(wish) if isinstance(each, Enqueued))
    return effect.command_id


def test_a_feed_for_later_counts_on_its_day() -> None:
    driver = ready_station(portions_per_day=10)
    for_later(driver, DAY, 8)
    for_later(driver, HOUR, 4)
    with pytest.raises(Refused, match="portions_per_day") as refused:
        for_later(driver, DAY - HOUR, 3)
    assert refused.value.placeholders["given"] == "8"
    with pytest.raises(Refused, match="portions_per_day") as refused:
        driver.feed(7)
    assert refused.value.placeholders["given"] == "4"

    eat(driver, 6)
    for_later(driver, DAY + HOUR, 2)


def test_what_was_given_today_does_not_count_tomorrow() -> None:
    driver = ready_station(portions_per_day=10)
    eat(driver, 10)

    for_later(driver, DAY, 10)


def test_what_waits_since_yesterday_counts_today() -> None:
    driver = Driver(a_station(portions_per_day=10))
    for_later(driver, 11 * HOUR, 8)
    driver.advance(13 * HOUR)

    with pytest.raises(Refused, match="portions_per_day"):
        driver.feed(3)


def test_a_feed_for_tomorrow_leaves_the_gap_of_today_alone() -> None:
    driver = ready_station(minimum_gap=HOUR)
    for_later(driver, DAY)

    eat(driver)


@pytest.mark.parametrize("after", [5 * HOUR + 30 * MINUTE, 6 * HOUR + 30 * MINUTE])
def test_two_feeds_for_later_are_as_far_apart_as_any(after: float) -> None:
    driver = ready_station(minimum_gap=HOUR)
    for_later(driver, 6 * HOUR)
    with pytest.raises(Refused, match="minimum_gap_planned") as refused:
        for_later(driver, after)
    assert refused.value.placeholders == {"minutes": "60.0"}

    for_later(driver, 7 * HOUR)


def test_nothing_is_fed_shortly_before_what_is_for_later() -> None:
    driver = ready_station(minimum_gap=HOUR)
    for_later(driver, 30 * MINUTE)

    with pytest.raises(Refused, match="minimum_gap_planned"):
        driver.feed()


def test_a_feed_for_soon_keeps_away_from_what_was_fed() -> None:
    driver = ready_station(minimum_gap=HOUR)
    eat(driver)
    driver.advance(10 * MINUTE)
    with pytest.raises(Refused, match="minimum_gap") as refused:
        for_later(driver, 30 * MINUTE)
    assert refused.value.placeholders == {"minutes": "50.0"}

    for_later(driver, 50 * MINUTE)


def test_a_meal_in_between_goes_before_what_was_for_later() -> None:
    driver = ready_station(minimum_gap=HOUR)
    later = for_later(driver, 30 * MINUTE)
    fed = meal(driver)
    driver.done(fed)
    assert driver.state(fed) is CommandState.SUCCEEDED
    driver.advance(30 * MINUTE)

    assert driver.state(later) is CommandState.CANCELLED
    assert driver.causes(later)[-1] is Cause.GUARD
    assert driver.times_published(later, "1") == 0


def test_of_two_whose_time_came_while_nobody_was_there_one_is_fed() -> None:
    driver = ready_station(minimum_gap=HOUR)
    feeds = [for_later(driver, HOUR), for_later(driver, 2 * HOUR)]
    driver.crash(away=2 * HOUR)
    driver.all_ready()

    states = [driver.state(feed) for feed in feeds]
    assert states.count(CommandState.SENT) == 1


def test_what_may_have_been_fed_is_not_ended_by_its_own_gap() -> None:
    driver = ready_station(minimum_gap=HOUR)
    later = for_later(driver, MINUTE)
    driver.advance(3 * MINUTE)
    driver.disconnect()
    driver.resolve(later, Outcome.RESEND)
    driver.crash()
    driver.all_ready()

    assert driver.state(later) is CommandState.SENT


def test_guards_are_for_feeds_only() -> None:
    driver = ready_station(portions_per_day=1, minimum_gap=HOUR)
    eat(driver)

    driver.order("operate", "1")


def test_last_fed_is_when_a_feed_last_surely_succeeded(kitchen: Driver) -> None:
    assert kitchen.engine.ledger.feeds.last_fed() is None
    eat(kitchen)
    fed = kitchen.now.wall
    kitchen.advance(HOUR)
    kitchen.feed()
    kitchen.advance(10.0)

    assert kitchen.engine.ledger.feeds.last_fed() == fed


def test_portions_and_last_fed_survive_a_crash(kitchen: Driver) -> None:
    eat(kitchen, 3)
    fed = kitchen.now.wall
    kitchen.crash(away=HOUR)

    assert today(kitchen) == 3
    assert kitchen.engine.ledger.feeds.last_fed() == fed


def test_last_fed_is_kept_however_long_ago_and_the_rest_forgotten(
    kitchen: Driver,
) -> None:
    kitchen.reporting = ()
    fed = 0.0
    for _ in range(5):
        kitchen.ready()
        kitchen.advance(0.5)
        eat(kitchen)
        fed = kitchen.now.wall
        kitchen.advance(DAY)
    kitchen.advance(30 * DAY)

    assert kitchen.engine.ledger.feeds.last_fed() == fed
    assert len(kitchen.engine.snapshot().feeds) <= 3
