"""Cameras on the wire, with the engine behind it: one waking after the other."""

from __future__ import annotations

from base64 import b64encode
import json
from random import Random
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.events import ImageCame
from custom_components.mqtt_dispatch.engine.model import CommandState
from tests.engine.driver import DAY, HOUR

from ..played import Played
from .site import MAC, NODE

QUEUED, SENT, ACCEPTED = CommandState.QUEUED, CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
REJECTED = CommandState.REJECTED
DATA = f"ESP32CAM/{MAC}/data"


class Camera(Played):
    """One camera, which sleeps until it says hello."""

    def __init__(self, **said: Any) -> None:
        super().__init__("esp32_cam", {NODE: said})
        self.family = "device"

    def order_one(self, kind: str, **params: Any) -> int:
        return self.put(kind, NODE, **params)

    def hello(self, **more: Any) -> None:
        self._speak("status", {"device_id": MAC, "status": "alive", **more})

    def ack(self, status: str = "success", message: str = "") -> None:
        """Have it answer, and let the moment pass in which it might once more."""
        self._speak(
            "ack", {"type": "command_ack", "status": status, "message": message}
        )
        self.advance(2.0)

    def describe(self, name: str, parts: int, **more: Any) -> None:
        said = {"image_name": name, "total_chunks_count": parts, **more}
        self.hear(DATA, {"device_id": MAC, **said})

    def chunk(self, name: str, number: int, payload: str | list[int]) -> None:
        said = {"image_name": name, "chunk_id": number, "payload": payload}
        self.hear(DATA, {"device_id": MAC, **said})

    def small_image(self, name: str) -> None:
        self.describe(name, 1)
        self.chunk(name, 0, "eA==")

    def heard(self, channel: str) -> list[dict[str, Any]]:
        """Return what it was told since, which must be all on this channel."""
        sent = self.taken()
        assert {topic for topic, _ in sent} <= {f"{self.family}/{MAC}/{channel}"}
        return [json.loads(payload) for _, payload in sent]

    def _speak(self, channel: str, content: dict[str, Any]) -> None:
        self.hear(f"{self.family}/{MAC}/{channel}", content)


@pytest.fixture
def camera() -> Camera:
    """A camera that was never heard."""
    return Camera()


@pytest.mark.parametrize("first", [0, 1])
def test_300_chunks_out_of_order_20_missing_doubled_and_late_come_out_whole(
    first: int,
) -> None:
    camera, chance = Camera(cron="0 * * * *"), Random(first)
    parts = [bytes([index % 256]) * (40 + index % 3) for index in range(300)]
    size = sum(map(len, parts))
    indexes = [*range(300)]
    chance.shuffle(indexes)
    lost, come = indexes[:20], indexes[20:]

    def send(index: int) -> None:
        content = parts[index]
        as_bytes = index % 2
        payload = [*content] if as_bytes else b64encode(content).decode()
        camera.chunk("a.jpg", index + first, payload)

    camera.hello()
    assert camera.heard("cmd")
    camera.ack()
    for index in come[:10]:
        send(index)
    camera.describe("a.jpg", 300, image_size=size)
    for index in come[10:] + come[:30]:
        send(index)
        camera.chunk("b.jpg", index + first, "AA==")
    camera.hear(DATA, {"image_name": "a.jpg", "total_chunk_count": 300})
    camera.advance(15.0)
    (asked,) = camera.heard("ack")
    assert asked["image_name"] == "a.jpg"
    assert set(asked["missing_chunks"]) >= {index + first for index in lost}

    for index in lost:
        send(index)
    for index in come[:5]:
        send(index)

    (image,) = camera.images
    assert isinstance(image, ImageCame)
    assert (image.name, image.content) == ("a.jpg", b"".join(parts))
    (farewell,) = camera.heard("ack")
    assert farewell["ACK_OK"] == {"next_wake_time": "1:00PM"}


