"""Valves at relays of Tasmota, by its documents; nothing here was run against it."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.engine.model.reports import Hello
from tests.protocols.played import Played

from .shipped import said, spoken

WIRE = spoken("tasmota")
TAP = "tap"
NODES = {TAP: {"model": "relay_valve"}}
DISCOVERY = "tasmota/discovery/A4CF12000001/config"
DESCRIBED: dict[str, Any] = {
    "dn": "Tap",
    "mac": "A4CF12000001",
    "ofln": "Offline",
    "onln": "Online",
    "state": ["OFF", "ON", "TOGGLE", "HOLD"],
    "sw": "15.1.0",
    "t": TAP,
    "ft": "%prefix%/%topic%/",
    "tp": ["cmnd", "stat", "tele"],
    "rl": [1, 0, 0, 0, 0, 0, 0, 0],
    "so": {"4": 0, "114": 0},
    "dslp": 0,
    "ver": 1,
}


class Tap(Played):
    """A valve at a relay, played by hand."""

    def __init__(self) -> None:
        super().__init__(WIRE, NODES)
        self.hear("tele/tap/LWT", "Online")
        self.hear("tele/tap/STATE", {"POWER": "OFF", "Uptime": "0T00:10:00"})

    def answers(self, **content: Any) -> None:
        self.hear("stat/tap/RESULT", content)

    def open(self, duration: int) -> int:
        run = self.put("open_valve", TAP, duration=duration)
        self.answers(PulseTime1={"Set": duration + 100, "Remaining": duration + 100})
        return run


@pytest.fixture
def tap() -> Tap:
    """A valve that is there, and closed."""
    return Tap()


def test_a_device_with_one_relay_is_offered() -> None:
    assert said(WIRE, DISCOVERY, DESCRIBED, {}, retain=True) == (
        Hello(
            node=TAP,
            type="relay_valve",
            hardware_id="A4CF12000001",
            firmware="15.1.0",
        ),
    )


@pytest.mark.parametrize(
    "other",
    [
        {"rl": [1, 2, 0]},
        {"rl": [2, 0]},
        {"ft": "%topic%/%prefix%/"},
        {"tp": ["cmd", "stat", "tele"]},
        {"state": ["AUS", "AN", "TOGGLE", "HOLD"]},
        {"so": {"4": 1, "114": 0}},
        {"dslp": 1},
    ],
)
def test_what_the_profile_does_not_fit_is_not_offered(other: dict[str, Any]) -> None:
    assert said(WIRE, DISCOVERY, {**DESCRIBED, **other}, {}) == ()


def test_a_run_is_its_time_first_and_then_the_relay(tap: Tap) -> None:
    run = tap.put("open_valve", TAP, duration=600)
    assert tap.taken() == [("cmnd/tap/PulseTime1", "700")]

    tap.answers(PulseTime1={"Set": 700, "Remaining": 700})
    assert tap.taken() == [("cmnd/tap/POWER", "ON")]

    tap.answers(POWER="ON")
    assert tap.delivery(run, TAP).state is DeliveryState.ACCEPTED
    tap.advance(600)
    tap.answers(POWER="OFF")
    assert tap.state(run) is CommandState.SUCCEEDED


def test_the_time_of_another_command_is_not_taken_for_ours(tap: Tap) -> None:
    tap.put("open_valve", TAP, duration=600)
    tap.answers(PulseTime1={"Set": 160, "Remaining": 160})

    assert tap.taken() == [("cmnd/tap/PulseTime1", "700")]


def test_an_unknown_command_is_refused(tap: Tap) -> None:
    run = tap.put("open_valve", TAP, duration=600)
    tap.answers(Command="Unknown")

    assert tap.state(run) is CommandState.REJECTED


def test_a_run_that_ends_too_soon_has_failed(tap: Tap) -> None:
    run = tap.open(600)
    tap.answers(POWER="ON")
    tap.advance(30)
    tap.answers(POWER="OFF")

    assert tap.state(run) is CommandState.FAILED


def test_promise_2_a_run_in_doubt_is_not_sent_again(tap: Tap) -> None:
    run = tap.open(600)
    tap.advance(3600)

    opened = [topic for topic, payload in tap.taken() if payload not in ("OFF", "")]
    assert opened == ["cmnd/tap/PulseTime1", "cmnd/tap/POWER"]
    assert tap.state(run) is CommandState.UNCONFIRMED


def test_closing_is_done_once_the_relay_says_so(tap: Tap) -> None:
    closing = tap.put("close_valve", TAP)
    assert tap.taken() == [("cmnd/tap/POWER", "OFF")]
    tap.answers(POWER="OFF")

    assert tap.state(closing) is CommandState.SUCCEEDED


def test_a_device_that_went_is_told_nothing(tap: Tap) -> None:
    tap.hear("tele/tap/LWT", "Offline")
    tap.put("close_valve", TAP)
    assert tap.taken() == []

    tap.hear("tele/tap/LWT", "Online")
    assert tap.taken() == [("cmnd/tap/POWER", "OFF")]
