"""Each valve behind Zigbee2MQTT: what it is told, and what proves what became of it.

What the bridge repeats, and in which order it sends what stands in a message, was seen
by running its converters; what valves tell is what their converters understand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from typing import Any, override

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    Command,
    CommandState,
    DeliveryState,
)
from tests.protocols.played import Played

from .shipped import spoken

TAP = "tap"
BASE = f"zigbee2mqtt/{TAP}"
MINUTES = 10
RUN = 60 * MINUTES
ACCEPTS_WITHIN = 30
LATE = 120
"""Seconds after its time within which any of them is closed that did not say so."""
TOLD_WITHIN = 16
"""Seconds within which a valve has said that it is open, if it is asked for that."""
ASKED_WITHIN = 330
"""Seconds within which a valve is asked again that was asked several times."""
DAY = 86_400
ON, OFF = {"state": "ON"}, {"state": "OFF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Valve:
    """One model, and what passes between it and us."""

    model: str
    sets: tuple[Mapping[str, Any], ...] = ()
    """What is set first; the bridge repeats it."""
    sets_told_as: Mapping[str, Any] | None = None
    """How it tells itself what was set, where the bridge repeats nothing of it."""
    opens: Mapping[str, Any] = field(default_factory=lambda: ON)
    repeats: Mapping[str, Any] | None = None
    """What the bridge says once that was sent; None: all of it."""
    closes: Mapping[str, Any] = field(default_factory=lambda: OFF)
    repeats_closing: Mapping[str, Any] | None = None
    opened: Mapping[str, Any] = field(default_factory=lambda: ON)
    closed: Mapping[str, Any] = field(default_factory=lambda: OFF)
    params: Mapping[str, Any] = field(default_factory=dict)

    @override
    def __str__(self) -> str:
        """Name the case."""
        return self.model


def running(status: str, **more: Any) -> dict[str, Any]:
    """Return what a valve of SONOFF tells of a run."""
    about = {"schedule_status": status, "schedule_type": "manual"}
    return {"irrigation_schedule_status": about, **more}


def second(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the second of two valves tells of itself."""
    return {f"{key}_2": value for key, value in told.items()}


def sonoff(model: str, *sets: Mapping[str, Any]) -> Valve:
    opened, closed = running("running", **ON), running("end", **OFF)
    return Valve(model=model, sets=sets, opened=opened, closed=closed)


def sonoff_two(model: str, *sets: Mapping[str, Any]) -> Valve:
    return Valve(
        model=model,
        sets=sets,
        opens=second(ON),
        closes=second(OFF),
        opened=second(running("running", **ON)),
        closed=second(running("end", **OFF)),
        params={"valve": 2},
    )


WITH_METER = {
    "manual_default_settings": {
        "irrigation_duration": MINUTES,
        "irrigation_mode": "duration",
        "irrigation_amount": 0,
        "fail_safe": MINUTES,
    }
}
WITHOUT_METER = {"manual_default_settings": {"irrigation_duration": MINUTES}}
BY_TIME = ({"irrigation_mode": "duration"}, {"irrigation_duration": MINUTES})

