"""Lanes: whose turn it is."""

from __future__ import annotations

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Reason, Why
from tests.engine.driver import Driver, a_station

QUEUED, SENT = CommandState.QUEUED, CommandState.SENT
ACCEPTED, SUCCEEDED = CommandState.ACCEPTED, CommandState.SUCCEEDED


def carry_out(driver: Driver, command_id: int) -> None:
    driver.accept(command_id)
    driver.done(command_id)


def test_five_feeds_go_one_by_one_in_the_order_they_came(kitchen: Driver) -> None:
    feeds = [kitchen.feed(portions) for portions in range(1, 6)]

    for feed in feeds:
        assert kitchen.published[-2:] == [(feed, "1"), (feed, "2")]
        carry_out(kitchen, feed)

    assert [kitchen.state(feed) for feed in feeds] == [SUCCEEDED] * 5
    assert len(kitchen.published) == 10


def test_the_lane_of_the_station_waits_for_every_node(kitchen: Driver) -> None:
    first, second = kitchen.feed(), kitchen.feed()
    kitchen.accept(first)
    kitchen.done(first, "1")
    assert kitchen.state(second) is QUEUED

    kitchen.done(first, "2")
    assert kitchen.state(second) is SENT


def test_nodes_have_lanes_of_their_own(kitchen: Driver) -> None:
    one, other = kitchen.order("operate", "1"), kitchen.order("operate", "2")

    assert (kitchen.state(one), kitchen.state(other)) == (SENT, SENT)


def test_the_lane_of_a_node_is_first_come_first_served_over_kinds(
    kitchen: Driver,
) -> None:
    first = kitchen.order("operate", "1")
    second = kitchen.order("set_schedule", "1")
    third = kitchen.order("ping", "1")
    carry_out(kitchen, first)

    assert (kitchen.state(second), kitchen.state(third)) == (SENT, QUEUED)


def test_a_command_for_two_nodes_takes_its_turn_in_both_lanes(kitchen: Driver) -> None:
    at_one = kitchen.order("operate", "1")
    both = kitchen.order("set_schedule", "1", "2")
    at_two = kitchen.order("operate", "2")
    assert kitchen.reasons(both) == (Reason(Why.BEHIND, command_id=at_one),)
    assert kitchen.reasons(at_two) == (Reason(Why.BEHIND, command_id=both),)

    carry_out(kitchen, at_one)
    assert kitchen.published[-2:] == [(both, "1"), (both, "2")]
    carry_out(kitchen, both)
    assert kitchen.state(at_two) is SENT


def test_a_reboot_reaches_a_node_for_which_a_meal_waits(kitchen: Driver) -> None:
    kitchen.reporting = ("1",)
    kitchen.busy("2")
    feed = kitchen.feed()
    reboot = kitchen.order("reboot", "2")

    assert kitchen.state(feed) is QUEUED
    assert kitchen.state(reboot) is SENT


def test_no_reboot_or_firmware_starts_on_a_node_busy_with_a_meal(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.accept(feed)
    reboot = kitchen.order("reboot", "1")
    firmware = kitchen.order("update_firmware", "2")
    assert (kitchen.state(reboot), kitchen.state(firmware)) == (QUEUED, QUEUED)

    kitchen.done(feed, "2")
    assert (kitchen.state(reboot), kitchen.state(firmware)) == (QUEUED, SENT)
    kitchen.done(feed, "1")
    assert kitchen.state(reboot) is SENT


def test_no_meal_starts_on_a_node_busy_with_a_reboot(kitchen: Driver) -> None:
    reboot = kitchen.order("reboot", "1")
    feed = kitchen.feed()
    assert kitchen.reasons(feed) == (Reason(Why.NODE_BUSY, "1", command_id=reboot),)

    carry_out(kitchen, reboot)
    assert kitchen.state(feed) is SENT


def test_a_meal_whose_turn_has_come_is_not_starved_by_later_commands(
    kitchen: Driver,
) -> None:
    first = kitchen.order("operate", "1")
    feed = kitchen.feed()
    later = kitchen.order("operate", "2")
    assert kitchen.reasons(later) == (Reason(Why.NODE_BUSY, "2", command_id=feed),)

    carry_out(kitchen, first)
    assert (kitchen.state(feed), kitchen.state(later)) == (SENT, QUEUED)


def test_until_done_waits_for_nobody_and_nobody_waits_for_it(kitchen: Driver) -> None:
    feed = kitchen.feed()
    queued = kitchen.order("operate", "1")
    close = kitchen.order("close_valve", "1")
    assert kitchen.state(close) is SENT

    carry_out(kitchen, feed)
    assert kitchen.state(queued) is SENT
    assert kitchen.state(close) is SENT


def test_until_done_still_waits_for_its_gate(kitchen: Driver) -> None:
    kitchen.see("1", online=False)
    kitchen.reporting = ("2",)
    close = kitchen.order("close_valve", "1")
    assert kitchen.whys(close) == [Why.OFFLINE]

    kitchen.ready("1")
    assert kitchen.state(close) is SENT


def test_promise_4_one_failing_command_does_not_block_the_next(kitchen: Driver) -> None:
    first, second = kitchen.feed(), kitchen.feed()
    kitchen.reject(first, "1", "empty")
    kitchen.reject(first, "2", "empty")

    assert kitchen.state(first) is CommandState.REJECTED
    assert kitchen.state(second) is SENT


def test_promise_4_one_silent_node_does_not_block_the_others() -> None:
    driver = Driver(a_station(nodes=("1", "2", "3")))
    driver.all_ready()
    driver.reporting = ("1", "2")
    driver.advance(15.0)
    stuck = driver.order("operate", "3")
    assert driver.whys(stuck) == [Why.SILENT]

    assert driver.state(driver.order("operate", "1")) is SENT
    driver.advance(900.0)
    assert driver.state(stuck) is CommandState.EXPIRED


def test_a_part_that_did_not_leave_does_not_meet_another_command(
    kitchen: Driver,
) -> None:
    feed = kitchen.feed()
    kitchen.not_published(feed, "2")
    reboot = kitchen.order("reboot", "2")
    kitchen.advance(5.0)

    assert kitchen.times_published(feed, "2") == 1
    assert kitchen.whys(reboot) == [Why.NODE_BUSY]
