"""The faults of a hub and its nodes happen as ordered, and to nothing else."""

from __future__ import annotations

import pytest

from simulator.faults import FaultError, describe_faults, order_from_text
from simulator.valve_hub.faults import FAULTS
from tests.nonempty import some

from .bench import AWAKE, NODES, HubBench

OPEN = "SEND_ACTUATOR 1 1 1 0 30"
CLOSE = "SEND_ACTUATOR 1 1 0 0"
REMOVE = "REMOVE_SCHEDULE 1 5"
DEVICE = 0x1000_0000_0001
APPLIED_LINE = "SET_SCHEDULE 1 0 9:00 60 127 0"


class TestAnAnswer:
    def test_is_dropped(self) -> None:
        bench = HubBench()
        bench.order("node=1,answer=drop,count=1")
        bench.send(OPEN, CLOSE)
        assert bench.lines() == ["QUEUED ACTUATOR 1 1 0"]
        assert len(bench.node.held("1")) == 2

    def test_is_late(self) -> None:
        bench = HubBench()
        bench.order("answer=delay,seconds=2,count=1")
        bench.send(OPEN)
        bench.run(3)
        assert bench.said == [(2, "QUEUED ACTUATOR 1 1 1")]

    def test_comes_twice(self) -> None:
        bench = HubBench()
        bench.order("answer=double,count=1")
        bench.send(OPEN)
        assert bench.payloads() == [b"QUEUED ACTUATOR 1 1 1\n"] * 2

    def test_comes_joined_to_the_next_line(self) -> None:
        bench = HubBench()
        bench.order("answer=join,count=1")
        bench.send(OPEN)
        assert bench.payloads() == []
        bench.send("GET_QUEUE 3")
        assert bench.payloads() == [b"QUEUED ACTUATOR 1 1 1\nQUEUE 3 0\n"]

    def test_comes_joined_without_a_line_end(self) -> None:
        bench = HubBench()
        bench.order("answer=glue,count=1")
        bench.send(OPEN, "GET_QUEUE 3")
        assert bench.payloads() == [b"QUEUED ACTUATOR 1 1 1QUEUE 3 0\n"]

    def test_comes_cut(self) -> None:
        bench = HubBench()
        bench.order("answer=cut,count=1")
        bench.send(OPEN)
        assert bench.payloads() == [b"QUEUED ACT\n"]

    def test_is_that_of_the_ordered_node_alone(self) -> None:
        bench = HubBench()
        bench.order("node=3,answer=drop")
        bench.send(OPEN, "REBOOT_NODE 3")
        assert bench.lines() == ["QUEUED ACTUATOR 1 1 1"]

    def test_that_is_asked_for_is_not_touched(self) -> None:
        bench = HubBench()
        bench.order("answer=drop,count=1")
        bench.send("GET_QUEUE 1", "LIST_NODES", OPEN)
        assert bench.lines() == ["QUEUE 1 0", "NODE_LIST 0"]


def test_an_error_holds_nothing() -> None:
    bench = HubBench()
    bench.order("error=QUEUE_FULL,count=1")
    bench.send(OPEN, CLOSE)
    assert bench.lines() == ["ERROR QUEUE_FULL", "QUEUED ACTUATOR 1 1 0"]
    bench.run(6)
    assert bench.executed_ids() == [CLOSE]


class TestAnEvent:
    def test_is_lost_but_water_runs(self) -> None:
        bench = HubBench()
        bench.order("event=drop,count=1")
        bench.send(OPEN)
        bench.run(60)
        assert bench.events() == []
        assert bench.executed_ids() == [OPEN]
        assert bench.first.open_valves == set()

    def test_comes_twice(self) -> None:
        bench = HubBench()
        bench.order("event=double,count=1")
        bench.send(APPLIED_LINE)
        bench.run(6)
        assert bench.events() == [("1", 0x70, 0)] * 2

    def test_comes_late(self) -> None:
        bench = HubBench()
        bench.order("event=delay,seconds=4,count=1")
        bench.send(APPLIED_LINE)
        bench.run(10)
        assert [at for at, line in bench.said if line.startswith("EVENT")] == [9.1]

    def test_is_of_the_command_that_came_when_it_was_ordered(self) -> None:
        bench = HubBench()
        bench.send(REMOVE)
        bench.order("event=drop,count=1")
        bench.send(APPLIED_LINE)
        bench.run(6)
        assert bench.events() == [("1", 0x71, 5)]


def test_heartbeats_are_lost_until_that_is_cleared() -> None:
    bench = HubBench()
    bench.order("node=1,heartbeat=drop")
    bench.run(21)
    bench.order("node=1,clear=heartbeat")
    bench.run(10)
    assert [line.split()[1] for line in bench.lines("HEARTBEAT")] == [
        "3",
        "3",
        "1",
        "3",
    ]


@pytest.mark.parametrize(
    ("error", "number"),
    [
        ("invalid_parameter", 1),
        ("full", 2),
        ("invalid_index", 3),
        ("overlap", 4),
        ("checksum", 5),
    ],
)
@pytest.mark.parametrize("line", ["SET_SCHEDULE 1 5 9:00 60 127 0", REMOVE])
def test_a_slot_fails_as_ordered(line: str, error: str, number: int) -> None:
    bench = HubBench()
    bench.order(f"fail={error},count=1")
    bench.send(line)
    bench.run(6)
    assert bench.events() == [("1", 0x72, (number << 8) + 5)]
    assert bench.executed == []


