"""Simulated cameras and the integration speak with each other: protocol and rules."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.events import ImageCame, ImageIncomplete
from custom_components.mqtt_dispatch.engine.model import CommandState
from simulator.esp32_cam.picture import picture
from tests.protocols.played import Played

from .bench import NAME, START, CameraBench

SIZE = 9_000
STEP = 0.05
LONGEST_WAKING = 240.0
"""Seconds after which a camera that is still awake never sleeps."""
HOUR = 3600


class Together:
    """A camera, and a station that has it wake at each full hour."""

    def __init__(self, firmware: str, *, name: str = NAME, **settings: Any) -> None:
        usual: dict[str, Any] = {
            "image_bytes": SIZE,
            "chunk_bytes": 300,
            "chunk_seconds": 0.01,
        }
        self.home = Played("esp32_cam", {name: {"cron": "0 * * * *"}}, wall=START)
        self.bench = CameraBench(firmware, name=name, **usual, **settings)
        self.name = name
        self._heard = 0

    def order(self, kind: str, **params: Any) -> int:
        return self.home.put(kind, self.name, **params)

    def run(self, seconds: float) -> None:
        """Let time pass, with each hearing what the other says."""
        for _ in range(int(seconds / STEP)):
            self._pass()
            self.bench.run(STEP)
            self.home.advance(STEP)

    def run_until_it_sleeps(self) -> None:
        """Let a waking go to its end."""
        for _ in range(int(LONGEST_WAKING / STEP)):
            self.run(STEP)
            if not self.bench.connected:
                return
        raise AssertionError("it never sleeps")

    def wakes_in(self) -> float | None:
        deadline = self.bench.node.next_deadline()
        return None if deadline is None else deadline - self.bench.now

    def came(self) -> list[bytes]:
        return [one.content for one in self.home.images if isinstance(one, ImageCame)]

    def _pass(self) -> None:
        while self._heard < len(self.bench.messages):
            _, message = self.bench.messages[self._heard]
            self._heard += 1
            self.home.hear(message.topic, message.payload.decode())
        for topic, payload in self.home.taken():
            if topic in self.bench.node.subscriptions:
                self.bench.send(topic, payload.encode())


FIRMWARES = ("before",)


@pytest.mark.parametrize("firmware", FIRMWARES)
@pytest.mark.parametrize(
    "orders",
    [
        (),
        (
            "chunks_lost=some",
            "chunks_shuffled=on",
            "chunks_doubled=on",
            "chunks_late=on",
        ),
        ("metadata=late", "chunks_lost=some"),
        ("metadata=double",),
        ("hello=double",),
    ],
    ids=lambda orders: "+".join(orders) or "no fault",
)
def test_an_image_comes_out_whole_and_its_camera_sleeps_until_it_was_told(
    firmware: str, orders: tuple[str, ...]
) -> None:
    both = Together(firmware)
    command = both.order("capture_image")
    for order in orders:
        both.bench.order(f"{order},count=1")
    both.run_until_it_sleeps()

    assert both.came() == [picture(1, SIZE)]
    assert both.home.state(command) is CommandState.SUCCEEDED
    wakes_in = both.wakes_in()
    assert wakes_in is not None
    assert HOUR - LONGEST_WAKING < wakes_in <= HOUR


@pytest.mark.parametrize("firmware", FIRMWARES)
@pytest.mark.parametrize("order", ["metadata=drop", "chunks_lost=all"])
def test_an_image_that_never_comes_whole_is_said_to_be_incomplete(
    firmware: str, order: str
) -> None:
    both = Together(firmware)
    both.order("capture_image")
    both.bench.order(order)
    both.run(130)

    assert both.came() == []
    assert {type(one) for one in both.home.images} <= {ImageIncomplete}
