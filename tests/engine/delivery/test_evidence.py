"""Words that a node says at other times, too, end only what it has taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandState
from custom_components.mqtt_dispatch.engine.model.policy import Policy
from custom_components.mqtt_dispatch.engine.model.reports import (
    Accepted,
    Done,
    Readings,
)
from custom_components.mqtt_dispatch.engine.model.step import Silence, Step
from tests.engine.driver import HOUR, Driver, a_station, policies

type Steps = Callable[[Command, str, Readings], tuple[Step, ...]]

TAKEN = Accepted("1", subject="ack")
HELLO = Done("1", subject="hello")


def steps(_command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    """Return a message that is acked, and done at the next hello."""
    return (Step(frozenset({"ack"}), frozenset({"hello"}), done_once_taken=True),)


def a_driver(steps: Steps, rules: Mapping[str, Policy]) -> Driver:
    """Return a station of one node that is there, with commands of these steps."""
    driver = Driver(
        a_station(nodes=("1",), policies=rules, words={"steps": steps}, online_age=HOUR)
    )
    driver.connect()
    driver.heartbeat()
    return driver


@pytest.fixture
def driver() -> Driver:
    """A node that says hello at other times, too."""
    rules = policies(reboot={}, update_firmware={})
    return a_driver(steps, rules)


def test_a_hello_after_the_ack_is_the_end(driver: Driver) -> None:
    reboot = driver.order("reboot", "1")
    driver.tell(TAKEN)
    driver.tell(HELLO)
    assert driver.state(reboot) is CommandState.SUCCEEDED


def test_a_hello_without_an_ack_leaves_a_doubt(driver: Driver) -> None:
    reboot = driver.order("reboot", "1")
    driver.tell(HELLO)
    assert driver.state(reboot) is CommandState.SENT
    driver.advance(15.0)
    assert driver.state(reboot) is CommandState.UNCONFIRMED


def test_what_may_be_repeated_is_sent_again(driver: Driver) -> None:
    update = driver.order("update_firmware", "1")
    driver.tell(HELLO)
    driver.advance(60.0)
    assert driver.times_published(update, "1") > 1


def test_an_ack_outlives_a_crash(driver: Driver) -> None:
    reboot = driver.order("reboot", "1")
    driver.tell(TAKEN)
    driver.crash()
    driver.connect()
    driver.tell(HELLO)
    assert driver.state(reboot) is CommandState.SUCCEEDED


def steps_without_ack(_command: Command, _node: str, _: Readings) -> tuple[Step, ...]:
    """Return a message that need not be acked, and is done at the next hello."""
    return (Step(frozenset({"ack"}), frozenset({"hello"}), done_once_told=True),)


@pytest.fixture
def terse() -> Driver:
    """A node that says hello at other times, too, and may leave out its ack."""
    rules = policies(
        reboot={"silence": Silence.TAKEN, "accept_timeout": 10.0, "done_timeout": 45.0},
        update_firmware={"done_timeout": 45.0, "retry_delay": HOUR},
    )
    return a_driver(steps_without_ack, rules)


def test_a_hello_after_it_was_told_is_the_end(terse: Driver) -> None:
    reboot = terse.order("reboot", "1")
    terse.tell(HELLO)
    assert terse.state(reboot) is CommandState.SUCCEEDED


@pytest.mark.parametrize("loses", [Driver.crash, Driver.disconnect])
def test_a_hello_proves_nothing_of_what_may_not_have_come(
    terse: Driver, loses: Callable[[Driver], None]
) -> None:
    reboot = terse.order("reboot", "1")
    loses(terse)
    terse.connect()
    terse.tell(HELLO)
    assert terse.state(reboot) is CommandState.SENT
    terse.advance(15.0)
    assert terse.state(reboot) is CommandState.UNCONFIRMED


def test_a_hello_is_the_end_of_what_silence_was_taken_for_taking(terse: Driver) -> None:
    reboot = terse.order("reboot", "1")
    terse.advance(10.0)
    assert terse.state(reboot) is CommandState.ACCEPTED
    terse.tell(HELLO)
    assert terse.state(reboot) is CommandState.SUCCEEDED


@pytest.mark.parametrize("loses", [Driver.crash, Driver.disconnect])
def test_a_hello_proves_nothing_where_only_silence_was_taken_for_taking(
    terse: Driver, loses: Callable[[Driver], None]
) -> None:
    reboot = terse.order("reboot", "1")
    terse.advance(10.0)
    loses(terse)
    terse.connect()
    terse.tell(HELLO)
    assert terse.state(reboot) is CommandState.ACCEPTED
    terse.advance(45.0)
    assert terse.state(reboot) is CommandState.UNCONFIRMED


@pytest.mark.parametrize("words", [(), (TAKEN,)], ids=["silent", "acked"])
def test_a_hello_that_comes_too_late_is_one_of_other_times(
    terse: Driver, words: tuple[Accepted, ...]
) -> None:
    update = terse.order("update_firmware", "1")
    for word in words:
        terse.tell(word)
    terse.advance(60.0)
    terse.tell(HELLO)
    assert not terse.state(update).final


def test_an_ack_that_was_stored_proves_that_the_message_left(terse: Driver) -> None:
    reboot = terse.order("reboot", "1")
    terse.tell(TAKEN)
    terse.crash()
    terse.connect()
    terse.tell(HELLO)
    assert terse.state(reboot) is CommandState.SUCCEEDED
