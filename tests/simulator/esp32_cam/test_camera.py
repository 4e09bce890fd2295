"""A simulated camera sleeps, wakes, obeys and sends as protocol 2 says."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.esp32_cam.camera import SIMULATED, SleepingCamera
from simulator.esp32_cam.firmware import settings_of
from simulator.esp32_cam.wire import next_at

from .bench import NAME, START, CameraBench

HOUR = 3600
COLONS = "AA:BB:CC:DD:EE:FF"
DASHES = "AA-BB-CC-DD-EE-FF"


@pytest.mark.parametrize(
    ("settings", "base", "device_id"),
    [
        ({}, f"ESP32CAM/{NAME}", NAME),
        ({"spelling": "COLONS"}, f"ESP32CAM/{COLONS}", COLONS),
        ({"spelling": "DASHES"}, f"ESP32CAM/{DASHES}", DASHES),
        ({"spelling": "colons"}, f"ESP32CAM/{COLONS.lower()}", COLONS.lower()),
        ({"spelling": "plain"}, f"ESP32CAM/{NAME.lower()}", NAME.lower()),
        ({"spelling": "named"}, "ESP32CAM/esp32-cam-eeff", "esp32-cam-eeff"),
        ({"name": "TEST-ESP32-001"}, "ESP32CAM/TEST-ESP32-001", "TEST-ESP32-001"),
        ({"family": "own"}, f"device/{NAME}", NAME),
    ],
)
def test_a_hello_goes_out_in_its_family_and_spelling(
    settings: dict[str, Any], base: str, device_id: str
) -> None:
    bench = CameraBench(**settings)
    assert bench.messages[0][1].topic == f"{base}/status"
    assert bench.said("status")[0][1]["device_id"] == device_id
    assert bench.node.subscriptions == (f"{base}/cmd", f"{base}/ack")


def test_a_hello_lists_ten_pending_images_at_most() -> None:
    ((_, hello),) = CameraBench(pending=12).said("status")
    assert hello["pendingImg"] == 12
    assert hello["pending_list"] == [f"image_{number}.jpg" for number in range(1, 11)]


class TestItsSleep:
    def test_begins_when_nothing_happens_for_the_awake_window(self) -> None:
        bench = CameraBench()
        bench.run(59)
        assert bench.connected
        bench.run(1)
        assert not bench.connected

    def test_is_put_off_by_what_comes_and_goes(self) -> None:
        bench = CameraBench()
        bench.run(50)
        bench.command(ping=True)
        bench.run(59)
        assert bench.connected

    def test_is_not_put_off_by_what_it_does_not_know(self) -> None:
        bench = CameraBench("v4")
        bench.run(50)
        bench.command(ping=True)
        bench.run(10)
        assert (bench.connected, bench.kinds()) == (False, [])

    def test_lasts_a_minute_where_it_was_told_nothing(self) -> None:
        bench = CameraBench()
        bench.run(121)
        assert bench.hellos() == [0, 120]

    def test_lasts_until_the_time_it_was_told(self) -> None:
        bench = CameraBench()
        bench.command(next_wake="5:30PM")
        bench.run(24 * HOUR)
        assert bench.hellos() == [0, 17.5 * HOUR]

    def test_lasts_as_long_as_its_owner_says_at_most(self) -> None:
        bench = CameraBench(wake_seconds=10)
        bench.command(next_wake="5:30PM")
        bench.run(71)
        assert bench.hellos() == [0, 70]

    def test_ends_when_that_is_ordered(self) -> None:
        bench = CameraBench()
        bench.run(61)
        bench.order("wake=now")
        bench.run(0)
        assert bench.hellos() == [0, 61]

    def test_begins_at_once_when_its_image_arrived(self) -> None:
        bench = CameraBench()
        bench.capture()
        bench.reply(image_name="image_1.jpg", ACK_OK={"next_wake_time": "12:10AM"})
        assert not bench.connected
        bench.run(601)
        assert bench.hellos() == [0, 600]

    def test_does_not_begin_where_its_image_arrived_and_no_time_was_told(self) -> None:
        bench = CameraBench()
        bench.capture()
        bench.reply(image_name="image_1.jpg", ACK_OK=True)
        bench.run(59)
        assert bench.connected

    def test_hears_nothing(self) -> None:
        bench = CameraBench()
        bench.run(61)
        cmd, _ = bench.node.subscriptions
        effects = bench.node.receive(cmd, b'{"ping":true}', bench.now)
        assert (effects, bench.executed) == ([], [])


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("12:00AM", 24),
        ("12:30AM", 0.5),
        ("1:00AM", 1),
        ("12:00PM", 12),
        ("11:00PM", 23),
    ],
)
def test_a_wake_time_is_the_next_such_time_of_the_12_hour_clock(
    text: str, hours: float
) -> None:
    assert next_at(text, START) == START + hours * HOUR


@pytest.mark.parametrize(
    "text", ["17:30", "5:30 PM", "0:30AM", "13:00PM", "5PM", 5, None]
)
def test_what_is_no_wake_time_is_none(text: Any) -> None:
    assert next_at(text, START) is None


class TestACommand:
    def test_is_executed_and_not_acknowledged(self) -> None:
        bench = CameraBench()
        bench.command(ping=True)
        assert (bench.kinds(), bench.said("ack")) == (["ping"], [])

    @pytest.mark.parametrize(
        ("acks", "ack"),
        [
            ("word", "acknowledged"),
            ("object", {"type": "ping", "status": "success", "message": "ping"}),
        ],
    )
    def test_is_acknowledged_by_one_that_does_so(self, acks: str, ack: Any) -> None:
        bench = CameraBench(acks=acks)
        bench.command(ping=True)
        assert bench.acks() == [(0, ack)]

    def test_is_taken_one_by_one(self) -> None:
        bench = CameraBench()
        bench.command(ping=True)
        bench.command(next_wake="5:30PM")
        bench.command(quality=12)
        bench.command(capture_image=True)
        bench.command(reboot=True)
        assert bench.kinds() == [
            "ping",
            "set_wake_schedule",
            "update_config",
            "capture_image",
            "reboot",
        ]
        assert [executed.id for executed in bench.executed] == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize(
        "payload",
        [
            b"hello",
            b"[1]",
            b'{"device_id":"11:22:33:44:55:66","ping":true}',
            b'{"device_id":7,"ping":true}',
            b"\xff",
        ],
    )
    def test_that_is_not_for_it_is_dropped(self, payload: bytes) -> None:
        bench = CameraBench(acks="word")
        bench.send(f"ESP32CAM/{NAME}/cmd", payload)
        assert (bench.executed, bench.said("ack")) == ([], [])

    @pytest.mark.parametrize(
        "content", [{"ping": True}, {"reboot": True}, {"quality": 9}]
    )
    def test_that_the_paper_does_not_know_does_nothing(
        self, content: dict[str, Any]
    ) -> None:
        bench = CameraBench("v4", acks="word")
        bench.command(**content)
        assert (bench.kinds(), bench.said("ack"), bench.connected) == ([], [], True)

    def test_to_reboot_brings_it_back_with_a_hello(self) -> None:
        bench = CameraBench(boot_seconds=3)
        bench.command(reboot=True)
        assert not bench.connected
        bench.run(4)
        assert bench.hellos() == [0, 3]

    @pytest.mark.parametrize(
        ("url", "version"),
        [
            ("https://example.org/1.0/cam-2.1.0.bin", "2.1.0"),
            ("https://example.org/latest.bin", "2.0.0"),
        ],
    )
    def test_to_update_brings_it_back_with_another_version(
        self, url: str, version: str
    ) -> None:
        bench = CameraBench(hello="full")
        bench.command(firmware_url=url)
        bench.run(3)
        assert bench.said("status")[-1][1]["firmware_version"] == version

    def test_to_send_what_it_does_not_have_is_refused(self) -> None:
        bench = CameraBench(acks="word")
        bench.command(send_image="image_9.jpg")
        assert (bench.kinds(), bench.acks()) == ([], [(0, "failed")])

    def test_outlives_a_loss_of_power(self) -> None:
        before = CameraBench()
        before.command(capture_image=True)
        after = CameraBench(memory=before.memory)
        after.command(capture_image=True)
        assert after.said("status")[0][1]["pending_list"] == ["image_1.jpg"]
        assert after.memory["pending"] == ["image_1.jpg", "image_2.jpg"]
        assert [executed.id for executed in after.executed] == [2]


@pytest.mark.parametrize("name", ["", "a/b", "a b", "+", "x" * 65])
def test_a_camera_is_named_by_what_can_stand_in_a_topic(name: str) -> None:
    with pytest.raises(ValueError, match="is not an id"):
        SleepingCamera(name, settings_of("v4", "device"), memory=None, now=START)


def test_a_memory_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="flash"):
        CameraBench(memory={"executed": []})


def test_it_is_played_under_its_key() -> None:
    assert (SIMULATED.key, SIMULATED.default_prefix) == ("esp32_cam", "device")
