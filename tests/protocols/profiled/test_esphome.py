"""ESPHome by its source: sprinkler valves, valves, and buttons."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import (
    Cause,
    CommandState,
    DeliveryState,
)
from tests.protocols.played import Played

from .shipped import spoken

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
