"""What is kept for nodes that sleep: carried out late, and no doubt before that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.profiled.assembly import protocol_of
from custom_components.mqtt_dispatch.protocols.profiled.reading.reader import read
from tests.engine.driver import DAY, HOUR, MINUTE
from tests.protocols.played import Played

from .shipped import recorded

VALVE = "timed_valve"
SENT, ACCEPTED = DeliveryState.SENT, DeliveryState.ACCEPTED
SET = f"zigbee2mqtt/{VALVE}/set"
SLEEPERS: dict[str, Any] = {
    "format": 1,
    "profile": "sleepers",
    "maker": "Nobody",
    "prefix": "zigbee2mqtt",
    "echoes": True,
    "online_for": 604800,
    "topics": {"state": "{prefix}/{node}"},
    "kinds": {
        "open_valve": {"class": "once", "taken_within": 30, "undoes": "valve"},
        "close_valve": {"class": "until_done", "undoes": "valve"},
        "calibrate": {"class": "latest"},
    },
    "models": {
        "timed": {
            "title": "Valve that sleeps",
            "readings": {
                "valve": {
                    "topic": "state",
                    "path": "state",
                    "words": {"ON": "open", "OFF": "closed"},
                },
                "mode": {"topic": "state", "path": "mode", "words": {"a": "a"}},
            },
            "kinds": {
                "open_valve": {
                    "params": {"duration": {"whole": [1, 65535]}},
                    "lasts": "duration",
                    "keeps_for": DAY,
                    "steps": [
                        {
                            "topic": "{prefix}/{node}/set",
                            "payload": {"state": "ON", "on_time": {"$": "duration"}},
                            "taken_when": {
                                "reading": "valve",
                                "becomes": "open",
                                "own_word": True,
                            },
                        }
                    ],
                    "done_when": {
                        "reading": "valve",
                        "becomes": "closed",
                        "own_word": True,
                    },
                },
                "close_valve": {
                    "steps": [
                        {"topic": "{prefix}/{node}/set", "payload": {"state": "OFF"}}
                    ],
                    "done_when": {"reading": "valve", "is": "closed", "own_word": True},
                },
                "calibrate": {
                    "keeps_for": HOUR,
                    "steps": [
                        {"topic": "{prefix}/{node}/set", "payload": {"calibrate": 1}}
                    ],
                    "done_when": {"reading": "mode", "is": "a"},
                },
            },
        }
    },
}
"""As Zigbee2MQTT keeps what is for valves of SONOFF, which it did when recorded."""


class Sleeper(Played):
    """A valve that was heard, and sleeps."""

    def __init__(self) -> None:
        wire = protocol_of(read(json.dumps(SLEEPERS)))
        super().__init__(wire, {VALVE: {"model": "timed"}})
        for _ in range(2):
            self.valve_is("OFF")

    def valve_is(self, state: str) -> None:
        self.hear(f"zigbee2mqtt/{VALVE}", {"state": state})

    def open(self, duration: int = 600) -> int:
        run = self.put("open_valve", VALVE, duration=duration)
        assert self.opened() == [duration]
        return run

    def opened(self) -> list[int]:
        """Return for how long it was told to open since this was last looked at."""
        told = [json.loads(text) for topic, text in self.taken() if topic == SET]
        return [each["on_time"] for each in told if "on_time" in each]

    def closings(self) -> int:
        """Return how often it was told to close since this was last looked at."""
        return self.taken().count((SET, '{"state":"OFF"}'))


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


def test_what_is_kept_and_carried_out_later_is_proven_as_ever(sleeper: Sleeper) -> None:
    run = sleeper.put("open_valve", VALVE, duration=2)
    (asleep,) = [
        row for row in recorded("zigbee2mqtt", "timed_valve_asleep") if row.sent
    ]
    assert [(topic, json.loads(text)) for topic, text in sleeper.taken()] == [
        (asleep.topic, asleep.content)
    ]
    sleeper.advance(5 * HOUR)
    for row in recorded("zigbee2mqtt", "timed_valve_wakes"):
        assert not row.sent
        if row.topic == asleep.topic.removesuffix("/set"):
            sleeper.hear(row.topic, row.payload)

    assert sleeper.state(run) is CommandState.SUCCEEDED
    assert sleeper.opened() == []


def test_promise_2_until_nothing_is_kept_silence_is_no_doubt_and_nothing_is_sent(
    sleeper: Sleeper,
) -> None:
    run = sleeper.open()
    sleeper.advance(DAY)
    assert sleeper.delivery(run, VALVE).state is SENT
    assert sleeper.taken() == []

    sleeper.advance(MINUTE)
    assert sleeper.state(run) is CommandState.UNCONFIRMED
    assert sleeper.causes(run)[-1] is Cause.ACCEPT_TIMEOUT
    assert sleeper.opened() == []


def test_another_is_not_sent_after_what_may_be_kept(sleeper: Sleeper) -> None:
    sleeper.open()
    sleeper.advance(MINUTE)
    later = sleeper.put("open_valve", VALVE, duration=60)

    assert sleeper.opened() == []
    assert sleeper.state(later) is CommandState.QUEUED


def test_after_a_restart_only_the_rest_of_its_time_counts(sleeper: Sleeper) -> None:
    run = sleeper.open()
    sleeper.advance(20 * HOUR)
    sleeper.crash(away=HOUR)
    sleeper.connect()
    sleeper.advance(2 * HOUR)
    assert sleeper.delivery(run, VALVE).state is SENT

    sleeper.advance(1.1 * HOUR)
    assert sleeper.state(run) is CommandState.UNCONFIRMED


def test_by_a_clock_that_is_behind_it_waits_no_longer_than_ever(
    sleeper: Sleeper,
) -> None:
    run = sleeper.open()
    sleeper.crash()
    sleeper.set_clock(-HOUR)
    sleeper.crash()
    sleeper.connect()
    sleeper.advance(DAY + MINUTE)

    assert sleeper.state(run) is CommandState.UNCONFIRMED


@pytest.mark.parametrize(
    ("lasted", "state"),
    [(600, CommandState.SUCCEEDED), (60, CommandState.FAILED)],
)
def test_what_begins_late_ends_by_its_own_time(
    sleeper: Sleeper, lasted: float, state: CommandState
) -> None:
    run = sleeper.open()
    sleeper.advance(HOUR)
    sleeper.valve_is("OFF")
    sleeper.advance(4 * HOUR)
    sleeper.valve_is("ON")
    assert sleeper.delivery(run, VALVE).state is ACCEPTED

    sleeper.advance(lasted)
    sleeper.valve_is("OFF")
    assert sleeper.state(run) is state


def test_what_opened_while_we_were_away_may_have_been_kept(sleeper: Sleeper) -> None:
    sleeper.advance(11 * MINUTE)
    run = sleeper.open()
    sleeper.crash(away=5 * HOUR)
    sleeper.connect()
    sleeper.valve_is("ON")

    assert sleeper.delivery(run, VALVE).state is ACCEPTED


def test_what_may_have_opened_at_the_last_moment_is_closed_after_its_time(
    sleeper: Sleeper,
) -> None:
    sleeper.open()
    sleeper.advance(DAY + 10 * MINUTE)
    sleeper.valve_is("OFF")
    assert sleeper.closings() == 0

    sleeper.advance(2 * MINUTE)
    assert sleeper.closings() > 0


def test_what_may_be_repeated_is_not_while_it_may_be_kept(sleeper: Sleeper) -> None:
    sleeper.put("calibrate", VALVE)
    sleeper.advance(HOUR)
    assert len(sleeper.taken()) == 1

    sleeper.advance(MINUTE)
    assert len(sleeper.taken()) == 1


def test_promise_8_what_begins_long_after_a_doubt_is_of_another(
    sleeper: Sleeper,
) -> None:
    run = sleeper.open()
    sleeper.advance(3 * DAY)
    for _ in range(2):
        sleeper.valve_is("OFF")
        sleeper.advance(HOUR)
    assert sleeper.state(run) is CommandState.UNCONFIRMED
    before = sleeper.causes(run)
    sleeper.valve_is("ON")
    sleeper.advance(600)
    sleeper.valve_is("OFF")

    assert sleeper.state(run) is CommandState.UNCONFIRMED
    assert sleeper.causes(run) == before
