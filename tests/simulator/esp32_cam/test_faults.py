"""Faults ordered of a camera do what they say."""

from __future__ import annotations

from typing import Any

import pytest

from .bench import CameraBench

CHUNKS = 30
SETTINGS: dict[str, Any] = {
    "image_bytes": CHUNKS * 100,
    "chunk_bytes": 100,
    "wake_seconds": 10,
}


def captured(*orders: str, **settings: Any) -> CameraBench:
    bench = CameraBench(**SETTINGS, **settings)
    for order in orders:
        bench.order(order)
    bench.capture()
    return bench


def described(bench: CameraBench) -> list[int]:
    """Return at which places among what it sent there is a description."""
    contents = [content for _, content in bench.said("data")]
    return [at for at, content in enumerate(contents) if "chunk_id" not in content]


def test_without_one_all_goes_well() -> None:
    bench = captured()
    assert bench.chunks() == [*range(CHUNKS)]
    assert described(bench) == [0]


@pytest.mark.parametrize(("value", "hellos"), [("drop", [0]), ("double", [0, 70, 70])])
def test_a_hello_is_lost_or_comes_twice(value: str, hellos: list[float]) -> None:
    bench = CameraBench(**SETTINGS)
    bench.order(f"hello={value},count=1")
    bench.run(71)
    assert bench.hellos() == hellos
    bench.run(70)
    assert bench.hellos() == [*hellos, 140]


def test_it_dozes_off_after_its_hello() -> None:
    bench = CameraBench(**SETTINGS)
    bench.order("doze=on,count=1")
    bench.run(70)
    assert (bench.hellos(), bench.connected) == ([0, 70], False)
    bench.run(10)
    assert (bench.hellos(), bench.connected) == ([0, 70, 80], True)


@pytest.mark.parametrize(
    ("order", "acks"),
    [
        ("ack=drop", []),
        ("ack=double", [(0, "acknowledged"), (0, "acknowledged")]),
        ("ack=delay,seconds=7", [(7, "acknowledged")]),
    ],
)
def test_an_ack_is_lost_late_or_doubled(
    order: str, acks: list[tuple[float, str]]
) -> None:
    bench = CameraBench(**SETTINGS, acks="word")
    bench.order(order)
    bench.command(ping=True)
    bench.run(10)
    assert (bench.kinds(), bench.acks()) == (["ping"], acks)


def test_an_ack_that_is_late_is_lost_with_the_power() -> None:
    bench = CameraBench(**SETTINGS, acks="word")
    bench.order("ack=delay,seconds=7")
    bench.command(reboot=True)
    bench.run(10)
    assert bench.acks() == []


@pytest.mark.parametrize(("acks", "said"), [("word", ["failed"]), ("none", [])])
def test_it_refuses(acks: str, said: list[str]) -> None:
    bench = CameraBench(**SETTINGS, acks=acks)
    bench.order("refuse=failed")
    bench.command(capture_image=True)
    bench.run(10)
    assert (bench.kinds(), [ack for _, ack in bench.acks()]) == ([], said)
    assert bench.said("data") == []


def test_it_ignores_a_command() -> None:
    bench = CameraBench(**SETTINGS, acks="word")
    bench.order("silent=on,count=1")
    bench.command(capture_image=True)
    bench.run(10)
    assert (bench.kinds(), bench.acks()) == ([], [])
    bench.command(ping=True)
    assert bench.kinds() == ["ping"]


@pytest.mark.parametrize("waits", [True, False])
def test_a_camera_that_is_broken_sends_readings_alone(waits: bool) -> None:
    bench = captured("camera=broken,count=1", waits=waits)
    (said,) = [content for _, content in bench.said("data")]
    assert said["temperature"] == 21.5
    assert "image_name" not in said
    assert bench.memory["pending"] == []


