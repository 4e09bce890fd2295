"""What simulated cameras send, the protocol reads, and the rules put together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.events import (
    AskForParts,
    ImageCame,
    ImageEffect,
    ImageIncomplete,
)
from custom_components.mqtt_dispatch.engine.images import Images
from custom_components.mqtt_dispatch.engine.model import Now
from custom_components.mqtt_dispatch.engine.reports import (
    Hello,
    ImageInfo,
    ImagePart,
    Seen,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import (
    ImageReply,
    Malformed,
    Message,
    Site,
)
from simulator.esp32_cam.picture import picture

from .bench import NAME, CameraBench

WIRE = PROTOCOLS["esp32_cam"]
SIZE = 30_000


class Home:
    """A bench with somebody who listens as Home Assistant does."""

    def __init__(self, **settings: Any) -> None:
        self.bench = CameraBench(image_bytes=SIZE, chunk_bytes=100, **settings)
        self.site = Site(
            prefix="device",
            nodes={NAME: {"cron": "10 0 * * *"}},
            next_time=lambda _cron, wall: wall + 600,
        )
        self.images = Images()
        self.readings: dict[str, str | float] = {}
        self.came: list[ImageEffect] = []
        self._heard = 0

    def run(self, seconds: float) -> None:
        for _ in range(int(seconds * 100)):
            self.bench.run(0.01)
            self._listen()

    def _listen(self) -> None:
        now = Now(self.bench.now, self.bench.now)
        while self._heard < len(self.bench.messages):
            _, message = self.bench.messages[self._heard]
            self._heard += 1
            heard = Message(message.topic, message.payload, message.retain, now.wall)
            for report in WIRE.report(self.site, heard):
                assert not isinstance(report, Malformed)
                if isinstance(report, Seen):
                    self.readings |= report.readings
                elif isinstance(report, ImageInfo | ImagePart):
                    self._answer(self.images.take(report, now))
        self._answer(self.images.pass_time(now))

    def _answer(self, effects: list[ImageEffect]) -> None:
        for effect in effects:
            missing = effect.missing if isinstance(effect, AskForParts) else ()
            if not isinstance(effect, AskForParts):
                self.came.append(effect)
            if isinstance(effect, ImageIncomplete):
                continue
            reply = ImageReply(
                name=effect.name,
                missing=missing,
                readings=self.readings,
                wall=self.bench.now,
            )
            for publication in WIRE.image_reply(self.site, NAME, reply):
                if publication.topic in self.bench.node.subscriptions:
                    self.bench.send(publication.topic, publication.payload.encode())


@pytest.mark.parametrize("counts_from", [0, 1])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"family": "shared", "spelling": "plain", "payload": "bytes"},
        {"spelling": "PLAIN", "metadata": "drifted", "clock": "seconds"},
        {"spelling": "colons", "metadata": "nested", "clock": "milliseconds"},
        {"hello": "old", "clock": "unset"},
    ],
)
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
    ],
    ids=lambda orders: "+".join(orders) or "no fault",
)
def test_an_image_comes_out_whole_and_its_camera_sleeps(
    settings: dict[str, Any], orders: tuple[str, ...], counts_from: int
) -> None:
    home = Home(counts_from=counts_from, chunk_seconds=0.01, **settings)
    for order in orders:
        home.bench.order(order)
    content = {"capture_image": True}
    home.bench.send(home.bench.node.subscriptions[0], content)
    home.run(25)
    (came,) = home.came
    assert isinstance(came, ImageCame)
    assert came.content == picture(1, SIZE)
    assert abs(came.taken_at - home.bench.now) < 60
    assert not home.bench.connected
    deadline = home.bench.node.next_deadline()
    assert deadline is not None
    assert 0 < deadline - home.bench.now <= 660


def test_a_camera_whose_hello_was_lost_is_answered_all_the_same() -> None:
    home = Home(family="shared", chunk_seconds=0.01)
    home.bench.messages.clear()
    home.bench.order("ack=drop")
    home.bench.send(home.bench.node.subscriptions[0], {"capture_image": True})
    home.run(10)
    assert [type(effect) for effect in home.came] == [ImageCame]
    assert not home.bench.connected


@pytest.mark.parametrize("order", ["metadata=drop", "chunks_lost=all"])
def test_an_image_that_never_comes_whole_is_said_to_be_incomplete(order: str) -> None:
    home = Home(chunk_seconds=0.01)
    home.bench.order(order)
    home.bench.command(capture_image=True)
    home.run(70)
    assert [type(effect) for effect in home.came] == [ImageIncomplete]


def test_each_waking_is_a_hello() -> None:
    bench = CameraBench(wake_seconds=10)
    bench.run(75)
    site = Site(prefix="device", nodes={NAME: {}})
    hellos = [
        report
        for at, message in bench.messages
        for report in WIRE.report(
            site, Message(message.topic, message.payload, message.retain, at)
        )
        if isinstance(report, Hello)
    ]
    said = json.loads(bench.messages[0][1].payload)
    assert hellos == [
        Hello(node=NAME, hardware_id=NAME, firmware=said["firmware_version"])
    ] * len(bench.hellos())
    assert len(hellos) == 2
