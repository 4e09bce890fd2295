"""Second copies of answers without an id: they find nobody to be credited to."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Readings,
    Rejected,
)
from custom_components.mqtt_dispatch.engine.model.step import Step
from custom_components.mqtt_dispatch.engine.view import view
from tests.engine.driver import MINUTE, Driver, a_station, policies
from tests.engine.hub import Hub

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
ACK = (Accepted("1", subject="ack"), Done("1", subject="ack"))


def steps(command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    """Return a message that is acked, whatever it says; a reboot ends by a hello."""
    done = "hello" if command.kind == "reboot" else "ack"
    return (Step(frozenset({"ack"}), frozenset({done}), done_once_taken=True),)


@pytest.fixture
def camera() -> Driver:
    """Return nodes that acknowledge all commands with the same word."""
    rules = policies(ping={}, reboot={}, set_datetime={})
    driver = Driver(a_station(policies=rules, words={"steps": steps}, echo_for=1.0))
    driver.all_ready()
    return driver


@pytest.fixture
def hub() -> Hub:
    """Return a hub whose lines may come twice within a quarter of a second."""
    hub = Hub(echo_for=0.25)
    hub.come_up()
    return hub


def say(driver: Driver, *answers: object) -> None:
    for answer in answers:
        driver.tell(answer)  # type: ignore[arg-type]


def test_an_ack_that_comes_twice_is_not_that_of_the_next_command(
    camera: Driver,
) -> None:
    ping, clock = camera.order("ping", "1"), camera.order("set_datetime", "1")
    say(camera, *ACK)
    camera.advance(0.75)
    say(camera, *ACK)
    assert camera.state(ping) is CommandState.SUCCEEDED
    assert camera.whys(clock) == [Why.ECHO]

    camera.advance(0.25)
    assert camera.state(clock) is SENT


def test_nobody_is_shown_what_waits_for_no_more_than_an_echo(camera: Driver) -> None:
    camera.order("ping", "1")
    clock = camera.order("set_datetime", "1")
    shown = view(camera.engine, camera.now)
    assert shown.first_waiting is not None
    assert (shown.first_waiting[0].id, shown.waiting) == (clock, 1)
    say(camera, *ACK)

    shown = view(camera.engine, camera.now)
    assert (shown.first_waiting, shown.waiting) == (None, 0)


def test_a_refusal_that_comes_twice_refuses_one_command(camera: Driver) -> None:
    refused, reboot = camera.order("ping", "1"), camera.order("reboot", "1")
    no = Rejected("1", reason="no", subject="ack")
    say(camera, no)
    camera.advance(0.5)
    say(camera, no)
    camera.advance(1.0)
    say(camera, *ACK)

    assert camera.state(refused) is CommandState.REJECTED
    assert camera.state(reboot) is CommandState.ACCEPTED


def test_another_node_does_not_wait(camera: Driver) -> None:
    camera.order("ping", "1")
    say(camera, *ACK)

    assert camera.state(camera.order("ping", "2")) is SENT


def test_promise_4_a_node_that_acks_without_end_keeps_nothing_back(
    camera: Driver,
) -> None:
    ping, clock = camera.order("ping", "1"), camera.order("set_datetime", "1")
    for _ in range(8):
        say(camera, *ACK)
        camera.advance(0.25)

    assert camera.state(ping) is CommandState.SUCCEEDED
    assert camera.state(clock) is not QUEUED


def test_an_answer_with_an_id_is_waited_for_by_nobody(camera: Driver) -> None:
    ping, clock = camera.order("ping", "1"), camera.order("set_datetime", "1")
    camera.done(ping, "1")

    assert camera.state(clock) is SENT


def test_a_hub_that_says_twice_that_it_took_a_line_has_one(hub: Hub) -> None:
    plan = hub.plan(3)
    hub.take(plan)
    hub.advance(0.2)
    hub.take(plan)
    assert hub.steps_sent(plan, "1") == [0]

    hub.advance(0.05)
    assert hub.steps_sent(plan, "1") == [0, 1]


def test_a_hub_that_says_an_error_twice_refuses_one_line(hub: Hub) -> None:
    first, other = hub.open(0), hub.open(0, "2")
    hub.refuse()
    hub.advance(0.2)
    hub.refuse()
    hub.advance(0.05)

    assert hub.state(first) is CommandState.REJECTED
    assert hub.state(other) is SENT


@pytest.fixture
def late() -> Hub:
    """Return a hub whose errors may come twice within five seconds."""
    hub = Hub(echo_for=0.25, refusal_echo_for=5.0)
    hub.come_up()
    return hub


def test_promise_2_an_error_that_comes_late_once_more_takes_no_opening_back(
    late: Hub,
) -> None:
    first, other = late.open(0), late.open(0, "2")
    late.is_full()
    late.advance(4.5)
    late.is_full()
    assert late.whys(other) == [Why.ECHO]

    late.advance(0.5)
    assert late.state(other) is SENT
    assert late.whys(first) == [Why.BUSY]


def test_what_may_be_done_twice_does_not_wait_for_a_late_copy(late: Hub) -> None:
    late.open(0)
    late.is_full()
    late.advance(0.25)
    close = late.close(1, "2")

    assert late.state(close) is SENT


def test_promise_2_an_opening_that_was_taken_after_all_is_sent_once(hub: Hub) -> None:
    """The error was a stray one: a line has one answer."""
    valve = hub.open(0)
    hub.is_full()
    assert hub.whys(valve) == [Why.BUSY]
    hub.take(valve)
    assert hub.state(valve) is CommandState.ACCEPTED
    hub.advance(MINUTE)

    assert hub.times_published(valve, "1") == 1
    hub.happens("open_valve 0")
    assert hub.state(valve) is CommandState.SUCCEEDED


def test_lines_that_are_answered_otherwise_follow_at_once(hub: Hub) -> None:
    valve = hub.open(0)
    hub.take(valve)
    close = hub.close(1)
    assert hub.state(close) is SENT

    hub.advance(MINUTE)
    assert hub.times_published(valve, "1") == 1
