"""Feeders and valves behind Zigbee2MQTT, by what the real program said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.reports import Hello, Seen
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.params import InvalidCommand
from tests.protocols.commands import command_for
from tests.protocols.played import Played

from .shipped import Recorded, recorded, said, spoken

WIRE = spoken("zigbee2mqtt")
FEEDER, VALVE, TIMED = "feeder", "datapoint_valve", "timed_valve"
NODES = {FEEDER: {"model": "aqara_feeder"}, VALVE: {"model": "neo_valve"}}
TIMED_NODES = {TIMED: {"model": "sonoff_valve"}}
RECORDED = {**NODES, **TIMED_NODES, "plain_valve": {"model": "shut_off_valve"}}
SETTLED = 6.0


class Bridge(Played):
    """A bridge that says again what it said when it was recorded."""

    def __init__(self, nodes: Mapping[str, Mapping[str, Any]] = NODES) -> None:
        super().__init__(WIRE, nodes)
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)

    def says(self, node: str, **state: Any) -> None:
        self.hear(f"zigbee2mqtt/{node}", state)

    def replay(
        self, case: str, such: Callable[[Recorded], bool] = lambda _: True
    ) -> None:
        """Have all said of a case that it recorded, and nothing sent."""
        for row in recorded("zigbee2mqtt", case):
            if not row.sent and such(row):
                self.hear(row.topic, row.payload)

    def play(self, case: str) -> list[tuple[str, Any]]:
        """Say what was said in a case; what was sent in it must have gone down by then.

        Return what went down that the recording has not.
        """
        down: list[tuple[str, Any]] = []
        for row in recorded("zigbee2mqtt", case):
            down += [(topic, json.loads(text)) for topic, text in self.taken()]
            if row.sent:
                assert (row.topic, row.content) == down.pop(0), case
            else:
                self.hear(row.topic, row.payload)
        return down + [(topic, json.loads(text)) for topic, text in self.taken()]


@pytest.fixture
def bridge() -> Bridge:
    """A bridge whose feeder has told how often it fed today."""
    bridge = Bridge()
    bridge.replay("start", lambda row: not row.topic.endswith("availability"))
    bridge.hear("zigbee2mqtt/feeder/availability", {"state": "online"})
    bridge.replay("feeder_tells_its_counters")
    return bridge


def described() -> Any:
    (devices,) = [
        row
        for row in recorded("zigbee2mqtt", "start")
        if row.topic == "zigbee2mqtt/bridge/devices"
    ]
    return devices.payload


def test_a_bridge_offers_what_it_has_that_a_profile_knows() -> None:
    assert said(WIRE, "zigbee2mqtt/bridge/devices", described(), {}) == (
        Hello(node="feeder", type="aqara_feeder", hardware_id="0x00158d0000000001"),
        Hello(
            node="timed_valve",
            type="sonoff_valve",
            hardware_id="0x00158d0000000002",
            firmware="1.0.5",
        ),
        Hello(
            node="datapoint_valve",
            type="neo_valve",
            hardware_id="0x00158d0000000003",
        ),
        Hello(
            node="plain_valve",
            type="shut_off_valve",
            hardware_id="0x00158d0000000004",
        ),
    )


def test_what_is_a_node_already_is_not_offered_again() -> None:
    found = said(WIRE, "zigbee2mqtt/bridge/devices", described(), RECORDED)
    assert [each for each in found if isinstance(each, Hello)] == []


def test_an_offered_node_is_of_the_model_that_it_was_recognised_as() -> None:
    assert WIRE.node_usually(Hello(node="x", type="neo_valve")) == {
        "model": "neo_valve"
    }
    assert WIRE.node_usually(Hello(node="x")) == {}


def test_what_other_devices_of_the_bridge_say_concerns_nobody() -> None:
    assert said(WIRE, "zigbee2mqtt/lamp", {"state": "ON"}, NODES) == ()


def test_a_meal_is_its_portions_first_and_then_the_order(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)

    assert bridge.play("feed") == []
    assert bridge.state(meal) is not CommandState.SUCCEEDED, "source may follow"
    bridge.advance(SETTLED)
    assert bridge.state(meal) is CommandState.SUCCEEDED
    assert bridge.causes(meal)[-1] is Cause.NODE


def test_promise_8_the_echo_of_the_bridge_proves_no_meal(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, portions_per_day=0, serving_size=2)
    bridge.says(FEEDER, portions_per_day=0, serving_size=2, feed="START")
    bridge.says(
        FEEDER, portions_per_day=0, serving_size=2, feed="", feeding_source="remote"
    )
    bridge.advance(59)
    assert bridge.state(meal) is CommandState.SENT

    bridge.advance(2)
    assert bridge.state(meal) is CommandState.UNCONFIRMED


def test_the_order_waits_until_the_portions_are_set(bridge: Bridge) -> None:
    bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, portions_per_day=0, serving_size=1)

    assert bridge.taken() == [("zigbee2mqtt/feeder/set", '{"serving_size":2}')]


def test_promise_2_a_meal_in_doubt_is_not_sent_again(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.advance(3600)

    assert len(bridge.taken()) == 1
    assert bridge.state(meal) is CommandState.UNCONFIRMED


def test_what_was_fed_by_hand_meanwhile_proves_no_meal(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=1)
    bridge.says(FEEDER, portions_per_day=4, serving_size=1, feeding_source="remote")
    bridge.replay("fed_by_hand")
    bridge.advance(SETTLED)

    assert bridge.state(meal) is CommandState.SENT


def test_too_few_portions_prove_no_meal(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=3)
    bridge.says(FEEDER, portions_per_day=0, serving_size=3)
    bridge.says(FEEDER, portions_per_day=2, serving_size=3, feeding_source="remote")
    bridge.advance(SETTLED)
    assert bridge.state(meal) is CommandState.SENT

    bridge.says(FEEDER, portions_per_day=3, serving_size=3, feeding_source="remote")
    bridge.advance(SETTLED)
    assert bridge.state(meal) is CommandState.SUCCEEDED


def test_the_first_meal_of_a_day_counts_from_the_beginning(bridge: Bridge) -> None:
    bridge.says(FEEDER, portions_per_day=8)
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, portions_per_day=8, serving_size=2)
    bridge.says(FEEDER, portions_per_day=2, serving_size=2, feeding_source="remote")
    bridge.advance(SETTLED)

    assert bridge.state(meal) is CommandState.SUCCEEDED


def test_an_older_count_that_is_said_again_proves_no_meal(bridge: Bridge) -> None:
    bridge.says(FEEDER, portions_per_day=8)
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, portions_per_day=8, serving_size=2)
    bridge.says(FEEDER, portions_per_day=6, serving_size=2, feeding_source="remote")
    bridge.says(FEEDER, portions_per_day=8, serving_size=2, feeding_source="remote")
    bridge.advance(SETTLED)

    assert bridge.state(meal) is CommandState.SENT


def test_what_a_bridge_says_after_its_start_proves_nothing(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=1)
    bridge.says(FEEDER, portions_per_day=0, serving_size=1)
    bridge.hear("zigbee2mqtt/bridge/state", {"state": "offline"})
    bridge.replay("bridge_back")
    bridge.advance(SETTLED)

    assert bridge.state(meal) is CommandState.SENT


def test_a_feeder_that_never_counted_cannot_prove_its_first_meal() -> None:
    bridge = Bridge()
    bridge.replay("start")
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, error=False, serving_size=2)
    bridge.says(
        FEEDER, error=False, serving_size=2, feeding_source="remote", portions_per_day=2
    )
    bridge.advance(120)

    assert bridge.state(meal) is CommandState.UNCONFIRMED


def test_a_jammed_feeder_has_failed(bridge: Bridge) -> None:
    bridge.replay("fed_by_hand")
    meal = bridge.put("feed", FEEDER, portions=1)
    bridge.says(FEEDER, error=False, portions_per_day=5, serving_size=1)
    bridge.replay("feeder_jammed")

    assert bridge.state(meal) is CommandState.FAILED


def test_a_write_that_the_feeder_refused_is_a_refusal(bridge: Bridge) -> None:
    bridge.says(FEEDER, portions_per_day=0, serving_size=1)
    meal = bridge.put("feed", FEEDER, portions=1)
    bridge.says(FEEDER, portions_per_day=0, serving_size=1)
    bridge.replay("feed_refused")

    assert bridge.state(meal) is CommandState.REJECTED


def test_a_refusal_of_another_key_refuses_nothing(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=1)
    bridge.replay("unknown_key")

    assert bridge.state(meal) is CommandState.SENT


def test_an_answer_that_was_lost_leaves_a_doubt_that_the_count_settles(
    bridge: Bridge,
) -> None:
    bridge.says(FEEDER, error=True, portions_per_day=0)
    meal = bridge.put("feed", FEEDER, portions=1)
    bridge.says(FEEDER, error=True, portions_per_day=0, serving_size=1)
    bridge.replay("feed_answer_lost", lambda row: "logging" in row.topic)
    bridge.advance(61)
    assert bridge.state(meal) is CommandState.UNCONFIRMED

    bridge.replay("feed_answer_lost", lambda row: "logging" not in row.topic)
    bridge.advance(SETTLED)
    assert bridge.state(meal) is CommandState.SUCCEEDED


ENTRIES = [
    {"days": "everyday", "time": "00:59", "portions": 10},
    {"days": "workdays", "time": "06:58", "portions": 9},
    {"days": "mon-wed-fri-sun", "time": "12:57", "portions": 8},
    {"days": "sat", "time": "18:56", "portions": 7},
]
"""The schedule that was recorded."""


def test_a_schedule_is_written_as_the_program_takes_it(bridge: Bridge) -> None:
    bridge.put("set_schedule", FEEDER, entries=ENTRIES)
    assert bridge.play("schedule_set") == []


def test_a_schedule_goes_down_byte_for_byte_as_it_is_written(bridge: Bridge) -> None:
    bridge.put("set_schedule", FEEDER, entries=ENTRIES[1:2])
    assert bridge.taken() == [
        (
            "zigbee2mqtt/feeder/set",
            '{"schedule":[{"days":"workdays","hour":6,"minute":58,"size":9}]}',
        )
    ]


def test_a_schedule_without_lines_is_an_empty_one(bridge: Bridge) -> None:
    bridge.put("set_schedule", FEEDER, entries=[])
    assert bridge.play("schedule_emptied") == []


def test_the_mode_is_written_as_the_program_takes_it(bridge: Bridge) -> None:
    bridge.put("set_mode", FEEDER, mode="schedule")
    bridge.advance(31)
    bridge.put("set_mode", FEEDER, mode="manual")
    assert bridge.play("mode_set") == []


def test_promise_8_that_a_schedule_was_told_is_all_that_is_said_of_it(
    bridge: Bridge,
) -> None:
    schedule = bridge.put("set_schedule", FEEDER, entries=ENTRIES)
    bridge.replay("schedule_set")
    assert bridge.state(schedule) is CommandState.SENT, "that was the echo"

    bridge.advance(31)
    assert bridge.state(schedule) is CommandState.SUCCEEDED
    assert bridge.causes(schedule)[-1] is Cause.TOLD


def test_a_schedule_that_the_feeder_refused_is_refused(bridge: Bridge) -> None:
    schedule = bridge.put("set_schedule", FEEDER, entries=[])
    bridge.replay("schedule_refused")
    assert bridge.state(schedule) is CommandState.REJECTED


def test_a_newer_schedule_takes_the_place_of_one_that_waits(bridge: Bridge) -> None:
    bridge.hear("zigbee2mqtt/feeder/availability", {"state": "offline"})
    older = bridge.put("set_schedule", FEEDER, entries=ENTRIES)
    bridge.put("set_schedule", FEEDER, entries=[])
    assert bridge.state(older) is CommandState.SUPERSEDED


@pytest.mark.parametrize(
    ("entries", "code", "field"),
    [
        ([{"time": "25:00", "portions": 1}], "invalid_time_of_day", "entries.1.time"),
        ([{"time": "8", "portions": 1}], "invalid_time_of_day", "entries.1.time"),
        ([{"time": 800, "portions": 1}], "invalid_time_of_day", "entries.1.time"),
        ([{"time": "08:00", "portions": 11}], "invalid_number", "entries.1.portions"),
        ([{"time": "08:00", "portions": 0}], "invalid_number", "entries.1.portions"),
        (
            [*ENTRIES[:2], {"time": "08:00", "portions": 1, "days": "monday"}],
            "invalid_choice",
            "entries.3.days",
        ),
        ([{"portions": 1}], "missing_field", "entries.1.time"),
        ([*ENTRIES, ENTRIES[0]], "invalid_list", "entries"),
        ("08:00", "invalid_list", "entries"),
    ],
)
def test_a_schedule_that_the_feeder_cannot_keep_is_refused(
    entries: Any, code: str, field: str
) -> None:
    with pytest.raises(InvalidCommand) as refused:
        WIRE.check("set_schedule", {"entries": entries})
    assert (refused.value.code, refused.value.placeholders["field"]) == (code, field)


def test_a_line_of_a_schedule_is_of_every_day_unless_it_says_otherwise() -> None:
    checked = WIRE.check("set_schedule", {"entries": [{"time": "8:05", "portions": 1}]})
    assert checked == {
        "entries": [{"days": "everyday", "time": "08:05", "portions": 1}]
    }


def test_what_the_feeder_fed_by_its_schedule_meanwhile_proves_no_meal(
    bridge: Bridge,
) -> None:
    bridge.says(FEEDER, error=True, portions_per_day=1, feeding_source="remote")
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, error=True, portions_per_day=1, serving_size=2)
    bridge.replay("fed_by_its_schedule")
    bridge.advance(SETTLED)

    assert bridge.state(meal) is CommandState.SENT


def test_a_schedule_proves_no_meal_though_its_count_is_told_before_it_is(
    bridge: Bridge,
) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, portions_per_day=1, serving_size=2, feeding_source="remote")
    bridge.says(FEEDER, portions_per_day=3, serving_size=2, feeding_source="remote")
    bridge.advance(1)
    bridge.says(FEEDER, portions_per_day=3, serving_size=2, feeding_source="schedule")
    bridge.advance(SETTLED)

    assert bridge.state(meal) is CommandState.SENT


def test_after_a_restart_of_ours_a_meal_under_way_is_in_doubt(bridge: Bridge) -> None:
    meal = bridge.put("feed", FEEDER, portions=2)
    bridge.says(FEEDER, portions_per_day=0, serving_size=2)
    bridge.crash(away=1)
    bridge.connect()
    bridge.says(FEEDER, portions_per_day=2, serving_size=2, feeding_source="remote")
    bridge.advance(120)

    assert bridge.state(meal) is CommandState.UNCONFIRMED
    assert len(bridge.taken()) == 2, "portions, order, and nothing again"


def test_a_valve_is_told_its_minutes_with_its_opening_and_tells_its_end(
    bridge: Bridge,
) -> None:
    bridge.says(VALVE, linkquality=120)
    run = bridge.put("open_valve", VALVE, duration=60)
    opened, closed = False, 0.0
    for row in recorded("zigbee2mqtt", "datapoint_opened"):
        if row.sent:
            assert [(row.topic, row.content)] == [
                (topic, json.loads(text)) for topic, text in bridge.taken()
            ]
            continue
        if row.topic.endswith("valve") and row.content.get("state") == "OFF":
            bridge.advance(60 - closed)
            closed = 60.0
        bridge.hear(row.topic, row.payload)
        if row.topic.endswith("valve"):
            opened = opened or row.content.get("status") == "on_manual_app"
            state = bridge.delivery(run, VALVE).state
            if not opened:
                assert state is DeliveryState.SENT, "the echo opened nothing"
            elif row.content["status"] == "on_manual_app":
                assert state is DeliveryState.ACCEPTED

    assert bridge.state(run) is CommandState.SUCCEEDED


def test_a_valve_that_closes_before_its_time_has_failed(bridge: Bridge) -> None:
    bridge.says(VALVE, status="off")
    run = bridge.put("open_valve", VALVE, duration=600)
    bridge.says(VALVE, status="on_manual_app")
    bridge.advance(300)
    bridge.says(VALVE, status="off")

    assert bridge.state(run) is CommandState.FAILED


def test_a_valve_that_never_says_that_it_closed_is_a_doubt(bridge: Bridge) -> None:
    bridge.says(VALVE, status="off")
    run = bridge.put("open_valve", VALVE, duration=600)
    bridge.says(VALVE, status="on_manual_app")
    bridge.advance(600 + 59)
    assert bridge.state(run) is CommandState.ACCEPTED

    bridge.advance(2)
    assert bridge.state(run) is CommandState.UNCONFIRMED


def test_a_valve_that_was_open_already_proves_no_opening(bridge: Bridge) -> None:
    bridge.says(VALVE, status="on_manual_app")
    run = bridge.put("open_valve", VALVE, duration=600)
    bridge.says(VALVE, status="on_manual_app", on_with_countdown=10)

    assert bridge.delivery(run, VALVE).state is DeliveryState.SENT


def test_a_valve_opened_by_hand_proves_no_opening(bridge: Bridge) -> None:
    bridge.says(VALVE, status="off")
    run = bridge.put("open_valve", VALVE, duration=600)
    bridge.says(VALVE, status="on_manual_button")

    assert bridge.delivery(run, VALVE).state is DeliveryState.SENT


def test_closing_ends_what_is_open_and_is_told_until_it_is_done(
    bridge: Bridge,
) -> None:
    bridge.says(VALVE, status="off")
    run = bridge.put("open_valve", VALVE, duration=600)
    bridge.says(VALVE, status="on_manual_app", state="ON")
    bridge.taken()
    closing = bridge.put("close_valve", VALVE)
    bridge.says(VALVE, status="on_manual_app", state="OFF")
    bridge.advance(3)
    assert bridge.state(closing) is not CommandState.SUCCEEDED, "that was the echo"
    assert len(bridge.taken()) > 1

    bridge.says(VALVE, status="off", state="OFF")
    assert bridge.state(closing) is CommandState.SUCCEEDED
    assert bridge.state(run).final


def timed() -> Bridge:
    """A bridge whose valve with a timer has told how it is."""
    bridge = Bridge(TIMED_NODES)
    bridge.replay("heard_first")
    return bridge


def rows_of(case: str) -> list[Recorded]:
    """Return what was said in a case of the valve with a timer."""
    rows = [row for row in recorded("zigbee2mqtt", case) if not row.sent]
    return [row for row in rows if row.topic == "zigbee2mqtt/timed_valve"]


def test_a_valve_with_a_timer_opens_for_its_seconds_and_is_asked_how_it_ended() -> None:
    bridge = timed()
    run = bridge.put("open_valve", TIMED, duration=10)
    (order,) = bridge.taken()
    (sent,) = (row for row in recorded("zigbee2mqtt", "opened_with_timer") if row.sent)
    assert (order[0], json.loads(order[1])) == (
        sent.topic,
        {**sent.content, "on_time": 10},
    )
    for row in rows_of("opened_with_timer"):
        if row.content["state"] == "OFF" and "real_time" not in row.payload:
            assert bridge.delivery(run, TIMED).state is DeliveryState.ACCEPTED
            bridge.advance(10)
        bridge.hear(row.topic, row.payload)
    assert bridge.state(run) is CommandState.ACCEPTED, "a closing is repeated as well"

    bridge.advance(6)
    assert bridge.taken() == [("zigbee2mqtt/timed_valve/get", '{"state":""}')]
    bridge.replay("asked")
    assert bridge.state(run) is CommandState.SUCCEEDED


def test_an_order_that_waits_for_a_valve_to_wake_is_in_no_doubt() -> None:
    bridge = timed()
    run = bridge.put("open_valve", TIMED, duration=10)
    bridge.replay("timed_valve_asleep")
    bridge.advance(20 * 3600)
    assert bridge.delivery(run, TIMED).state is DeliveryState.SENT
    orders = [each for each in bridge.taken() if each[0].endswith("/set")]
    assert len(orders) == 1, "the bridge would run it twice"

    for row in rows_of("timed_valve_wakes")[:3]:
        bridge.hear(row.topic, row.payload)
    assert bridge.delivery(run, TIMED).state is DeliveryState.ACCEPTED


def test_the_echo_of_a_closing_is_told_from_the_answer_of_the_valve() -> None:
    bridge = timed()
    bridge.hear("zigbee2mqtt/timed_valve", {"state": "ON"})
    closing = bridge.put("close_valve", TIMED)
    echo, *_ = rows_of("closed")
    bridge.hear(echo.topic, echo.payload)
    while not (asked := [each for each in bridge.taken() if each[0].endswith("get")]):
        assert not bridge.state(closing).final
        bridge.advance(1)
        bridge.hear(echo.topic, echo.payload)
    assert asked == [("zigbee2mqtt/timed_valve/get", '{"state":""}')]
    bridge.replay("asked")
    assert bridge.state(closing) is CommandState.SUCCEEDED


def test_what_the_bridge_kept_from_earlier_does_not_prove_a_closing(
    bridge: Bridge,
) -> None:
    bridge.says(VALVE, status="on_manual_app", state="ON")
    closing = bridge.put("close_valve", VALVE)
    bridge.hear("zigbee2mqtt/bridge/state", {"state": "offline"})
    bridge.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    bridge.says(VALVE, status="off", state="OFF")
    assert bridge.state(closing) is not CommandState.SUCCEEDED

    bridge.says(VALVE, status="off", state="OFF", linkquality=120)
    assert bridge.state(closing) is CommandState.SUCCEEDED


def test_a_name_that_was_given_up_says_nothing(bridge: Bridge) -> None:
    assert said(WIRE, "zigbee2mqtt/feeder", "", NODES) == ()


@pytest.mark.parametrize("duration", [59, 61, 14_460])
def test_seconds_are_never_taken_for_minutes(duration: int) -> None:
    command = command_for((VALVE,), "open_valve", {"duration": duration})
    sending = Sending(command=command, node=VALVE, wall=0.0)
    with pytest.raises(InvalidCommand):
        WIRE.publications(Site(prefix="zigbee2mqtt", nodes=NODES), sending)


def test_a_valve_does_not_feed_and_a_feeder_opens_nothing(bridge: Bridge) -> None:
    site = bridge.site
    assert WIRE.understands(site, FEEDER, "feed", {})
    assert WIRE.understands(site, VALVE, "open_valve", {})
    assert not WIRE.understands(site, VALVE, "feed", {})
    assert not WIRE.understands(site, FEEDER, "open_valve", {})
    assert not WIRE.understands(site, "nobody", "feed", {})


def test_a_node_is_there_unless_bridge_or_device_says_otherwise(
    bridge: Bridge,
) -> None:
    assert bridge.engine.statuses[FEEDER].online
    bridge.hear("zigbee2mqtt/bridge/state", {"state": "offline"})
    assert bridge.engine.statuses[FEEDER].online is False
    bridge.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    assert bridge.engine.statuses[FEEDER].online is False, "it said nothing yet"
    bridge.says(FEEDER, error=False)
    assert bridge.engine.statuses[FEEDER].online
    bridge.replay("went_offline")
    assert bridge.engine.statuses[FEEDER].online is False
    bridge.says(FEEDER, error=False)
    assert bridge.engine.statuses[FEEDER].online is False, "the bridge said it again"


def test_a_retained_state_is_no_word_of_now() -> None:
    found = said(WIRE, "zigbee2mqtt/feeder", {"error": True}, NODES, retain=True)
    assert [each.live for each in found] == [False, False]
    assert isinstance(found[0], Seen)


@pytest.mark.parametrize("name", ["a/b/c/d", "a//b", "/a", "a+", "#", "", "x" * 61])
def test_a_name_that_can_be_no_part_of_a_topic_is_none(name: str) -> None:
    assert WIRE.node_name(name) is None


def test_a_name_may_have_blanks() -> None:
    assert WIRE.node_name(" Back valve ") == "Back valve"
