"""What is answered at once: no more and no sooner than the station may speak."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.clock import BEGINNING
from custom_components.mqtt_dispatch.engine.model.reports import AsksTime, Reply
from custom_components.mqtt_dispatch.engine.replies import BURST, PER_SECOND
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes


@pytest.fixture
def connected() -> Driver:
    driver = Driver()
    driver.connect()
    return driver


class TestAnAnswer:
    def test_goes_out_at_once(self, connected: Driver) -> None:
        connected.tell(Reply("ok"))

        assert connected.said == ["ok"]

    def test_is_never_given_late(self, connected: Driver) -> None:
        connected.pause()
        connected.tell(Reply("ok"))
        connected.go_on()
        connected.disconnect()
        connected.tell(Reply("ok"))
        connected.connect()
        connected.advance(MINUTE)

        assert connected.said == []

    def test_needs_no_disk(self, connected: Driver) -> None:
        connected.writes = Writes.FAIL
        connected.feed()
        connected.tell(Reply("ok"))

        assert connected.said == ["ok"]

    def test_is_not_given_more_often_than_is_reasonable(
        self, connected: Driver
    ) -> None:
        for _ in range(10 * BURST):
            connected.tell(Reply("ok"))
        assert len(connected.said) == BURST

        connected.advance(1.0)
        for _ in range(BURST):
            connected.tell(Reply("ok"))
        assert len(connected.said) == BURST + PER_SECOND


class TestTheTime:
    def test_is_told_at_once(self, connected: Driver) -> None:
        connected.tell(AsksTime())

        assert connected.times_told == 1

    def test_is_told_when_the_station_goes_on(self, connected: Driver) -> None:
        connected.pause()
        connected.tell(AsksTime())
        connected.tell(AsksTime())
        assert connected.times_told == 0

        connected.go_on()
        assert connected.times_told == 1

    def test_is_told_when_the_connection_is_back(self, connected: Driver) -> None:
        connected.disconnect()
        connected.tell(AsksTime())
        assert connected.times_told == 0

        connected.connect()
        assert connected.times_told == 1

    def test_that_waits_for_its_turn_is_told_by_itself(self, connected: Driver) -> None:
        for _ in range(BURST):
            connected.tell(Reply("ok"))
        connected.tell(AsksTime())
        assert connected.times_told == 0

        connected.advance(1.0 / PER_SECOND)
        assert connected.times_told == 1

    def test_that_waits_for_its_turn_and_the_connection_asks_for_no_call(
        self, connected: Driver
    ) -> None:
        for _ in range(BURST):
            connected.tell(Reply("ok"))
        connected.tell(AsksTime())
        connected.disconnect()
        connected.advance(HOUR)

        assert connected.times_told == 0

    def test_of_a_clock_that_begins_in_1970_is_not_told(self) -> None:
        driver = Driver(wall=40.0)
        driver.connect()
        driver.tell(AsksTime())
        assert driver.times_told == 0

        driver.set_clock(BEGINNING)
        driver.heartbeat("1")
        assert driver.times_told == 1

    def test_of_a_clock_that_fell_behind_what_is_known_is_not_told(self) -> None:
        driver = Driver()
        driver.connect()
        driver.feed()
        driver.set_clock(-2 * DAY)
        driver.crash()
        driver.connect()
        driver.tell(AsksTime())
        assert driver.times_told == 0

        driver.set_clock(2 * DAY)
        driver.heartbeat("1")
        assert driver.times_told == 1

    def test_of_a_clock_that_is_an_hour_behind_what_is_known_is_told(self) -> None:
        driver = Driver()
        driver.connect()
        driver.feed()
        driver.set_clock(-HOUR)
        driver.crash()
        driver.connect()
        driver.tell(AsksTime())

        assert driver.times_told == 1
