"""Old firmware tells nothing; new firmware reports health, remembers, obeys expiry."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.nonempty import some

from .bench import START, PairedBench


def test_old_firmware_leaves_no_will_and_reports_no_health() -> None:
    bench = PairedBench()
    bench.feed(17)
    bench.run(20)
    assert bench.node.will is None
    assert {tuple(content) for _, content in bench.said("state")} == {
        ("online", "uptime"),
        ("online", "ready", "uptime"),
    }


def test_new_firmware_reports_its_health_and_leaves_a_retained_will() -> None:
    bench = PairedBench("new")
    will = bench.node.will
    assert will is not None
    assert (will.topic, will.payload, will.retain) == (
        "disp/state/1",
        b'{"online":0}',
        True,
    )
    health = {"fw": "2.1.0", "rssi": -61, "food": 100, "dedupes": 1}
    assert bench.heartbeats() == [(0, {"online": 1, "uptime": 0, **health})]


def test_food_falls_by_the_portions() -> None:
    bench = PairedBench("new")
    bench.feed(17, items=[{"pill_id": 1, "quantity": 2}, {"pill_id": 2, "quantity": 3}])
    bench.run(5)
    assert bench.heartbeats()[-1][1]["food"] == 95


def test_node_that_does_not_dispense_has_no_food_to_report() -> None:
    bench = PairedBench("new", dispenses=False)
    bench.feed(17)
    bench.run(5)
    assert all("food" not in content for _, content in some(bench.said("state")))


def test_last_id_is_reported_from_the_first_execution_on() -> None:
    bench = PairedBench("new")
    assert "last_id" not in bench.heartbeats()[-1][1]
    bench.feed(17)
    bench.run(5)
    assert bench.heartbeats()[-1][1]["last_id"] == 17
    bench.send({"queue_id": 16, "op": "dc", "on": 1})
    bench.run(5)
    assert bench.heartbeats()[-1][1]["last_id"] == 17


def test_repeat_is_not_executed_again_but_answered_as_before() -> None:
    bench = PairedBench("new")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.answers() == [
        (0, "accepted", 17),
        (3, "success", 17),
        (5, "accepted", 17),
        (5, "success", 17),
    ]
    assert bench.executed_ids() == [17]


def test_repeat_during_the_work_is_acked_and_done_once() -> None:
    bench = PairedBench("new")
    bench.feed(17)
    bench.run(1)
    bench.feed(17)
    bench.run(10)
    assert bench.answers() == [
        (0, "accepted", 17),
        (1, "accepted", 17),
        (3, "success", 17),
    ]
    assert bench.executed_ids() == [17]


def test_id_below_the_highest_is_no_repeat_if_it_was_never_executed() -> None:
    bench = PairedBench("new")
    bench.feed(18)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [18, 17]


def test_repeated_reboot_does_not_reboot_again() -> None:
    bench = PairedBench("new")
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(5)
    bench.send({"queue_id": 18, "op": "reboot"})
    assert bench.connections == 1
    assert bench.executed_ids() == [18]


def test_memory_outlives_the_process() -> None:
    bench = PairedBench("new")
    bench.feed(17)
    bench.run(5)
    again = PairedBench("new", memory=json.loads(json.dumps(bench.memory)))
    again.feed(17)
    assert again.executed_ids() == []
    assert again.answers() == [(0, "accepted", 17), (0, "success", 17)]
    assert again.heartbeats()[0][1]["last_id"] == 17


def test_repeat_of_what_power_loss_interrupted_is_acked_and_never_done() -> None:
    bench = PairedBench("new")
    bench.feed(17)
    again = PairedBench("new", memory=bench.memory)
    again.feed(17)
    again.run(60)
    assert again.executed_ids() == []
    assert again.answers() == [(0, "accepted", 17)]


@pytest.mark.parametrize(
    ("firmware", "expires_at", "executed"),
    [
        ("new", START - 1, []),
        ("new", START, []),
        ("new", START + 1, [17]),
        ("new", "soon", [17]),
        ("old", START - 1, [17]),
    ],
)
def test_expired_command_is_dropped_by_new_firmware_only(
    firmware: str, expires_at: object, executed: list[int]
) -> None:
    bench = PairedBench(firmware)
    bench.feed(17, expires_at=expires_at)
    assert bench.executed_ids() == executed
    assert len(bench.said("ack")) == len(executed)


def test_expired_repeat_is_still_answered() -> None:
    bench = PairedBench("new")
    bench.feed(17, expires_at=START + 10)
    bench.run(60)
    bench.feed(17, expires_at=START + 10)
    assert bench.answers()[2:] == [(60, "accepted", 17), (60, "success", 17)]


@pytest.mark.parametrize("firmware", ["new", "native"])
def test_two_nodes_begin_at_the_moment_that_both_are_told(firmware: str) -> None:
    if firmware == "native" and shutil.which("g++") is None:
        pytest.skip("no C++ compiler: g++")
    begun = []
    for late in (0.0, 1.3):
        bench = PairedBench(firmware)
        bench.run(late)
        bench.feed(17, execute_at=START + 2.25)
        assert bench.executed_ids() == []
        bench.run(10)
        begun += bench.executed_at
    assert begun == pytest.approx([2.25, 2.25], abs=0.002)


def test_a_firmware_that_knows_no_moments_begins_at_once() -> None:
    bench = PairedBench("plain")
    bench.feed(17, execute_at=START + 2.25)
    assert bench.executed_ids() == [17]
    assert "clock" not in bench.said("state")[-1][1]


def test_what_the_power_cut_off_before_its_moment_is_told_before_any_state() -> None:
    bench = PairedBench("new")
    bench.feed(17, execute_at=START + 5)
    bench.run(1)
    bench.order("die=now,seconds=10")
    before = len(bench.messages)
    bench.run(60)
    topics = [message.topic for _, message in bench.messages[before:]]
    assert topics[:2] == ["disp/evt/1", "disp/state/1"]
    assert topics.count("disp/evt/1") == 1
    assert bench.answers()[-1] == (11, "interrupted", 17)
    assert bench.executed_ids() == []
    assert "last_id" not in bench.heartbeats()[-1][1]


def test_what_a_reboot_cut_off_before_its_moment_is_told() -> None:
    bench = PairedBench("new")
    bench.feed(17, execute_at=START + 5)
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(60)
    assert bench.answers()[-1] == (2, "interrupted", 17)
    assert bench.executed_ids() == [18]


def test_a_process_that_ends_before_the_moment_is_a_loss_of_power() -> None:
    bench = PairedBench("new")
    bench.feed(17, execute_at=START + 5)
    again = PairedBench("new", memory=bench.memory)
    again.run(60)
    again.feed(17, execute_at=START + 5)
    assert again.answers() == [
        (0, "interrupted", 17),
        (60, "accepted", 17),
        (60, "interrupted", 17),
    ]
    assert again.executed_ids() == []
