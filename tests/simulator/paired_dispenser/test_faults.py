"""Faults of single commands do to a node of protocol 1 what they say."""

from __future__ import annotations

import pytest

from .bench import PairedBench


def test_dropped_ack_leaves_done_alone() -> None:
    bench = PairedBench()
    bench.order("ack=drop")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(3, "success", 17)]


def test_dropped_evt_leaves_accepted_alone() -> None:
    bench = PairedBench()
    bench.order("evt=drop")
    bench.feed(17)
    bench.run(60)
    assert bench.answers() == [(0, "accepted", 17)]
    assert bench.readiness()[-1] == (60 - 1, 1)


def test_delayed_ack_comes_after_done() -> None:
    bench = PairedBench()
    bench.order("ack=delay,seconds=5")
    bench.feed(17)
    bench.run(10)
    assert bench.answers() == [(3, "success", 17), (5, "accepted", 17)]


def test_two_delayed_answers_both_come() -> None:
    bench = PairedBench()
    bench.order("ack=delay,seconds=20")
    bench.order("evt=delay,seconds=20")
    bench.feed(17)
    bench.run(30)
    assert bench.answers() == [(20, "accepted", 17), (23, "success", 17)]


def test_doubled_answers_come_twice() -> None:
    bench = PairedBench()
    bench.order("ack=double")
    bench.order("evt=double")
    bench.feed(17)
    bench.run(3)
    assert bench.answers() == [
        (0, "accepted", 17),
        (0, "accepted", 17),
        (3, "success", 17),
        (3, "success", 17),
    ]


def test_reordered_ack_comes_right_after_done() -> None:
    bench = PairedBench()
    bench.order("ack=reorder")
    bench.feed(17)
    bench.run(3)
    assert bench.answers() == [(3, "success", 17), (3, "accepted", 17)]


def test_reordered_evt_comes_after_the_next_commands_ack() -> None:
    bench = PairedBench()
    bench.order("evt=reorder,count=1")
    bench.feed(17)
    bench.run(5)
    bench.feed(18)
    bench.run(5)
    assert bench.answers() == [
        (0, "accepted", 17),
        (5, "accepted", 18),
        (5, "success", 17),
        (8, "success", 18),
    ]


def test_silent_idle_node_neither_answers_nor_executes() -> None:
    bench = PairedBench()
    bench.order("silent=idle")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == []
    assert bench.executed_ids() == []
    assert bench.readiness()[-1] == (4, 1)


def test_silent_working_node_executes_without_an_answer() -> None:
    bench = PairedBench()
    bench.order("silent=works")
    bench.feed(17)
    bench.run(10)
    assert bench.answers() == []
    assert bench.executed_ids() == [17]


def test_refusal_executes_nothing() -> None:
    bench = PairedBench()
    bench.order("refuse=on,count=1")
    bench.feed(17)
    bench.run(5)
    bench.feed(18)
    bench.run(5)
    assert bench.answers() == [
        (0, "refused", 17),
        (5, "accepted", 18),
        (8, "success", 18),
    ]
    assert bench.executed_ids() == [18]


def test_failure_is_reported_with_its_status_after_the_work() -> None:
    bench = PairedBench()
    bench.order("fail=vision_mismatch")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(0, "accepted", 17), (3, "vision_mismatch", 17)]
    assert bench.executed_ids() == [17]


def test_repeat_of_a_failure_is_answered_with_the_same_status() -> None:
    bench = PairedBench("new")
    bench.order("fail=timeout,count=1")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.answers()[2:] == [(5, "accepted", 17), (5, "timeout", 17)]


def test_failed_reboot_does_not_reboot() -> None:
    bench = PairedBench("new")
    bench.order("fail=failed")
    bench.send({"queue_id": 18, "op": "reboot"})
    assert bench.answers() == [(0, "accepted", 18), (0, "failed", 18)]
    assert bench.executed_ids() == []
    assert bench.connections == 1


def test_death_after_accepted_comes_before_anything_moved() -> None:
    bench = PairedBench()
    bench.order("die=accepted")
    bench.feed(17)
    bench.run(3600)
    assert bench.answers() == [(0, "accepted", 17)]
    assert bench.executed_ids() == []
    assert bench.connections == 0


def test_death_after_executed_comes_before_done() -> None:
    bench = PairedBench()
    bench.order("die=executed")
    bench.feed(17)
    bench.run(2.9)
    assert bench.connections == 1
    bench.run(3600)
    assert bench.answers() == [(0, "accepted", 17)]
    assert bench.executed_ids() == [17]
    assert bench.connections == 0


@pytest.mark.parametrize(("moment", "executed"), [("accepted", []), ("executed", [18])])
def test_death_at_a_reboot_is_not_done(moment: str, executed: list[int]) -> None:
    bench = PairedBench("new")
    bench.order(f"die={moment}")
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(60)
    assert bench.answers() == [(0, "accepted", 18)]
    assert bench.executed_ids() == executed
    assert bench.connections == 0


def test_dead_node_comes_back_after_its_seconds_with_nothing_in_hand() -> None:
    bench = PairedBench()
    bench.order("die=executed,seconds=10,count=1")
    bench.order("ack=delay,seconds=5")
    bench.feed(17)
    bench.run(14)
    assert bench.connections == 1
    assert bench.answers() == []
    assert bench.heartbeats()[-1] == (13, {"online": 1, "uptime": 0})
    assert bench.readiness()[-1] == (13, 1)


def test_held_back_answers_die_with_the_node() -> None:
    bench = PairedBench()
    bench.order("evt=reorder,count=1")
    bench.feed(17)
    bench.run(5)
    bench.order("die=now,seconds=1")
    bench.run(5)
    bench.feed(18)
    assert bench.answers() == [(0, "accepted", 17), (10, "accepted", 18)]


def test_dead_node_says_and_does_nothing() -> None:
    bench = PairedBench()
    bench.order("die=now")
    before = len(bench.messages)
    bench.feed(17)
    bench.run(3600)
    assert bench.messages[before:] == []
    assert bench.executed_ids() == []
    assert bench.connections == 0


def test_clearing_death_switches_on_again() -> None:
    bench = PairedBench()
    bench.order("die=now")
    bench.run(60)
    bench.order("clear=die")
    bench.run(0)
    assert bench.connections == 1
    assert bench.heartbeats()[-1] == (60, {"online": 1, "uptime": 0})


def test_memory_outlives_death() -> None:
    bench = PairedBench("new")
    bench.order("die=executed,seconds=1,count=1")
    bench.feed(17)
    bench.run(10)
    bench.feed(17)
    bench.run(10)
    assert bench.executed_ids() == [17]
    assert bench.answers() == [(0, "accepted", 17), (10, "accepted", 17)]
    assert bench.heartbeats()[-1][1]["last_id"] == 17
