"""What waits: expiry, supersede, coalesce, keys, cancel, bounds, bad wishes."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.events import Refused
from custom_components.mqtt_dispatch.engine.model.reports import Forgot
from custom_components.mqtt_dispatch.engine.wall_clock import STANDS
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes, a_station

QUEUED = CommandState.QUEUED
EXPIRED = CommandState.EXPIRED


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        ("feed", HOUR),
        ("dose", 15 * MINUTE),
        ("run_pump", 15 * MINUTE),
        ("open_valve", 15 * MINUTE),
        ("reboot", 10 * MINUTE),
        ("set_schedule", DAY),
        ("update_firmware", DAY),
        ("capture_image", DAY),
    ],
)
def test_each_kind_expires_when_the_design_says(
    offline: Driver, kind: str, seconds: float
) -> None:
    command = offline.order(kind)
    assert offline.engine.next_deadline(offline.now) == seconds
    offline.advance(seconds - 0.5)
    assert offline.state(command) is QUEUED

    offline.advance(0.5)
    assert offline.state(command) is EXPIRED
    assert offline.causes(command)[-1] is Cause.OUT_OF_TIME
    assert offline.changes == [(command, QUEUED), (command, EXPIRED)]


def test_until_done_never_expires(offline: Driver) -> None:
    close = offline.order("close_valve")
    offline.advance(365 * DAY)

    assert offline.state(close) is QUEUED


def test_a_caller_may_say_how_long_it_is_good(offline: Driver) -> None:
    feed = offline.feed(expires_in=30.0)
    offline.advance(30.0)

    assert offline.state(feed) is EXPIRED


def test_expiry_goes_by_the_wall_clock(offline: Driver) -> None:
    feed = offline.feed()
    offline.set_clock(-DAY)
    offline.advance(2 * HOUR)
    assert offline.state(feed) is QUEUED

    offline.set_clock(DAY)
    offline.advance(0.0)
    assert offline.state(feed) is EXPIRED


def test_what_is_in_flight_does_not_expire(kitchen: Driver) -> None:
    feed = kitchen.feed(expires_in=20.0)
    kitchen.accept(feed)
    kitchen.advance(60.0)
    kitchen.done(feed)

    assert kitchen.state(feed) is CommandState.SUCCEEDED


def test_promise_2_what_expired_while_it_was_being_recorded_does_not_leave(
    kitchen: Driver,
) -> None:
    kitchen.pause()
    feed = kitchen.feed(expires_in=60.0)
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.go_on()
    kitchen.set_clock(HOUR)
    kitchen.commit()
    assert kitchen.published == []

    kitchen.writes = Writes.AT_ONCE
    kitchen.advance(STANDS)
    assert kitchen.published == []
    assert kitchen.state(feed) is EXPIRED


def test_a_part_that_runs_out_of_time_fails_when_the_other_was_sent(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed(expires_in=30.0)
    kitchen.not_published(feed, "2")
    kitchen.reporting = ()
    kitchen.disconnect()
    kitchen.done(feed, "1")
    assert kitchen.state(feed) is QUEUED
    kitchen.advance(30.0)

    assert kitchen.deliveries(feed) == [DeliveryState.DONE, DeliveryState.FAILED]
    assert kitchen.state(feed) is CommandState.FAILED


def test_the_same_key_within_a_day_is_the_same_command(kitchen: Driver) -> None:
    feed = kitchen.feed(idempotency_key="breakfast")
    kitchen.done(feed)
    kitchen.reporting = ()
    kitchen.advance(DAY - 1.0)
    writes = kitchen.disk.writes
    assert kitchen.feed(idempotency_key="breakfast") == feed
    assert kitchen.disk.writes == writes

    kitchen.advance(1.0)
    assert kitchen.feed(idempotency_key="breakfast") == feed + 1


def test_keys_survive_a_crash_and_count_by_the_wall_clock(kitchen: Driver) -> None:
    feed = kitchen.feed(idempotency_key="breakfast")
    kitchen.crash(away=DAY - 60.0)
    assert kitchen.feed(idempotency_key="breakfast") == feed

    kitchen.crash(away=61.0)
    assert kitchen.feed(idempotency_key="breakfast") != feed


def test_a_clock_set_back_keeps_a_key(kitchen: Driver) -> None:
    feed = kitchen.feed(idempotency_key="breakfast")
    kitchen.set_clock(-10 * DAY)

    assert kitchen.feed(idempotency_key="breakfast") == feed


def test_a_known_key_is_answered_even_when_a_new_command_would_be_refused() -> None:
    driver = Driver(a_station(max_open=1))
    feed = driver.feed(idempotency_key="breakfast")

    assert driver.feed(idempotency_key="breakfast") == feed


def test_what_was_never_sent_can_be_cancelled(offline: Driver) -> None:
    feed = offline.feed()
    offline.cancel(feed)

    assert offline.state(feed) is CommandState.CANCELLED
    assert offline.causes(feed)[-1] is Cause.PERSON
    assert offline.changes[-1] == (feed, CommandState.CANCELLED)


def test_what_was_sent_cannot_be_cancelled(kitchen: Driver) -> None:
    feed = kitchen.feed()

    with pytest.raises(Refused) as refused:
        kitchen.cancel(feed)
    assert refused.value.code == "already_sent"


def test_what_did_not_leave_can_be_cancelled(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.not_published(feed, "1")
    kitchen.not_published(feed, "2")
    kitchen.cancel(feed)

    assert kitchen.state(feed) is CommandState.CANCELLED


def test_what_is_closed_or_unknown_cannot_be_cancelled(offline: Driver) -> None:
    feed = offline.feed()
    offline.cancel(feed)

    with pytest.raises(Refused, match="already_closed"):
        offline.cancel(feed)
    with pytest.raises(Refused, match="unknown_command"):
        offline.cancel(99)


def test_open_commands_are_bounded() -> None:
    driver = Driver(a_station(max_open=3))
    first = driver.feed()
    driver.feed()
    driver.feed()

    with pytest.raises(Refused) as refused:
        driver.feed()
    assert (refused.value.code, refused.value.placeholders) == (
        "queue_full",
        {"limit": "3"},
    )
    driver.cancel(first)
    driver.feed()


def test_the_bound_is_a_thousand_unless_told() -> None:
    assert a_station().settings.max_open == 1000


@pytest.mark.parametrize(
    ("kind", "nodes", "code"),
    [("dance", ("1",), "unknown_kind"), ("operate", ("1", "9"), "unknown_node")],
)
def test_a_refused_wish_changes_nothing(
    kitchen: Driver, kind: str, nodes: tuple[str, ...], code: str
) -> None:
    before = kitchen.engine.snapshot()

    with pytest.raises(Refused, match=code):
        kitchen.order(kind, *nodes)
    assert kitchen.engine.snapshot() == before


def test_a_refused_wish_does_not_keep_time_from_passing(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(9.0)
    with pytest.raises(Refused):
        kitchen.cancel(99)
    kitchen.advance(1.0)

    assert kitchen.state(feed) is CommandState.UNCONFIRMED


def test_what_comes_back_after_its_time_expires_and_has_no_turn_again() -> None:
    driver = Driver(a_station())
    driver.all_ready()
    schedule = driver.order("set_schedule", "1", params={"x": 1}, expires_in=MINUTE)
    driver.accept(schedule)
    driver.advance(MINUTE + 0.5)
    driver.writes = Writes.WHEN_TOLD
    driver.tell(Forgot("1"))
    for _ in range(5):
        # The timer of a deadline is sooner than the disk.
        driver.advance(0.02)
        driver.commit()

    assert driver.command(schedule).state.final
    assert driver.times_published(schedule, "1") == 1
    assert not driver.commit_wanted, "it is written without end"


def test_what_expires_while_its_record_is_written_is_not_recorded_again() -> None:
    driver = Driver(a_station())
    driver.all_ready()
    driver.writes = Writes.WHEN_TOLD
    feed = driver.feed(expires_in=1.0)
    driver.commit()
    driver.advance(1.5)
    for _ in range(5):
        driver.commit()
        driver.advance(0.02)

    assert driver.state(feed) is CommandState.EXPIRED
    assert driver.published == []
    assert not driver.commit_wanted, "it is written without end"
