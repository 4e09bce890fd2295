"""Accept and done time-outs, and what each class does when one ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from tests.engine.delivery.sendings import sending_times
from tests.engine.driver import HOUR, MINUTE, Driver, a_station
from tests.engine.policies import POLICIES
from tests.nonempty import some
from tests.protocols.folders import OF_FOLDERS

SENT, ACCEPTED = CommandState.SENT, CommandState.ACCEPTED
UNCONFIRMED, FAILED = CommandState.UNCONFIRMED, CommandState.FAILED
SUCCEEDED = CommandState.SUCCEEDED

ONCE = [
    "feed",
    "dose",
    "run_pump",
    "calibrate",
    "open_valve",
    "operate",
    "toggle",
    "reboot",
    "factory_reset",
]
LATEST = [
    "set_schedule",
    "remove_schedule",
    "set_plan",
    "set_wake_schedule",
    "set_wake_interval",
    "set_datetime",
    "update_config",
    "update_firmware",
    "set_button",
    "set_utc_offset",
    "set_budget",
    "curtain",
    "light_on",
    "light_off",
    "set_relay",
    "set_pwm",
    "set_sensor_mode",
    "exit_safe_mode",
]
UNTIL_DONE = ["close_valve", "stop_pump"]
REPEAT = [
    "delete_node",
    "capture_image",
    "send_image",
    "ping",
    "test_sensor",
    "query",
    "refresh",
]


def test_every_kind_is_of_the_class_that_the_design_says() -> None:
    classes: dict[str, list[str]] = {}
    for kind, policy in POLICIES.items():
        classes.setdefault(policy.command_class, []).append(kind)

    assert classes == {
        "once": ONCE,
        "latest": LATEST,
        "until_done": UNTIL_DONE,
        "repeat": REPEAT,
    }
    known = {
        (kind, policy.command_class)
        for key in OF_FOLDERS
        for kind, policy in PROTOCOLS[key].policies.items()
    }
    assert known == {(kind, policy.command_class) for kind, policy in POLICIES.items()}


def test_kinds_of_profiles_are_of_that_class_but_where_a_wire_forbids_it() -> None:
    others = {
        (key, kind)
        for key in some(PROTOCOLS.shipped.keys() - OF_FOLDERS)
        for kind, policy in PROTOCOLS[key].policies.items()
        if kind in POLICIES and policy.command_class is not POLICIES[kind].command_class
    }

    # A second close of what is closed would have its firmware write where it must not.
    assert others == {("opensprinkler", "close_valve")}


@pytest.mark.parametrize("kind", ONCE)
def test_once_is_in_doubt_after_exactly_the_accept_timeout(
    kitchen: Driver, kind: str
) -> None:
    command = kitchen.order(kind)
    kitchen.advance(9.75)
    assert kitchen.state(command) is SENT

    kitchen.advance(0.25)
    assert kitchen.state(command) is UNCONFIRMED
    assert Cause.ACCEPT_TIMEOUT in kitchen.causes(command)


@pytest.mark.parametrize("kind", ONCE)
def test_once_is_in_doubt_after_exactly_the_done_timeout(
    kitchen: Driver, kind: str
) -> None:
    command = kitchen.order(kind)
    kitchen.advance(5.0)
    kitchen.accept(command)
    kitchen.advance(89.75)
    assert kitchen.state(command) is ACCEPTED

    kitchen.advance(0.25)
    assert kitchen.state(command) is UNCONFIRMED
    assert Cause.DONE_TIMEOUT in kitchen.causes(command)


@pytest.mark.parametrize("kind", ONCE)
def test_promise_2_once_is_published_once_however_long_it_is_silent(
    kitchen: Driver, kind: str
) -> None:
    command = kitchen.order(kind, "1") if kind != "feed" else kitchen.order(kind)
    kitchen.advance(2 * HOUR)

    assert kitchen.state(command) is UNCONFIRMED
    assert kitchen.times_published(command, "1") == 1


def test_each_node_has_time_outs_of_its_own(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.advance(9.0)
    kitchen.accept(feed, "1")
    kitchen.advance(1.0)
    assert kitchen.deliveries(feed) == [DeliveryState.ACCEPTED, DeliveryState.UNKNOWN]
    assert kitchen.state(feed) is SENT

    kitchen.advance(89.0)
    assert kitchen.deliveries(feed) == [DeliveryState.UNKNOWN, DeliveryState.UNKNOWN]
    assert kitchen.state(feed) is UNCONFIRMED


@pytest.mark.parametrize("kind", [*LATEST, *REPEAT])
def test_latest_and_repeat_go_three_times_thirty_seconds_apart(
    kitchen: Driver, kind: str
) -> None:
    command = kitchen.order(kind, "1")

    assert sending_times(kitchen, command, "1", within=200.0) == [0.0, 30.0, 60.0]
    assert kitchen.state(command) is FAILED
    assert kitchen.causes(command)[-1] is Cause.OUT_OF_ATTEMPTS


@pytest.mark.parametrize("kind", [*LATEST, *REPEAT])
def test_the_last_attempt_too_has_its_accept_timeout(
    kitchen: Driver, kind: str
) -> None:
    command = kitchen.order(kind, "1")
    kitchen.advance(69.75)
    assert kitchen.state(command) is SENT

    kitchen.advance(0.25)
    assert kitchen.state(command) is FAILED


def test_an_answer_to_any_attempt_ends_the_attempts(kitchen: Driver) -> None:
    schedule = kitchen.order("set_schedule", "1")
    kitchen.advance(30.0)
    kitchen.accept(schedule)
    kitchen.advance(20.0)
    kitchen.done(schedule)
    kitchen.advance(HOUR)

    assert kitchen.state(schedule) is SUCCEEDED
    assert kitchen.times_published(schedule, "1") == 2


def test_accepted_but_not_done_is_sent_again_when_the_done_timeout_ends(
    kitchen: Driver,
) -> None:
    ping = kitchen.order("ping", "1")
    kitchen.accept(ping)
    kitchen.advance(89.5)
    assert kitchen.times_published(ping, "1") == 1

    kitchen.advance(0.5)
    assert kitchen.times_published(ping, "1") == 2


def test_firmware_may_take_fifteen_minutes(kitchen: Driver) -> None:
    firmware = kitchen.order("update_firmware", "1")
    kitchen.accept(firmware)
    kitchen.advance(15 * MINUTE - 0.5)
    assert kitchen.times_published(firmware, "1") == 1

    kitchen.advance(0.5)
    assert kitchen.times_published(firmware, "1") == 2


@pytest.mark.parametrize("kind", UNTIL_DONE)
def test_until_done_goes_again_after_1_2_4_and_at_most_60_seconds(
    kitchen: Driver, kind: str
) -> None:
    command = kitchen.order(kind, "1")

    times = sending_times(kitchen, command, "1", within=250.0)
    assert times == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]
    kitchen.advance(HOUR)
    assert kitchen.state(command) is SENT


def test_until_done_ends_when_it_is_done(kitchen: Driver) -> None:
    close = kitchen.order("close_valve", "1")
    kitchen.advance(100.0)
    kitchen.done(close)
    sent = kitchen.times_published(close, "1")
    kitchen.advance(HOUR)

    assert kitchen.state(close) is SUCCEEDED
    assert kitchen.times_published(close, "1") == sent


@pytest.mark.parametrize("says", ["rejected", "failed"])
def test_until_done_goes_on_whatever_the_node_says(kitchen: Driver, says: str) -> None:
    close = kitchen.order("close_valve", "1")
    kitchen.advance(1.0)
    if says == "rejected":
        kitchen.reject(close, "1", "busy")
    else:
        kitchen.fail(close, "1", "stuck")
    kitchen.advance(1.5)
    assert kitchen.times_published(close, "1") == 2

    kitchen.advance(0.5)
    assert kitchen.times_published(close, "1") == 3
    assert kitchen.state(close) is SENT


def test_a_refusal_delays_what_only_waits_for_its_node_to_be_back(
    kitchen: Driver,
) -> None:
    close = kitchen.order("close_valve", "1")
    kitchen.reporting = ("2",)
    kitchen.see("1", online=False)
    kitchen.advance(2.0)
    kitchen.reject(close, "1", "busy")
    kitchen.ready("1")
    kitchen.advance(0.5)
    assert kitchen.times_published(close, "1") == 1

    kitchen.advance(0.5)
    assert kitchen.times_published(close, "1") == 2


def test_until_done_is_an_alarm_after_exactly_five_minutes(kitchen: Driver) -> None:
    close = kitchen.order("close_valve", "1")
    other = kitchen.order("ping", "2")
    kitchen.accept(other)
    kitchen.done(other)
    kitchen.advance(5 * MINUTE - 0.5)
    assert kitchen.engine.alarms() == []
    kitchen.advance(0.5)
    assert [one.id for one in kitchen.engine.alarms()] == [close]

    kitchen.done(close)
    assert kitchen.engine.alarms() == []


def test_an_alarm_is_a_deadline_of_its_own() -> None:
    driver = Driver()
    driver.order("close_valve", "1")

    assert driver.engine.next_deadline(driver.now) == 5 * MINUTE


def test_ordering_it_again_does_not_put_the_alarm_off() -> None:
    driver = Driver()
    driver.order("close_valve", "1")
    driver.advance(4 * MINUTE)
    again = driver.order("close_valve", "1")
    driver.advance(MINUTE)

    assert [one.id for one in driver.engine.alarms()] == [again]


def test_a_retry_waits_for_its_node_to_be_online_and_costs_nothing(
    kitchen: Driver,
) -> None:
    ping = kitchen.order("ping", "1")
    kitchen.reporting = ("2",)
    kitchen.advance(HOUR)
    assert kitchen.times_published(ping, "1") == 1

    kitchen.heartbeat("1")
    assert kitchen.times_published(ping, "1") == 2
    assert kitchen.delivery(ping, "1").attempts == 2


def test_the_four_numbers_are_four_numbers() -> None:
    policy = replace(
        POLICIES["ping"],
        accept_timeout=7.0,
        done_timeout=40.0,
        retry_delay=11.0,
        attempts=2,
    )
    driver = Driver(a_station(policies={"ping": policy}))
    driver.all_ready()
    silent = driver.order("ping", "1")
    accepted = driver.order("ping", "2")
    driver.accept(accepted)

    assert sending_times(driver, silent, "1", within=17.5) == [0.0, 11.0]
    assert driver.state(silent) is FAILED
    assert driver.times_published(accepted, "2") == 1
    driver.advance(22.0)
    assert driver.times_published(accepted, "2") == 2


def test_setting_the_wall_clock_moves_no_time_out(kitchen: Driver) -> None:
    feed = kitchen.feed()
    kitchen.set_clock(365 * 24 * HOUR)
    kitchen.advance(9.75)
    assert kitchen.state(feed) is SENT

    kitchen.set_clock(-2 * 365 * 24 * HOUR)
    kitchen.advance(0.25)
    assert kitchen.state(feed) is UNCONFIRMED


def test_two_time_outs_at_one_instant_are_both_dealt_with(kitchen: Driver) -> None:
    older = kitchen.order("set_schedule", "1", "2")
    newer = kitchen.order("set_schedule", "1", "2")
    kitchen.advance(10.0)

    assert kitchen.state(older) is CommandState.SUPERSEDED
    assert kitchen.state(newer) is SENT


def test_all_parts_that_ran_out_of_time_together_end_together(kitchen: Driver) -> None:
    ping = kitchen.order("ping", "1", "2", expires_in=25.0)
    kitchen.reporting = ()
    kitchen.disconnect()
    kitchen.advance(30.0)

    assert kitchen.state(ping) is FAILED
    assert kitchen.deliveries(ping) == [DeliveryState.FAILED] * 2
