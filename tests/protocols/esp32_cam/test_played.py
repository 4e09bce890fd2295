"""Cameras on the wire, with the engine behind it: one waking after the other."""

from __future__ import annotations

from base64 import b64encode
import json
from random import Random
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.events import (
    ImageCame,
    ImageIncomplete,
)
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.driver import DAY, HOUR

from ..played import Played
from .site import MAC, NODE

QUEUED, SENT, ACCEPTED = CommandState.QUEUED, CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
REJECTED, UNCONFIRMED = CommandState.REJECTED, CommandState.UNCONFIRMED
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

    def heard(self, *channels: str) -> list[dict[str, Any]]:
        """Return what it was told since, which must be all on these channels."""
        sent = self.taken()
        assert {topic for topic, _ in sent} <= {
            f"{self.family}/{MAC}/{channel}" for channel in channels
        }
        return [json.loads(payload) for _, payload in sent]

    def _speak(self, channel: str, content: dict[str, Any]) -> None:
        self.hear(f"{self.family}/{MAC}/{channel}", content)


@pytest.fixture
def camera() -> Camera:
    """A camera that was never heard, of the maker's paper, that wakes each hour."""
    return Camera(cron="0 * * * *")


@pytest.fixture
def newer() -> Camera:
    """A camera of newer firmware."""
    camera = Camera(cron="0 * * * *")
    camera.family = "ESP32CAM"
    return camera


SLEEP = {"next_wake_time": "1:00PM"}


@pytest.mark.parametrize("first", [0, 1])
def test_300_chunks_out_of_order_20_missing_doubled_and_late_come_out_whole(
    camera: Camera, first: int
) -> None:
    chance = Random(first)
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
    for index in come[:10]:
        send(index)
    camera.describe("a.jpg", 300, image_size=size)
    for index in come[10:] + come[:30]:
        send(index)
        camera.chunk("b.jpg", index + first, "AA==")
    camera.hear(DATA, {"image_name": "a.jpg", "total_chunk_count": 300})
    camera.taken()
    camera.advance(15.0)
    asked = camera.heard("ack", "cmd")
    assert [each["image_name"] for each in asked] == ["a.jpg"] * 2
    assert asked[0] == asked[1]
    ends = {0, 300}  # While neither came, nobody knows how the camera counts.
    assert {*asked[0]["missing_chunks"]} | ends == {i + first for i in lost} | ends

    for index in lost:
        send(index)
    for index in come[:5]:
        send(index)

    (image,) = camera.images
    assert isinstance(image, ImageCame)
    assert (image.name, image.content) == ("a.jpg", b"".join(parts))
    (farewell,) = camera.heard("ack")
    assert farewell["ACK_OK"] == SLEEP


