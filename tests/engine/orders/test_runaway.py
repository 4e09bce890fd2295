"""What bounds an automation that has gone wild, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    FeedRefused,
    Finish,
    ForgetRefusals,
    Guarded,
    PutMeal,
    Refused,
    TooMany,
)
from custom_components.mqtt_dispatch.engine.orders.refusals import TOO_OFTEN, Refusals
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes, a_station
from tests.engine.plan.meal_samples import a_meal

WAITING, PER_HOUR = 5, 12


def eat(driver: Driver) -> int:
    """Have a feed ordered and given; it takes no time."""
    feed = driver.feed()
    driver.done(feed)
    assert driver.state(feed) is CommandState.SUCCEEDED
    return feed


def eat_all_that_may_be(driver: Driver) -> None:
    for _ in range(PER_HOUR):
        eat(driver)


def refused(driver: Driver, by: str = "", **fields: Any) -> str:
    """Order a feed that a guard refuses; return why."""
    before = driver.engine.ledger.revision
    with pytest.raises(Guarded) as refusal:
        driver.feed(**fields)
    driver.tell(FeedRefused(by))
    assert driver.engine.ledger.revision == before, "refusals are not stored"
    return refusal.value.code


def alarm(driver: Driver) -> Refusals | None:
    return view(driver.engine, driver.now).refusals


@pytest.fixture
def fed() -> Driver:
    """Return a station that was ordered all feeds of an hour, and gave them."""
    driver = Driver()
    driver.all_ready()
    eat_all_that_may_be(driver)
    return driver


class TestFeedsThatWait:
    def test_are_bounded_by_default(self, kitchen: Driver) -> None:
        kitchen.disconnect()
        for _ in range(WAITING):
            kitchen.feed()
        with pytest.raises(TooMany) as refusal:
            kitchen.feed()
        assert refusal.value.code == "feeds_waiting"
        assert refusal.value.placeholders == {"waiting": str(WAITING)}

    def test_make_room_when_they_are_sent_or_withdrawn(self, kitchen: Driver) -> None:
        kitchen.pause()
        first, *_ = [kitchen.feed() for _ in range(WAITING)]
        assert refused(kitchen) == "feeds_waiting"
        kitchen.cancel(first)
        kitchen.feed()
        assert refused(kitchen) == "feeds_waiting"

        kitchen.go_on()
        assert kitchen.published
        kitchen.feed()

    def test_are_taken_beyond_it_when_a_person_confirms(self, kitchen: Driver) -> None:
        kitchen.pause()
        for _ in range(WAITING):
            kitchen.feed()
        kitchen.feed(confirmed=True)

        assert kitchen.engine.ledger.open.never_sent.count("feed") == WAITING + 1
        assert refused(kitchen) == "feeds_waiting"

    @pytest.mark.parametrize("limit", [1, 3])
    def test_may_be_as_many_as_the_owner_says(self, limit: int) -> None:
        driver = Driver(a_station(feeds_waiting=limit))
        for _ in range(limit):
            driver.feed()

        assert refused(driver) == "feeds_waiting"

    def test_are_not_bounded_where_the_owner_wants_it_so(self) -> None:
        driver = Driver(a_station(feeds_waiting=0, feeds_per_hour=0))
        for _ in range(100):
            driver.feed()

        assert len(driver.engine.ledger.open) == 100

    def test_that_could_not_be_stored_do_not_wait(self) -> None:
        driver = Driver(writes=Writes.FAIL)
        for _ in range(3 * PER_HOUR):
            driver.feed()

        assert not driver.engine.ledger.open


class TestFeedsAnHour:
    def test_are_bounded_by_default_whatever_became_of_them(self) -> None:
        driver = Driver()
        driver.all_ready()
        for _ in range(PER_HOUR):
            driver.pause()
            driver.cancel(driver.feed())
            driver.go_on()
        with pytest.raises(TooMany) as refusal:
            driver.feed()

        assert refusal.value.code == "feeds_per_hour"
        assert refusal.value.placeholders == {
            "ordered": str(PER_HOUR),
            "minutes": "60.0",
        }

    def test_are_those_of_the_last_hour(self) -> None:
        driver = Driver()
        driver.all_ready()
        eat(driver)
        driver.advance(20 * MINUTE)
        for _ in range(PER_HOUR - 1):
            eat(driver)
        assert refused(driver) == "feeds_per_hour"
        driver.advance(40 * MINUTE - 1.0)
        assert refused(driver) == "feeds_per_hour"

        driver.advance(1.0)
        eat(driver)
        assert refused(driver) == "feeds_per_hour"

    def test_are_taken_beyond_it_when_a_person_confirms(self, fed: Driver) -> None:
        assert refused(fed) == "feeds_per_hour"
        fed.feed(confirmed=True)
        assert refused(fed) == "feeds_per_hour"

    def test_are_not_those_of_which_a_key_tells_that_they_are_the_same(self) -> None:
        driver = Driver()
        driver.all_ready()
        feed = driver.feed(idempotency_key="breakfast")
        driver.done(feed)
        for _ in range(PER_HOUR - 1):
            eat(driver)
        assert driver.feed(idempotency_key="breakfast") == feed
        assert alarm(driver) is None
        assert refused(driver) == "feeds_per_hour"

    @pytest.mark.parametrize("by", [-3 * HOUR, 3 * HOUR, -3 * DAY, 3 * DAY])
    def test_are_counted_whatever_is_done_to_the_clock(
        self, fed: Driver, by: float
    ) -> None:
        fed.set_clock(by)
        assert refused(fed) == "feeds_per_hour"
        fed.advance(HOUR - 1.0)
        assert refused(fed) == "feeds_per_hour"

        fed.advance(1.0)
        eat(fed)

    def test_are_not_forgotten_by_a_restart(self, fed: Driver) -> None:
        fed.crash(away=20 * MINUTE)
        fed.all_ready()
        assert refused(fed) == "feeds_per_hour"
        fed.advance(40 * MINUTE - 2.0)
        assert refused(fed) == "feeds_per_hour"

        fed.advance(2.0)
        eat(fed)

    def test_are_not_blocked_for_long_by_a_start_with_a_clock_set_back(
        self, fed: Driver
    ) -> None:
        fed.archive()
        fed.set_clock(-3 * HOUR)
        fed.crash()
        fed.all_ready()
        assert refused(fed) == "feeds_per_hour"

        fed.advance(HOUR)
        eat(fed)

    def test_count_once_when_they_go_on_under_another_id(self) -> None:
        driver = Driver(a_station(feeds_per_hour=3, feeds_waiting=0))
        driver.feed()
        driver.feed()
        before = set(driver.engine.ledger.open)
        driver.connect()
        driver.heartbeat("1", last_id=500)
        assert not before & set(driver.engine.ledger.open), "they have other ids now"
        driver.feed()
        assert refused(driver) == "feeds_per_hour"

        driver.crash()
        assert refused(driver) == "feeds_per_hour"


class TestTheGuards:
    def test_do_not_stop_the_plan(self, fed: Driver) -> None:
        fed.pause()
        for _ in range(WAITING):
            fed.feed(confirmed=True)
        at = f"{(fed.now.wall % DAY + MINUTE) // HOUR:02.0f}:01"
        fed.tell(PutMeal(a_meal(at)))
        fed.advance(2 * MINUTE)

        waiting = [*fed.engine.ledger.open.never_sent.of("feed")]
        assert [one.timeline[0].cause for one in waiting].count(Cause.MEAL) == 1

    def test_do_not_stop_what_finishes_a_feed(self, kitchen: Driver) -> None:
        feed = kitchen.feed()
        kitchen.done(feed, "1")
        kitchen.fail(feed, "2")
        for _ in range(PER_HOUR - 1):
            eat(kitchen)
        assert refused(kitchen) == "feeds_per_hour"
        kitchen.tell(Finish(feed))
        (rest,) = kitchen.engine.ledger.open
        assert kitchen.command(rest).finishes == feed

    def test_do_not_stop_what_must_be_done_nor_anything_else(self, fed: Driver) -> None:
        assert refused(fed) == "feeds_per_hour"
        for kind in ("operate", "reboot", "close_valve"):
            fed.order(kind, "1")

    def test_do_not_hold_up_a_doubt_that_is_sent_again(self, kitchen: Driver) -> None:
        feed = kitchen.feed()
        kitchen.advance(20.0)
        assert kitchen.state(feed) is CommandState.UNCONFIRMED
        for _ in range(WAITING):
            kitchen.feed()
        assert refused(kitchen) == "feeds_waiting"

        kitchen.resolve(feed, Outcome.RESEND)
        assert kitchen.times_published(feed, "1") == 2

    def test_of_amounts_hold_even_for_who_confirms(self) -> None:
        driver = Driver(a_station(portions_per_day=2))
        driver.feed(2)

        assert refused(driver, confirmed=True) == "portions_per_day"


class TestRefusals:
    def test_are_a_matter_for_a_person_from_the_third_in_a_row(
        self, fed: Driver
    ) -> None:
        for _ in range(TOO_OFTEN - 1):
            refused(fed, "Feeds all the time")
            assert alarm(fed) is None
        refused(fed, "Feeds all the time")

        assert alarm(fed) == Refusals(("Feeds all the time",))

    def test_name_all_who_order_each_once(self, fed: Driver) -> None:
        for by in ("Ann", "", "Night", "Ann"):
            refused(fed, by)

        assert alarm(fed) == Refusals(("Ann", "Night"))

    def test_are_no_row_if_a_feed_is_taken_between_them(self, fed: Driver) -> None:
        for _ in range(10):
            refused(fed)
            refused(fed)
            fed.feed(confirmed=True)

        assert alarm(fed) is None

    def test_of_any_guard_count(self) -> None:
        driver = Driver(a_station(minimum_gap=HOUR))
        driver.feed()
        for _ in range(TOO_OFTEN):
            refused(driver, "Night")

        assert alarm(driver) == Refusals(("Night",))

    def test_for_other_reasons_do_not_count(self) -> None:
        driver = Driver(a_station(max_open=1))
        driver.feed()
        for _ in range(TOO_OFTEN):
            with pytest.raises(Refused, match="queue_full"):
                driver.feed()

        assert alarm(driver) is None

    def test_stand_though_one_is_taken_now_and_then(self, fed: Driver) -> None:
        for _ in range(TOO_OFTEN):
            refused(fed, "Night")
        fed.advance(59 * MINUTE)
        refused(fed, "Night")
        fed.advance(30 * MINUTE)
        eat_all_that_may_be(fed)
        fed.advance(29 * MINUTE)

        assert alarm(fed) == Refusals(("Night",))

    def test_are_forgotten_when_none_came_for_an_hour(self, fed: Driver) -> None:
        for _ in range(TOO_OFTEN):
            refused(fed)
        fed.advance(HOUR - 1.0)
        assert alarm(fed) is not None

        fed.advance(1.0)
        assert alarm(fed) is None
        eat_all_that_may_be(fed)
        refused(fed)
        assert alarm(fed) is None

    def test_are_forgotten_when_a_person_has_seen_them(self, fed: Driver) -> None:
        for _ in range(TOO_OFTEN):
            refused(fed)
        fed.tell(ForgetRefusals())
        assert alarm(fed) is None

        refused(fed)
        assert alarm(fed) is None
