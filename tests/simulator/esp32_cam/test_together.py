"""Simulated cameras and the integration speak with each other: protocol and rules."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.effects import (
    ImageCame,
    ImageIncomplete,
)
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


FIRMWARES = ("v4", "3.5", "seed")


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


SPELLED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("v4", {"spelling": "PLAIN", "quotes": "typographic", "hello": "alive"}),
    ("v4", {"spelling": "colons", "metadata": "legacy", "clock": "unpadded"}),
    ("v4", {"data": "shared", "payload": "payload_b64", "counts_from": 0}),
    ("v4", {"spelling": "named"}),
    ("v4", {"name": "esp32-cam-01", "acks": "word"}),
    ("3.5", {"spelling": "DASHES", "hello": "full", "metadata": "full"}),
    ("3.5", {"spelling": "plain", "clock": "unset", "acks": "object"}),
    ("3.5", {"name": "TEST-ESP32-001", "misses_on": "ack"}),
    ("3.5", {"misses_on": "never", "payload": "bytes", "counts_from": 1}),
    ("3.5", {"waits": False}),
)


@pytest.mark.parametrize(("firmware", "settings"), SPELLED)
@pytest.mark.parametrize("order", ["hello=double", "chunks_lost=some"])
def test_however_a_camera_spells_it_its_images_come_whole(
    firmware: str, settings: dict[str, Any], order: str
) -> None:
    both = Together(firmware, pending=1, **settings)
    command = both.order("capture_image")
    both.bench.order(f"{order},count=2")
    both.run_until_it_sleeps()

    assert sorted(both.came()) == sorted(picture(n, SIZE) for n in (1, 2))
    assert both.home.state(command) is CommandState.SUCCEEDED
    assert both.bench.memory["pending"] == []


@pytest.mark.parametrize(
    ("firmware", "batch", "wakings"),
    # A camera that sends one for each capture_image is told so twice a waking.
    [
        ("v4", "acked", 2),
        ("3.5", "acked", 1),
        ("3.5", "flowing", 1),
        ("seed", "acked", 1),
    ],
)
def test_all_that_is_pending_comes(firmware: str, batch: str, wakings: int) -> None:
    both = Together(firmware, pending=3, batch=batch)
    for _ in range(wakings):
        both.bench.order("wake=now")
        both.run_until_it_sleeps()
        both.run(90)

    assert {picture(number, SIZE) for number in (1, 2, 3)} <= {*both.came()}
    assert both.bench.memory["pending"] == []


@pytest.mark.parametrize("firmware", ["v4", "3.5"])
@pytest.mark.parametrize("value", ["broken", "failed"])
def test_a_camera_without_a_picture_is_sent_to_sleep(firmware: str, value: str) -> None:
    both = Together(firmware)
    command = both.order("capture_image")
    both.bench.order(f"camera={value}")
    both.run_until_it_sleeps()

    assert both.came() == []
    assert both.home.state(command) is not CommandState.SUCCEEDED
    wakes_in = both.wakes_in()
    assert wakes_in is not None
    assert HOUR - LONGEST_WAKING < wakes_in <= HOUR


def test_the_five_commands_of_a_waking_cost_it_no_time() -> None:
    both = Together("3.5", hello="full")
    commands = [
        both.order("ping"),
        both.order("set_wake_schedule", cron="0 * * * *"),
        both.order("update_config", values={"quality": 10}),
        both.order("capture_image"),
    ]
    both.run(30)

    assert not both.bench.connected
    assert {both.home.state(each) for each in commands} == {CommandState.SUCCEEDED}
    assert both.bench.kinds() == [
        "ping",
        "set_wake_schedule",
        "update_config",
        "capture_image",
        "send_image",
    ]


def test_a_refusal_of_a_camera_that_acknowledges_ends_as_rejected() -> None:
    both = Together("3.5", acks="object")
    command = both.order("reboot")
    both.bench.order("refuse=failed")
    both.run(5)

    assert both.home.state(command) is CommandState.REJECTED