class TestOneWaking:
    def test_takes_five_commands_in_order_and_leaves_the_sixth(
        self, camera: Camera
    ) -> None:
        names = [f"{number}.jpg" for number in range(6)]
        ids = [camera.order_one("send_image", image_name=name) for name in names]
        camera.advance(9 * HOUR)
        camera.hello()
        camera.hello()
        for name in names[:5]:
            (command,) = camera.heard("cmd")
            assert command["send_image"] == name
            camera.ack()
            camera.small_image(name)

        assert [camera.state(each) for each in ids] == [SUCCEEDED] * 5 + [QUEUED]
        assert [camera.delivery(each, NODE).attempts for each in ids] == [1] * 5 + [0]

    def test_ends_with_a_farewell_for_each_image(self, camera: Camera) -> None:
        for name in ("1.jpg", "2.jpg"):
            camera.order_one("send_image", image_name=name)
        camera.hello()
        for name in ("1.jpg", "2.jpg"):
            camera.ack()
            camera.small_image(name)

        farewells = [each for each in camera.sent if "ACK_OK" in each[1]]
        assert [json.loads(each)["image_name"] for _, each in farewells] == [
            "1.jpg",
            "2.jpg",
        ]

    def test_tells_a_camera_that_did_not_hear_it_once_more(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.small_image("1.jpg")
        camera.advance(10.0)
        camera.hello()
        camera.small_image("1.jpg")

        assert [each["image_name"] for each in camera.heard("ack")] == ["1.jpg"] * 2
        assert len(camera.images) == 1

    def test_tells_the_next_wake_again_after_each(self) -> None:
        camera = Camera(cron="0 * * * *")
        for hour in ("1:00PM", "2:00PM"):
            camera.hello()
            (command,) = camera.heard("cmd")
            assert command["next_wake"] == hour
            camera.ack()
            camera.advance(HOUR)

    def test_at_midnight_is_12_am(self) -> None:
        camera = Camera(cron="0 * * * *")
        camera.advance(DAY / 2 - HOUR)
        camera.hello()
        (command,) = camera.heard("cmd")
        assert command["next_wake"] == "12:00AM"


class TestAnAckThatFails:
    def test_refuses_what_was_not_taken(self, camera: Camera) -> None:
        capture, ping = camera.order_one("capture_image"), camera.order_one("ping")
        camera.hello()
        camera.ack("failed", "no camera")

        assert camera.state(capture) is REJECTED
        assert camera.state(ping) is SENT

    @pytest.mark.parametrize(
        ("kind", "params"),
        [
            ("capture_image", {}),
            ("send_image", {"image_name": "a.jpg"}),
            ("update_firmware", {"url": "https://a.b/c"}),
            ("update_firmware", {"url": "https://a.b/c", "version": "2.0"}),
            ("reboot", {}),
        ],
    )
    def test_ends_what_was_taken(
        self, camera: Camera, kind: str, params: dict[str, Any]
    ) -> None:
        command = camera.order_one(kind, **params)
        camera.hello()
        camera.ack("received")
        assert camera.state(command) is ACCEPTED
        camera.ack("failed", "out of memory")

        assert camera.state(command) is FAILED
        assert camera.delivery(command, NODE).reason == "out of memory"


def test_our_own_echo_is_no_ack(camera: Camera) -> None:
    ping = camera.order_one("ping")
    camera.hello()
    camera.hear(f"device/{MAC}/ack", {"image_name": "a", "ACK_OK": {}})
    camera.hear(f"device/{MAC}/ack", {"image_name": "a", "missing_chunks": [1]})

    assert camera.state(ping) is SENT


def test_a_camera_that_changes_its_family_is_answered_there(camera: Camera) -> None:
    camera.order_one("ping")
    camera.order_one("capture_image")
    camera.hello()
    assert camera.heard("cmd")

    camera.family = "ESP32CAM"
    camera.ack()
    assert camera.heard("cmd")
