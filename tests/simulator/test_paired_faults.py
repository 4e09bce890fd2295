"""Every fault that can be ordered does to a node of protocol 1 what it says."""

from __future__ import annotations

import pytest

from .bench import Bench


def test_dropped_ack_leaves_done_alone() -> None:
    bench = Bench()
    bench.order("ack=drop")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(3, "success", 17)]


def test_dropped_evt_leaves_accepted_alone() -> None:
    bench = Bench()
    bench.order("evt=drop")
    bench.feed(17)
    bench.run(60)
    assert bench.answers() == [(0, "accepted", 17)]
    assert bench.readiness()[-1] == (60 - 1, 1)


def test_delayed_ack_comes_after_done() -> None:
    bench = Bench()
    bench.order("ack=delay,seconds=5")
    bench.feed(17)
    bench.run(10)
    assert bench.answers() == [(3, "success", 17), (5, "accepted", 17)]


def test_two_delayed_answers_both_come() -> None:
    bench = Bench()
    bench.order("ack=delay,seconds=20")
    bench.order("evt=delay,seconds=20")
    bench.feed(17)
    bench.run(30)
    assert bench.answers() == [(20, "accepted", 17), (23, "success", 17)]


def test_doubled_answers_come_twice() -> None:
    bench = Bench()
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
    bench = Bench()
    bench.order("ack=reorder")
    bench.feed(17)
    bench.run(3)
    assert bench.answers() == [(3, "success", 17), (3, "accepted", 17)]


def test_reordered_evt_comes_after_the_next_commands_ack() -> None:
    bench = Bench()
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
    bench = Bench()
    bench.order("silent=idle")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == []
    assert bench.executed_ids() == []
    assert bench.readiness()[-1] == (4, 1)


def test_silent_working_node_executes_without_an_answer() -> None:
    bench = Bench()
    bench.order("silent=works")
    bench.feed(17)
    bench.run(10)
    assert bench.answers() == []
    assert bench.executed_ids() == [17]


def test_refusal_executes_nothing() -> None:
    bench = Bench()
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
    bench = Bench()
    bench.order("fail=vision_mismatch")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(0, "accepted", 17), (3, "vision_mismatch", 17)]
    assert bench.executed_ids() == [17]


def test_repeat_of_a_failure_is_answered_with_the_same_status() -> None:
    bench = Bench("new")
    bench.order("fail=timeout,count=1")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.answers()[2:] == [(5, "accepted", 17), (5, "timeout", 17)]


def test_failed_reboot_does_not_reboot() -> None:
    bench = Bench()
    bench.order("fail=failed")
    bench.send({"queue_id": 18, "op": "reboot"})
    assert bench.answers() == [(0, "accepted", 18), (0, "failed", 18)]
    assert bench.executed_ids() == []
    assert bench.connections == 1


def test_death_after_accepted_comes_before_anything_moved() -> None:
    bench = Bench()
    bench.order("die=accepted")
    bench.feed(17)
    bench.run(3600)
    assert bench.answers() == [(0, "accepted", 17)]
    assert bench.executed_ids() == []
    assert bench.connections == 0


def test_death_after_executed_comes_before_done() -> None:
    bench = Bench()
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
    bench = Bench()
    bench.order(f"die={moment}")
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(60)
    assert bench.answers() == [(0, "accepted", 18)]
    assert bench.executed_ids() == executed
    assert bench.connections == 0


def test_dead_node_comes_back_after_its_seconds_with_nothing_in_hand() -> None:
    bench = Bench()
    bench.order("die=executed,seconds=10,count=1")
    bench.order("ack=delay,seconds=5")
    bench.feed(17)
    bench.run(14)
    assert bench.connections == 1
    assert bench.answers() == []
    assert bench.heartbeats()[-1] == (13, {"online": 1, "uptime": 0})
    assert bench.readiness()[-1] == (13, 1)


def test_held_back_answers_die_with_the_node() -> None:
    bench = Bench()
    bench.order("evt=reorder,count=1")
    bench.feed(17)
    bench.run(5)
    bench.order("die=now,seconds=1")
    bench.run(5)
    bench.feed(18)
    assert bench.answers() == [(0, "accepted", 17), (10, "accepted", 18)]


def test_dead_node_says_and_does_nothing() -> None:
    bench = Bench()
    bench.order("die=now")
    before = len(bench.messages)
    bench.feed(17)
    bench.run(3600)
    assert bench.messages[before:] == []
    assert bench.executed_ids() == []
    assert bench.connections == 0


def test_clearing_death_switches_on_again() -> None:
    bench = Bench()
    bench.order("die=now")
    bench.run(60)
    bench.order("clear=die")
    bench.run(0)
    assert bench.connections == 1
    assert bench.heartbeats()[-1] == (60, {"online": 1, "uptime": 0})


def test_memory_outlives_death() -> None:
    bench = Bench("new")
    bench.order("die=executed,seconds=1,count=1")
    bench.feed(17)
    bench.run(10)
    bench.feed(17)
    bench.run(10)
    assert bench.executed_ids() == [17]
    assert bench.answers() == [(0, "accepted", 17), (10, "accepted", 17)]
    assert bench.heartbeats()[-1][1]["last_id"] == 17


def test_busy_now_lasts_its_seconds() -> None:
    bench = Bench(while_busy="says_so")
    bench.run(1)
    bench.order("busy=now,seconds=6")
    bench.run(7)
    assert bench.readiness() == [(0, 1), (1, 0), (7, 1)]
    assert [at for at, _ in bench.heartbeats()] == [0, 5]


