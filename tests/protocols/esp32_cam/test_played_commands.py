"""Commands for a camera, from the engine to the wire and back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import Cause, CommandState
from custom_components.mqtt_dispatch.engine.model.reason import Why
from tests.engine.driver import HOUR

from .playing import DATA, SLEEP, Camera
from .site import MAC, NODE

QUEUED, SENT, ACCEPTED = CommandState.QUEUED, CommandState.SENT, CommandState.ACCEPTED
SUCCEEDED, FAILED = CommandState.SUCCEEDED, CommandState.FAILED
REJECTED, UNCONFIRMED = CommandState.REJECTED, CommandState.UNCONFIRMED


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

    def test_wait_for_an_update_until_the_camera_is_back(self, camera: Camera) -> None:
        update = camera.order_one(
            "update_firmware",
            url="https://example.com/camera-2.2.0.bin",
            version="2.2.0",
        )
        ping = camera.order_one("ping")
        camera.hello(firmware_version="2.1.0")
        camera.ack()
        assert camera.state(update) is ACCEPTED
        camera.advance(5.0)
        assert camera.state(ping) is QUEUED, "it restarts, and would not hear it"

        camera.hello(firmware_version="2.2.0")
        assert camera.state(update) is SUCCEEDED
        assert camera.state(ping) is SENT

    def test_wait_for_a_reboot_that_a_camera_acknowledged_until_it_is_back(
        self, camera: Camera
    ) -> None:
        reboot, config, ping = (
            camera.order_one("reboot"),
            camera.order_one("update_config", values={"a": 1}),
            camera.order_one("ping"),
        )
        camera.hello()
        camera.ack()
        camera.advance(20.0)
        assert camera.state(reboot) is ACCEPTED
        assert camera.whys(config) == [Why.BEHIND]
        assert [[*each][-1] for each in camera.heard("cmd")] == ["reboot"], (
            "it restarts, and would not hear it"
        )

        camera.hello()
        assert camera.state(reboot) is SUCCEEDED
        assert camera.state(config) is SENT
        assert camera.state(ping) is QUEUED

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

    def test_capture_once_more_when_a_node_that_was_sent_to_sleep_calls_in_at_once(
        self, camera: Camera
    ) -> None:
        camera.hello()
        camera.small_image("image_1.jpg")
        for number in range(2, 6):
            capture = camera.order_one("capture_image")
            camera.advance(15.0)
            camera.hello()
            camera.small_image(f"image_{number}.jpg")
            assert camera.state(capture) is SUCCEEDED, f"image {number}"

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