def test_a_capture_that_failed_is_described_with_zeros() -> None:
    bench = captured("camera=failed,count=1")
    (said,) = [content for _, content in bench.said("data")]
    assert (said["error"], said["total_chunk_count"]) == (1, 0)
    assert {*said["sensor_data"].values()} == {0}
    assert bench.memory["pending"] == []
    bench.capture()
    assert bench.chunks() == [*range(CHUNKS)]


@pytest.mark.parametrize(
    ("value", "waits", "places"),
    [
        ("drop", True, []),
        ("drop", False, []),
        ("late", False, [CHUNKS]),
        ("double", True, [0, 1, CHUNKS + 2]),
        ("double", False, [0, CHUNKS + 1]),
    ],
)
def test_a_description_is_lost_late_or_doubled(
    value: str, waits: bool, places: list[int]
) -> None:
    bench = CameraBench(**SETTINGS, waits=waits)
    bench.order(f"metadata={value},count=1")
    bench.command(capture_image=True)
    bench.run(1)
    if waits:
        bench.command(send_image="image_1.jpg")
    bench.run(9)
    assert bench.chunks() == [*range(CHUNKS)]
    assert described(bench) == places


def test_a_description_for_which_chunks_wait_is_ten_seconds_late() -> None:
    bench = CameraBench(**SETTINGS)
    bench.order("metadata=late")
    bench.command(capture_image=True)
    bench.run(10)
    assert bench.said("data") == []
    bench.run(1)
    assert described(bench) == [0]


@pytest.mark.parametrize(("value", "healed"), [("some", True), ("all", False)])
@pytest.mark.parametrize("asks_for_all", [True, False])
def test_chunks_are_lost(value: str, healed: bool, asks_for_all: bool) -> None:
    bench = captured(f"chunks_lost={value},count=1")
    missing = sorted({*range(CHUNKS)} - {*bench.chunks()})
    assert len(missing) == CHUNKS // 15
    if asks_for_all:
        bench.command(send_image="image_1.jpg")
    else:
        bench.command(image_name="image_1.jpg", missing_chunks=missing)
    bench.run(5)
    assert ({*bench.chunks()} == {*range(CHUNKS)}) is healed


def test_chunks_are_doubled() -> None:
    bench = captured("chunks_doubled=on")
    assert bench.chunks() == [index for index in range(CHUNKS) for _ in range(2)]


def test_chunks_are_shuffled() -> None:
    bench = captured("chunks_shuffled=on")
    assert bench.chunks() != [*range(CHUNKS)]
    assert sorted(bench.chunks()) == [*range(CHUNKS)]


def test_chunks_come_late() -> None:
    bench = captured("chunks_late=on,count=1")
    bench.reply(image_name="image_1.jpg", ACK_OK={"next_wake_time": "5:30PM"})
    assert bench.chunks() == [*range(CHUNKS), 0, 1, 2]
    assert not bench.connected


@pytest.mark.parametrize(
    ("order", "back_after"), [("dies_sending=on", 10), ("dies_sending=on,seconds=3", 3)]
)
def test_it_dies_sending(order: str, back_after: float) -> None:
    bench = captured(f"{order},count=1")
    bench.run(10)
    assert 0 < len(bench.chunks()) < CHUNKS
    last, _ = bench.said("data")[-1]
    assert bench.hellos()[1] - last == pytest.approx(back_after, abs=0.1)


def test_it_loses_power_and_is_on_again() -> None:
    bench = CameraBench(**SETTINGS)
    bench.order("die=now")
    bench.run(1000)
    assert bench.hellos() == [0]
    bench.order("clear=die")
    bench.run(0)
    assert bench.hellos() == [0, 1000]


def test_it_loses_power_for_a_while() -> None:
    bench = CameraBench(**SETTINGS)
    bench.order("die=now,seconds=5")
    bench.run(6)
    assert bench.hellos() == [0, 5]


def test_a_fault_is_taken_back() -> None:
    bench = CameraBench(**SETTINGS, acks="word")
    bench.order("refuse=failed")
    bench.order("clear=refuse")
    bench.command(ping=True)
    assert bench.acks() == [(0, "acknowledged")]