def test_busy_without_seconds_lasts_until_a_reboot() -> None:
    bench = Bench()
    bench.order("busy=now")
    bench.run(60)
    assert bench.readiness() == [(0, 1)]
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(2)
    assert bench.readiness() == [(0, 1), (62, 1)]


def test_busy_until_cleared() -> None:
    bench = Bench()
    bench.order("busy=now")
    bench.run(60)
    bench.order("clear=busy")
    bench.run(1)
    assert bench.readiness() == [(0, 1), (60, 1)]


def test_busy_after_work_is_done_but_not_ready_again() -> None:
    bench = Bench()
    bench.order("busy=after_work,seconds=20,count=1")
    bench.run(1)
    bench.feed(17)
    bench.run(24)
    assert bench.answers() == [(1, "accepted", 17), (4, "success", 17)]
    assert bench.readiness() == [(0, 1), (24, 1)]


def test_flapping_toggles_ready_until_it_is_cleared() -> None:
    bench = Bench()
    bench.run(1)
    bench.order("flap=on,seconds=0.3")
    bench.run(1)
    states = [(round(at, 1), ready) for at, ready in bench.readiness()]
    assert states == [(0, 1), (1, 0), (1.3, 1), (1.6, 0), (1.9, 1)]
    bench.order("clear=flap")
    bench.run(10)
    assert {ready for at, ready in bench.readiness() if at > 2} == {1}


def test_clearing_while_it_flapped_makes_it_ready_at_once() -> None:
    bench = Bench()
    bench.run(1)
    bench.order("flap=on")
    bench.run(0)
    bench.order("clear=all")
    assert bench.readiness() == [(0, 1), (1, 0), (1, 1)]


def test_flapping_ends_with_its_count() -> None:
    bench = Bench()
    bench.order("flap=on,count=1")
    bench.run(10)
    assert {ready for _, ready in bench.readiness()} == {0, 1}
    bench.feed(17)
    bench.run(4)
    settled = bench.now
    bench.run(10)
    later = [ready for at, ready in bench.readiness() if at > settled - 1_800_000_000]
    assert set(later) == {1}


def test_flapping_goes_on_after_a_reboot() -> None:
    bench = Bench()
    bench.order("flap=on")
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(10)
    assert {ready for at, ready in bench.readiness() if at > 2} == {0, 1}


def test_old_firmware_can_be_ordered_to_dedupe_and_says_so() -> None:
    bench = Bench()
    bench.order("dedupes=on")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [17]
    assert bench.heartbeats()[-1][1]["dedupes"] == 1


def test_new_firmware_can_be_ordered_not_to_dedupe_and_does_not_say_so() -> None:
    bench = Bench("new")
    bench.order("dedupes=off")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [17, 17]
    assert "dedupes" not in bench.heartbeats()[-1][1]


def test_repeats_can_be_dropped_without_an_answer() -> None:
    bench = Bench("new")
    bench.order("answers_repeats=off")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [17]
    assert bench.answers() == [(0, "accepted", 17), (3, "success", 17)]


@pytest.mark.parametrize(("firmware", "order"), [("new", "off"), ("old", "on")])
def test_last_id_can_be_ordered_on_and_off(firmware: str, order: str) -> None:
    bench = Bench(firmware)
    bench.order(f"last_id={order}")
    bench.feed(17)
    bench.run(5)
    assert ("last_id" in bench.heartbeats()[-1][1]) == (order == "on")


def test_expiry_can_be_ignored() -> None:
    bench = Bench("new")
    bench.order("expires_at=off")
    bench.feed(17, expires_at=1)
    assert bench.executed_ids() == [17]


def test_node_can_refuse_during_work_instead_of_mixing_up() -> None:
    bench = Bench()
    bench.order("mixes_up=off")
    bench.feed(17)
    bench.run(1)
    bench.feed(18)
    bench.run(5)
    assert bench.answers() == [
        (0, "accepted", 17),
        (1, "refused", 18),
        (3, "success", 17),
    ]


def test_count_is_used_up_by_every_command_it_can_read() -> None:
    bench = Bench()
    bench.order("ack=drop,count=2")
    bench.send(b"not JSON")
    for queue_id in (17, 18, 19):
        bench.feed(queue_id)
        bench.run(5)
    assert [content["queue_id"] for _, content in bench.said("ack")] == [19]


def test_counted_fault_holds_until_its_command_is_done() -> None:
    bench = Bench()
    bench.order("evt=drop,count=1")
    bench.feed(17)
    bench.run(5)
    bench.feed(18)
    bench.run(5)
    assert [content["queue_id"] for _, content in bench.said("evt")] == [18]


def test_new_order_replaces_the_old_one_of_its_fault() -> None:
    bench = Bench()
    bench.order("ack=drop,count=1")
    bench.order("ack=double")
    for queue_id in (17, 18):
        bench.feed(queue_id)
        bench.run(5)
    assert [content["queue_id"] for _, content in bench.said("ack")] == [17, 17, 18, 18]


def test_clear_takes_back_one_fault_only() -> None:
    bench = Bench()
    bench.order("ack=drop")
    bench.order("evt=drop")
    bench.order("clear=ack")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(0, "accepted", 17)]


def test_clear_all_takes_back_everything() -> None:
    bench = Bench()
    for order in ("ack=drop", "refuse=on", "dedupes=on", "busy=now"):
        bench.order(order)
    bench.order("clear=all")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(0, "accepted", 17), (3, "success", 17)]
    assert bench.readiness()[-1] == (5, 1)


def test_fault_is_noted_when_it_strikes() -> None:
    bench = Bench()
    bench.order("evt=drop,count=1")
    bench.feed(17)
    assert bench.notes == []
    bench.run(3)
    assert bench.notes == ["fault on 17: evt=drop,count=1"]
