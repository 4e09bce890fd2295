"""A pause has an end, which no wrong clock brings and no restart forgets."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.events import Dispatching
from custom_components.mqtt_dispatch.engine.model.pause import Pause
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.view import StationStatus, view
from custom_components.mqtt_dispatch.engine.wall_clock import STANDS
from tests.engine.driver import DAY, HOUR, MINUTE, NOON, Driver, Writes


def pause_for(driver: Driver, seconds: float, reason: str = "") -> None:
    driver.tell(Dispatching(enabled=False, lasts=seconds, reason=reason))


def pause_until(driver: Driver, moment: float) -> None:
    driver.tell(Dispatching(enabled=False, until=moment))


def is_paused(driver: Driver) -> bool:
    seen = view(driver.engine, driver.now)
    assert (seen.status is StationStatus.PAUSED) is (seen.pause is not None)
    return seen.pause is not None


def check_it_ends_in(driver: Driver, seconds: float) -> None:
    """Check that a station pauses for so long, and sends what waits then."""
    driver.reporting = driver.station.nodes
    published = len(driver.published)
    feed = driver.feed()
    driver.advance(seconds - 1.0)
    assert is_paused(driver)
    assert driver.whys(feed)[0] is Why.PAUSED
    assert len(driver.published) == published

    driver.advance(1.0)
    assert not is_paused(driver)
    assert driver.published[published:] == [(feed, "1"), (feed, "2")]


def test_a_pause_for_some_time_ends_by_itself(kitchen: Driver) -> None:
    begin = kitchen.now.wall
    pause_for(kitchen, 10 * MINUTE, "Guests")
    assert kitchen.engine.ledger.pause == Pause(begin + 10 * MINUTE, "Guests")

    check_it_ends_in(kitchen, 10 * MINUTE)


def test_a_pause_until_a_moment_ends_by_itself(kitchen: Driver) -> None:
    pause_until(kitchen, kitchen.now.wall + 10 * MINUTE)

    check_it_ends_in(kitchen, 10 * MINUTE)


def test_a_pause_without_an_end_does_not(kitchen: Driver) -> None:
    kitchen.pause()
    kitchen.advance(2 * HOUR)

    assert is_paused(kitchen)


def test_the_end_and_the_reason_survive_a_restart(kitchen: Driver) -> None:
    pause_for(kitchen, HOUR, "Guests")
    pause = kitchen.engine.ledger.pause
    kitchen.crash(away=20 * MINUTE)
    assert kitchen.engine.ledger.pause == pause
    kitchen.all_ready()

    check_it_ends_in(kitchen, 40 * MINUTE - 0.5)


def test_a_pause_that_ended_meanwhile_is_over_at_once(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed)
    pause_until(kitchen, kitchen.now.wall + HOUR)
    kitchen.crash(away=2 * HOUR)
    kitchen.all_ready()

    assert not is_paused(kitchen)


def test_a_pause_may_be_ended_and_another_begun_in_its_place(kitchen: Driver) -> None:
    pause_for(kitchen, 10 * MINUTE, "Guests")
    pause_for(kitchen, 20 * MINUTE)
    assert kitchen.engine.ledger.pause == Pause(kitchen.now.wall + 20 * MINUTE)
    kitchen.go_on()
    assert not is_paused(kitchen)
    kitchen.pause()
    kitchen.advance(HOUR)

    assert is_paused(kitchen), "the end of an earlier pause is none of this one"


@pytest.mark.parametrize("by", [-3 * HOUR, 3 * HOUR, -3 * DAY, 3 * DAY])
def test_a_pause_for_some_time_lasts_so_long_whatever_the_clock_says(
    kitchen: Driver, by: float
) -> None:
    pause_for(kitchen, 50 * MINUTE)
    kitchen.set_clock(by)

    check_it_ends_in(kitchen, 50 * MINUTE)


def test_the_end_that_is_shown_follows_a_clock_that_was_set(kitchen: Driver) -> None:
    pause_for(kitchen, 50 * MINUTE, "Guests")
    kitchen.set_clock(-HOUR)
    kitchen.advance(MINUTE)

    pause = kitchen.engine.ledger.pause
    assert pause == Pause(kitchen.now.wall + 49 * MINUTE, "Guests")
    assert kitchen.disk.read().pause == pause


def test_a_moment_is_not_brought_by_a_clock_that_is_wrong(kitchen: Driver) -> None:
    pause_until(kitchen, kitchen.now.wall + HOUR)
    kitchen.set_clock(2 * HOUR)
    kitchen.advance(MINUTE)
    assert is_paused(kitchen)

    kitchen.set_clock(-2 * HOUR)
    check_it_ends_in(kitchen, 59 * MINUTE)


def test_a_moment_has_come_when_a_clock_that_was_set_is_believed(
    kitchen: Driver,
) -> None:
    pause_until(kitchen, kitchen.now.wall + HOUR)
    kitchen.set_clock(2 * HOUR)
    kitchen.advance(STANDS)

    assert not is_paused(kitchen)


def test_a_restart_with_a_clock_that_is_wrong_ends_no_pause() -> None:
    driver = Driver()
    driver.all_ready()
    pause_until(driver, NOON + HOUR)
    driver.set_clock(-10 * DAY)
    driver.crash()
    driver.all_ready()
    driver.advance(HOUR)
    assert is_paused(driver)

    driver.set_clock(10 * DAY)
    driver.advance(STANDS)
    assert not is_paused(driver)


def test_a_pause_that_could_not_be_stored_never_was(kitchen: Driver) -> None:
    pause_for(kitchen, HOUR, "Guests")
    before = kitchen.engine.ledger.pause
    kitchen.writes = Writes.FAIL
    pause_for(kitchen, 2 * HOUR)
    assert kitchen.engine.ledger.pause == before
    kitchen.go_on()
    assert kitchen.engine.ledger.pause == before

    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(MINUTE)
    check_it_ends_in(kitchen, HOUR - MINUTE)


def test_a_pause_that_stands_again_lasts_as_long_whatever_the_clock_says(
    kitchen: Driver,
) -> None:
    pause_for(kitchen, HOUR)
    kitchen.writes = Writes.FAIL
    kitchen.go_on()
    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(MINUTE)
    kitchen.set_clock(-3 * HOUR)

    check_it_ends_in(kitchen, HOUR - MINUTE)


def test_a_pause_that_should_have_ended_while_it_was_put_back_is_over(
    kitchen: Driver,
) -> None:
    pause_for(kitchen, MINUTE)
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.pause()
    kitchen.advance(2 * MINUTE)
    kitchen.fail_to_commit()

    assert not is_paused(kitchen)
