"""Restarts: what was in flight is judged from what is stored."""

from __future__ import annotations

from dataclasses import replace
import json

import pytest

from custom_components.mqtt_dispatch.engine.engine import Engine
from custom_components.mqtt_dispatch.engine.ledger.snapshot import (
    Snapshot,
    command_from_json,
    snapshot_as_json,
    snapshot_from_json,
)
from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    DeliveryState,
    Outcome,
)
from custom_components.mqtt_dispatch.engine.model.effects import Enqueued, Publish
from custom_components.mqtt_dispatch.engine.model.events import Enqueue
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Accepted
from tests.engine.driver import HOUR, MINUTE, Driver, Writes, a_station

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
ACCEPTED, SUCCEEDED = CommandState.ACCEPTED, CommandState.SUCCEEDED
UNCONFIRMED = CommandState.UNCONFIRMED


def test_what_was_queued_goes_on(kitchen: Driver) -> None:
    kitchen.disconnect()
    feed = kitchen.feed(3)
    kitchen.crash(away=MINUTE)
    assert kitchen.command(feed).params == {"portions": 3}
    kitchen.all_ready()

    assert kitchen.state(feed) is SENT


def test_what_expired_while_it_was_down_has_expired(kitchen: Driver) -> None:
    kitchen.disconnect()
    feed = kitchen.feed()
    kitchen.crash(away=HOUR)

    assert kitchen.state(feed) is CommandState.EXPIRED


