"""What waits for what was ordered with it at other stations."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import Release, TooMany
from tests.engine.driver import MINUTE, Driver, a_station


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
    assert ready.engine.ledger.together.waits_as(feed) == twin
    ready.advance(MINUTE)
    assert ready.published == []

    ready.tell(Release(feed))
    assert ready.engine.ledger.together.waits_as(feed) is None
    ready.advance(MINUTE)
    assert {command_id for command_id, _ in ready.published} == {twin}


def test_is_not_in_the_way_of_the_same_order_once_it_came_to_nothing(
    ready: Driver,
) -> None:
    first = ready.feed(held=True, idempotency_key="breakfast")
    ready.cancel(first)
    again = ready.feed(held=True, idempotency_key="breakfast")
    assert again != first
    assert ready.state(first) is CommandState.CANCELLED

    ready.tell(Release(again))
    assert {command_id for command_id, _ in ready.published} == {again}
    assert ready.feed(idempotency_key="breakfast") == again


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
