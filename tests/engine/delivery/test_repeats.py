"""Nodes that are known to drop repeats, and until when that is known."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from tests.engine.delivery.sendings import sending_times
from tests.engine.driver import HOUR, Driver

UNCONFIRMED = CommandState.UNCONFIRMED
SUCCEEDED = CommandState.SUCCEEDED


def test_a_node_known_to_drop_repeats_gets_its_resend(kitchen: Driver) -> None:
    kitchen.ready(drops_repeats=True)
    feed = kitchen.feed()
    kitchen.accept(feed, "1")
    kitchen.done(feed, "1")
    kitchen.advance(30.0)
    assert kitchen.times_published(feed, "2") == 2
    assert kitchen.times_published(feed, "1") == 1

    kitchen.accept(feed, "2")
    kitchen.done(feed, "2")
    assert kitchen.state(feed) is SUCCEEDED


def test_a_node_that_drops_repeats_has_no_more_attempts_than_others(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")

    assert sending_times(kitchen, operate, "1", within=100.0) == [0.0, 30.0, 60.0]
    assert kitchen.state(operate) is UNCONFIRMED


def test_promise_2_a_node_that_drops_repeats_no_more_gets_none(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    operate = kitchen.order("operate", "1")
    kitchen.advance(20.0)
    kitchen.ready("1", drops_repeats=False)
    kitchen.advance(HOUR)

    assert kitchen.times_published(operate, "1") == 1
    assert kitchen.state(operate) is UNCONFIRMED


def test_promise_2_a_node_that_started_anew_is_asked_anew_whether_it_drops_repeats(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True, uptime=100.0)
    operate = kitchen.order("operate", "1")
    kitchen.advance(20.0)
    kitchen.ready("1", uptime=1.0)
    kitchen.advance(HOUR)

    assert kitchen.times_published(operate, "1") == 1
    assert kitchen.state(operate) is UNCONFIRMED


def test_promise_2_word_that_repeats_are_dropped_counts_from_the_next_sending(
    kitchen: Driver,
) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.ready("1", drops_repeats=True)
    kitchen.advance(10.0)

    assert kitchen.state(operate) is UNCONFIRMED
    assert kitchen.times_published(operate, "1") == 1
