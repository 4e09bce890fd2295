"""A simulated camera describes, sends, keeps and forgets its images."""

from __future__ import annotations

from base64 import b64decode
import io
from typing import Any

import pytest

from simulator.esp32_cam.picture import HEIGHT, WIDTH, picture

from .bench import CameraBench

HOUR = 3600


def content_of(bench: CameraBench) -> bytes:
    """Return what the chunks that it sent make together, in their order."""
    content = b""
    for _, said in bench.said("data"):
        if "chunk_id" in said:
            payload = said.get("payload") or said["payload_b64"]
            content += (
                b64decode(payload) if isinstance(payload, str) else bytes(payload)
            )
    return content


class TestAnImage:
    def captured(self, firmware: str = "3.5", **settings: Any) -> CameraBench:
        bench = CameraBench(firmware, **settings)
        bench.capture()
        return bench

    @pytest.mark.parametrize("firmware", ["v4", "3.5"])
    def test_is_described_and_waits_to_be_asked_for(self, firmware: str) -> None:
        bench = CameraBench(firmware, image_bytes=2500)
        bench.command(capture_image=True)
        bench.run(30)
        assert len(bench.descriptions()) == 1
        assert bench.chunks() == []
        bench.command(send_image="image_1.jpg")
        bench.run(10)
        assert len(bench.chunks()) == 3

    def test_comes_unasked_from_the_makers_simulated_device(self) -> None:
        bench = CameraBench("seed", image_bytes=2500)
        bench.run(2.5)
        assert len(bench.descriptions()) == 1
        assert bench.chunks() == [0, 1, 2]
        bench.reply(image_name="image_1.jpg", ACK_OK={"next_wake_time": "5:30PM"})
        assert not bench.connected

    def test_is_whole(self) -> None:
        bench = self.captured(image_bytes=2500, chunk_bytes=1000)
        (description,) = bench.descriptions()
        assert description["image_size"] == 2500
        assert description["total_chunk_count"] == 3
        assert bench.chunks() == [0, 1, 2]
        assert content_of(bench) == picture(1, 2500)

    @pytest.mark.parametrize("payload", ["bytes", "payload_b64"])
    def test_may_come_in_other_forms_counted_from_1(self, payload: str) -> None:
        bench = self.captured(payload=payload, counts_from=1, image_bytes=2500)
        assert bench.chunks() == [1, 2, 3]
        assert content_of(bench) == picture(1, 2500)

    def test_may_be_measured_in_fahrenheit(self) -> None:
        (description,) = self.captured(fahrenheit=True).descriptions()
        assert description["sensor_data"]["temperature"] == 70.7

    @pytest.mark.parametrize(
        ("clock", "told"),
        [
            ("unpadded", "2027-1-15 0:0:0"),
            ("unset", "1970-1-1 0:0:12"),
            ("iso", "2027-01-15T00:00:00Z"),
        ],
    )
    def test_tells_its_time_as_it_knows_it(self, clock: str, told: str) -> None:
        (description,) = self.captured(clock=clock).descriptions()
        assert description["timestamp"] == told

    @pytest.mark.parametrize(
        ("firmware", "where"), [("v4", "ack"), ("3.5", "cmd"), ("3.5", "ack")]
    )
    def test_is_completed_where_it_listens_for_that(
        self, firmware: str, where: str
    ) -> None:
        bench = self.captured(firmware, misses_on=where, image_bytes=5000)
        sent = len(bench.chunks())
        say, deaf = (
            (bench.reply, bench.command)
            if where == "ack"
            else (bench.command, bench.reply)
        )
        deaf(image_name="image_1.jpg", missing_chunks=[3, 1])
        bench.run(5)
        assert bench.chunks()[sent:] == []
        say(image_name="image_1.jpg", missing_chunks=[3, 1, 99, -1, "2"])
        bench.run(5)
        assert bench.chunks()[sent:] == [3, 1]

    def test_of_which_nothing_was_sent_lacks_nothing(self) -> None:
        bench = CameraBench()
        bench.command(capture_image=True)
        bench.run(1)
        bench.command(image_name="image_1.jpg", missing_chunks=[1, 2])
        bench.run(5)
        assert bench.chunks() == []

    def test_is_pending_until_it_arrived(self) -> None:
        bench = self.captured()
        assert bench.memory["pending"] == ["image_1.jpg"]
        bench.reply(image_name="image_1.jpg", ACK_OK={})
        assert bench.memory["pending"] == []

    def test_that_is_pending_is_described_when_it_is_asked_for(self) -> None:
        bench = CameraBench(pending=2, image_bytes=2500)
        bench.command(send_image="image_2.jpg")
        bench.run(5)
        (description,) = bench.descriptions()
        assert description["image_name"] == "image_2.jpg"
        assert len(bench.chunks()) == 3

    def test_comes_whole_again_when_it_is_asked_for_again(self) -> None:
        bench = self.captured(image_bytes=2500)
        bench.command(send_image="image_1.jpg")
        bench.run(5)
        assert bench.chunks() == [0, 1, 2, 0, 1, 2]
        assert len(bench.descriptions()) == 1

    def test_is_not_disturbed_by_its_own_acks(self) -> None:
        bench = self.captured()
        before = len(bench.messages)
        bench.reply(command_ack="acknowledged")
        bench.run(1)
        assert len(bench.messages) == before


