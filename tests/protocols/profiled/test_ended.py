"""What ends the doubt of an opening, and what is somebody else's."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from tests.engine.driver import HOUR
from tests.protocols.played import Played

from .shipped import spoken

TAP = "tap"
RUN = 600


class Garden(Played):
    """A valve behind a bridge that is there."""

    def __init__(self) -> None:
        super().__init__(spoken("zigbee2mqtt"), {TAP: {"model": "neo_valve"}})
        self.hear("zigbee2mqtt/bridge/state", {"state": "online"})
        self.says("off")

    def says(self, status: str) -> None:
        self.hear(f"zigbee2mqtt/{TAP}", {"status": status})


@pytest.fixture
def garden() -> Garden:
    return Garden()


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_what_is_broken_off_is_no_success_however_the_clock_is_set(
    garden: Garden, jump: float
) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.says("on_manual_app")
    garden.set_clock(jump)
    garden.advance(5)
    garden.says("off")

    assert garden.state(run) is CommandState.FAILED


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_what_lasted_is_a_success_however_the_clock_is_set(
    garden: Garden, jump: float
) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.says("on_manual_app")
    garden.set_clock(jump)
    garden.advance(RUN)
    garden.says("off")

    assert garden.state(run) is CommandState.SUCCEEDED


def test_what_somebody_opened_since_proves_no_opening(garden: Garden) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.advance(RUN / 2)
    garden.says("on_manual_button")
    garden.advance(RUN / 2 + 10)
    garden.says("off")

    assert garden.state(run) is CommandState.UNCONFIRMED


@pytest.mark.parametrize("after", [5, 45])
def test_what_somebody_had_opened_before_proves_no_opening(
    garden: Garden, after: float
) -> None:
    garden.says("on_manual_button")
    run = garden.put("open_valve", TAP, duration=60)
    garden.advance(after)
    garden.says("off")
    garden.advance(60)

    assert garden.state(run) is CommandState.UNCONFIRMED


def test_an_opening_that_is_heard_of_late_is_proven_by_its_end(garden: Garden) -> None:
    run = garden.put("open_valve", TAP, duration=RUN)
    garden.advance(RUN / 2)
    assert garden.state(run) is CommandState.UNCONFIRMED
    garden.says("on_manual_app")
    garden.advance(RUN / 2 + 10)
    garden.says("off")

    assert garden.state(run) is CommandState.SUCCEEDED
