"""Old firmware tells nothing; new firmware reports health, remembers, obeys expiry."""

from __future__ import annotations

import json

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
