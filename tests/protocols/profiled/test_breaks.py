"""What proves commands after a time in which nobody listened."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.base import Protocol
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.engine.driver import DAY, HOUR, MINUTE, NOON, Writes
from tests.protocols.played import Played

from .shipped import spoken, text_of

FEEDER, VALVE, TAP = "feeder", "tap", "relay"
SETTLED = 6.0
LONG = 11 * MINUTE
"""Longer than what who relays may have kept is older."""
OVER = 605.0
"""When a run of ten minutes is over, and nothing is done about it yet."""
OFF, ON = "off", "on_manual_app"
SENT, ACCEPTED = DeliveryState.SENT, DeliveryState.ACCEPTED
SUCCEEDED, UNCONFIRMED = CommandState.SUCCEEDED, CommandState.UNCONFIRMED


class Garden(Played):
    """A feeder and a valve behind a bridge, both heard for long."""

    def __init__(self, wire: Protocol | None = None, **place: Any) -> None:
        nodes = {FEEDER: {"model": "aqara_feeder"}, VALVE: {"model": "neo_valve"}}
        super().__init__(wire or spoken("zigbee2mqtt"), nodes, **place)
        self.bridge_is("online", retain=True)
        self.counts(4, "manual")
        self.valve_is(OFF)
        self.advance(LONG)

    def bridge_is(self, state: str, *, retain: bool = False) -> None:
        self.hear("zigbee2mqtt/bridge/state", {"state": state}, retain=retain)

    def counts(self, portions: int, source: str = "remote", size: int = 2) -> None:
        self.hear(
            f"zigbee2mqtt/{FEEDER}",
            {
                "portions_per_day": portions,
                "feeding_source": source,
                "serving_size": size,
            },
        )

    def valve_is(self, status: str) -> None:
        self.hear(f"zigbee2mqtt/{VALVE}", {"status": status})

    def order_meal(self) -> int:
        """Order two portions, and have all of it sent to a feeder that counts 4."""
        meal = self.put("feed", FEEDER, portions=2)
        self.counts(4, "manual")
        assert self.steps_sent(meal, FEEDER) == [0, 1]
        return meal

    def killed(self, away: float = MINUTE) -> None:
        """Be killed, and be back after some seconds."""
        self.crash(away=away)
        self.writes = Writes.AT_ONCE
        self.connect()
        self.bridge_is("online", retain=True)

    def bridge_starts_anew(self) -> None:
        self.bridge_is("offline")
        self.bridge_is("online")


@pytest.fixture
def garden() -> Garden:
    return Garden()


def test_a_meal_that_was_fed_while_we_were_away_is_proven(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.killed()
    garden.taken()
    garden.counts(6)
    garden.advance(SETTLED)

    assert garden.state(meal) is SUCCEEDED
    assert garden.causes(meal)[-1] is Cause.NODE
    assert garden.taken() == []


def test_a_doubt_that_was_fed_while_we_were_away_is_settled(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.advance(LONG)
    assert garden.state(meal) is UNCONFIRMED
    garden.killed(away=HOUR)
    garden.counts(6)
    garden.advance(SETTLED)

    assert garden.state(meal) is SUCCEEDED


def test_promise_2_killed_before_it_left_a_meal_is_a_doubt_and_not_sent_again(
    garden: Garden,
) -> None:
    meal = garden.put("feed", FEEDER, portions=2)
    garden.writes = Writes.WHEN_TOLD
    garden.counts(4, "manual")
    garden.disk.write(garden.engine.snapshot())
    assert garden.steps_sent(meal, FEEDER) == [0], "the order has not left"
    garden.killed()
    assert garden.delivery(meal, FEEDER).step == 1
    garden.counts(4, "manual")
    garden.advance(LONG)

    assert garden.state(meal) is UNCONFIRMED
    assert garden.steps_sent(meal, FEEDER) == [0]


@pytest.mark.parametrize(
    ("portions", "source"),
    [(6, "manual"), (6, "schedule"), (5, "remote"), (7, "remote"), (4, "remote")],
)
def test_promise_8_what_others_fed_while_we_were_away_proves_no_meal(
    garden: Garden, portions: int, source: str
) -> None:
    meal = garden.order_meal()
    garden.killed()
    garden.counts(portions, source)
    garden.advance(LONG)

    assert garden.state(meal) is UNCONFIRMED


@pytest.mark.parametrize(("away", "portions"), [(13 * HOUR, 2), (DAY, 6)])
def test_a_count_of_another_day_proves_no_meal(
    garden: Garden, away: float, portions: int
) -> None:
    meal = garden.order_meal()
    garden.killed(away)
    garden.counts(portions)
    garden.advance(LONG)

    assert garden.state(meal) is UNCONFIRMED


@pytest.mark.parametrize(
    ("zone", "state"), [("UTC", SUCCEEDED), ("Pacific/Auckland", UNCONFIRMED)]
)
def test_a_day_may_begin_by_the_time_of_the_owner(
    zone: str, state: CommandState
) -> None:
    """It is midnight in Auckland when it is noon in UTC."""
    garden = Garden(zone=zone, wall=NOON - 30 * MINUTE)
    meal = garden.order_meal()
    garden.killed(HOUR)
    garden.counts(6)
    garden.advance(LONG)

    assert garden.state(meal) is state


def test_by_a_clock_that_is_behind_nothing_is_proven(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.crash()
    garden.set_clock(-MINUTE)
    garden.connect()
    garden.counts(6)
    garden.advance(SETTLED)

    assert garden.state(meal) is not SUCCEEDED


def test_what_is_still_fed_when_we_are_back_counts_together(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.killed()
    garden.counts(5)
    garden.advance(SETTLED)
    assert garden.state(meal) is not SUCCEEDED

    garden.counts(6)
    garden.advance(SETTLED)
    assert garden.state(meal) is SUCCEEDED


def test_what_is_fed_after_we_are_back_is_proven(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.killed()
    garden.counts(5, "manual")
    garden.counts(7)
    garden.advance(SETTLED)

    assert garden.state(meal) is SUCCEEDED


def test_a_day_that_begins_after_we_are_back_counts_from_the_beginning(
    garden: Garden,
) -> None:
    meal = garden.order_meal()
    garden.killed()
    garden.counts(1)
    garden.counts(3)
    garden.advance(SETTLED)

    assert garden.state(meal) is SUCCEEDED


def test_promise_3_a_count_from_before_another_meal_proves_no_doubt(
    garden: Garden,
) -> None:
    """The bridge starts anew with what it wrote down before it heard of that meal."""
    doubt = garden.order_meal()
    garden.advance(LONG)
    assert garden.state(doubt) is UNCONFIRMED
    meal = garden.put("feed", FEEDER, portions=5)
    garden.counts(4, size=5)
    garden.counts(9, size=5)
    garden.advance(SETTLED)
    assert garden.state(meal) is SUCCEEDED

    garden.bridge_starts_anew()
    garden.counts(4, size=5)
    garden.counts(9, size=5)
    garden.advance(SETTLED)

    assert garden.state(doubt) is UNCONFIRMED


def test_a_count_that_may_have_been_an_older_one_proves_no_meal(
    garden: Garden,
) -> None:
    """The bridge says what it kept, and then what was so all along."""
    meal = garden.order_meal()
    garden.killed()
    garden.counts(2)
    garden.counts(4)
    garden.advance(LONG)

    assert garden.state(meal) is UNCONFIRMED


def test_a_count_that_began_a_moment_ago_is_not_remembered(garden: Garden) -> None:
    """Who relays may say yesterday's again, which was more."""
    garden.counts(0, "manual")
    garden.advance(MINUTE)
    meal = garden.put("feed", FEEDER, portions=2)
    garden.counts(0, "manual")
    garden.killed()
    garden.counts(2)
    garden.advance(LONG)

    assert garden.state(meal) is UNCONFIRMED


