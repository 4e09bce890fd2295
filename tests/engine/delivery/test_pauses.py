"""A node that may say once more that it is done gets nothing that could end early."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.events import Finish
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.engine.model.step import Step
from tests.engine.driver import Driver, a_station

QUEUED, SENT, SUCCEEDED = (
    CommandState.QUEUED,
    CommandState.SENT,
    CommandState.SUCCEEDED,
)


def steps(command: Command, node: str, _readings: Readings) -> tuple[Step, ...]:
    """Return that node 1 pauses for 16 s after a feed, which a reboot does not heed."""
    pause = 16.0 if node == "1" and command.kind == "feed" else 0.0
    heeds = node == "1" and command.kind != "reboot"
    return (Step(pause_after=pause, heeds_pauses=heeds),)


@pytest.fixture
def kitchen() -> Driver:
    """Return a station with a node that pauses, ready."""
    driver = Driver(a_station(words={"steps": steps}))
    driver.all_ready()
    return driver


def fed(kitchen: Driver) -> int:
    """Feed, and have both nodes do it."""
    feed = kitchen.feed()
    kitchen.done(feed)
    assert kitchen.state(feed) is SUCCEEDED
    return feed


def test_the_next_waits_until_the_pause_is_over_and_says_so(kitchen: Driver) -> None:
    fed(kitchen)
    after = kitchen.feed()
    assert kitchen.reasons(after) == (Reason(Why.PAUSE, "1"),)

    kitchen.advance(15.75)
    assert kitchen.whys(after) == [Why.PAUSE]
    kitchen.advance(0.25)
    assert kitchen.state(after) is SENT


def test_it_begins_when_that_node_has_done_its_part(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    kitchen.advance(16.0)
    kitchen.done(feed, "2")

    assert kitchen.state(kitchen.feed()) is SENT


def test_what_heeds_a_pause_need_not_begin_one(kitchen: Driver) -> None:
    fed(kitchen)
    operation = kitchen.order("operate", "1")
    assert kitchen.whys(operation) == [Why.PAUSE]

    kitchen.advance(16.0)
    kitchen.done(operation)
    assert kitchen.state(kitchen.order("operate", "1")) is SENT


def test_what_does_not_heed_it_waits_for_no_pause(kitchen: Driver) -> None:
    fed(kitchen)

    assert kitchen.state(kitchen.order("reboot", "1")) is SENT


def test_a_node_that_did_its_part_keeps_no_other_waiting(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.done(feed, "1")
    kitchen.fail(feed, "2", "timeout")
    kitchen.tell(Finish(feed))

    assert kitchen.state(feed + 1) is SENT


def test_what_was_never_sent_begins_no_pause(kitchen: Driver) -> None:
    kitchen.disconnect()
    kitchen.cancel(kitchen.feed())
    kitchen.all_ready()

    assert kitchen.state(kitchen.feed()) is SENT


def test_a_restart_leaves_what_was_left_of_it(kitchen: Driver) -> None:
    fed(kitchen)
    kitchen.advance(6.0)
    kitchen.crash(away=3.0)
    kitchen.all_ready()
    feed = kitchen.feed()

    assert kitchen.whys(feed) == [Why.PAUSE]
    kitchen.advance(7.0)
    assert kitchen.state(feed) is SENT