def test_promise_2_what_was_sent_is_never_sent_again(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(9.25)
    assert kitchen.state(feed) is SENT
    kitchen.advance(0.25)

    assert kitchen.state(feed) is UNCONFIRMED
    assert kitchen.times_published(feed, "1") == 1


def test_promise_2_what_was_recorded_but_not_known_to_be_published_is_not_sent(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed_not_recorded_yet()
    kitchen.disk.write(kitchen.engine.snapshot())
    kitchen.writes = Writes.AT_ONCE
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(HOUR)

    assert kitchen.state(feed) is UNCONFIRMED
    assert kitchen.published == []


def test_what_was_not_recorded_was_not_sent_and_goes(kitchen: Driver) -> None:
    feed = kitchen.feed_not_recorded_yet()
    kitchen.writes = Writes.AT_ONCE
    kitchen.crash()
    kitchen.go_on()
    kitchen.all_ready()

    assert kitchen.state(feed) is SENT
    assert kitchen.times_published(feed, "1") == 1


def test_promise_2_what_was_accepted_has_its_done_timeout_anew(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.accept(feed)
    kitchen.advance(80.0)
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(89.25)
    assert kitchen.state(feed) is ACCEPTED
    kitchen.advance(0.25)

    assert kitchen.state(feed) is UNCONFIRMED
    assert kitchen.times_published(feed, "1") == 1


@pytest.mark.parametrize("accepted", [False, True])
def test_answers_to_what_was_in_flight_count(kitchen: Driver, accepted: bool) -> None:
    feed = kitchen.feed()
    if accepted:
        kitchen.accept(feed)
    kitchen.crash()
    kitchen.connect()
    kitchen.done(feed)

    assert kitchen.state(feed) is SUCCEEDED


def test_the_lane_is_still_taken_by_what_was_in_flight(kitchen: Driver) -> None:
    feed, following = kitchen.feed(), kitchen.feed()
    kitchen.crash()
    kitchen.all_ready()
    assert kitchen.whys(following) == [Why.BEHIND]
    kitchen.done(feed)

    assert kitchen.state(following) is SENT


@pytest.mark.parametrize("kind", ["set_schedule", "ping"])
def test_what_may_be_repeated_is_sent_again_and_its_attempts_count(
    kitchen: Driver, kind: str
) -> None:
    command = kitchen.order(kind, "1")
    kitchen.advance(30.0)
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(HOUR)

    assert kitchen.times_published(command, "1") == 3
    assert kitchen.state(command) is CommandState.FAILED


def test_until_done_goes_on(kitchen: Driver) -> None:
    close = kitchen.order("close_valve", "1")
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(3.0)

    assert kitchen.times_published(close, "1") >= 2


def test_a_node_known_to_drop_repeats_gets_its_resend_after_a_crash(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    feed = kitchen.feed()
    kitchen.crash()
    kitchen.all_ready(drops_repeats=True)
    kitchen.advance(30.0)

    assert kitchen.times_published(feed, "1") == 2


def test_promise_2_a_node_that_says_no_more_that_it_drops_repeats_gets_none(
    kitchen: Driver,
) -> None:
    kitchen.ready(drops_repeats=True)
    feed = kitchen.feed()
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(HOUR)

    assert kitchen.times_published(feed, "1") == 1
    assert kitchen.state(feed) is UNCONFIRMED


def test_an_unconfirmed_command_stands_and_holds_for_what_was_left(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.advance(10.0)
    following = kitchen.feed()
    kitchen.advance(4 * MINUTE)
    kitchen.crash(away=MINUTE)
    kitchen.all_ready()
    assert kitchen.state(feed) is UNCONFIRMED
    assert kitchen.whys(following) == [Why.UNCONFIRMED]
    kitchen.advance(5 * MINUTE - 1.0)
    assert kitchen.state(following) is QUEUED

    kitchen.advance(0.5)
    assert kitchen.state(following) is SENT


def test_a_late_accept_does_not_put_the_end_of_the_hold_off(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(10.0)
    following = kitchen.feed()
    kitchen.advance(9 * MINUTE)
    kitchen.accept(feed, "1")
    kitchen.crash()
    kitchen.all_ready()
    kitchen.advance(MINUTE)

    assert kitchen.state(following) is SENT


def test_a_clock_set_back_while_down_holds_no_longer_than_the_hold(
    kitchen: Driver,
) -> None:
    kitchen.feed()
    kitchen.advance(10.0)
    following = kitchen.feed()
    kitchen.crash(away=-30 * MINUTE)
    kitchen.all_ready()
    kitchen.advance(10 * MINUTE)

    assert kitchen.state(following) is SENT


def test_a_wish_to_send_again_survives(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(10.0)
    kitchen.disconnect()
    kitchen.resolve(feed, Outcome.RESEND)
    kitchen.crash()
    kitchen.all_ready()

    assert kitchen.times_published(feed, "1") == 2


@pytest.mark.parametrize(
    "state", [SUCCEEDED, CommandState.FAILED, CommandState.REJECTED]
)
def test_promise_3_what_was_final_stays_so(
    kitchen: Driver, state: CommandState
) -> None:
    operate = kitchen.order("operate", "1")
    match state:
        case CommandState.SUCCEEDED:
            kitchen.done(operate)
        case CommandState.FAILED:
            kitchen.fail(operate, "1")
        case _:
            kitchen.reject(operate, "1")
    closed = kitchen.command(operate)
    kitchen.crash()
    kitchen.all_ready()
    kitchen.done(operate)
    kitchen.advance(HOUR)

    assert kitchen.command(operate) == closed


def test_promise_3_what_the_history_says_ended_has_ended(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.done(feed)
    kitchen.history = (kitchen.command(feed),)
    kitchen.writes = Writes.AT_ONCE
    kitchen.crash()

    assert kitchen.state(feed) is SUCCEEDED
    assert feed not in kitchen.engine.ledger.open


def test_ids_never_come_back(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed)
    kitchen.crash()
    kitchen.crash()

    assert kitchen.feed() == feed + 1


def test_ids_never_come_back_even_if_only_the_history_is_left() -> None:
    driver = Driver()
    feed = driver.feed()
    driver.cancel(feed)
    restored = Driver(history=[driver.command(feed)])

    assert restored.feed() == feed + 1


def test_a_command_of_a_kind_that_is_gone_is_followed_by_its_class() -> None:
    driver = Driver()
    driver.all_ready()
    operate = driver.order("operate", "1")
    station = a_station(policies={"feed": driver.station.policies["feed"]})
    driver.crash(station=station)
    driver.all_ready()
    driver.advance(10.0)

    assert driver.state(operate) is UNCONFIRMED


def test_a_doubt_whose_beginning_is_not_told_holds_from_when_it_was_ordered(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.advance(10.0)
    stored = kitchen.disk.read()
    told = kitchen.command(feed).timeline
    doubted = replace(kitchen.command(feed), timeline=told[:1])
    driver = Driver(stored=replace(stored, commands=(doubted,)))

    held = driver.engine.deliveries.lane_holds.held()
    assert [command.id for command in held] == [feed]


# The form in which it is stored.


def test_a_snapshot_reads_back_as_it_was(kitchen: Driver) -> None:
    kitchen.ready(drops_repeats=True)
    kitchen.feed(2, idempotency_key="breakfast")
    kitchen.reject(1, "1", "empty")
    kitchen.advance(70.0)
    kitchen.order("set_schedule", "1", key="a", params={"meals": [{"at": "08:00"}]})
    kitchen.done(kitchen.order("close_valve", "2"))
    kitchen.pause()

    snapshot = kitchen.engine.snapshot()
    text = json.dumps(snapshot_as_json(snapshot))
    assert replace(
        snapshot_from_json(json.loads(text)), revision=snapshot.revision
    ) == (snapshot)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "1"),
        ("id", True),
        ("id", 1.0),
        ("kind", 7),
        ("params", 3),
        ("class", "twice"),
        ("state", "lost"),
        ("created_at", "noon"),
        ("deliveries", [{}]),
        ("timeline", [{"at": 1}]),
    ],
)
def test_what_is_no_command_is_not_taken_for_one(
    kitchen: Driver, field: str, value: object
) -> None:
    kitchen.feed()
    data = snapshot_as_json(kitchen.engine.snapshot())["commands"][0]
    command_from_json(data)

    with pytest.raises((KeyError, TypeError, ValueError)):
        command_from_json({**data, field: value})


def test_an_empty_station_starts_with_nothing() -> None:
    driver = Driver()

    assert driver.engine.snapshot() == Snapshot(believed_at=driver.now.wall)
    assert driver.disk.writes == 0


def test_an_engine_can_be_taken_up_at_any_effect(kitchen: Driver) -> None:
    """What an answer may do first after a crash: it comes before anything else."""
    feed = kitchen.feed()
    engine = Engine(kitchen.station, kitchen.disk.read(), (), kitchen.now)
    engine.handle(Accepted("1", feed), kitchen.now)
    command: Command = engine.ledger.open[feed]

    assert command.deliveries[0].state is DeliveryState.ACCEPTED
    wish = Enqueue(kind="ping", params={}, nodes=("1",), cause=Cause.ACTION)
    effects = engine.handle(wish, kitchen.now)
    assert Enqueued(feed + 1) in effects
    assert not [effect for effect in effects if isinstance(effect, Publish)]
