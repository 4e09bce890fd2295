"""A simulated camera sleeps, wakes, obeys and sends as protocol 2 says."""

from __future__ import annotations

from base64 import b64decode
import io
from typing import Any

import pytest

from simulator.esp32_cam.camera import SIMULATED, SleepingCamera
from simulator.esp32_cam.picture import HEIGHT, WIDTH, picture
from simulator.esp32_cam.wire import Settings, next_at

from .bench import MAC, NAME, START, CameraBench

HOUR = 3600


class TestItsHello:
    def test_of_old_firmware(self) -> None:
        bench = CameraBench(hello="old", pending=2)
        hello = {"device_id": MAC, "status": "alive", "pendingImg": 2}
        assert bench.said("status") == [(0, hello)]

    def test_of_new_firmware(self) -> None:
        bench = CameraBench(pending=1)
        assert bench.said("status") == [
            (
                0,
                {
                    "device_id": MAC,
                    "status": "alive",
                    "pendingImg": 1,
                    "pending_list": ["image_1.jpg"],
                    "firmware_version": "1.0.0",
                    "battery_voltage": 3.91,
                    "wifi_rssi": -63,
                },
            )
        ]

    @pytest.mark.parametrize(
        ("settings", "base", "device_id"),
        [
            ({}, f"device/{MAC}", MAC),
            ({"spelling": "PLAIN"}, f"device/{NAME}", NAME),
            ({"spelling": "colons"}, f"device/{MAC.lower()}", MAC.lower()),
            ({"spelling": "plain"}, f"device/{NAME.lower()}", NAME.lower()),
            ({"family": "shared"}, f"ESP32CAM/{MAC}", MAC),
        ],
    )
    def test_goes_out_in_its_family_and_spelling(
        self, settings: dict[str, Any], base: str, device_id: str
    ) -> None:
        bench = CameraBench(**settings)
        assert bench.messages[0][1].topic == f"{base}/status"
        assert bench.said("status")[0][1]["device_id"] == device_id
        assert bench.node.subscriptions == (f"{base}/cmd", f"{base}/ack")


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
        bench.command(capture_image=True)
        bench.run(5)
        bench.reply(image_name="image_1.jpg", ACK_OK={"next_wake_time": "12:10AM"})
        assert not bench.connected
        bench.run(601)
        assert bench.hellos() == [0, 600]

    def test_hears_nothing(self) -> None:
        bench = CameraBench()
        bench.run(61)
        bench.command(capture_image=True)
        effects = bench.node.receive(f"device/{MAC}/cmd", b'{"ping":true}', bench.now)
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
    def test_is_acked_and_executed(self) -> None:
        bench = CameraBench()
        bench.command(ping=True)
        assert bench.kinds() == ["ping"]
        assert bench.said("ack") == [
            (
                0,
                {
                    "device_id": MAC,
                    "type": "command_ack",
                    "status": "success",
                    "message": "ping",
                },
            )
        ]

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
        assert len(bench.statuses()) == 5

    @pytest.mark.parametrize(
        "payload",
        [
            b"hello",
            b"[1]",
            b'{"ping":true}',
            b'{"device_id":"11:22:33:44:55:66","ping":true}',
            b'{"device_id":7,"ping":true}',
            b"\xff",
        ],
    )
    def test_that_is_not_for_it_is_dropped(self, payload: bytes) -> None:
        bench = CameraBench()
        bench.send(f"device/{MAC}/cmd", payload)
        assert (bench.executed, bench.said("ack")) == ([], [])

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
        bench = CameraBench()
        bench.command(firmware_url=url)
        bench.run(3)
        assert bench.said("status")[-1][1]["firmware_version"] == version

    def test_to_send_what_it_does_not_have_is_refused(self) -> None:
        bench = CameraBench()
        bench.command(send_image="image_9.jpg")
        assert (bench.kinds(), bench.statuses()) == ([], [(0, "failed")])

    def test_outlives_a_loss_of_power(self) -> None:
        before = CameraBench()
        before.command(capture_image=True)
        after = CameraBench(memory=before.memory)
        after.command(capture_image=True)
        assert after.said("status")[0][1]["pending_list"] == ["image_1.jpg"]
        assert after.memory["pending"] == ["image_1.jpg", "image_2.jpg"]
        assert [executed.id for executed in after.executed] == [2]


