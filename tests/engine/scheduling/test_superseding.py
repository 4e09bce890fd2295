"""What a newer command makes needless, and what it leaves alone."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.scheduling.conditions import (
    NOT_PUBLISHED_PAUSE,
)
from tests.engine.driver import Driver, Writes

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
SUPERSEDED = CommandState.SUPERSEDED


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
    kitchen.order("set_schedule", "1")
    assert kitchen.state(older) is QUEUED

    assert kitchen.state(older) is QUEUED


def test_promise_3_what_is_not_stored_yet_replaces_nothing_that_was_sent(
    kitchen: Driver,
) -> None:
    older = kitchen.order("set_schedule", "1")
    kitchen.writes = Writes.WHEN_TOLD
    kitchen.order("set_schedule", "1")
    kitchen.advance(10.0)
    kitchen.fail_to_commit()

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
