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
from custom_components.mqtt_dispatch.engine.scheduling.conditions import (
    NOT_PUBLISHED_PAUSE,
)
from tests.engine.driver import DAY, HOUR, MINUTE, Driver, Writes, a_station

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
EXPIRED, SUPERSEDED = CommandState.EXPIRED, CommandState.SUPERSEDED


@pytest.fixture
def offline() -> Driver:
    """Return a station that is not connected."""
    return Driver()


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


def test_a_newer_one_of_class_latest_supersedes_a_queued_one(offline: Driver) -> None:
    older = offline.order("set_schedule", "1")
    newer = offline.order("set_schedule", "1", params={"meals": []})

    assert offline.state(older) is SUPERSEDED
    assert offline.causes(older)[-1] is Cause.SUPERSEDED
    assert offline.state(newer) is QUEUED


@pytest.mark.parametrize(
    ("nodes", "key"), [(("2",), "a"), (("1",), "b"), (("1", "2"), "a")]
)
def test_only_the_same_node_and_key_supersede(
    offline: Driver, nodes: tuple[str, ...], key: str
) -> None:
    older = offline.order("set_schedule", "1", key="a")
    offline.order("set_schedule", *nodes, key=key)

    assert offline.state(older) is QUEUED


def test_without_a_key_only_the_same_kind_supersedes(offline: Driver) -> None:
    older = offline.order("set_schedule", "1")
    offline.order("set_wake_schedule", "1")

    assert offline.state(older) is QUEUED


def test_two_kinds_with_the_same_key_replace_each_other(offline: Driver) -> None:
    older = offline.order("light_on", "1", key="light:main")
    newer = offline.order("light_off", "1", key="light:main")

    assert offline.state(older) is SUPERSEDED
    assert offline.state(newer) is QUEUED


def test_who_closes_a_valve_takes_back_what_would_open_it_afterwards(
    offline: Driver,
) -> None:
    older = [offline.order("open_valve", "1", key="valve:0") for _ in range(2)]
    other = offline.order("open_valve", "1", key="valve:1")
    elsewhere = offline.order("open_valve", "2", key="valve:0")
    closing = offline.order("close_valve", "1", key="valve:0")
    newer = offline.order("open_valve", "1", key="valve:0")

    assert [offline.state(command_id) for command_id in older] == [SUPERSEDED] * 2
    for command_id in (other, elsewhere, closing, newer):
        assert offline.state(command_id) is QUEUED


def test_an_opening_that_was_sent_is_followed_though_the_valve_is_to_be_closed(
    kitchen: Driver,
) -> None:
    opening = kitchen.order("open_valve", "1", key="valve:0")
    kitchen.order("close_valve", "1", key="valve:0")

    assert kitchen.state(opening) is SENT


def test_what_was_sent_is_followed_and_replaced_only_when_it_is_silent(
    kitchen: Driver,
) -> None:
    older = kitchen.order("set_schedule", "1")
    newer = kitchen.order("set_schedule", "1")
    assert (kitchen.state(older), kitchen.state(newer)) == (SENT, QUEUED)
    kitchen.advance(10.0)

    assert (kitchen.state(older), kitchen.state(newer)) == (SUPERSEDED, SENT)
    assert kitchen.times_published(older, "1") == 1


def test_a_newer_one_replaces_what_waits_to_be_sent_again(kitchen: Driver) -> None:
    older = kitchen.order("set_schedule", "1")
    kitchen.advance(20.0)
    newer = kitchen.order("set_schedule", "1")
    kitchen.advance(10.0)

    assert (kitchen.state(older), kitchen.state(newer)) == (SUPERSEDED, SENT)
    assert kitchen.times_published(older, "1") == 1


def test_what_a_node_still_works_on_is_not_replaced(kitchen: Driver) -> None:
    older = kitchen.order("set_schedule", "1", "2")
    kitchen.accept(older, "2")
    newer = kitchen.order("set_schedule", "1", "2")
    kitchen.advance(10.0)

    assert (kitchen.state(older), kitchen.state(newer)) == (SENT, QUEUED)


def test_what_one_node_has_is_not_superseded_while_the_other_waits_for_it(
    kitchen: Driver,
) -> None:
    older = kitchen.order("set_schedule", "1", "2")
    kitchen.not_published(older, "2")
    kitchen.done(older, "1")
    assert kitchen.state(older) is QUEUED
    newer = kitchen.order("set_schedule", "1", "2")
    kitchen.advance(NOT_PUBLISHED_PAUSE)

    assert (kitchen.state(older), kitchen.state(newer)) == (SENT, QUEUED)


def test_promise_3_what_is_not_stored_yet_supersedes_nothing(kitchen: Driver) -> None:
    kitchen.pause()
    older = kitchen.order("set_schedule", "1")
    kitchen.writes = Writes.FAIL
    newer = kitchen.order("set_schedule", "1")
    assert kitchen.state(older) is QUEUED

    kitchen.withdraw(newer)
    assert kitchen.state(older) is QUEUED


def test_promise_3_what_is_not_stored_yet_replaces_nothing_that_was_sent(
    kitchen: Driver,
) -> None:
    older = kitchen.order("set_schedule", "1")
    kitchen.writes = Writes.WHEN_TOLD
    newer = kitchen.order("set_schedule", "1")
    kitchen.advance(10.0)
    kitchen.fail_to_commit()
    kitchen.withdraw(newer)

    assert kitchen.state(older) is SENT


@pytest.mark.parametrize("kind", ["ping", "close_valve"])
def test_identical_queued_ones_coalesce(offline: Driver, kind: str) -> None:
    first = offline.order(kind, "1", params={"a": 1, "b": 2})
    other = offline.order(kind, "1", params={"a": 1, "b": 3})
    twin = offline.order(kind, "1", params={"b": 2, "a": 1})

    assert offline.state(first) is SUPERSEDED
    assert offline.state(other) is QUEUED
    assert offline.state(twin) is QUEUED


def test_feeds_never_coalesce(offline: Driver) -> None:
    feeds = [offline.feed(), offline.feed()]

    assert [offline.state(feed) for feed in feeds] == [QUEUED, QUEUED]


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