def pieces(bench: CameraBench) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the descriptions and the chunks that it sent."""
    contents = [content for _, content in bench.said("data")]
    return (
        [content for content in contents if "chunk_id" not in content],
        [content for content in contents if "chunk_id" in content],
    )


class TestAnImage:
    def captured(self, **settings: Any) -> CameraBench:
        bench = CameraBench(**settings)
        bench.command(capture_image=True)
        bench.run(30)
        return bench

    def test_is_described_and_sent_in_chunks(self) -> None:
        bench = self.captured(image_bytes=2500, chunk_bytes=1000)
        (description,), chunks = pieces(bench)
        assert description == {
            "device_id": MAC,
            "image_name": "image_1.jpg",
            "image_id": 1,
            "image_size": 2500,
            "max_chunk_size": 1000,
            "total_chunks_count": 3,
            "capture_timestamp": description["capture_timestamp"],
            "location": "garden",
            "error": 0,
            "temperature": 21.5,
            "humidity": 48.2,
            "pressure": 1013.2,
            "gas_resistance": 52.1,
        }
        assert [chunk["chunk_id"] for chunk in chunks] == [0, 1, 2]
        content = b"".join(b64decode(chunk["payload"]) for chunk in chunks)
        assert content == picture(1, 2500)

    def test_may_come_as_arrays_of_bytes_counted_from_1(self) -> None:
        bench = self.captured(payload="bytes", counts_from=1, image_bytes=2500)
        _, chunks = pieces(bench)
        assert [chunk["chunk_id"] for chunk in chunks] == [1, 2, 3]
        assert b"".join(bytes(each["payload"]) for each in chunks) == picture(1, 2500)

    def test_may_be_described_in_drifted_spellings(self) -> None:
        (description,), _ = pieces(self.captured(metadata="drifted"))
        drifted = {"timestamp", "max_chunks_size", "total_chunk_count"}
        assert drifted <= description.keys()

    def test_may_be_described_with_its_readings_inside(self) -> None:
        (description,), _ = pieces(self.captured(metadata="nested", fahrenheit=True))
        assert description["sensor_data"]["temperature"] == 70.7
        assert "temperature" not in description

    @pytest.mark.parametrize(
        ("clock", "told"),
        [
            ("seconds", int(START)),
            ("milliseconds", int(START * 1000) + 500),
            ("unset", "1970-01-01T00:00:12Z"),
            ("iso", "2027-01-15T00:00:00Z"),
        ],
    )
    def test_tells_its_time_as_it_knows_it(self, clock: str, told: str | int) -> None:
        (description,), _ = pieces(self.captured(clock=clock))
        assert description["capture_timestamp"] == told

    def test_is_completed_with_what_was_asked_for(self) -> None:
        bench = self.captured(image_bytes=5000)
        sent = len(bench.chunks())
        bench.reply(image_name="image_1.jpg", missing_chunks=[3, 1, 99, -1, "2"])
        bench.run(5)
        assert bench.chunks()[sent:] == [3, 1]

    def test_is_pending_until_it_arrived(self) -> None:
        bench = self.captured()
        assert bench.memory["pending"] == ["image_1.jpg"]
        bench.reply(image_name="image_1.jpg", ACK_OK={})
        assert bench.memory["pending"] == []

    def test_is_sent_again_when_that_is_asked_for(self) -> None:
        bench = CameraBench(pending=2, image_bytes=2500)
        bench.command(send_image="image_2.jpg")
        bench.run(5)
        (description,), chunks = pieces(bench)
        assert description["image_name"] == "image_2.jpg"
        assert len(chunks) == 3

    def test_is_not_disturbed_by_its_own_acks(self) -> None:
        bench = self.captured()
        before = len(bench.messages)
        bench.reply(type="command_ack", status="success", message="ping")
        bench.run(1)
        assert len(bench.messages) == before


@pytest.mark.parametrize("size", [0, 700, 701, 702, 703, 704, 12_000, 65_600, 200_001])
def test_a_picture_is_a_jpeg_of_the_size_that_was_asked_for(size: int) -> None:
    image_of = pytest.importorskip("PIL.Image")
    content = picture(3, size)
    image = image_of.open(io.BytesIO(content))
    image.load()
    assert (image.format, image.size) == ("JPEG", (WIDTH, HEIGHT))
    smallest = len(picture(3, 0))
    assert len(content) == size or size < smallest + 4


def test_two_pictures_differ() -> None:
    assert picture(1, 5000) != picture(2, 5000)


@pytest.mark.parametrize("name", ["1", "camera", "AABBCCDDEEF"])
def test_a_camera_is_named_by_its_mac(name: str) -> None:
    with pytest.raises(ValueError, match="is not a MAC"):
        SleepingCamera(name, Settings("device"), memory=None, now=START)


def test_a_memory_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="flash"):
        CameraBench(memory={"executed": []})


def test_it_is_played_under_its_key() -> None:
    assert (SIMULATED.key, SIMULATED.default_prefix) == ("esp32_cam", "device")
