"""Nodes with the firmware of their maker do what that does, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from .bench import FEED, PairedBench


def moved(bench: PairedBench) -> list[tuple[int | str, str]]:
    """Return what moved, and of which command."""
    return [(each.id, each.kind) for each in bench.executed]


@pytest.mark.parametrize(
    "message",
    [
        {"op": "reboot"},
        {"op": "servo", "id": 4, "on": 1},
        {"op": "dc", "on": 0},
        {"op": "step", "dir": "L"},
        {"pill_id": 2, "quantity": 1},
        {"target_room": 4},
        {},
    ],
)
@pytest.mark.parametrize(
    ("firmware", "at", "status"), [("old", 60, "timeout"), ("seed", 3, "success")]
)
def test_whatever_is_no_feed_starts_the_motor_of_node_2(
    message: dict[str, Any], firmware: str, at: float, status: str
) -> None:
    bench = PairedBench(firmware, dispenses=False)
    bench.send({"queue_id": 19, **message})
    bench.run(90)
    assert moved(bench) == [(19, "motor")]
    assert bench.answers() == [(0, "accepted", 19), (at, status, 19)]


@pytest.mark.parametrize("room", [1, 2, 3])
def test_node_2_serves_a_room(room: int) -> None:
    bench = PairedBench(dispenses=False)
    bench.send({"queue_id": 17, "patient_id": 0, "target_room": room})
    bench.run(90)
    assert moved(bench) == [(17, "feed")]
    assert bench.answers() == [(0, "accepted", 17), (3, "success", 17)]


@pytest.mark.parametrize(
    ("message", "moves"),
    [({"force": 1}, []), ({"force": 1, "target_room": 3}, [(17, "feed")])],
)
def test_force_is_a_success_at_once(
    message: dict[str, Any], moves: list[tuple[int, str]]
) -> None:
    bench = PairedBench(dispenses=False)
    bench.send({"queue_id": 17, **message})
    bench.run(90)
    assert bench.answers() == [(0, "accepted", 17), (0, "success", 17)]
    assert moved(bench) == moves


@pytest.mark.parametrize("op", ["reboot", "step", "pump", "dance", 4, None])
def test_node_1_knows_no_other_operation_and_moves_nothing(op: object) -> None:
    bench = PairedBench()
    bench.send({"queue_id": 18, "op": op})
    bench.run(90)
    assert bench.answers() == [
        (0, "accepted", 18),
        (0, "unknown_operation", 18),
    ]
    assert bench.executed == []
    assert bench.connections == 1


def test_a_single_pill_is_a_feed() -> None:
    bench = PairedBench()
    bench.send({"queue_id": 19, "pill_id": 2, "quantity": 1})
    bench.run(3)
    assert moved(bench) == [(19, "feed")]
    assert bench.answers() == [(0, "accepted", 19), (3, "success", 19)]


def test_a_servo_that_is_not_there_is_a_success_without_work() -> None:
    bench = PairedBench()
    bench.send({"queue_id": 19, "op": "servo", "id": 5, "on": 1})
    assert bench.answers() == [(0, "accepted", 19), (0, "success", 19)]
    assert bench.executed == []


def test_a_pill_that_is_not_there_runs_the_conveyor_and_is_a_success() -> None:
    bench = PairedBench()
    bench.feed(17, items=[{"pill_id": 5, "quantity": 1}])
    bench.run(20)
    assert moved(bench) == [(17, "conveyor")]
    assert bench.answers() == [(0, "accepted", 17), (15, "success", 17)]


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (b"{}", -1),
        (b"[17]", -1),
        (b'{"queue_id":-7,"op":"dc","on":1}', -7),
        (b'{"queue_id":"17"}', -1),
        (b'{"queue_id":17.0}', -1),
        (b'{"queue_id":2147483648}', -1),
    ],
)
def test_what_has_no_good_id_is_refused_with_what_it_has(
    payload: bytes, told: int
) -> None:
    bench = PairedBench()
    bench.send(payload)
    assert bench.answers() == [(0, "refused", told)]
    assert bench.executed == []


def test_what_is_no_json_is_dropped_without_a_word() -> None:
    bench = PairedBench()
    before = len(bench.messages)
    bench.send(b"feed")
    assert bench.messages[before:] == []


def test_the_conveyor_ends_what_the_node_has_when_it_stops() -> None:
    bench = PairedBench(work_seconds=2)
    bench.feed(17)
    bench.run(14)
    bench.send({"queue_id": 18, "op": "servo", "id": 1, "on": 1})
    bench.run(6)
    assert bench.answers() == [
        (0, "accepted", 17),
        (2, "success", 17),
        (14, "accepted", 18),
        (16, "success", 18),
    ]
    bench.feed(19)
    bench.run(13.5)
    bench.send({"queue_id": 20, "op": "dc", "on": 0})
    bench.run(20)
    assert bench.answers()[-1] == (35.5, "success", 20), "it was stopped by hand"


def test_a_feed_that_outlasts_the_limit_ends_the_next_one() -> None:
    bench = PairedBench()
    bench.feed(17, items=[{"pill_id": 2, "quantity": 30}])
    bench.run(32)
    bench.feed(18)
    bench.run(30)
    assert [each[1:] for each in bench.answers()] == [
        ("accepted", 17),
        ("timeout", 17),
        ("accepted", 18),
        ("success", 18),
    ]
    assert moved(bench) == [(17, "feed"), (18, "feed")]
    at_17s_end = 30 * 1.37 - 1
    assert bench.answers()[-1][0] == pytest.approx(at_17s_end)


def test_what_comes_during_work_is_acked_and_ends_with_the_work_before() -> None:
    bench = PairedBench()
    bench.feed(17)
    bench.run(1)
    bench.feed(18, patient_id=5)
    bench.run(9)
    assert bench.answers() == [
        (0, "accepted", 17),
        (1, "accepted", 18),
        (3, "success", 18),
    ]
    assert [each.payload["patient_id"] for each in bench.executed] == [0, 5]


def test_a_feed_of_nothing_leaves_it_busy() -> None:
    bench = PairedBench()
    bench.send({"queue_id": 17, **FEED, "items": []})
    bench.run(3600)
    assert bench.answers() == [(0, "accepted", 17)]
    assert bench.readiness() == [(0, 1)]
