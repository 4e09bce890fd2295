"""What waits for what was ordered with it at other stations."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import Release, TooMany
from tests.engine.driver import MINUTE, Driver, Writes, a_station


@pytest.fixture
def ready() -> Driver:
    driver = Driver(a_station(feeds_per_hour=1))
    driver.all_ready()
    return driver


def test_is_sent_once_it_is_released_and_no_sooner(ready: Driver) -> None:
    feed = ready.feed(held=True)
    ready.advance(MINUTE)
    assert ready.published == []

    ready.tell(Release(feed))
    assert ready.published == [(feed, "1"), (feed, "2")]


def test_goes_on_by_itself_after_a_restart(ready: Driver) -> None:
    feed = ready.feed(held=True)
    ready.crash()
    ready.all_ready()

    assert {command_id for command_id, _ in ready.published} == {feed}


def test_is_released_also_under_the_id_that_it_got_since(ready: Driver) -> None:
    feed = ready.feed(held=True)
    ready.accept(feed, "1")
    (twin,) = ready.engine.ledger.open
    assert ready.causes(feed)[-1] is Cause.RENUMBERED
    assert ready.engine.ledger.open.together.waits_as(feed) == twin
    ready.advance(MINUTE)
    assert ready.published == []

    ready.tell(Release(feed))
    assert ready.engine.ledger.open.together.waits_as(feed) is None
    ready.advance(MINUTE)
    assert {command_id for command_id, _ in ready.published} == {twin}


def test_comes_to_nothing_if_not_all_is_stored_and_says_so(ready: Driver) -> None:
    feed = ready.feed(held=True)
    ready.tell(Release(feed, all_stored=False))
    ready.advance(MINUTE)

    assert ready.published == []
    assert ready.state(feed) is CommandState.CANCELLED
    assert ready.causes(feed) == [Cause.ACTION, Cause.NOT_SENT], "no person did it"


def test_comes_to_nothing_also_under_the_id_that_it_got_since(ready: Driver) -> None:
    feed = ready.feed(held=True, idempotency_key="breakfast")
    ready.accept(feed, "1")
    (twin,) = ready.engine.ledger.open
    ready.tell(Release(feed, all_stored=False))

    assert ready.state(twin) is CommandState.CANCELLED
    again = ready.feed(idempotency_key="breakfast")
    assert again not in (feed, twin)


def test_is_not_in_the_way_of_the_same_order_once_it_came_to_nothing(
    ready: Driver,
) -> None:
    first = ready.feed(held=True, idempotency_key="breakfast")
    ready.tell(Release(first, all_stored=False))
    again = ready.feed(held=True, idempotency_key="breakfast")
    assert again != first
    assert ready.state(first) is CommandState.CANCELLED

    ready.tell(Release(again))
    assert {command_id for command_id, _ in ready.published} == {again}
    assert ready.feed(idempotency_key="breakfast") == again


def test_is_not_counted_after_a_restart_if_it_came_to_nothing(ready: Driver) -> None:
    ready.tell(Release(ready.feed(held=True), all_stored=False))
    ready.crash()
    ready.feed()
    with pytest.raises(TooMany):
        ready.feed()


def test_what_a_person_cancels_meanwhile_stays_what_it_is(ready: Driver) -> None:
    feed = ready.feed(held=True, idempotency_key="breakfast")
    ready.cancel(feed)
    for all_stored in (False, True):
        ready.tell(Release(feed, all_stored))

    assert ready.causes(feed)[-1] is Cause.PERSON
    assert ready.feed(idempotency_key="breakfast") == feed
    assert ready.published == []


def test_what_is_released_is_taken_back_by_nobody(ready: Driver) -> None:
    ready.disconnect()
    feed = ready.feed(held=True)
    ready.tell(Release(feed))
    ready.tell(Release(feed, all_stored=False))

    assert ready.state(feed) is CommandState.QUEUED


class TestWhatIsNewer:
    """It takes the place of something older only once it is sure to be sent."""

    def test_of_class_latest(self, ready: Driver) -> None:
        ready.disconnect()
        older = ready.order("set_schedule", "1")
        newer = ready.order("set_schedule", "1", held=True)
        assert ready.state(older) is CommandState.QUEUED
        ready.tell(Release(newer, all_stored=False))
        assert ready.state(older) is CommandState.QUEUED

        newest = ready.order("set_schedule", "1", held=True)
        ready.tell(Release(newest))
        assert ready.state(older) is CommandState.SUPERSEDED
        assert ready.state(newest) is CommandState.QUEUED

    def test_that_is_the_same(self, ready: Driver) -> None:
        ready.disconnect()
        older = ready.order("ping", "1")
        newer = ready.order("ping", "1", held=True)
        ready.tell(Release(newer, all_stored=False))

        assert ready.state(older) is CommandState.QUEUED

    def test_that_undoes_it(self, ready: Driver) -> None:
        ready.disconnect()
        opening = ready.order("open_valve", "1", key="valve")
        closing = ready.order("close_valve", "1", key="valve", held=True)
        assert ready.state(opening) is CommandState.QUEUED
        ready.tell(Release(closing, all_stored=False))
        assert ready.state(opening) is CommandState.QUEUED

        closing = ready.order("close_valve", "1", key="valve", held=True)
        ready.tell(Release(closing))
        assert ready.state(opening) is CommandState.SUPERSEDED

    def test_that_could_not_be_stored(self, ready: Driver) -> None:
        ready.disconnect()
        opening = ready.order("open_valve", "1", key="valve")
        ready.writes = Writes.FAIL
        ready.order("close_valve", "1", key="valve")
        ready.writes = Writes.AT_ONCE
        ready.advance(MINUTE)

        assert ready.state(opening) is CommandState.QUEUED


def test_counts_once_it_is_released_even_if_it_is_cancelled_then(
    ready: Driver,
) -> None:
    ready.disconnect()
    feed = ready.feed(held=True, idempotency_key="breakfast")
    ready.tell(Release(feed))
    ready.cancel(feed)

    assert ready.feed(idempotency_key="breakfast") == feed
    with pytest.raises(TooMany):
        ready.feed()
