"""The library of `firmware/` plays a node: its board, its power, what goes wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from simulator.paired_dispenser.core import blank
from simulator.paired_dispenser.native import WENT_IN_A_WRITE, NativeDispenser
from simulator.paired_dispenser.station import station
from simulator.paired_dispenser.wire import FIRMWARES, Settings
from tests.nonempty import some

from .bench import START, PairedBench

pytestmark = pytest.mark.usefixtures("compiler")

STEPS = 98
"""Moments of a write: before it erases, after that, after each byte."""
WORK = 3.0
BOOT = 2.0


def bench(**settings: Any) -> PairedBench:
    return PairedBench("native", work_seconds=WORK, **settings)


def test_it_says_how_it_is_like_any_newer_node() -> None:
    node = bench()
    node.run(10)
    assert [at for at, _ in node.heartbeats()] == [0, 5, 10]
    assert node.readiness() == [(at, 1) for at in (0, 2, 4, 6, 8, 10)]
    assert node.heartbeats()[0][1]["dedupes"] == 1
    will = node.node.will
    assert will is not None
    assert (will.topic, will.payload, will.retain) == (
        "disp/state/1",
        b'{"online":0}',
        True,
    )


def test_a_feed_is_executed_once_however_often_it_comes() -> None:
    node = bench()
    for _ in range(3):
        node.feed(17)
        node.run(WORK)
    assert node.executed_ids() == [17]
    assert node.executed[0].payload["items"] == [{"pill_id": 1, "quantity": 2}]
    assert Counter(word for _, word, _ in node.answers()) == {
        "accepted": 3,
        "success": 3,
    }


def test_a_restart_is_executed_when_it_is_remembered() -> None:
    node = bench()
    node.send({"queue_id": 18, "op": "reboot"})
    assert [(each.kind, each.id) for each in node.executed] == [("reboot", 18)]
    node.run(1)
    assert node.connections == 0
    node.run(BOOT)
    assert node.connections == 1
    assert node.heartbeats()[-1][1]["last_id"] == 18


def test_a_loss_of_power_breaks_a_feed_off_and_is_owned_up_to() -> None:
    node = bench()
    node.feed(17)
    node.run(1)
    node.order("die=now,seconds=5")
    node.run(6)
    assert node.answers()[-1] == (6, "interrupted", 17)
    node.feed(17)
    node.run(WORK)
    assert node.executed_ids() == [17]


@pytest.mark.parametrize("write", [1, 2])
def test_a_cut_at_each_step_of_a_write_executes_nothing_twice(write: int) -> None:
    executed: set[int] = set()
    for step in range(STEPS):
        node = bench()
        node.order(f"cut={write}-{step}")
        node.feed(17)
        node.run(WORK + BOOT)
        assert WENT_IN_A_WRITE in node.notes
        before = len(node.executed_ids())
        node.feed(17)
        node.run(WORK)
        executed.add(before)
        # What was not remembered did not move, and is done now.
        remembered = step == STEPS - 1 or write == 2
        assert len(node.executed_ids()) == (before if remembered else 1), step
        assert node.answers()[-1][2] == 17
    assert executed == ({0} if write == 1 else {1})


def test_a_cut_restart_is_executed_once_and_not_again() -> None:
    for step in some(range(STEPS)):
        node = bench()
        node.order(f"cut=1-{step}")
        node.send({"queue_id": 18, "op": "reboot"})
        node.run(BOOT)
        node.send({"queue_id": 18, "op": "reboot"})
        node.run(BOOT + 1)
        assert node.executed_ids() == [18], step


def test_a_cut_that_is_taken_back_does_not_come() -> None:
    node = bench()
    node.order("cut=1-0")
    node.order("clear=cut")
    node.feed(17)
    node.run(WORK)
    assert node.answers()[-1] == (WORK, "success", 17)


def test_a_cut_takes_the_place_of_the_one_before() -> None:
    node = bench()
    node.order("cut=1-97")
    node.order("cut=2-97")
    node.feed(17)
    assert node.answers() == [(0, "accepted", 17)]
    node.run(WORK)
    assert not node.connected
    node.run(BOOT)
    assert node.executed_ids() == [17]
    node.feed(17)
    assert node.answers()[-1][1:] == ("success", 17)


def test_flash_in_a_folder_outlives_the_node(tmp_path: Path) -> None:
    settings = Settings("disp", FIRMWARES["native"], work_seconds=0)

    def started() -> NativeDispenser:
        (node,) = station(("1",), settings, {}, START, tmp_path)
        assert isinstance(node, NativeDispenser)
        node.advance(START)
        node.on_connect(START)
        return node

    command = b'{"queue_id":17,"items":[{"pill_id":1,"quantity":1}]}'
    first = started().receive("disp/cmd/1", command, START)
    again = started().receive("disp/cmd/1", command, START)
    assert [type(each).__name__ for each in first][-1] == "Executed"
    assert {type(each).__name__ for each in again} == {"Message"}
    assert [each.name for each in tmp_path.iterdir()] == ["disp%2F1.flash"]


def test_blank_flash_is_that_of_a_new_node(tmp_path: Path) -> None:
    path = tmp_path / "flash"
    path.write_bytes(b"junk")
    with path.open("r+b") as flash:
        blank(flash)
    assert set(path.read_bytes()) == {0xFF}


@pytest.mark.parametrize(
    ("fault", "answers", "moves"),
    [
        ("ack=drop", ["success"], True),
        ("evt=drop", ["accepted"], True),
        ("ack=delay,seconds=9", ["success", "accepted"], True),
        ("evt=double", ["accepted", "success", "success"], True),
        ("ack=reorder", ["success", "accepted"], True),
        ("silent=works", [], True),
        ("fail=jammed", ["accepted", "jammed"], True),
        ("fail=other_word", ["accepted", "failed"], True),
        ("refuse=on", ["refused"], False),
        ("silent=idle", [], False),
        ("die=accepted,seconds=1", ["accepted", "interrupted"], False),
        ("die=executed,seconds=1", ["accepted", "interrupted"], True),
    ],
)
def test_faults_befall_what_is_said_and_the_board(
    fault: str, answers: list[str], moves: bool
) -> None:
    node = bench()
    node.order(f"{fault},count=1")
    node.feed(17)
    node.run(10)
    assert [word for _, word, _ in node.answers()] == answers
    assert node.executed_ids() == ([17] if moves else [])


def test_what_is_stuck_or_flaps_is_not_ready_for_a_while() -> None:
    node = bench()
    node.order("busy=now,seconds=3")
    node.feed(17)
    assert node.answers() == [(0, "refused", 17)]
    node.run(4)
    assert [ready for _, ready in node.readiness()] == [1, 0, 0, 1]
    node.order("flap=on")
    node.run(2)
    assert [ready for _, ready in node.readiness()][-2:] == [0, 1]
    node.order("clear=flap")
    node.run(6)
    assert {ready for at, ready in node.readiness() if at > 6} == {1}


def test_what_it_is_cannot_be_ordered_away() -> None:
    node = bench()
    node.order("dedupes=off")
    assert node.notes == ["dedupes=off: this firmware is what it is"]


def test_a_node_of_another_firmware_says_that_no_write_of_it_can_be_cut() -> None:
    node = PairedBench("new")
    node.order("cut=1-0")
    assert node.notes == ["cut: of this firmware there is no flash to write"]
