"""What some nodes did and others did not: the rest, and nothing but the rest."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.effects import Effect, Enqueued
from custom_components.mqtt_dispatch.engine.model.events import Finish, Refused
from tests.engine.driver import HOUR, Driver, a_station


def finish(driver: Driver, command_id: int) -> int:
    effects: list[Effect] = driver.tell(Finish(command_id))
    (answer,) = (effect for effect in effects if isinstance(effect, Enqueued))
    return answer.command_id


def half_done(driver: Driver) -> int:
    """Feed; node 1 did its part, node 2 said that it could not."""
    feed = driver.feed(2)
    driver.done(feed, "1")
    driver.fail(feed, "2", "jammed")
    return feed


def test_promise_2_the_rest_goes_only_to_the_node_that_did_not_do_it(
    kitchen: Driver,
) -> None:
    feed = half_done(kitchen)
    rest = finish(kitchen, feed)

    assert kitchen.times_published(feed, "1") == 1
    assert [part for part in kitchen.published if part[0] == rest] == [(rest, "2")]
    assert kitchen.command(rest).params == {"portions": 2}
    assert kitchen.command(rest).finishes == feed


def test_promise_3_what_ended_stays_as_it_ended(kitchen: Driver) -> None:
    feed = half_done(kitchen)
    kitchen.done(finish(kitchen, feed))

    assert kitchen.state(feed) is CommandState.FAILED


def test_asked_twice_the_rest_is_ordered_once(kitchen: Driver) -> None:
    feed = half_done(kitchen)
    rest = finish(kitchen, feed)
    assert finish(kitchen, feed) == rest
    kitchen.done(rest)
    kitchen.crash()
    kitchen.all_ready()

    assert finish(kitchen, feed) == rest
    assert kitchen.times_published(rest, "2") == 1


def test_a_rest_that_failed_too_can_be_finished_by_either_id(kitchen: Driver) -> None:
    feed = half_done(kitchen)
    rest = finish(kitchen, feed)
    kitchen.fail(rest, "2", "jammed")
    again = finish(kitchen, feed)
    assert again not in (feed, rest)
    kitchen.fail(again, "2", "jammed")
    last = finish(kitchen, again)

    assert kitchen.command(last).finishes == feed
    assert kitchen.deliveries(last) == [DeliveryState.DONE, DeliveryState.SENT]


def test_a_rest_that_was_cancelled_can_be_ordered_again(kitchen: Driver) -> None:
    feed = half_done(kitchen)
    kitchen.pause()
    kitchen.cancel(finish(kitchen, feed))
    kitchen.go_on()

    assert kitchen.times_published(finish(kitchen, feed), "2") == 1


def test_what_a_person_said_did_not_happen_can_be_finished(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    kitchen.advance(10.0)
    kitchen.resolve(feed, Outcome.FAILED)

    rest = finish(kitchen, feed)
    assert [part for part in kitchen.published if part[0] == rest] == [(rest, "2")]


def test_promise_2_nothing_in_doubt_is_finished(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    kitchen.advance(10.0)

    with pytest.raises(Refused, match="in_doubt"):
        finish(kitchen, feed)
    assert kitchen.times_published(feed, "2") == 1


def test_what_has_not_ended_is_not_finished(kitchen: Driver) -> None:
    feed = kitchen.feed()

    with pytest.raises(Refused, match="not_ended"):
        finish(kitchen, feed)


def test_what_succeeded_leaves_nothing_to_finish(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed)

    with pytest.raises(Refused, match="nothing_to_finish"):
        finish(kitchen, feed)


def test_what_was_never_sent_leaves_nothing_to_finish(kitchen: Driver) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    kitchen.advance(HOUR)

    with pytest.raises(Refused, match="nothing_to_finish"):
        finish(kitchen, feed)


def test_an_unknown_command_is_not_finished(kitchen: Driver) -> None:
    with pytest.raises(Refused, match="unknown_command"):
        finish(kitchen, 99)


def test_the_rest_is_refused_for_a_node_that_was_removed(kitchen: Driver) -> None:
    feed = half_done(kitchen)
    kitchen.crash(station=a_station(nodes=("1",)))
    kitchen.all_ready()

    with pytest.raises(Refused, match="unknown_node"):
        finish(kitchen, feed)


def test_the_rest_of_a_meal_is_no_second_meal() -> None:
    driver = Driver(a_station(portions_per_day=2, minimum_gap=HOUR))
    driver.all_ready()
    rest = finish(driver, half_done(driver))
    driver.done(rest)

    assert sum(feed.portions for feed in driver.engine.ledger.feeds.values()) == 2
    assert driver.engine.ledger.feeds.last_fed() == driver.now.wall


def test_a_rest_that_waits_counts_its_portions_once() -> None:
    driver = Driver(a_station(portions_per_day=4))
    driver.all_ready()
    feed = half_done(driver)
    driver.pause()
    finish(driver, feed)

    driver.feed(2)
    with pytest.raises(Refused, match="portions_per_day"):
        driver.feed(1)


def test_a_rest_that_failed_leaves_counted_what_the_other_node_gave(
    kitchen: Driver,
) -> None:
    feed = half_done(kitchen)
    kitchen.fail(finish(kitchen, feed), "2")

    assert [one.portions for one in kitchen.engine.ledger.feeds.values()] == [2]


def test_nothing_is_counted_when_neither_the_meal_nor_its_rest_was_given(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.fail(feed, "1")
    kitchen.fail(feed, "2")
    rest = finish(kitchen, feed)
    assert kitchen.times_published(rest, "1") == 1
    assert len(kitchen.engine.ledger.feeds) == 1
    kitchen.fail(rest, "1")
    kitchen.fail(rest, "2")

    assert kitchen.engine.ledger.feeds == {}