WITH_A_CLOCK = (
    Valve(model="sonoff_valve", opens={"state": "ON", "on_time": RUN}, repeats={}),
    sonoff("sonoff_zfe_valve", *BY_TIME),
    sonoff("sonoff_zfe_settings_valve", WITH_METER),
    sonoff("sonoff_zne_valve", BY_TIME[1]),
    sonoff("sonoff_zne_settings_valve", WITHOUT_METER),
    sonoff_two("sonoff_two_valves", *BY_TIME),
    sonoff_two("sonoff_two_settings_valves", WITH_METER),
    Valve(
        model="rtx_valve",
        sets=({"timer": MINUTES},),
        opened={"state": "ON", "timer_state": "active"},
        closed={"state": "OFF", "timer_state": "enabled"},
    ),
    Valve(
        model="frankever_ball_valve",
        opens={"countdown": RUN, "state": "ON"},
        opened={"position": 80},
        closed={"position": 0},
    ),
    Valve(
        model="haozee_valve",
        sets=({"water_countdown": MINUTES},),
        sets_told_as={"countdown": MINUTES},
    ),
    Valve(model="ten_minutes_valve"),
    Valve(
        model="neo_switched_valve",
        sets=({"countdown": MINUTES},),
        opened={"status": "on_manual_app"},
        closed={"status": "off"},
    ),
)
QOTO = Valve(
    model="qoto_valve",
    opens={"valve_state_auto_shutdown": 100},
    repeats={},
    closes={"valve_state": 0},
    repeats_closing={},
    opened={"valve_state": 100},
    closed={"valve_state": 0},
)
WITHOUT_A_CLOCK = (
    Valve(model="shut_off_valve"),
    Valve(
        model="sinope_valve",
        opens={"state": "OPEN"},
        repeats={"position": 100},
        closes={"state": "CLOSE"},
        repeats_closing={"position": 0},
        opened={"state": "OPEN"},
        closed={"state": "CLOSE"},
    ),
    Valve(
        model="position_valve",
        opened={"position_current": 90},
        closed={"position_current": 0},
    ),
)
UNHEARD = (
    Valve(model="frankever_valve", sets=({"timer": MINUTES},)),
    Valve(model="tuya_minutes_valve", opens={"countdown": MINUTES, "state": "ON"}),
    Valve(model="silent_valve"),
    Valve(model="countdown_minutes_valve", sets=({"countdown": MINUTES},)),
    Valve(model="countdown_seconds_valve", sets=({"countdown": RUN},)),
    Valve(model="timer_minutes_valve", sets=({"timer": MINUTES},)),
)
PROVEN = (*WITH_A_CLOCK, *WITHOUT_A_CLOCK)
CLOSED_TWICE = ("rtx_valve",)
"""Valves that prove that they opened, and cannot prove that they were closed."""
CLOSING_PROVEN = tuple(
    each for each in (*PROVEN, QOTO) if each.model not in CLOSED_TWICE
)
CLOSING_TOLD = (*(each for each in PROVEN if each.model in CLOSED_TWICE), *UNHEARD)


class Garden(Played):
    """A bridge with a valve of one model, which answers while it is in reach."""

    def __init__(self, valve: Valve) -> None:
        self.valve = valve
        self.known: dict[str, Any] = {}
        """What the valve has told by now."""
        self._down: list[tuple[str, Any]] = []
        super().__init__(spoken("zigbee2mqtt"), {TAP: {"model": valve.model}})
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"})
        self.says(valve.closed)

    def says(self, told: Mapping[str, Any]) -> None:
        """Have the valve tell something; the bridge says all that it knows."""
        self.known |= told
        self.hear(BASE, self.known)

    def repeats(self, told: Mapping[str, Any]) -> None:
        """Have the bridge say what it was told, whatever the valve made of it."""
        self.hear(BASE, {**self.known, **told})

    def pass_time(self, seconds: int) -> None:
        """Let time pass, in which the valve answers at once."""
        for _ in range(seconds):
            self.advance(1)
            self._look()

    def _look(self) -> None:
        for topic, text in self.taken():
            if topic == f"{BASE}/get":
                self.hear(BASE, self.known)
            else:
                is_plain = topic.endswith("/state")
                self._down.append((topic, text if is_plain else json.loads(text)))

    def went_down(self) -> list[tuple[str, Any]]:
        """Return what was sent since this was last asked, but for questions."""
        self._look()
        down, self._down = self._down, []
        return down

    def begins(self) -> int:
        """Order a run, and do all of it but for what opens the valve."""
        valve = self.valve
        run = self.put("open_valve", TAP, duration=RUN, **valve.params)
        for told in valve.sets:
            assert self.went_down() == [(f"{BASE}/set", told)]
            self.says(told if valve.sets_told_as is None else valve.sets_told_as)
        assert self.went_down() == [(f"{BASE}/set", valve.opens)]
        return run

    def repeats_opening(self) -> None:
        valve = self.valve
        self.repeats(valve.opens if valve.repeats is None else valve.repeats)

    def repeats_closing(self) -> None:
        valve = self.valve
        told = valve.repeats_closing
        self.repeats(valve.closes if told is None else told)

    def opens(self) -> int:
        """Have a run ordered and begun, and the valve say so."""
        run = self.begins()
        self.repeats_opening()
        self.says(self.valve.opened)
        self.pass_time(TOLD_WITHIN)
        assert self.went_down() == []
        return run

    def delivery_state(self, run: int) -> DeliveryState:
        return self.delivery(run, TAP).state

    def closings(self) -> list[Command]:
        """Return what was ordered to end what may still be open, oldest first."""
        ledger = self.engine.ledger
        every = {**ledger.closed, **ledger.open}
        return [every[key] for key in sorted(every) if every[key].ends is not None]


