"""Promises 1 and 6: stored first, and kind to flash."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.ledger.commit_requests import COMMIT_RETRY
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.effects import (
    Changed,
    Commit,
    Publish,
)
from custom_components.mqtt_dispatch.engine.model.events import (
    Archived,
    Committed,
    Tick,
)
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.driver import HOUR, Driver, Writes

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT


def test_promise_1_nothing_is_sent_before_the_command_is_on_disk(
    kitchen: Driver,
) -> None:
    kitchen.writes = Writes.WHEN_TOLD
    feed = kitchen.feed()
    assert kitchen.commit_wanted
    kitchen.advance(60.0)
    assert kitchen.published == []
    assert kitchen.disk.command(feed) is None

    kitchen.commit()
    assert kitchen.published == []
    assert kitchen.disk.command(feed) is not None


def test_promise_1_nothing_is_sent_before_the_attempt_is_on_disk(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed_not_recorded_yet()
    assert kitchen.state(feed) is SENT
    kitchen.advance(5.0)
    assert kitchen.published == []

    kitchen.commit()
    assert kitchen.published == [(feed, "1"), (feed, "2")]
    stored = kitchen.disk.command(feed)
    assert stored is not None
    assert [delivery.attempts for delivery in stored.deliveries] == [1, 1]


def test_promise_1_a_commit_of_what_was_before_releases_nothing(
    kitchen: Driver,
) -> None:
    kitchen.pause()
    feed = kitchen.feed()
    kitchen.writes = Writes.WHEN_TOLD
    before = kitchen.engine.ledger.revision
    kitchen.go_on()
    kitchen.tell(Committed(before))
    assert kitchen.published == []

    kitchen.commit()
    assert kitchen.published == [(feed, "1"), (feed, "2")]


def test_promise_1_a_commit_of_what_was_before_stores_nothing_that_came_after(
    kitchen: Driver,
) -> None:
    kitchen.writes = Writes.WHEN_TOLD
    first = kitchen.order("operate", "1")
    before = kitchen.engine.ledger.revision
    second = kitchen.order("operate", "2")
    kitchen.tell(Committed(before))

    assert kitchen.state(first) is SENT
    assert kitchen.whys(second) == [Why.STORAGE]


def test_promise_1_what_could_not_be_stored_is_withdrawn_and_never_sent(
    kitchen: Driver,
) -> None:
    kitchen.writes = Writes.FAIL
    feed = kitchen.feed(idempotency_key="breakfast")
    assert kitchen.engine.ledger.find(feed) is None
    assert kitchen.disk.command(feed) is None

    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(HOUR)
    assert kitchen.published == []
    assert kitchen.changes == []
    assert kitchen.feed(idempotency_key="breakfast") == feed + 1


def test_promise_1_a_withdrawn_command_is_taken_off_a_disk_that_has_it_after_all(
    kitchen: Driver,
) -> None:
    kitchen.pause()
    kitchen.writes = Writes.WHEN_TOLD
    feed = kitchen.feed()
    kitchen.disk.write(kitchen.engine.snapshot())
    kitchen.fail_to_commit()
    assert kitchen.commit_wanted
    kitchen.commit()

    assert kitchen.disk.command(feed) is None
    kitchen.crash()
    assert kitchen.engine.ledger.find(feed) is None


def test_promise_1_a_withdrawn_command_does_not_live_on_under_a_new_id(
    kitchen: Driver,
) -> None:
    kitchen.writes = Writes.WHEN_TOLD
    feed = kitchen.feed(idempotency_key="breakfast")
    kitchen.heartbeat("1", last_id=500)
    assert kitchen.state(feed) is CommandState.SUPERSEDED
    kitchen.fail_to_commit()
    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(HOUR)

    assert kitchen.published == []
    assert kitchen.engine.ledger.open == {}
    assert kitchen.engine.snapshot().keys == ()


def test_what_is_stored_is_not_withdrawn(kitchen: Driver) -> None:
    feed = kitchen.feed()

    assert kitchen.state(feed) is SENT


def test_while_commits_fail_nothing_is_sent_and_they_are_tried_again(
    kitchen: Driver,
) -> None:
    kitchen.disconnect()
    feed, close = kitchen.feed(), kitchen.order("close_valve", "1")
    kitchen.writes = Writes.FAIL
    kitchen.come_back()
    assert not kitchen.engine.conditions.storage_ok
    assert kitchen.whys(feed) == kitchen.whys(close) == [Why.STORAGE]
    kitchen.advance(10 * COMMIT_RETRY)
    assert kitchen.published == []

    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(COMMIT_RETRY)
    assert sorted(kitchen.published) == [(feed, "1"), (feed, "2"), (close, "1")]


def test_the_next_try_is_a_deadline() -> None:
    driver = Driver()
    driver.writes = Writes.FAIL
    driver.order("close_valve")

    assert driver.engine.next_deadline(driver.now) == COMMIT_RETRY
    driver.advance(COMMIT_RETRY - 1.0)
    driver.writes = Writes.WHEN_TOLD
    driver.advance(0.5)
    assert not driver.commit_wanted
    driver.advance(0.5)
    assert driver.commit_wanted


def test_an_attempt_that_could_not_be_recorded_costs_nothing(kitchen: Driver) -> None:
    feed = kitchen.feed_not_recorded_yet()
    kitchen.fail_to_commit()
    assert not kitchen.commit_wanted

    assert kitchen.state(feed) is QUEUED
    assert kitchen.deliveries(feed) == [DeliveryState.PENDING] * 2
    assert [one.attempts for one in kitchen.command(feed).deliveries] == [0, 0]
    assert kitchen.causes(feed)[-1] is Cause.NOT_SENT


def test_a_repeat_that_could_not_be_recorded_is_made_later(kitchen: Driver) -> None:
    ping = kitchen.order("ping", "1")
    kitchen.advance(29.0)
    kitchen.writes = Writes.FAIL
    kitchen.advance(5.0)
    assert kitchen.times_published(ping, "1") == 1
    assert kitchen.delivery(ping, "1").attempts == 1

    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(COMMIT_RETRY)
    assert kitchen.times_published(ping, "1") == 2


def test_promise_2_a_failed_commit_never_leads_to_a_second_sending(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed_not_recorded_yet()
    for _ in range(3):
        kitchen.fail_to_commit()
        kitchen.advance(COMMIT_RETRY)
    kitchen.commit()
    kitchen.commit()
    kitchen.advance(HOUR)

    assert kitchen.times_published(feed, "1") == 1
    assert kitchen.times_published(feed, "2") == 1


def test_time_outs_begin_when_it_leaves_not_when_it_is_recorded(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed_not_recorded_yet()
    kitchen.advance(60.0)
    kitchen.commit()
    kitchen.advance(9.5)
    assert kitchen.state(feed) is SENT

    kitchen.advance(0.5)
    assert kitchen.state(feed) is CommandState.UNCONFIRMED


def test_a_change_is_told_only_when_it_is_on_disk(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.accept(feed)
    kitchen.done(feed)
    assert kitchen.state(feed) is CommandState.SUCCEEDED
    assert kitchen.changes[-1] == (feed, SENT)

    kitchen.commit()
    assert kitchen.changes[-2:] == [
        (feed, CommandState.ACCEPTED),
        (feed, CommandState.SUCCEEDED),
    ]
    told = kitchen.told[-1]
    assert (told.at, told.cause) == (kitchen.now.wall, Cause.NODE)


def test_a_commit_of_what_was_before_tells_nothing_that_came_after(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.accept(feed)
    before = kitchen.engine.ledger.revision
    kitchen.done(feed)
    kitchen.tell(Committed(before))

    assert kitchen.changes[-1] == (feed, CommandState.ACCEPTED)


def test_each_change_is_told_once(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.accept(feed)
    kitchen.done(feed)
    kitchen.tell(Committed(kitchen.engine.ledger.revision))

    states = [state for command_id, state in kitchen.changes if command_id == feed]
    assert states == [QUEUED, SENT, CommandState.ACCEPTED, CommandState.SUCCEEDED]


def test_effects_of_one_commit_come_in_order(kitchen: Driver) -> None:
    feed = kitchen.feed_not_recorded_yet()

    effects = kitchen.tell(Committed(kitchen.engine.ledger.revision))
    assert effects == [
        Publish(feed, "1"),
        Publish(feed, "2"),
        Changed(feed, SENT, kitchen.now.wall, Cause.SENT),
    ]


def test_a_commit_is_asked_for_once_for_one_change(kitchen: Driver) -> None:
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.pause()
    assert Commit() not in kitchen.tell(Tick())

    kitchen.commit()
    assert not kitchen.commit_wanted


def test_promise_6_heartbeats_and_ready_reports_write_nothing(kitchen: Driver) -> None:
    kitchen.feed()
    kitchen.accept(1)
    revision, writes = kitchen.engine.ledger.revision, kitchen.disk.writes
    for second in range(1000):
        kitchen.heartbeat(uptime=float(second), last_id=1, readings={"rssi": second})
        kitchen.ready()
        kitchen.see("1", live=False, online=True)

    assert kitchen.engine.ledger.revision == revision
    assert kitchen.disk.writes == writes


def test_promise_6_an_idle_day_writes_nothing(kitchen: Driver) -> None:
    writes = kitchen.disk.writes
    kitchen.advance(4 * HOUR)
    kitchen.disconnect()
    kitchen.connect()

    assert kitchen.disk.writes == writes


def test_promise_6_waiting_writes_nothing(kitchen: Driver) -> None:
    kitchen.reporting = ("1",)
    kitchen.busy("2")
    kitchen.feed()
    writes = kitchen.disk.writes
    kitchen.advance(HOUR - 1.0)

    assert kitchen.disk.writes == writes


def test_closed_commands_leave_the_file_when_they_are_in_the_history(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.done(feed)
    assert kitchen.disk.command(feed) is not None
    kitchen.tell(Archived(frozenset({feed})))
    kitchen.order("ping", "1")

    assert kitchen.disk.command(feed) is None
    assert kitchen.state(feed) is CommandState.SUCCEEDED


def test_the_last_thousand_closed_commands_are_kept() -> None:
    driver = Driver()
    for _ in range(1005):
        driver.cancel(driver.order("operate"))
        driver.tell(Archived(frozenset(driver.engine.ledger.closed)))

    assert len(driver.engine.ledger.closed) == 1001
    assert min(driver.engine.ledger.closed) == 5


def test_what_is_not_in_the_history_yet_is_never_dropped() -> None:
    driver = Driver(writes=Writes.WHEN_TOLD)
    for _ in range(1005):
        driver.cancel(driver.order("operate"))

    assert len(driver.engine.ledger.closed) == 1005
