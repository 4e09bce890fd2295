"""Guards and orders under a clock that is set, or cannot be right."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Refused,
    TrustClock,
)
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import AsksTime
from custom_components.mqtt_dispatch.engine.wall_clock import STANDS
from tests.engine.driver import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Driver,
    Writes,
    a_station,
)

QUEUED, EXPIRED = CommandState.QUEUED, CommandState.EXPIRED
YEAR = 365 * DAY


class TestTheMinimumGap:
    """It holds whatever the clock does: nobody can set the steady one."""

    @pytest.fixture
    def fed(self) -> Driver:
        driver = Driver(a_station(minimum_gap=2 * HOUR))
        driver.all_ready()
        driver.done(driver.feed())
        return driver

    @pytest.mark.parametrize("by", [-3 * HOUR, 3 * HOUR, -3 * DAY, 3 * DAY])
    def test_is_not_passed_by_a_clock_that_is_set(self, fed: Driver, by: float) -> None:
        fed.set_clock(by)
        with pytest.raises(Refused, match="minimum_gap"):
            fed.feed()
        fed.advance(2 * HOUR - 1.0)
        with pytest.raises(Refused, match="minimum_gap"):
            fed.feed()

        fed.advance(1.0)
        fed.feed()

    def test_is_not_passed_by_a_start_with_a_clock_that_was_set_back(
        self, fed: Driver
    ) -> None:
        fed.set_clock(-3 * HOUR)
        fed.crash()
        with pytest.raises(Refused, match="minimum_gap"):
            fed.feed()

        fed.advance(2 * HOUR)
        fed.feed()

    def test_goes_by_the_wall_clock_over_a_restart(self, fed: Driver) -> None:
        fed.crash(away=HOUR)
        with pytest.raises(Refused, match="minimum_gap"):
            fed.feed()

        fed.crash(away=HOUR)
        fed.feed()


class TestPortionsADay:
    def test_are_not_forgotten_by_a_clock_that_is_set_back_a_day(self) -> None:
        driver = Driver(a_station(portions_per_day=2))
        driver.all_ready()
        driver.done(driver.feed(2))
        driver.set_clock(-DAY)

        with pytest.raises(Refused, match="portions_per_day"):
            driver.feed()


class TestTheTime:
    def test_is_told_after_a_clock_was_far_ahead(self) -> None:
        driver = Driver()
        driver.connect()
        driver.set_clock(YEAR)
        driver.heartbeat("1")
        driver.advance(STANDS)
        driver.feed()
        driver.set_clock(-YEAR)
        driver.tell(AsksTime())
        assert driver.times_told == 0

        driver.advance(STANDS)
        assert driver.times_told == 1
        driver.crash()
        driver.connect()
        driver.tell(AsksTime())
        assert driver.times_told == 2

    def test_is_told_after_a_start_when_it_was_ahead_for_a_moment(self) -> None:
        driver = Driver()
        driver.connect()
        driver.set_clock(YEAR)
        driver.feed()
        driver.set_clock(-YEAR)
        driver.crash()
        driver.connect()
        driver.tell(AsksTime())

        assert driver.times_told == 1

    def test_is_not_told_by_a_clock_that_has_just_gone_ahead(self) -> None:
        driver = Driver()
        driver.connect()
        driver.set_clock(DAY)
        driver.tell(AsksTime())
        assert driver.times_told == 0

        driver.set_clock(-DAY)
        driver.heartbeat("1")
        assert driver.times_told == 1


class TestWhatWaitsWhileTheClockIsWrong:
    """What was ordered for an hour has an hour, whatever a clock says meanwhile."""

    def test_a_clock_ahead_for_a_moment_ends_nothing(self) -> None:
        driver = Driver()
        feed = driver.feed()
        driver.set_clock(23 * HOUR)
        driver.advance(MINUTE)
        driver.set_clock(-23 * HOUR)
        driver.advance(HOUR - 2 * MINUTE)
        assert driver.state(feed) is QUEUED

        driver.advance(MINUTE)
        assert driver.state(feed) is EXPIRED

    def test_one_that_stands_is_believed(self) -> None:
        driver = Driver()
        feed = driver.feed()
        driver.set_clock(23 * HOUR)
        driver.heartbeat("1")
        driver.advance(STANDS)

        assert driver.state(feed) is EXPIRED

    def test_what_may_be_too_late_waits_until_it_is_known(self) -> None:
        """A machine that slept knows only by its wall clock that it did."""
        driver = Driver()
        feed = driver.feed()
        driver.set_clock(3 * HOUR)
        driver.all_ready()
        assert driver.published == []
        assert driver.whys(feed) == [Why.CLOCK]

        driver.set_clock(-3 * HOUR)
        driver.heartbeat("1")
        assert driver.times_published(feed, "1") == 1

    def test_so_does_what_was_about_to_leave(self) -> None:
        driver = Driver()
        driver.all_ready()
        driver.writes = Writes.WHEN_TOLD
        feed = driver.feed()
        driver.commit()
        driver.set_clock(3 * HOUR)
        driver.commit()

        assert driver.published == []
        assert driver.state(feed) is QUEUED

    def test_what_is_ordered_meanwhile_does_not(self) -> None:
        driver = Driver()
        driver.set_clock(3 * HOUR)
        driver.all_ready()
        feed = driver.feed()

        assert driver.times_published(feed, "1") == 1

    @pytest.mark.parametrize("by", [3 * HOUR, -2 * DAY, 3650 * DAY])
    def test_what_is_ordered_meanwhile_has_its_time(self, by: float) -> None:
        driver = Driver()
        driver.set_clock(by)
        feed = driver.feed()
        driver.advance(MINUTE)
        driver.set_clock(-by)
        driver.heartbeat("1")
        driver.advance(HOUR - 2 * MINUTE)
        assert driver.state(feed) is QUEUED

        driver.advance(MINUTE)
        assert driver.state(feed) is EXPIRED

    @pytest.mark.parametrize("by", [2 * DAY, 3650 * DAY])
    def test_a_key_stands_for_one_order_all_the_same(self, by: float) -> None:
        driver = Driver()
        feed = driver.feed(idempotency_key="breakfast")
        driver.set_clock(by)
        assert driver.feed(idempotency_key="breakfast") == feed

    def test_a_key_of_a_clock_that_was_ahead_is_free_after_a_day(self) -> None:
        driver = Driver()
        driver.set_clock(3650 * DAY)
        driver.heartbeat("1")
        feed = driver.feed(idempotency_key="breakfast")
        driver.set_clock(-3650 * DAY)
        driver.advance(DAY - MINUTE)
        assert driver.feed(idempotency_key="breakfast") == feed

        driver.advance(MINUTE)
        assert driver.feed(idempotency_key="breakfast") != feed

    def test_so_does_what_is_ordered_before_the_time_is_known(self) -> None:
        """A machine without a battery begins in 1970."""
        driver = Driver(wall=1000.0)
        feed = driver.feed()
        driver.advance(MINUTE)
        driver.set_clock(NOON)
        driver.heartbeat("1")
        driver.advance(HOUR - 2 * MINUTE)
        assert driver.state(feed) is QUEUED

        driver.advance(MINUTE)
        assert driver.state(feed) is EXPIRED

    def test_so_does_what_a_person_has_sent_again(self) -> None:
        driver = Driver()
        driver.all_ready()
        feed = driver.feed()
        driver.advance(10 * MINUTE)
        driver.set_clock(3 * HOUR)
        driver.pause()
        driver.resolve(feed, Outcome.RESEND)
        driver.advance(MINUTE)
        driver.set_clock(-3 * HOUR)
        driver.advance(HOUR)

        assert driver.state(feed) is CommandState.UNCONFIRMED

    def test_what_one_node_has_goes_on_to_the_other(self) -> None:
        driver = Driver()
        driver.all_ready()
        feed = driver.feed()
        driver.not_published(feed, "2")
        driver.set_clock(3 * HOUR)
        driver.advance(MINUTE)
        assert driver.delivery(feed, "2").state is DeliveryState.PENDING
        assert driver.whys(feed) == [Why.CLOCK]

        driver.set_clock(-3 * HOUR)
        driver.advance(MINUTE)
        assert driver.times_published(feed, "2") == 1

    def test_a_person_who_trusts_it_ends_what_is_too_late(self) -> None:
        driver = Driver()
        feed = driver.feed()
        driver.set_clock(23 * HOUR)
        driver.tell(TrustClock())

        assert driver.state(feed) is EXPIRED


def test_what_is_in_doubt_wakes_nobody_when_its_time_is_over(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(2 * HOUR)
    assert kitchen.state(feed) is CommandState.UNCONFIRMED
    kitchen.set_clock(by=-2 * HOUR)
    kitchen.advance(2 * HOUR)
    kitchen.set_clock(by=2 * HOUR)
    kitchen.reporting = ()
    kitchen.advance(6 * HOUR)

    assert kitchen.state(feed) is CommandState.UNCONFIRMED