def test_what_was_told_for_long_is_remembered_though_it_grew_a_moment_ago(
    garden: Garden,
) -> None:
    garden.counts(3, "manual")
    garden.advance(LONG)
    garden.counts(4, "manual")
    meal = garden.order_meal()
    garden.killed()
    garden.counts(6)
    garden.advance(SETTLED)

    assert garden.state(meal) is SUCCEEDED


def test_a_meal_that_was_fed_while_the_bridge_started_anew_is_proven(
    garden: Garden,
) -> None:
    meal = garden.order_meal()
    garden.bridge_starts_anew()
    garden.counts(6)
    garden.advance(SETTLED)

    assert garden.state(meal) is SUCCEEDED


def test_what_the_bridge_kept_from_before_a_meal_proves_it_not(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.bridge_starts_anew()
    garden.counts(2)
    garden.counts(4)
    garden.advance(LONG)

    assert garden.state(meal) is UNCONFIRMED


def test_a_meal_that_was_fed_while_the_broker_was_away_is_proven(
    garden: Garden,
) -> None:
    meal = garden.order_meal()
    garden.disconnect()
    garden.connect()
    garden.counts(6)
    garden.advance(SETTLED)

    assert garden.state(meal) is SUCCEEDED


def test_of_two_meals_under_way_none_is_proven_by_what_nobody_heard(
    garden: Garden,
) -> None:
    first = garden.order_meal()
    garden.advance(15 * MINUTE)
    second = garden.order_meal()
    assert garden.state(first) is UNCONFIRMED
    garden.killed()
    garden.counts(6)
    garden.advance(LONG)

    assert garden.state(first) is UNCONFIRMED
    assert garden.state(second) is UNCONFIRMED


def test_a_meal_is_not_proven_by_what_a_later_one_fed(garden: Garden) -> None:
    first = garden.order_meal()
    garden.advance(15 * MINUTE)
    second = garden.order_meal()
    garden.counts(6)
    garden.advance(SETTLED)
    assert garden.state(second) is SUCCEEDED

    garden.killed()
    garden.counts(6)
    garden.advance(LONG)
    assert garden.state(first) is UNCONFIRMED


def test_a_meal_is_proven_once(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.killed()
    garden.counts(6)
    garden.advance(SETTLED)
    later = garden.put("feed", FEEDER, portions=2)
    garden.killed()
    garden.counts(6)
    garden.advance(LONG)

    assert garden.state(meal) is SUCCEEDED
    assert garden.state(later) is UNCONFIRMED


def test_a_jam_that_nobody_saw_come_is_no_failure(garden: Garden) -> None:
    meal = garden.order_meal()
    garden.killed()
    garden.hear(f"zigbee2mqtt/{FEEDER}", {"error": True, "portions_per_day": 4})
    garden.advance(SETTLED)

    assert garden.delivery(meal, FEEDER).state is SENT


def test_a_valve_that_opened_while_we_were_away_is_proven(garden: Garden) -> None:
    run = garden.put("open_valve", VALVE, duration=600)
    garden.killed()
    garden.valve_is(ON)
    assert garden.delivery(run, VALVE).state is ACCEPTED

    garden.advance(540)
    garden.valve_is(OFF)
    assert garden.state(run) is SUCCEEDED


def test_a_valve_that_is_open_when_its_run_is_over_is_open_by_another(
    garden: Garden,
) -> None:
    run = garden.put("open_valve", VALVE, duration=600)
    garden.killed(away=LONG)
    garden.valve_is(ON)

    assert garden.delivery(run, VALVE).state is SENT


def test_a_valve_that_was_open_a_moment_ago_proves_no_opening(garden: Garden) -> None:
    garden.valve_is(ON)
    garden.advance(MINUTE)
    garden.valve_is(OFF)
    run = garden.put("open_valve", VALVE, duration=600)
    garden.killed()
    garden.valve_is(ON)

    assert garden.delivery(run, VALVE).state is SENT


@pytest.mark.parametrize("away", [MINUTE, OVER])
def test_promise_8_what_a_bridge_may_have_kept_closes_no_valve(
    garden: Garden, away: float
) -> None:
    run = garden.put("open_valve", VALVE, duration=600)
    garden.valve_is(ON)
    garden.killed(away)
    for _ in range(2):
        garden.valve_is(OFF)
    assert garden.delivery(run, VALVE).state is ACCEPTED

    garden.advance(1200)
    assert garden.state(run) is UNCONFIRMED


def test_promise_8_a_word_that_leaves_out_what_was_so_proves_no_end(
    garden: Garden,
) -> None:
    run = garden.put("open_valve", VALVE, duration=600)
    garden.advance(OVER)
    garden.killed()
    garden.hear(f"zigbee2mqtt/{VALVE}", {"battery": 75})
    garden.valve_is(OFF)
    garden.advance(MINUTE)

    assert garden.state(run) is UNCONFIRMED


def test_promise_4_one_word_that_it_is_closed_ends_all_that_close_it(
    garden: Garden,
) -> None:
    first = garden.put("close_valve", VALVE)
    second = garden.put("close_valve", VALVE)
    garden.valve_is(OFF)

    assert [garden.state(first), garden.state(second)] == [SUCCEEDED, SUCCEEDED]


class Tap(Played):
    """A valve at a relay, which speaks for itself."""

    def __init__(self) -> None:
        super().__init__(spoken("tasmota"), {TAP: {"model": "relay_valve"}})
        self.hear(f"tele/{TAP}/LWT", "Online")
        self.relay_is("OFF")
        self.run = self.put("open_valve", TAP, duration=600)
        self.hear(f"stat/{TAP}/RESULT", {"PulseTime1": {"Set": 700}})
        assert self.steps_sent(self.run, TAP) == [0, 1]

    def relay_is(self, state: str) -> None:
        self.hear(f"tele/{TAP}/STATE", {"POWER": state})

    def killed(self, away: float) -> None:
        self.crash(away=away)
        self.connect()
        self.hear(f"tele/{TAP}/LWT", "Online", retain=True)


@pytest.fixture
def tap() -> Tap:
    """A valve that was told to open for ten minutes."""
    return Tap()


def test_a_node_of_its_own_words_proves_its_opening_after_we_were_away(
    tap: Tap,
) -> None:
    tap.killed(MINUTE)
    tap.relay_is("ON")

    assert tap.delivery(tap.run, TAP).state is ACCEPTED


def test_a_node_of_its_own_words_proves_its_end_after_we_were_away(tap: Tap) -> None:
    tap.relay_is("ON")
    tap.killed(OVER)
    tap.relay_is("OFF")

    assert tap.state(tap.run) is SUCCEEDED


def test_what_was_told_to_close_meanwhile_does_not_prove_its_own_end(tap: Tap) -> None:
    tap.relay_is("ON")
    tap.killed(LONG)
    tap.taken()
    tap.hear(f"tele/{TAP}/LWT", "Online")
    tap.advance(11)
    assert (f"cmnd/{TAP}/POWER", "OFF") in tap.taken()
    tap.relay_is("OFF")

    assert tap.state(tap.run) is CommandState.FAILED


def test_an_end_that_nobody_saw_come_is_not_called_too_early(tap: Tap) -> None:
    tap.relay_is("ON")
    tap.killed(MINUTE)
    tap.relay_is("OFF")

    assert tap.delivery(tap.run, TAP).state is ACCEPTED


def test_a_valve_that_never_said_that_it_opened_does_not_prove_its_end(
    tap: Tap,
) -> None:
    tap.killed(LONG)
    tap.relay_is("OFF")

    assert tap.state(tap.run) is not SUCCEEDED


def test_of_what_never_begins_anew_a_lower_count_was_an_older_one() -> None:
    text = text_of("zigbee2mqtt").replace(', "resets": true', "")
    garden = Garden(protocol_of(read(text)))
    meal = garden.order_meal()
    garden.killed()
    for portions in (2, 3, 4):
        garden.counts(portions)
        garden.advance(SETTLED)
    assert garden.state(meal) is not SUCCEEDED

    garden.counts(6)
    garden.advance(SETTLED)
    assert garden.state(meal) is SUCCEEDED


def test_of_several_relays_each_is_proven_by_its_own_word_alone() -> None:
    wire = spoken("tasmota")
    taps = Played(wire, {TAP: {"model": "relay_valves", "valves": 2}})
    taps.hear(f"tele/{TAP}/LWT", "Online")
    taps.hear(f"tele/{TAP}/STATE", {"POWER1": "OFF", "POWER2": "OFF"})
    runs = []
    for valve in (1, 2):
        runs.append(taps.put("open_valve", TAP, valve=valve, duration=600))
        taps.hear(f"stat/{TAP}/RESULT", {f"PulseTime{valve}": {"Set": 700}})
        if valve == 1:
            taps.hear(f"stat/{TAP}/RESULT", {"POWER1": "ON"})
    first, second = runs
    taps.crash(away=MINUTE)
    taps.connect()
    taps.hear(f"tele/{TAP}/STATE", {"POWER1": "ON", "POWER2": "OFF"})
    assert taps.delivery(second, TAP).state is SENT

    taps.crash(away=MINUTE)
    taps.connect()
    taps.hear(f"tele/{TAP}/STATE", {"POWER1": "ON", "POWER2": "ON"})
    assert taps.delivery(first, TAP).state is ACCEPTED
    assert taps.delivery(second, TAP).state is ACCEPTED