class TestPendingImages:
    def names(self, bench: CameraBench) -> list[str]:
        return [each["image_name"] for each in bench.descriptions()]

    def test_are_sent_unasked_one_after_the_other(self) -> None:
        bench = CameraBench(pending=2, image_bytes=2500)
        bench.command(send_all_pending=True)
        bench.run(20)
        assert self.names(bench) == ["image_1.jpg"]
        bench.reply(image_name="image_1.jpg", ACK_OK=True)
        bench.run(20)
        assert self.names(bench) == ["image_1.jpg", "image_2.jpg"]
        assert len(bench.chunks()) == 6

    def test_may_be_sent_without_waiting_for_one_another(self) -> None:
        bench = CameraBench(pending=2, image_bytes=2500, batch="flowing")
        bench.command(send_all_pending=True)
        bench.run(20)
        assert self.names(bench) == ["image_1.jpg", "image_2.jpg"]
        bench.reply(image_name="image_1.jpg", ACK_OK=True)
        bench.run(20)
        assert len(bench.chunks()) == 6

    def test_come_first_where_the_paper_is_followed(self) -> None:
        bench = CameraBench("v4", pending=1)
        bench.command(capture_image=True)
        bench.run(1)
        bench.command(send_image="image_1.jpg")
        bench.run(5)
        bench.reply(image_name="image_1.jpg", ACK_OK={})
        bench.command(capture_image=True)
        bench.run(1)
        assert self.names(bench) == ["image_1.jpg", "image_2.jpg"]

    def test_are_kept_by_a_camera_that_is_sent_to_sleep(self) -> None:
        bench = CameraBench(pending=2)
        bench.command(send_all_pending=True)
        bench.run(5)
        bench.reply(image_name="image_1.jpg", ACK_OK={"next_wake_time": "5:30PM"})
        bench.run(18 * HOUR)
        assert bench.said("status")[-1][1]["pending_list"] == ["image_2.jpg"]

    def test_come_by_themselves_from_the_makers_simulated_device(self) -> None:
        bench = CameraBench("seed", pending=2)
        bench.run(20)
        bench.reply(image_name="image_1.jpg", ACK_OK={"next_wake_time": "5:30PM"})
        assert bench.connected
        bench.run(20)
        bench.reply(image_name="image_2.jpg", ACK_OK={"next_wake_time": "5:30PM"})
        assert self.names(bench) == ["image_1.jpg", "image_2.jpg"]
        assert not bench.connected


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