def proven(valves: tuple[Valve, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("valve", valves, ids=str)


@proven(PROVEN)
def test_it_is_taken_once_the_valve_itself_says_that_it_is_open(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.opens()

    assert garden.delivery_state(run) is DeliveryState.ACCEPTED
    assert garden.causes(run)[-1] is Cause.NODE


@proven(PROVEN)
def test_what_the_bridge_repeats_opens_nothing(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.begins()
    garden.repeats_opening()
    garden.pass_time(ACCEPTS_WITHIN - 1)
    garden.repeats_opening()

    assert garden.delivery_state(run) is DeliveryState.SENT


@proven(PROVEN)
def test_what_is_in_doubt_is_not_sent_again(valve: Valve) -> None:
    garden = Garden(valve)
    garden.begins()
    garden.repeats_opening()
    garden.pass_time(RUN // 2)

    assert garden.went_down() == []


@proven(WITH_A_CLOCK)
def test_it_is_done_once_the_valve_says_in_time_that_it_closed(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.opens()
    garden.pass_time(RUN)
    assert garden.state(run) is CommandState.ACCEPTED

    garden.says(valve.closed)
    garden.pass_time(10)
    assert garden.state(run) is CommandState.SUCCEEDED
    assert garden.causes(run)[-1] is Cause.NODE
    assert garden.closings() == []


@proven((*PROVEN, QOTO))
def test_a_valve_that_closes_before_its_time_has_failed(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.begins()
    garden.repeats_opening()
    garden.says(valve.opened)
    garden.pass_time(RUN // 2)
    garden.says(valve.closed)
    garden.pass_time(10)

    assert garden.state(run) is CommandState.FAILED


@proven((*WITH_A_CLOCK, QOTO))
def test_a_valve_that_does_not_say_that_it_closed_is_closed(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.begins()
    garden.repeats_opening()
    garden.says(valve.opened)
    garden.pass_time(RUN)
    garden.went_down()
    garden.pass_time(LATE)

    assert garden.went_down()[0] == (f"{BASE}/set", valve.closes)
    assert [each.ends for each in garden.closings()] == [run]
    assert garden.state(run) is not CommandState.SUCCEEDED


@proven(WITHOUT_A_CLOCK)
def test_what_has_no_clock_is_closed_at_its_very_time(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.opens()
    garden.pass_time(RUN - TOLD_WITHIN - 1)
    assert garden.went_down() == []

    garden.pass_time(2 + TOLD_WITHIN)
    assert garden.went_down()[0] == (f"{BASE}/set", valve.closes)
    garden.repeats_closing()
    garden.says(valve.closed)
    garden.pass_time(ASKED_WITHIN)
    assert garden.state(run) is CommandState.SUCCEEDED
    (closing,) = garden.closings()
    assert closing.state is CommandState.SUCCEEDED


@proven(CLOSING_PROVEN)
def test_a_closing_is_told_until_the_valve_itself_says_that_it_is_closed(
    valve: Valve,
) -> None:
    garden = Garden(valve)
    garden.says(valve.opened)
    closing = garden.put("close_valve", TAP, **valve.params)
    for _ in range(3):
        garden.repeats_closing()
        garden.pass_time(20)
    assert not garden.state(closing).final, "that was the bridge"
    told = garden.went_down()
    assert len(told) > 2
    assert [each for each in told if each != (f"{BASE}/set", valve.closes)] == []

    garden.says(valve.closed)
    garden.pass_time(ASKED_WITHIN)
    assert garden.state(closing) is CommandState.SUCCEEDED
    assert garden.causes(closing)[-1] is Cause.NODE


@proven(CLOSING_PROVEN)
def test_the_echo_of_a_closing_ends_no_run_as_done(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.begins()
    garden.repeats_opening()
    garden.says(valve.opened)
    garden.pass_time(RUN + 1)
    garden.put("close_valve", TAP, **valve.params)
    garden.repeats_closing()
    garden.pass_time(5)

    assert garden.state(run) is not CommandState.SUCCEEDED


@proven(CLOSING_TOLD)
def test_a_closing_that_nothing_proves_is_told_until_the_bridge_has_sent_it(
    valve: Valve,
) -> None:
    garden = Garden(valve)
    garden.says(valve.opened)
    closing = garden.put("close_valve", TAP)
    garden.pass_time(60)
    told = garden.went_down()
    assert len(told) > 2, "the valve is out of reach"
    assert [each for each in told if each != (f"{BASE}/set", OFF)] == []

    garden.repeats(OFF)
    assert garden.went_down() == [(f"{BASE}/set/state", "OFF")]
    assert not garden.state(closing).final
    garden.pass_time(ACCEPTS_WITHIN)
    assert garden.state(closing) is CommandState.SUCCEEDED
    assert garden.causes(closing)[-1] is Cause.TOLD, "and it is shown as that"


@proven(UNHEARD)
def test_an_opening_that_nothing_proves_is_told_and_closed_at_its_time(
    valve: Valve,
) -> None:
    garden = Garden(valve)
    run = garden.begins()
    garden.repeats_opening()
    garden.pass_time(ACCEPTS_WITHIN + 1)
    assert garden.delivery_state(run) is DeliveryState.ACCEPTED
    assert garden.causes(run)[-1] is Cause.TOLD
    assert garden.went_down() == []

    garden.pass_time(RUN + 1)
    assert garden.went_down()[0] == (f"{BASE}/set", OFF)
    garden.repeats(OFF)
    garden.pass_time(3600)
    assert garden.state(run) is CommandState.SUCCEEDED
    assert Cause.NODE not in garden.causes(run), "no word of the valve's"


@proven(tuple(each for each in (*PROVEN, *UNHEARD) if each.sets))
def test_nothing_is_opened_before_its_time_is_set(valve: Valve) -> None:
    garden = Garden(valve)
    garden.put("open_valve", TAP, duration=RUN, **valve.params)
    garden.went_down()
    garden.says({**valve.closed, "linkquality": 120})
    garden.pass_time(3600)

    assert [each for each in garden.went_down() if each[1] == valve.opens] == []


def test_a_valve_of_qoto_is_told_its_time_once_it_says_that_it_is_open() -> None:
    garden = Garden(QOTO)
    run = garden.begins()
    assert garden.went_down() == []
    garden.says(QOTO.opened)
    assert garden.went_down() == [(f"{BASE}/set", {"shutdown_timer": RUN})]
    garden.pass_time(ACCEPTS_WITHIN + 1)
    assert garden.delivery_state(run) is DeliveryState.ACCEPTED
    assert garden.causes(run)[-1] is Cause.TOLD

    garden.pass_time(RUN)
    garden.says(QOTO.closed)
    assert garden.state(run) is CommandState.SUCCEEDED
    assert garden.closings() == []


def test_a_valve_of_qoto_that_is_open_with_an_old_time_is_closed() -> None:
    garden = Garden(QOTO)
    garden.begins()
    garden.says(QOTO.opened)
    garden.crash(away=60)
    garden.connect()
    garden.hear("zigbee2mqtt/bridge/state", {"state": "online"})
    garden.says(QOTO.opened)
    garden.pass_time(RUN + LATE)

    assert (f"{BASE}/set", {"valve_state": 0}) in garden.went_down()


@pytest.mark.parametrize("model", ["sonoff_two_valves", "sonoff_two_settings_valves"])
def test_what_two_outlets_share_is_set_for_one_after_the_other(model: str) -> None:
    (valve,) = (each for each in WITH_A_CLOCK if each.model == model)
    garden = Garden(valve)
    first = garden.begins()
    garden.put("open_valve", TAP, duration=60, valve=1)
    garden.repeats_opening()
    garden.pass_time(1)
    assert garden.went_down() == [], "the second outlet opens with what is set by now"

    garden.says(valve.opened)
    assert garden.delivery_state(first) is DeliveryState.ACCEPTED
    assert garden.went_down() != []


def test_an_order_that_a_bridge_may_keep_for_a_day_is_ended_after_that_day() -> None:
    (valve,) = (each for each in WITH_A_CLOCK if each.model == "sonoff_valve")
    garden = Garden(valve)
    run = garden.begins()
    garden.advance(DAY)
    assert garden.closings() == []

    garden.advance(RUN + LATE)
    assert [each.ends for each in garden.closings()] == [run]


@proven(tuple(each for each in WITH_A_CLOCK if "irrigation" in str(each.opened)))
def test_a_run_of_its_own_plan_is_no_order_of_ours(valve: Valve) -> None:
    garden = Garden(valve)
    run = garden.begins()
    planned = json.dumps(valve.opened).replace('"manual"', '"automatic"')
    garden.says(json.loads(planned))
    garden.pass_time(ACCEPTS_WITHIN - 1)

    assert garden.delivery_state(run) is DeliveryState.SENT


def test_a_closing_does_not_wait_behind_an_order_that_a_bridge_may_keep() -> None:
    (valve,) = (each for each in WITH_A_CLOCK if each.model == "sonoff_valve")
    garden = Garden(valve)
    garden.begins()
    garden.pass_time(60)
    garden.put("close_valve", TAP)

    assert garden.went_down() == [(f"{BASE}/set", OFF)]
