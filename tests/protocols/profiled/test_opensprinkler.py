"""OpenSprinkler, by what its firmware said when it was run."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from custom_components.mqtt_dispatch.protocols.params import HIDDEN, public_of
from tests.protocols.played import Played

from .shipped import recorded, spoken

WIRE = spoken("opensprinkler")
NODE = "opensprinkler"
FIELDS = {
    "model": "controller",
    "password": "opendoor",
    "commands": "os-commands",
    "valves": 8,
}


class Controller(Played):
    """A controller with eight stations: all that is known is what the broker kept."""

    def __init__(self) -> None:
        super().__init__(WIRE, {NODE: FIELDS})
        self.hear(f"{NODE}/availability", "online", retain=True)

    def tells(self, number: int, *, runs: bool, duration: int) -> None:
        told = {"state": int(runs), "duration": duration}
        self.hear(f"{NODE}/station/{number}", told)


@pytest.fixture
def controller() -> Controller:
    """A controller that is there."""
    return Controller()


def play(controller: Controller, case: str) -> None:
    """Play a case that was recorded: what was sent there must be sent here."""
    for row in recorded("opensprinkler", case):
        if row.sent:
            assert controller.taken() == [(row.topic, row.payload)]
        else:
            controller.hear(row.topic, row.payload)
            controller.advance(8)


def test_a_run_is_told_as_the_firmware_takes_it_and_proven_by_its_word(
    controller: Controller,
) -> None:
    run = controller.put("open_valve", NODE, valve=1, duration=8)
    play(controller, "run")

    assert controller.state(run) is CommandState.SUCCEEDED


def test_a_station_waits_behind_another_without_a_word(controller: Controller) -> None:
    controller.put("open_valve", NODE, valve=1, duration=8)
    controller.tells(0, runs=True, duration=8)
    second = controller.put("open_valve", NODE, valve=2, duration=5)
    controller.advance(8)
    controller.tells(0, runs=False, duration=8)
    assert controller.delivery(second, NODE).state is DeliveryState.SENT
    controller.advance(2)
    controller.tells(1, runs=True, duration=5)
    controller.advance(5)
    controller.tells(1, runs=False, duration=5)

    assert controller.state(second) is CommandState.SUCCEEDED


def test_what_another_program_opens_is_none_of_ours(controller: Controller) -> None:
    run = controller.put("open_valve", NODE, valve=1, duration=601)
    controller.tells(0, runs=True, duration=300)
    assert controller.delivery(run, NODE).state is DeliveryState.SENT


def test_a_station_that_runs_is_not_opened_a_second_time(
    controller: Controller,
) -> None:
    controller.put("open_valve", NODE, valve=1, duration=60)
    controller.tells(0, runs=True, duration=60)
    controller.taken()
    controller.put("open_valve", NODE, valve=1, duration=5)

    assert controller.taken() == []


def test_closing_what_runs_is_told_once_and_proven(controller: Controller) -> None:
    controller.tells(2, runs=True, duration=60)
    closing = controller.put("close_valve", NODE, valve=3)
    ((topic, payload),) = controller.taken()
    assert (topic, payload.partition("&")[2]) == ("os-commands", "sid=2&en=0")
    controller.tells(2, runs=False, duration=2)

    assert controller.state(closing) is CommandState.SUCCEEDED


@pytest.mark.parametrize("told", ["nothing", "an end", "a break since"])
def test_what_does_not_run_for_sure_is_never_told_to_close(
    controller: Controller, told: str
) -> None:
    if told != "nothing":
        controller.tells(2, runs=True, duration=60)
    if told == "an end":
        controller.tells(2, runs=False, duration=60)
    if told == "a break since":
        controller.disconnect()
        controller.connect()
        controller.hear(f"{NODE}/availability", "online", retain=True)
        controller.tells(1, runs=True, duration=60)
    closing = controller.put("close_valve", NODE, valve=3)
    controller.advance(120)

    assert controller.taken() == []
    assert controller.state(closing) is CommandState.EXPIRED


def test_closing_is_never_told_twice(controller: Controller) -> None:
    controller.tells(2, runs=True, duration=60)
    closing = controller.put("close_valve", NODE, valve=3)
    controller.advance(3600)

    assert len(controller.taken()) == 1
    assert controller.state(closing) is CommandState.UNCONFIRMED


def test_stopping_all_is_told_and_says_that_no_more_is_known(
    controller: Controller,
) -> None:
    stop = controller.put("stop_all", NODE)
    controller.advance(10)

    assert controller.state(stop) is CommandState.SUCCEEDED
    assert controller.causes(stop)[-1] is Cause.TOLD


def test_a_refusal_is_told_nowhere_and_ends_as_a_doubt(controller: Controller) -> None:
    assert [row.sent for row in recorded("opensprinkler", "nothing is answered")] == [
        True,
        True,
        True,
    ]
    run = controller.put("open_valve", NODE, valve=1, duration=8)
    controller.advance(3600)

    assert controller.state(run) is CommandState.UNCONFIRMED
    assert len(controller.taken()) == 1


def test_the_password_is_shown_to_nobody() -> None:
    assert public_of(WIRE.node_fields, FIELDS)["password"] == HIDDEN


def test_a_station_that_waited_longer_than_that_is_settled_by_its_run(
    controller: Controller,
) -> None:
    run = controller.put("open_valve", NODE, valve=2, duration=601)
    controller.advance(120)
    assert controller.state(run) is CommandState.UNCONFIRMED
    controller.tells(1, runs=True, duration=601)
    controller.advance(601)
    controller.tells(1, runs=False, duration=601)

    assert controller.state(run) is CommandState.SUCCEEDED
