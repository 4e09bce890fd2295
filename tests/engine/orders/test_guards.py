"""Guards: how much an animal was given, and what is therefore refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState, Outcome
from custom_components.mqtt_dispatch.engine.model.events import Refused
from custom_components.mqtt_dispatch.engine.orders.guards import portions_today
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, a_station


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
