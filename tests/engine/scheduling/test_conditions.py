"""The connection to the broker, and the switch that pauses."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.engine.scheduling.conditions import (
    NOT_PUBLISHED_PAUSE,
)
from tests.engine.driver import Driver, Writes

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
SUCCEEDED = CommandState.SUCCEEDED


def test_when_the_connection_is_lost_nodes_are_unknown(kitchen: Driver) -> None:
    kitchen.disconnect()
    kitchen.connect()

    assert kitchen.whys(kitchen.feed()) == [Why.NEVER_HEARD, Why.NEVER_HEARD]


def test_when_the_connection_is_back_only_live_reports_count(kitchen: Driver) -> None:
    kitchen.reporting = ()
    kitchen.disconnect()
    feed = kitchen.feed()
    kitchen.connect()
    for node in ("1", "2"):
        kitchen.see(node, live=False, online=True, ready=True)
    kitchen.advance(1.0)
    assert kitchen.state(feed) is QUEUED

    kitchen.ready()
    kitchen.advance(0.5)
    assert kitchen.state(feed) is SENT


def test_what_was_heard_while_disconnected_is_not_live(kitchen: Driver) -> None:
    kitchen.reporting = ()
    kitchen.disconnect()
    feed = kitchen.feed()
    kitchen.ready()
    kitchen.see("stranger", online=True)
    kitchen.connect()
    kitchen.advance(1.0)

    assert kitchen.whys(feed) == [Why.NEVER_HEARD, Why.NEVER_HEARD]
    assert kitchen.discovered == []


def test_running_time_outs_go_on_without_connection(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.reporting = ()
    kitchen.disconnect()
    kitchen.advance(9.75)
    assert kitchen.state(feed) is SENT
    kitchen.advance(0.25)

    assert kitchen.state(feed) is CommandState.UNCONFIRMED


def test_answers_that_still_come_in_count(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.reporting = ()
    kitchen.disconnect()
    kitchen.done(feed)

    assert kitchen.state(feed) is SUCCEEDED


def test_what_was_recorded_when_the_connection_went_is_taken_back(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed_not_recorded_yet()
    kitchen.disconnect()
    kitchen.commit()
    assert kitchen.published == []
    assert kitchen.state(feed) is QUEUED
    assert kitchen.delivery(feed, "1").attempts == 0

    kitchen.commit()
    kitchen.writes = Writes.AT_ONCE
    kitchen.all_ready()
    assert kitchen.times_published(feed, "1") == 1


def test_a_pause_sends_nothing_and_loses_nothing(kitchen: Driver) -> None:
    kitchen.pause()
    feed, close = kitchen.feed(), kitchen.order("close_valve", "1")
    kitchen.advance(600.0)
    assert kitchen.published == []

    kitchen.go_on()
    assert (kitchen.state(feed), kitchen.state(close)) == (SENT, SENT)


def test_a_pause_keeps_back_what_was_about_to_leave(kitchen: Driver) -> None:
    feed = kitchen.feed_not_recorded_yet()
    kitchen.pause()
    kitchen.commit()

    assert kitchen.published == []
    assert kitchen.reasons(feed) == (Reason(Why.PAUSED),)


def test_what_is_in_flight_is_followed_during_a_pause(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.pause()
    kitchen.done(feed)

    assert kitchen.state(feed) is SUCCEEDED


def test_a_pause_survives_a_crash(kitchen: Driver) -> None:
    kitchen.pause()
    kitchen.crash()
    kitchen.all_ready()

    assert kitchen.whys(kitchen.feed()) == [Why.PAUSED]


def test_repeats_wait_during_a_pause(kitchen: Driver) -> None:
    ping = kitchen.order("ping", "1")
    kitchen.pause()
    kitchen.advance(60.0)
    assert kitchen.times_published(ping, "1") == 1
    assert kitchen.whys(ping) == [Why.PAUSED]

    kitchen.go_on()
    assert kitchen.times_published(ping, "1") == 2


def test_what_did_not_leave_costs_no_attempt(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.not_published(feed, "1")
    kitchen.not_published(feed, "2")

    assert kitchen.state(feed) is QUEUED
    assert [one.attempts for one in kitchen.command(feed).deliveries] == [0, 0]
    assert kitchen.causes(feed)[-1] is Cause.NOT_SENT


def test_after_something_did_not_leave_nothing_is_sent_for_a_while(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.not_published(feed, "1")
    kitchen.not_published(feed, "2")
    assert kitchen.whys(feed) == [Why.DISCONNECTED]
    assert kitchen.whys(kitchen.order("operate", "1")) == [Why.DISCONNECTED]
    kitchen.reporting = ()
    kitchen.advance(NOT_PUBLISHED_PAUSE - 0.25)
    assert kitchen.published == []

    kitchen.advance(0.25)
    assert kitchen.published[:2] == [(feed, "1"), (feed, "2")]


def test_a_new_connection_ends_that_pause(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.not_published(feed, "1")
    kitchen.not_published(feed, "2")
    kitchen.disconnect()
    kitchen.all_ready()

    assert kitchen.state(feed) is SENT


def test_promise_6_what_cannot_leave_is_not_written_again_and_again(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    writes = kitchen.disk.writes
    for _ in range(12):
        kitchen.not_published(feed, "1")
        kitchen.not_published(feed, "2")
        kitchen.advance(NOT_PUBLISHED_PAUSE)

    assert kitchen.disk.writes - writes <= 12 * 3


def test_a_part_that_did_not_leave_goes_when_its_node_is_online(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.not_published(feed, "2")
    assert kitchen.deliveries(feed) == [DeliveryState.SENT, DeliveryState.PENDING]
    kitchen.accept(feed, "1")
    kitchen.advance(NOT_PUBLISHED_PAUSE)

    assert kitchen.times_published(feed, "2") == 1
    assert kitchen.times_published(feed, "1") == 1


def test_word_that_something_did_not_leave_comes_too_late_once_it_is_in_doubt(
    kitchen: Driver,
) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.advance(10.0)
    kitchen.not_published(operate, "1")
    kitchen.advance(60.0)

    assert kitchen.state(operate) is CommandState.UNCONFIRMED


def test_promise_2_late_word_of_one_attempt_does_not_double_the_next(
    kitchen: Driver,
) -> None:
    operate = kitchen.order("operate", "1")
    kitchen.advance(10.0)
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.resolve(operate, Outcome.RESEND)
    kitchen.not_published(operate, "1")
    kitchen.advance(NOT_PUBLISHED_PAUSE)
    while kitchen.commit_wanted:
        kitchen.commit()

    assert kitchen.times_published(operate, "1") == 1


def test_word_of_what_nobody_knows_changes_nothing(kitchen: Driver) -> None:
    operate = kitchen.order("operate", "1")
    before = kitchen.command(operate)
    kitchen.published += [(99, "1"), (operate, "2")]
    kitchen.not_published(99, "1")
    kitchen.not_published(operate, "2")

    assert kitchen.command(operate) == before


def test_an_unknown_node_is_discovered_once_and_only_live(kitchen: Driver) -> None:
    kitchen.see("3", live=False, online=True)
    assert kitchen.discovered == []
    for _ in range(3):
        kitchen.see("3", online=True)

    assert kitchen.discovered == ["3"]


def test_a_flood_of_unknown_nodes_is_bounded(kitchen: Driver) -> None:
    for number in range(10, 1000):
        kitchen.see(str(number), online=True)

    assert len(kitchen.discovered) == 100