def test_a_motor_fails() -> None:
    bench = HubBench()
    bench.order("node=3,motor=error,count=1")
    bench.send("SEND_ACTUATOR 3 4 1 0")
    bench.run(AWAKE + 1)
    assert bench.lines("EVENT") == [f"EVENT 3 {DEVICE + 2} 259 "]
    assert bench.executed == []


class TestANodeAsleep:
    def test_never_takes_what_is_held(self) -> None:
        bench = HubBench()
        bench.order("node=1,asleep=now")
        bench.send(OPEN)
        bench.run(600)
        assert bench.executed == []
        assert len(bench.node.held("1")) == 1
        assert {line.split()[1] for line in bench.lines("HEARTBEAT")} == {"3"}

    def test_wakes_up_after_a_while(self) -> None:
        bench = HubBench()
        bench.order("node=1,asleep=now,seconds=60")
        bench.send(OPEN)
        bench.run(61)
        assert bench.executed_at == [60.1]

    def test_wakes_up_when_that_is_cleared(self) -> None:
        bench = HubBench()
        bench.order("asleep=now")
        bench.send(OPEN)
        bench.run(100)
        bench.order("clear=all")
        bench.run(1)
        assert bench.executed_at == [100.1]

    def test_still_closes_its_valves(self) -> None:
        bench = HubBench()
        bench.send(OPEN)
        bench.run(6)
        bench.order("node=1,asleep=now")
        bench.run(60)
        assert bench.events()[-1] == ("1", 0x74, 0)


def test_a_hub_that_is_busy_loses_what_it_is_told() -> None:
    bench = HubBench()
    bench.order("deaf=now,seconds=2")
    bench.send("LIST_NODES")
    bench.run(2)
    bench.send("GET_QUEUE 1")
    assert bench.lines() == ["QUEUE 1 0"]


def test_a_restart_in_the_middle_of_handing_over_loses_a_flag() -> None:
    bench = HubBench()
    bench.order("restart=handing,count=1")
    bench.send("REBOOT_NODE 1")
    bench.run(AWAKE)
    assert bench.executed == []
    assert bench.lines("HUB_READY") == ["HUB_READY"]


class TestARestart:
    def test_forgets_what_is_held_and_begins_to_count_anew(self) -> None:
        bench = HubBench()
        bench.send(OPEN, REMOVE, "SEND_ACTUATOR 3 4 1 0")
        bench.order("restart=now,seconds=2")
        bench.run(3)
        assert bench.said[3:] == [(2, "HUB_READY"), (2, "GET_DATETIME")]
        bench.messages.clear()
        bench.send("DATETIME 2027-01-15 08:00:00 5", CLOSE)
        bench.send("GET_QUEUE 1", "GET_QUEUE 3")
        assert bench.lines()[1:] == ["QUEUE 1 1", "UPDATE 1 UNKNOWN 0", "QUEUE 3 0"]
        bench.run(AWAKE)
        assert bench.executed_ids() == [CLOSE]

    def test_hears_nothing_meanwhile(self) -> None:
        bench = HubBench()
        bench.order("restart=now,seconds=5")
        bench.send(OPEN, "LIST_NODES")
        bench.run(4.9)
        assert bench.said == []
        assert bench.node.held("1") == []

    def test_comes_right_after_an_answer(self) -> None:
        bench = HubBench()
        bench.order("node=1,restart=queued,count=1")
        bench.send(OPEN)
        bench.run(AWAKE)
        assert bench.lines("QUEUED", "HUB_READY") == [
            "QUEUED ACTUATOR 1 1 1",
            "HUB_READY",
        ]
        assert bench.executed == []

    def test_comes_in_the_middle_of_handing_over(self) -> None:
        bench = HubBench()
        bench.send(APPLIED_LINE)
        bench.order("restart=handing,count=1")
        bench.send(OPEN)
        bench.send(CLOSE)
        bench.run(AWAKE)
        assert bench.executed_ids() == [APPLIED_LINE]
        assert bench.lines("HUB_READY") == ["HUB_READY"]

    def test_loses_what_nodes_tell_meanwhile(self) -> None:
        bench = HubBench()
        bench.send(OPEN)
        bench.run(35)
        bench.messages.clear()
        bench.order("restart=now,seconds=4")
        bench.run(3)
        assert bench.first.open_valves == set()
        assert bench.events() == []

    def test_is_over_when_that_is_cleared(self) -> None:
        bench = HubBench()
        bench.order("restart=now,seconds=500")
        bench.order("clear=restart")
        bench.run(0)
        assert bench.lines() == ["HUB_READY", "GET_DATETIME"]


@pytest.mark.parametrize(
    "text",
    [
        "answer=reorder",
        "answer=delay",
        "answer=drop,seconds=1",
        "fail=on",
        "asleep=on",
        "asleep=now,count=1",
        "restart=now,count=1",
        "node=2,answer=drop",
        "silent=idle",
    ],
)
def test_other_orders_are_refused(text: str) -> None:
    with pytest.raises(FaultError):
        order_from_text(text, NODES, FAULTS)


def test_each_fault_is_described() -> None:
    described = describe_faults(FAULTS)
    assert all(f"  {fault}=" in described for fault in some(FAULTS))
