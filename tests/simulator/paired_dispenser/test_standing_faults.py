"""Faults of a node itself do what they say, and stand as long as they were ordered."""

from __future__ import annotations

import pytest

from .bench import START, PairedBench


def test_busy_now_lasts_its_seconds() -> None:
    bench = PairedBench(while_busy="says_so")
    bench.run(1)
    bench.order("busy=now,seconds=6")
    bench.run(7)
    assert bench.readiness() == [(0, 1), (1, 0), (7, 1)]
    assert [at for at, _ in bench.heartbeats()] == [0, 5]


def test_busy_without_seconds_lasts_until_a_reboot() -> None:
    bench = PairedBench("new")
    bench.order("busy=now")
    bench.run(60)
    assert bench.readiness() == [(0, 1)]
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(2)
    assert bench.readiness() == [(0, 1), (62, 1)]


def test_busy_until_cleared() -> None:
    bench = PairedBench()
    bench.order("busy=now")
    bench.run(60)
    bench.order("clear=busy")
    bench.run(1)
    assert bench.readiness() == [(0, 1), (60, 1)]


def test_busy_after_work_is_done_but_not_ready_again() -> None:
    bench = PairedBench()
    bench.order("busy=after_work,seconds=20,count=1")
    bench.run(1)
    bench.feed(17)
    bench.run(24)
    assert bench.answers() == [(1, "accepted", 17), (4, "success", 17)]
    assert bench.readiness() == [(0, 1), (24, 1)]


def test_flapping_toggles_ready_until_it_is_cleared() -> None:
    bench = PairedBench()
    bench.run(1)
    bench.order("flap=on,seconds=0.3")
    bench.run(1)
    states = [(round(at, 1), ready) for at, ready in bench.readiness()]
    assert states == [(0, 1), (1, 0), (1.3, 1), (1.6, 0), (1.9, 1)]
    bench.order("clear=flap")
    bench.run(10)
    assert {ready for at, ready in bench.readiness() if at > 2} == {1}


def test_clearing_while_it_flapped_makes_it_ready_at_once() -> None:
    bench = PairedBench()
    bench.run(1)
    bench.order("flap=on")
    bench.run(0)
    bench.order("clear=all")
    assert bench.readiness() == [(0, 1), (1, 0), (1, 1)]


def test_flapping_ends_with_its_count() -> None:
    bench = PairedBench()
    bench.order("flap=on,count=1")
    bench.run(10)
    assert {ready for _, ready in bench.readiness()} == {0, 1}
    bench.feed(17)
    bench.run(4)
    settled = bench.now
    bench.run(10)
    later = [ready for at, ready in bench.readiness() if at > settled - START]
    assert set(later) == {1}


def test_flapping_goes_on_after_a_reboot() -> None:
    bench = PairedBench()
    bench.order("flap=on")
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(10)
    assert {ready for at, ready in bench.readiness() if at > 2} == {0, 1}


def test_old_firmware_can_be_ordered_to_dedupe_and_says_so() -> None:
    bench = PairedBench()
    bench.order("dedupes=on")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [17]
    assert bench.heartbeats()[-1][1]["dedupes"] == 1


def test_new_firmware_can_be_ordered_not_to_dedupe_and_does_not_say_so() -> None:
    bench = PairedBench("new")
    bench.order("dedupes=off")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [17, 17]
    assert "dedupes" not in bench.heartbeats()[-1][1]


def test_repeats_can_be_dropped_without_an_answer() -> None:
    bench = PairedBench("new")
    bench.order("answers_repeats=off")
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [17]
    assert bench.answers() == [(0, "accepted", 17), (3, "success", 17)]


@pytest.mark.parametrize(("firmware", "order"), [("new", "off"), ("old", "on")])
def test_last_id_can_be_ordered_on_and_off(firmware: str, order: str) -> None:
    bench = PairedBench(firmware)
    bench.order(f"last_id={order}")
    bench.feed(17)
    bench.run(5)
    assert ("last_id" in bench.heartbeats()[-1][1]) == (order == "on")


def test_expiry_can_be_ignored() -> None:
    bench = PairedBench("new")
    bench.order("expires_at=off")
    bench.feed(17, expires_at=1)
    assert bench.executed_ids() == [17]


def test_node_can_refuse_during_work_instead_of_mixing_up() -> None:
    bench = PairedBench()
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
    bench = PairedBench()
    bench.order("ack=drop,count=2")
    bench.send(b"not JSON")
    for queue_id in (17, 18, 19):
        bench.feed(queue_id)
        bench.run(5)
    assert [content["queue_id"] for _, content in bench.said("ack")] == [19]


def test_counted_fault_holds_until_its_command_is_done() -> None:
    bench = PairedBench()
    bench.order("evt=drop,count=1")
    bench.feed(17)
    bench.run(5)
    bench.feed(18)
    bench.run(5)
    assert [content["queue_id"] for _, content in bench.said("evt")] == [18]


def test_new_order_replaces_the_old_one_of_its_fault() -> None:
    bench = PairedBench()
    bench.order("ack=drop,count=1")
    bench.order("ack=double")
    for queue_id in (17, 18):
        bench.feed(queue_id)
        bench.run(5)
    assert [content["queue_id"] for _, content in bench.said("ack")] == [17, 17, 18, 18]


def test_clear_takes_back_one_fault_only() -> None:
    bench = PairedBench()
    bench.order("ack=drop")
    bench.order("evt=drop")
    bench.order("clear=ack")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(0, "accepted", 17)]


def test_clear_all_takes_back_everything() -> None:
    bench = PairedBench()
    for order in ("ack=drop", "refuse=on", "dedupes=on", "busy=now"):
        bench.order(order)
    bench.order("clear=all")
    bench.feed(17)
    bench.run(5)
    assert bench.answers() == [(0, "accepted", 17), (3, "success", 17)]
    assert bench.readiness()[-1] == (5, 1)


def test_fault_is_noted_when_it_strikes() -> None:
    bench = PairedBench()
    bench.order("evt=drop,count=1")
    bench.feed(17)
    assert bench.notes == []
    bench.run(3)
    assert bench.notes == ["fault on 17: evt=drop,count=1"]
