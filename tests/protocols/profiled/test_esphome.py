"""ESPHome, by what its own code said when it was run."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from tests.protocols.played import Played

from .shipped import recorded, spoken

WIRE = spoken("esphome")
NODE = "tap"
FIELDS = {
    "sprinkler_valve": {"component": "lawn", "run_time": "lawn_time"},
    "valve": {"component": "main"},
    "button": {"component": "pump"},
}


def device(model: str) -> Played:
    """Return a device that is there, with one component of a model."""
    found = Played(WIRE, {NODE: {"model": model, **FIELDS[model]}})
    found.hear(f"{NODE}/status", "online", retain=True)
    return found


class Bed(Played):
    """A sprinkler controller that was recorded, and one of its valves."""

    def __init__(self, valve: str) -> None:
        self._command = f"bed/switch/{valve}/command"
        said = {"model": "sprinkler_valve", "component": valve}
        super().__init__(WIRE, {"bed": {**said, "run_time": f"{valve}_time"}})
        self.play("start")

    def play(self, case: str, *, until: float = 3600.0) -> None:
        """Have said what was said in a case, as far as it was within so many seconds.

        What was sent to this valve there must be sent here.
        """
        at = 0.0
        for row in recorded("esphome", case):
            if row.after > until:
                break
            self.advance(row.after - at)
            at = row.after
            if not row.sent:
                self.hear(row.topic, row.payload, retain=row.retained)
            elif row.topic == self._command:
                assert self.taken()[-1:] == [(row.topic, row.payload)]

    def opened(self, seconds: int) -> int:
        return self.put("open_valve", "bed", duration=seconds)


def test_a_run_is_proven_by_its_end() -> None:
    bed = Bed("lawn")
    run = bed.opened(4)
    bed.play("run")

    assert bed.state(run) is CommandState.SUCCEEDED


def test_a_valve_whose_pump_starts_later_is_not_closed_in_between() -> None:
    bed = Bed("tree")
    run = bed.opened(4)
    bed.play("run with a pump that starts later", until=0.6)
    bed.advance(1)
    assert bed.delivery(run, "bed").state is DeliveryState.SENT, "it was open for 10 ms"

    bed = Bed("tree")
    run = bed.opened(4)
    bed.play("run with a pump that starts later")
    assert bed.state(run) is CommandState.SUCCEEDED


def test_it_is_told_to_close_and_says_so() -> None:
    bed = Bed("lawn")
    run = bed.opened(60)
    bed.play("closed", until=2)
    bed.advance(1)
    assert bed.delivery(run, "bed").state is DeliveryState.ACCEPTED
    closing = bed.put("close_valve", "bed")
    assert bed.taken()[-1:] == [("bed/switch/lawn/command", "OFF")]
    bed.hear("bed/switch/lawn/state", "OFF")

    assert bed.state(closing) is CommandState.SUCCEEDED


def test_what_is_closed_does_not_say_so_again() -> None:
    bed = Bed("lawn")
    closing = bed.put("close_valve", "bed")
    bed.play("closed already")

    assert bed.delivery(closing, "bed").state is DeliveryState.SENT


def test_a_controller_in_standby_opens_nothing_and_does_not_say_why() -> None:
    bed = Bed("lawn")
    run = bed.opened(4)
    bed.hear("bed/number/lawn_time/state", "4.000000")
    bed.play("in standby")
    assert bed.delivery(run, "bed").state is DeliveryState.SENT
    bed.advance(30)

    assert bed.state(run) is CommandState.UNCONFIRMED


@pytest.mark.parametrize("case", ["another one opened", "another one closed"])
def test_what_another_valve_is_told_ends_a_run(case: str) -> None:
    bed = Bed("lawn")
    run = bed.opened(60)
    bed.hear("bed/number/lawn_time/state", "60.000000")
    bed.play(case)

    assert bed.state(run) is CommandState.FAILED


def test_a_run_has_failed_that_a_power_cut_ended() -> None:
    bed = Bed("lawn")
    run = bed.opened(60)
    bed.play("killed")
    assert not bed.engine.statuses["bed"].online
    assert bed.delivery(run, "bed").state is DeliveryState.ACCEPTED
    bed.play("started again")

    assert bed.state(run) is CommandState.FAILED


def test_what_the_broker_kept_says_what_became_so_while_nobody_listened() -> None:
    bed = Bed("lawn")
    run = bed.opened(60)
    bed.play("closed", until=2)
    bed.advance(1)
    assert bed.delivery(run, "bed").state is DeliveryState.ACCEPTED
    bed.crash(away=90)
    bed.connect()
    bed.play("start")

    assert bed.state(run) is CommandState.SUCCEEDED


def test_a_sprinkler_valve_gets_its_run_time_first_and_ends_by_itself() -> None:
    tap = device("sprinkler_valve")
    tap.hear("tap/switch/lawn/state", "OFF")
    run = tap.put("open_valve", NODE, duration=600)
    assert tap.taken() == [("tap/number/lawn_time/command", "600")]
    tap.hear("tap/number/lawn_time/state", "600.000000")
    assert tap.taken() == [("tap/switch/lawn/command", "ON")]
    tap.hear("tap/switch/lawn/state", "ON")
    tap.advance(600)
    tap.hear("tap/switch/lawn/state", "OFF")

    assert tap.state(run) is CommandState.SUCCEEDED


def test_what_another_component_tells_proves_nothing() -> None:
    tap = device("sprinkler_valve")
    run = tap.put("open_valve", NODE, duration=600)
    tap.hear("tap/number/hedge_time/state", "600")
    assert tap.taken() == [("tap/number/lawn_time/command", "600")]
    assert tap.delivery(run, NODE).state is DeliveryState.SENT


def test_a_valve_without_a_clock_is_closed_once_its_time_is_over() -> None:
    tap = device("valve")
    tap.hear("tap/valve/main/state", "closed")
    run = tap.put("open_valve", NODE, duration=60)
    assert tap.taken() == [("tap/valve/main/command", "OPEN")]
    tap.hear("tap/valve/main/state", "opening")
    assert tap.delivery(run, NODE).state is DeliveryState.SENT, "it is not open yet"
    tap.hear("tap/valve/main/state", "open")
    tap.advance(60)
    assert tap.taken() == [("tap/valve/main/command", "CLOSE")]


@pytest.mark.parametrize("word", ["opening", "closing", "unknown"])
def test_a_valve_that_is_on_its_way_is_not_closed(word: str) -> None:
    tap = device("valve")
    closing = tap.put("close_valve", NODE)
    tap.hear("tap/valve/main/state", word)
    assert tap.state(closing) is not CommandState.SUCCEEDED
    tap.hear("tap/valve/main/state", "closed")

    assert tap.state(closing) is CommandState.SUCCEEDED


def test_a_button_is_told_and_no_more_is_known() -> None:
    tap = device("button")
    pressed = tap.put("press", NODE)
    assert tap.taken() == [("tap/button/pump/command", "PRESS")]
    tap.advance(10)

    assert tap.state(pressed) is CommandState.SUCCEEDED
    assert tap.causes(pressed)[-1] is Cause.TOLD
