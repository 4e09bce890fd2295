"""Cameras on the wire, with the engine behind it: one waking after the other."""

from __future__ import annotations

from base64 import b64encode
import json
from random import Random

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandState
from custom_components.mqtt_dispatch.engine.model.effects import (
    ImageCame,
    ImageIncomplete,
)
from tests.engine.driver import DAY, HOUR

from .playing import DATA, SLEEP, Camera
from .site import MAC

ACCEPTED = CommandState.ACCEPTED
SUCCEEDED = CommandState.SUCCEEDED


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


def test_a_camera_that_changes_its_family_is_answered_there(camera: Camera) -> None:
    camera.order_one("reboot")
    camera.hello()
    assert camera.heard("cmd")

    camera.family = "ESP32CAM"
    camera.hello()
    assert camera.heard("cmd") == [{"device_id": MAC, "capture_image": True}]
