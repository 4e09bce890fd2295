"""What must be done is done at each node that is there, whoever else is gone."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.reason import Why
from custom_components.mqtt_dispatch.engine.model.reports import Busy
from custom_components.mqtt_dispatch.engine.model.step import Step
from tests.engine.driver import MINUTE, NODES, Driver, a_station

PENDING, SENT, DONE = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.DONE


def without(node: str, driver: Driver) -> Driver:
    """Have a node say goodbye."""
    driver.reporting = tuple(each for each in NODES if each != node)
    driver.see(node, online=False)
    return driver


def test_who_is_there_is_closed_at_once_and_the_rest_when_it_comes(
    kitchen: Driver,
) -> None:
    closing = without("2", kitchen).order("close_valve", key="valve:0")
    assert kitchen.deliveries(closing) == [SENT, PENDING]
    assert kitchen.whys(closing) == [Why.OFFLINE]
    kitchen.done(closing, "1")
    kitchen.advance(10 * MINUTE)
    assert kitchen.times_published(closing, "1") == 1
    assert kitchen.deliveries(closing) == [DONE, PENDING]

    kitchen.ready("2")
    assert kitchen.deliveries(closing) == [DONE, SENT]
    kitchen.done(closing, "2")
    assert kitchen.state(closing) is CommandState.SUCCEEDED


def test_what_one_node_is_too_busy_for_the_other_does(kitchen: Driver) -> None:
    closing = without("1", kitchen).order("close_valve", key="valve:0")
    kitchen.tell(Busy("2", closing))
    kitchen.ready("1")

    assert kitchen.times_published(closing, "1") == 1


def test_a_closing_for_all_goes_on_over_a_kill(kitchen: Driver) -> None:
    closing = without("2", kitchen).order("close_valve", key="valve:0")
    kitchen.crash()
    kitchen.connect()
    kitchen.ready("1")
    kitchen.done(closing, "1")
    kitchen.ready("2")

    assert kitchen.deliveries(closing) == [DONE, SENT]


def test_a_twin_does_what_of_the_older_one_is_left(kitchen: Driver) -> None:
    older = without("2", kitchen).order("close_valve", key="valve:0")
    kitchen.done(older, "1")
    newer = kitchen.order("close_valve", key="valve:0")

    assert kitchen.state(older) is CommandState.SUPERSEDED
    assert kitchen.deliveries(newer) == [SENT, PENDING]


def test_what_is_not_in_haste_waits_for_all_its_nodes(kitchen: Driver) -> None:
    opening = without("2", kitchen).order("open_valve", key="valve:0")

    assert kitchen.deliveries(opening) == [PENDING, PENDING]


def test_a_closing_whose_answers_bear_no_id_waits_for_all_its_nodes() -> None:
    """Two in flight could not be told apart: each would get the other's answers."""
    steps = (Step(taken_on=frozenset({"taken"}), done_on=frozenset({"closed"})),)
    station = a_station(words={"steps": lambda *_: steps})
    driver = Driver(station)
    driver.all_ready()
    closing = without("2", driver).order("close_valve", key="valve:0")

    assert driver.deliveries(closing) == [PENDING, PENDING]
    driver.ready("2")
    assert driver.deliveries(closing) == [SENT, SENT]


def test_a_node_is_told_once_it_is_heard_though_it_says_what_the_broker_kept() -> None:
    driver = Driver()
    driver.connect()
    driver.see("1", live=False, online=True)
    closing = driver.order("close_valve", "1", key="valve:0")
    driver.advance(3)
    assert driver.deliveries(closing) == [PENDING]
    driver.see("1", online=True)

    assert driver.deliveries(closing) == [SENT]