class TestOneWaking:
    """Hello, capture, metadata, `send_image`, chunks, release."""

    def test_goes_as_the_camera_expects_it(self, camera: Camera) -> None:
        camera.hello()
        assert camera.heard("cmd") == [{"device_id": MAC, "capture_image": True}]
        camera.describe("image_1.jpg", 2)
        assert camera.heard("cmd") == [{"device_id": MAC, "send_image": "image_1.jpg"}]
        camera.chunk("image_1.jpg", 1, "eA==")
        assert camera.taken() == []
        camera.chunk("image_1.jpg", 2, "eQ==")
        assert camera.heard("ack") == [
            {"device_id": MAC, "image_name": "image_1.jpg", "ACK_OK": SLEEP}
        ]
        camera.advance(HOUR)
        assert camera.taken() == []

    def test_has_an_order_fulfilled_by_the_one_image(self, camera: Camera) -> None:
        capture = camera.order_one("capture_image")
        camera.hello()
        camera.describe("image_1.jpg", 1)
        assert camera.state(capture) is ACCEPTED
        camera.chunk("image_1.jpg", 0, "eA==")

        assert camera.state(capture) is SUCCEEDED
        said = [json.loads(payload) for _, payload in camera.taken()]
        assert [name for each in said for name in each if name != "device_id"] == [
            "capture_image",
            "send_image",
            "image_name",
            "ACK_OK",
        ]

    def test_asks_for_nothing_missing_before_the_first_chunk(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.describe("image_1.jpg", 2)
        camera.taken()
        camera.advance(14.0)
        assert camera.taken() == []
        camera.advance(1.0)
        assert camera.heard("cmd") == [{"device_id": MAC, "send_image": "image_1.jpg"}]

    def test_asks_for_parts_once_and_for_all_of_it_twice(self, camera: Camera) -> None:
        camera.hello()
        camera.describe("image_1.jpg", 2)
        camera.chunk("image_1.jpg", 0, "eA==")
        camera.taken()
        camera.advance(15.0)
        parts = {"device_id": MAC, "image_name": "image_1.jpg", "missing_chunks": [1]}
        assert camera.heard("ack", "cmd") == [parts, parts]
        for _ in range(2):
            camera.advance(15.0)
            again = {"device_id": MAC, "send_image": "image_1.jpg"}
            assert camera.heard("cmd") == [again]
        camera.advance(15.0)
        assert [type(image) for image in camera.images] == [ImageIncomplete]
        assert camera.heard("ack") == [{"device_id": MAC, "ACK_OK": SLEEP}]

    def test_is_not_told_to_send_what_it_sends_already(self, camera: Camera) -> None:
        camera.hello()
        camera.chunk("image_1.jpg", 0, "eA==")
        camera.taken()
        camera.describe("image_1.jpg", 2)
        camera.describe("image_1.jpg", 2)
        assert camera.taken() == []

    def test_is_told_once_of_metadata_that_come_twice(self, camera: Camera) -> None:
        camera.hello()
        camera.describe("image_1.jpg", 2)
        camera.taken()
        camera.describe("image_1.jpg", 2)
        assert camera.taken() == []

    def test_goes_on_after_a_second_hello(self, camera: Camera) -> None:
        camera.hello()
        camera.taken()
        camera.advance(20.0)
        camera.hello()
        assert camera.taken() == []
        camera.describe("image_1.jpg", 1)
        assert camera.heard("cmd") == [{"device_id": MAC, "send_image": "image_1.jpg"}]

    def test_that_began_anew_is_told_again_to_send(self, camera: Camera) -> None:
        """It may not have heard it before it lost its connection."""
        camera.hello()
        camera.describe("image_1.jpg", 1)
        camera.taken()
        camera.hello()
        camera.describe("image_1.jpg", 1)
        assert camera.heard("cmd") == [{"device_id": MAC, "send_image": "image_1.jpg"}]

    def test_sends_one_that_slept_already_to_sleep_again(self, camera: Camera) -> None:
        camera.hello()
        camera.small_image("image_1.jpg")
        camera.taken()
        camera.advance(10.0)
        camera.hello()
        assert camera.heard("ack") == [{"device_id": MAC, "ACK_OK": SLEEP}]

    def test_is_another_one_an_hour_later(self, camera: Camera) -> None:
        for hour in ("1:00PM", "2:00PM"):
            camera.hello()
            assert camera.heard("cmd") == [{"device_id": MAC, "capture_image": True}]
            camera.describe("image_1.jpg", 1)
            camera.chunk("image_1.jpg", 0, "eA==")
            assert json.loads(camera.taken()[-1][1])["ACK_OK"] == {
                "next_wake_time": hour
            }
            camera.advance(HOUR)

    def test_without_an_answer_ends_after_30_seconds(self, camera: Camera) -> None:
        camera.hello()
        camera.taken()
        camera.advance(29.5)
        assert camera.taken() == []
        camera.advance(0.5)
        assert camera.heard("ack") == [{"device_id": MAC, "ACK_OK": SLEEP}]

    def test_of_a_broken_camera_ends_at_once(self, camera: Camera) -> None:
        camera.hello()
        camera.taken()
        camera.hear(DATA, {"image_name": "a.jpg", "total_chunk_count": 0, "error": 5})
        assert camera.heard("ack") == [{"device_id": MAC, "ACK_OK": SLEEP}]

    def test_with_readings_alone_ends_when_no_image_follows(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.taken()
        camera.hear(DATA, {"device_id": MAC, "temperature": 21.5})
        assert camera.taken() == []
        camera.advance(5.0)
        assert camera.heard("ack") == [{"device_id": MAC, "ACK_OK": SLEEP}]

    def test_without_a_hello_still_sends_and_sleeps(self, camera: Camera) -> None:
        """Home Assistant may have started in the middle of it."""
        camera.small_image("image_1.jpg")
        topics = [topic for topic, _ in camera.taken()]
        assert topics == [
            f"{family}/{MAC}/{channel}"
            for channel in ("cmd", "ack")
            for family in ("device", "ESP32CAM")
        ]

    def test_at_midnight_is_12_am(self, camera: Camera) -> None:
        camera.advance(DAY / 2 - HOUR)
        camera.hello()
        camera.small_image("a.jpg")
        assert json.loads(camera.taken()[-1][1])["ACK_OK"] == {
            "next_wake_time": "12:00AM"
        }


class TestPendingImages:
    """Those come first, then one image of now."""

    def test_are_all_asked_for_at_once_of_newer_firmware(self, newer: Camera) -> None:
        newer.hello(pendingImg=2)
        assert newer.heard("cmd") == [{"device_id": MAC, "send_all_pending": True}]
        for name in ("image_1.jpg", "image_2.jpg"):
            newer.describe(name, 1)
            assert newer.taken() == []
            newer.chunk(name, 0, "eA==")
            said = [json.loads(payload) for _, payload in newer.taken()]
            assert said[0] == {"device_id": MAC, "image_name": name, "ACK_OK": True}
        assert said[1:] == [{"device_id": MAC, "capture_image": True}]
        newer.describe("image_3.jpg", 1)
        assert newer.heard("cmd") == [{"device_id": MAC, "send_image": "image_3.jpg"}]
        newer.chunk("image_3.jpg", 0, "eA==")
        assert [each["ACK_OK"] for each in newer.heard("ack")] == [SLEEP]

    def test_that_do_not_come_are_left_for_another_waking(self, newer: Camera) -> None:
        newer.hello(pendingImg=3)
        newer.small_image("image_1.jpg")
        newer.taken()
        newer.advance(30.0)
        assert newer.heard("cmd") == [{"device_id": MAC, "capture_image": True}]

    def test_are_asked_for_by_name_of_the_first_firmware(self, camera: Camera) -> None:
        camera.hello(pendingImg=2, pending_list=["image_1.jpg", "image_2.jpg"])
        for name in ("image_1.jpg", "image_2.jpg"):
            asked = json.loads(camera.taken()[-1][1])
            assert asked == {"device_id": MAC, "send_image": name}
            camera.describe(name, 1)
            assert camera.taken() == []
            camera.chunk(name, 0, "eA==")
        said = [json.loads(payload) for _, payload in camera.taken()]
        assert said == [
            {"device_id": MAC, "image_name": "image_2.jpg", "ACK_OK": {}},
            {"device_id": MAC, "capture_image": True},
        ]

    def test_without_names_come_each_for_a_capture_and_two_on_a_waking(
        self, camera: Camera
    ) -> None:
        camera.hello(pendingImg=3)
        assert camera.heard("cmd") == [{"device_id": MAC, "capture_image": True}]
        camera.small_image("image_1.jpg")
        said = [json.loads(payload) for _, payload in camera.taken()]
        assert said[1:] == [
            {"device_id": MAC, "image_name": "image_1.jpg", "ACK_OK": {}},
            {"device_id": MAC, "capture_image": True},
        ]
        camera.small_image("image_2.jpg")
        assert json.loads(camera.taken()[-1][1])["ACK_OK"] == SLEEP

    def test_come_after_the_commands_that_wait(self, newer: Camera) -> None:
        newer.order_one("update_config", values={"a": 1})
        newer.hello(pendingImg=1)
        assert newer.heard("cmd") == [{"device_id": MAC, "a": 1}]
        newer.advance(2.0)
        assert newer.heard("cmd") == [{"device_id": MAC, "send_all_pending": True}]


class TestCommands:
    """No camera must acknowledge them, and none waits long for that."""

    def test_go_down_two_seconds_apart_and_then_an_image_is_taken(
        self, camera: Camera
    ) -> None:
        wake = camera.order_one("set_wake_schedule", cron="0 * * * *")
        config = camera.order_one("update_config", values={"a": 1})
        ping = camera.order_one("ping")
        camera.hello()
        said = []
        for _ in range(4):
            said += camera.heard("cmd")
            camera.advance(2.0)
        assert [[*each][-1] for each in said] == [
            "next_wake",
            "a",
            "ping",
            "capture_image",
        ]
        assert camera.state(wake) is SUCCEEDED
        assert camera.state(config) is SUCCEEDED
        assert Cause.TOLD in camera.causes(wake)
        assert camera.state(ping) is ACCEPTED

        camera.describe("image_1.jpg", 1)
        assert camera.state(ping) is SUCCEEDED

    def test_that_were_told_and_lost_with_the_connection_are_sent_again(
        self, camera: Camera
    ) -> None:
        wake = camera.order_one("set_wake_schedule", cron="0 * * * *")
        camera.hello()
        camera.disconnect()
        camera.advance(HOUR)
        assert camera.state(wake) is SENT

        camera.connect()
        camera.taken()
        camera.hello()
        assert [[*each][-1] for each in camera.heard("cmd")] == ["next_wake"]

    def test_do_not_wait_for_a_reboot_that_a_camera_does_not_know(
        self, camera: Camera
    ) -> None:
        reboot = camera.order_one("reboot")
        camera.hello()
        camera.taken()
        camera.advance(15.0)
        assert camera.state(reboot) is ACCEPTED
        assert [[*each][-1] for each in camera.heard("cmd")] == ["capture_image"]

    def test_reboot_is_done_with_the_next_hello(self, camera: Camera) -> None:
        reboot = camera.order_one("reboot")
        camera.hello()
        camera.advance(5.0)
        camera.hello()
        assert camera.state(reboot) is SUCCEEDED
        assert [[*each][-1] for each in camera.heard("cmd")] == [
            "reboot",
            "capture_image",
        ]

    @pytest.mark.parametrize("acked", [True, False])
    def test_reboot_is_in_doubt_where_no_hello_comes_before_the_next_waking(
        self, camera: Camera, acked: bool
    ) -> None:
        reboot = camera.order_one("reboot")
        camera.hello()
        if acked:
            camera.ack()
        camera.advance(75.0)
        assert camera.state(reboot) is UNCONFIRMED

        camera.advance(HOUR)
        camera.hello()
        assert camera.state(reboot) is UNCONFIRMED

    def test_update_without_a_version_is_not_done_with_the_hello_of_a_next_waking(
        self, camera: Camera
    ) -> None:
        update = camera.order_one("update_firmware", url="https://a.b/c")
        camera.hello()
        camera.advance(HOUR)
        camera.taken()
        camera.hello()
        assert camera.state(update) is not SUCCEEDED
        assert "firmware_url" in camera.heard("cmd")[0]

        camera.advance(60.0)
        camera.hello()
        assert camera.state(update) is SUCCEEDED

    def test_update_is_done_with_the_hello_that_names_its_version(
        self, camera: Camera
    ) -> None:
        update = camera.order_one("update_firmware", url="https://a.b/c", version="2")
        camera.hello(firmware_version="1")
        camera.advance(2.0)
        assert camera.state(update) is ACCEPTED
        camera.advance(HOUR)
        camera.taken()
        camera.hello(firmware_version="2")
        assert camera.state(update) is SUCCEEDED
        assert [[*each][-1] for each in camera.heard("cmd")] == ["capture_image"]

    def test_five_go_on_one_waking_in_order_and_the_sixth_on_the_next(
        self, camera: Camera
    ) -> None:
        names = [f"{number}.jpg" for number in range(6)]
        ids = [camera.order_one("send_image", image_name=name) for name in names]
        camera.advance(9 * HOUR)
        camera.hello()
        camera.hello()
        for name in names[:5]:
            said = [payload for _, payload in camera.taken() if "send" in payload]
            assert [json.loads(each)["send_image"] for each in said] == [name]
            camera.ack()
            camera.small_image(name)
            camera.advance(2.0)

        assert [camera.state(each) for each in ids] == [SUCCEEDED] * 5 + [QUEUED]
        assert [camera.delivery(each, NODE).attempts for each in ids] == [1] * 5 + [0]

    def test_wait_while_an_image_comes_and_then_keep_the_camera_awake(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.describe("image_1.jpg", 1)
        camera.taken()
        ping = camera.order_one("ping")
        assert camera.whys(ping) == [Why.SENDING_IMAGE]
        camera.chunk("image_1.jpg", 0, "eA==")
        said = [json.loads(payload) for _, payload in camera.taken()]
        assert sorted(said, key=len) == [
            {"device_id": MAC, "ping": True},
            {"device_id": MAC, "image_name": "image_1.jpg", "ACK_OK": {}},
        ]
        camera.hear(DATA, {"device_id": MAC, "temperature": 20})
        assert camera.state(ping) is SUCCEEDED
        assert camera.heard("ack") == [{"device_id": MAC, "ACK_OK": SLEEP}]

    def test_capture_no_more_than_twice_on_a_waking(self, camera: Camera) -> None:
        camera.hello()
        for name in ("1.jpg", "2.jpg"):
            camera.describe(name, 1)
            capture = camera.order_one("capture_image")
            camera.chunk(name, 0, "eA==")
        assert camera.whys(capture) == [Why.ASLEEP]
        orders = [payload for _, payload in camera.taken() if "capture" in payload]
        assert len(orders) == 2


class TestAnAckThatFails:
    def test_refuses_what_was_not_taken(self, camera: Camera) -> None:
        capture, config = (
            camera.order_one("capture_image"),
            camera.order_one("update_config", values={"a": 1}),
        )
        camera.hello()
        camera.ack("failed", "no camera")

        assert camera.state(capture) is REJECTED
        assert camera.state(config) is SENT

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
    config = camera.order_one("update_config", values={"a": 1})
    camera.hello()
    camera.hear(f"device/{MAC}/ack", {"image_name": "a", "ACK_OK": {}})
    camera.hear(f"device/{MAC}/ack", {"image_name": "a", "missing_chunks": [1]})

    assert camera.state(config) is SENT


def test_a_camera_that_changes_its_family_is_answered_there(camera: Camera) -> None:
    camera.order_one("reboot")
    camera.hello()
    assert camera.heard("cmd")

    camera.family = "ESP32CAM"
    camera.hello()
    assert camera.heard("cmd") == [{"device_id": MAC, "capture_image": True}]
