"""A clock that cannot be right decides nothing of the plan."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    PutMeal,
    TrustClock,
)
from custom_components.mqtt_dispatch.engine.model.policy import Station
from custom_components.mqtt_dispatch.engine.wall_clock import STANDS
from tests.engine.driver import (
    DAY,
    HOUR,
    MINUTE,
    Driver,
    a_station,
    policies,
)
from tests.engine.plan.meal_samples import a_meal

EXPIRED = CommandState.EXPIRED
YEAR = 365 * DAY


def planned(*times: str, station: Station | None = None) -> Driver:
    """Return a station at noon, with meals that are ordered and never sent."""
    driver = Driver(station)
    for time in times:
        driver.tell(PutMeal(a_meal(time, meal_id=time)))
    return driver


def ordered(driver: Driver) -> list[str]:
    """Return the local times of the meals that were ordered or recorded, in order."""
    ledger = driver.engine.ledger
    found = {**ledger.open, **ledger.closed}
    keys = [found[number].idempotency_key or "" for number in sorted(found)]
    return [key.split(":", 2)[2][-16:] for key in keys if key.startswith("meal:")]


def missed(driver: Driver) -> list[str]:
    """Return the local times of the meals that were recorded as missed."""
    return [
        (command.idempotency_key or "")[-16:]
        for command in driver.engine.ledger.closed.values()
        if command.timeline[-1].cause is Cause.MISSED
    ]


class TestAClockThatIsBehindAtStart:
    """A machine without a battery begins where it was made, or in 1970."""

    @pytest.mark.parametrize("by", [-14 * DAY, -1.01 * DAY, -30 * YEAR])
    def test_records_nothing_and_nothing_once_it_is_right(self, by: float) -> None:
        driver = planned("08:00", "18:00")
        driver.advance(20 * DAY)
        fed = ordered(driver)
        assert len(fed) == 40

        driver.set_clock(by)
        driver.crash(away=MINUTE)
        driver.advance(HOUR)
        driver.set_clock(-by)
        driver.heartbeat("1")
        assert ordered(driver) == fed
        assert missed(driver) == []

        driver.advance(6 * HOUR)
        assert ordered(driver) == [*fed, "2026-08-09T18:00"]

    def test_tells_what_was_missed_once_it_is_right(self) -> None:
        driver = planned("08:00")
        driver.set_clock(-2 * YEAR)
        driver.crash()
        driver.heartbeat("1")
        driver.set_clock(2 * YEAR + DAY)
        driver.heartbeat("1")

        assert missed(driver) == ["2026-07-21T08:00"]

    def test_lets_a_meal_begin_when_it_is_right(self) -> None:
        driver = Driver(wall=0.0)
        driver.tell(PutMeal(a_meal("18:00")))
        driver.advance(2 * DAY)
        driver.set_clock(1_784_548_800.0 - driver.now.wall)
        driver.heartbeat("1")
        assert ordered(driver) == []

        driver.advance(6 * HOUR)
        assert ordered(driver) == ["2026-07-20T18:00"]

    @pytest.mark.parametrize("behind", [25 * HOUR, 3 * DAY])
    def test_is_believed_once_it_is_less_than_a_day_behind_what_is_stored(
        self, behind: float
    ) -> None:
        driver = planned("18:00")
        driver.set_clock(behind)
        driver.advance(STANDS)
        driver.set_clock(-behind)
        driver.crash()
        driver.advance(behind - DAY - MINUTE)
        assert not driver.engine.clock.plausible

        driver.advance(MINUTE)
        assert driver.engine.clock.plausible

    def test_is_believed_when_a_person_says_so(self) -> None:
        driver = planned("08:00", "18:00")
        driver.advance(HOUR)
        driver.set_clock(-400 * DAY)
        driver.crash()
        driver.advance(DAY)
        assert ordered(driver) == []

        driver.tell(TrustClock())
        driver.advance(DAY)
        assert ordered(driver) == ["2025-06-16T18:00", "2025-06-17T08:00"]
        driver.crash()
        driver.advance(8 * HOUR)
        assert ordered(driver)[2:] == ["2025-06-17T18:00"]


class TestAClockThatIsAhead:
    @pytest.mark.parametrize("by", [MINUTE + 1, 23 * HOUR, 40 * DAY, 10 * YEAR])
    def test_for_a_moment_decides_nothing(self, by: float) -> None:
        driver = planned("08:00", "18:00")
        driver.set_clock(by)
        driver.heartbeat("1")
        driver.advance(STANDS - 1.0)
        driver.heartbeat("1")
        assert ordered(driver) == []

        driver.set_clock(-by)
        driver.advance(DAY)
        assert ordered(driver) == ["2026-07-20T18:00", "2026-07-21T08:00"]
        assert missed(driver) == []

    def test_keeps_a_meal_waiting_no_longer_than_it_is_doubted(self) -> None:
        driver = planned("18:00")
        driver.set_clock(6 * HOUR)
        driver.heartbeat("1")
        assert ordered(driver) == []

        driver.advance(STANDS)
        assert ordered(driver) == ["2026-07-20T18:00"]
        assert missed(driver) == []

    def test_is_not_when_it_began_so(self) -> None:
        driver = planned("18:00")
        driver.crash(away=6 * HOUR)

        assert ordered(driver) == ["2026-07-20T18:00"]

    def test_lets_a_meal_that_is_put_meanwhile_begin_afterwards(self) -> None:
        driver = Driver()
        driver.set_clock(23 * HOUR)
        driver.tell(PutMeal(a_meal("18:00")))
        driver.set_clock(-23 * HOUR)
        driver.advance(6 * HOUR)

        assert ordered(driver) == ["2026-07-20T18:00"]

    @pytest.mark.parametrize("by", [1.5 * DAY, 2.5 * DAY, 9 * DAY, YEAR])
    def test_for_long_keeps_no_meal_waiting_once_it_was_set_right(
        self, by: float
    ) -> None:
        driver = planned("08:00", "18:00")
        driver.set_clock(by)
        driver.advance(4 * DAY)
        driver.set_clock(-by)
        driver.heartbeat("1")
        driver.advance(STANDS)
        before = ordered(driver)
        driver.advance(2 * DAY)

        assert ordered(driver)[len(before) :] == [
            "2026-07-24T18:00",
            "2026-07-25T08:00",
            "2026-07-25T18:00",
            "2026-07-26T08:00",
        ]

    def test_feeds_for_today_and_tomorrow_no_more_than_it_did(self) -> None:
        waits = a_station(policies=policies(feed={"expires_in": None}))
        driver = planned("08:00", "18:00", station=waits)
        driver.set_clock(2.5 * DAY)
        driver.heartbeat("1")
        driver.advance(4 * DAY)
        driver.set_clock(-2.5 * DAY)
        driver.heartbeat("1")
        driver.advance(STANDS)
        before = ordered(driver)
        driver.advance(2 * DAY)

        assert ordered(driver)[len(before) :] == ["2026-07-26T08:00"]

    def test_takes_back_that_it_let_a_meal_run_out_of_time(self) -> None:
        driver = planned("12:01")
        driver.advance(2 * MINUTE)
        driver.set_clock(23 * HOUR)
        driver.heartbeat("1")
        driver.advance(STANDS)
        (command,) = driver.engine.ledger.closed.values()
        assert command.state is EXPIRED

        driver.set_clock(-23 * HOUR)
        driver.heartbeat("1")
        (again,) = driver.engine.ledger.open.values()
        assert again.idempotency_key == command.idempotency_key


class TestAClockThatIsSetMoreThanOnce:
    def test_must_have_stood_where_it_stands_now(self) -> None:
        driver = planned("18:00")
        driver.set_clock(-10 * DAY)
        driver.heartbeat("1")
        driver.advance(STANDS - MINUTE)
        driver.set_clock(11 * DAY)
        driver.heartbeat("1")
        driver.advance(STANDS - 1.0)
        driver.heartbeat("1")
        assert not driver.engine.clock.plausible
        assert ordered(driver) == []

        driver.advance(1.0)
        assert driver.engine.clock.plausible

    def test_stands_where_it_is_though_it_is_put_right_by_little(self) -> None:
        driver = planned("18:00")
        driver.set_clock(-10 * DAY)
        driver.heartbeat("1")
        for _ in range(5):
            driver.advance(STANDS / 5)
            driver.set_clock(5.0)
            driver.heartbeat("1")
        assert driver.engine.clock.plausible


class TestAClockThatIsSetBack:
    def test_feeds_nothing_again_and_what_comes_at_its_time(self) -> None:
        driver = planned("12:01", "13:00")
        driver.advance(30 * MINUTE)
        driver.set_clock(-2 * HOUR)
        driver.advance(3 * HOUR)

        assert ordered(driver) == ["2026-07-20T12:01", "2026-07-20T13:00"]

    def test_lets_a_meal_occur_that_was_put_before_it_was(self) -> None:
        driver = planned("10:00")
        driver.set_clock(-3 * HOUR)
        driver.heartbeat("1")
        driver.advance(HOUR)

        assert ordered(driver) == ["2026-07-20T10:00"]

    def test_for_a_moment_owes_nothing_for_the_time_before_a_meal_was_put(self) -> None:
        driver = planned("11:50")
        driver.set_clock(-20 * MINUTE)
        driver.heartbeat("1")
        driver.set_clock(20 * MINUTE)
        driver.advance(HOUR)

        assert ordered(driver) == []

    def test_by_days_is_doubted_until_it_has_stood(self) -> None:
        driver = planned("12:04")
        driver.advance(3 * DAY)
        before = ordered(driver)
        driver.set_clock(-2 * DAY)
        driver.heartbeat("1")
        driver.advance(STANDS - 1.0)
        assert ordered(driver) == before
        assert not driver.engine.clock.plausible

        driver.advance(1.0)
        assert driver.engine.clock.plausible
