"""What the session wants to know after a restart is stored with each message."""

from __future__ import annotations

from typing import override

import pytest

from custom_components.mqtt_dispatch.engine.model.clock import Now
from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.engine.model.session import Host, Session
from custom_components.mqtt_dispatch.engine.model.step import Gate, Step
from tests.engine.driver import Driver, Writes, a_station, policies

NODE = "1"
RULES = policies(
    feed={"gate": Gate.ONLINE}, reboot={"gate": Gate.ONLINE}, ping={"gate": Gate.ONLINE}
)


class Memory(Session):
    """Remembers what its test has it remember."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.so: dict[str, str | float] = {}

    @override
    def remembers(self, command: Command, node: str, step: int, now: Now) -> Readings:
        return dict(self.so)


class Remembering(Driver):
    """A station of one node whose session remembers something."""

    def __init__(self) -> None:
        words = {
            "session": Memory,
            "steps": lambda command, *_: (Step(),) * command.params.get("steps", 1),
        }
        super().__init__(a_station(nodes=(NODE,), policies=RULES, words=words))
        self.memory.so = {"count": 4.0, "valve": "closed"}
        self.connect()
        self.reporting = (NODE,)
        self.ready()

    @property
    def memory(self) -> Memory:
        session = self.engine.session
        assert isinstance(session, Memory)
        return session

    def feed_about_to_leave(self) -> int:
        """Have a feed recorded; the write of that is yet to be made."""
        self.writes = Writes.WHEN_TOLD
        feed = self.feed()
        self.commit()
        assert self.delivery(feed, NODE).state is DeliveryState.SENT
        return feed

    def remembered(self, command_id: int) -> Readings:
        return dict(self.delivery(command_id, NODE).remembered)

    def stored(self, command_id: int) -> Readings:
        command = self.disk.command(command_id)
        assert command is not None
        (delivery,) = command.deliveries
        return dict(delivery.remembered)


@pytest.fixture
def world() -> Remembering:
    return Remembering()


def test_it_is_on_disk_before_the_message_leaves(world: Remembering) -> None:
    feed = world.feed_about_to_leave()
    world.disk.write(world.engine.snapshot())
    assert world.published == []
    assert world.stored(feed) == {"count": 4.0, "valve": "closed"}

    world.commit()
    assert world.published == [(feed, NODE)]


def test_it_is_there_after_a_restart(world: Remembering) -> None:
    feed = world.feed()
    world.crash()

    assert world.remembered(feed) == {"count": 4.0, "valve": "closed"}


def test_each_step_has_its_own(world: Remembering) -> None:
    feed = world.order("feed", params={"portions": 1, "steps": 2})
    world.memory.so = {"count": 5.0}
    world.accept(feed)

    assert world.steps_sent(feed, NODE) == [0, 1]
    assert world.stored(feed) == {"count": 5.0}


def test_each_attempt_has_its_own(world: Remembering) -> None:
    ping = world.order("ping")
    world.memory.so = {}
    world.advance(60)

    assert world.times_published(ping, NODE) > 1
    assert world.stored(ping) == {}


def test_what_changes_before_the_message_leaves_is_not_remembered(
    world: Remembering,
) -> None:
    feed = world.feed_about_to_leave()
    world.memory.so["count"] = 5.0
    world.commit()
    assert world.published == [], "it would say what was not so"

    world.commit()
    assert world.published == [(feed, NODE)]
    assert world.stored(feed) == {}


def test_what_never_rests_holds_nothing_up(world: Remembering) -> None:
    feed = world.feed_about_to_leave()
    for count in range(5, 9):
        world.memory.so["count"] = float(count)
        world.commit()

    assert world.published == [(feed, NODE)]


def test_a_message_that_was_recorded_anew_can_still_be_taken_back(
    world: Remembering,
) -> None:
    feed = world.feed_about_to_leave()
    world.memory.so["count"] = 5.0
    world.commit()
    world.fail_to_commit()

    assert world.delivery(feed, NODE).state is DeliveryState.PENDING
    assert world.delivery(feed, NODE).attempts == 0


def may_speak_of_others(world: Remembering, command_id: int) -> bool:
    command = world.command(command_id)
    host = world.memory.host
    return host.may_speak_of_others(command, NODE, lambda other: other.kind == "feed")


def test_a_command_alone_is_the_only_one_that_may_be_meant(world: Remembering) -> None:
    feed = world.feed()
    world.order("ping")

    assert not may_speak_of_others(world, feed)


def test_of_what_was_sent_since_either_may_be_meant(world: Remembering) -> None:
    feed = world.feed()
    world.advance(1200)
    later = world.feed()
    world.accept(later)
    world.done(later)
    assert world.state(later) is CommandState.SUCCEEDED

    assert may_speak_of_others(world, feed)


def test_of_what_is_still_in_doubt_either_may_be_meant(world: Remembering) -> None:
    world.feed()
    world.advance(1200)
    later = world.feed()
    assert world.delivery(later, NODE).state.in_flight

    assert may_speak_of_others(world, later)


def test_what_ended_before_is_not_meant(world: Remembering) -> None:
    earlier = world.feed()
    world.accept(earlier)
    world.done(earlier)
    world.advance(1)
    feed = world.feed()

    assert not may_speak_of_others(world, feed)


def test_what_was_never_sent_is_not_meant(world: Remembering) -> None:
    feed = world.feed()
    world.cancel(world.feed())

    assert not may_speak_of_others(world, feed)
