"""The nodes behind the hub: valves and curtains."""

from __future__ import annotations

import pytest

from simulator.valve_hub.slots import Slot

from .bench import AWAKE, START, HubBench

OPEN = "SEND_ACTUATOR 1 1 1 0 30"
CLOSE = "SEND_ACTUATOR 1 1 0 0"
DEVICE = 0x1000_0000_0001


class TestAValve:
    def test_opens_and_closes_by_itself(self) -> None:
        bench = HubBench()
        bench.send(OPEN)
        bench.run(6)
        assert bench.first.open_valves == {0}
        assert bench.events() == [("1", 0x75, 0), ("1", 0x73, 0)]
        bench.run(29)
        assert bench.first.open_valves == {0}
        bench.run(0.1)
        assert bench.first.open_valves == set()
        assert bench.events()[2:] == [("1", 0x74, 0)]

    def test_runs_as_long_as_the_scale_says(self) -> None:
        bench = HubBench(duration_scale=0.1)
        bench.send(OPEN)
        bench.run(5.1 + 3)
        assert bench.first.open_valves == set()

    def test_that_is_opened_again_runs_anew(self) -> None:
        bench = HubBench()
        bench.send(OPEN)
        bench.run(10)
        bench.send(OPEN)
        bench.run(30)
        assert bench.first.open_valves == {0}
        bench.run(10)
        assert [event for _, event, _ in bench.events()].count(0x74) == 1

    def test_is_closed_before_its_time(self) -> None:
        bench = HubBench()
        bench.send(OPEN, CLOSE)
        bench.run(60)
        assert bench.first.open_valves == set()
        assert bench.events() == [("1", 0x75, 0), ("1", 0x73, 0), ("1", 0x76, 0)]

    def test_opened_without_a_time_stays_open(self) -> None:
        bench = HubBench()
        bench.send("SEND_ACTUATOR 1 1 1 1")
        bench.run(600)
        assert bench.first.open_valves == {1}
        assert bench.events() == [("1", 0x75, 1)]

    @pytest.mark.parametrize(
        "line",
        [
            "SEND_ACTUATOR 1 1 1 2 30",
            "SEND_ACTUATOR 1 1 0 2",
            "SEND_ACTUATOR 1 2 1 0",
            "SEND_ACTUATOR 1 1 4 0",
            "SEND_ACTUATOR 1 4 1 0",
            "SEND_ACTUATOR 3 4 2 0",
        ],
    )
    def test_that_is_not_there_is_passed_over_without_a_word(self, line: str) -> None:
        bench = HubBench()
        bench.send(line, "GET_QUEUE 1")
        bench.run(AWAKE + 1)
        assert bench.events() == []
        assert bench.executed == []


@pytest.mark.parametrize(("order", "event"), [(1, 0x0100), (0, 0x0101), (4, 0x0102)])
def test_a_curtain_tells_what_it_does(order: int, event: int) -> None:
    bench = HubBench()
    bench.send(f"SEND_ACTUATOR 3 4 {order} 0")
    bench.run(AWAKE + 1)
    assert bench.lines("EVENT") == [f"EVENT 3 {DEVICE + 2} {event} "]
    assert bench.executed_ids() == [f"SEND_ACTUATOR 3 4 {order} 0"]


def test_a_curtain_is_calibrated_by_who_stops_it_when_it_is_open() -> None:
    bench = HubBench()
    bench.send("SEND_ACTUATOR 3 4 5 0")
    bench.run(AWAKE + 190)
    assert bench.lines("EVENT") == []
    bench.send("SEND_ACTUATOR 3 4 4 0")
    bench.run(AWAKE + 1)
    travel = 19_000
    assert bench.lines("EVENT") == [
        f"EVENT 3 {DEVICE + 2} 258 ",
        f"EVENT 3 {DEVICE + 2} 260 {travel.to_bytes(4, 'little').hex().upper()}",
    ]


def test_a_curtain_that_is_not_stopped_is_not_calibrated() -> None:
    bench = HubBench()
    bench.send("SEND_ACTUATOR 3 4 5 0")
    bench.run(600)
    bench.send("SEND_ACTUATOR 3 4 4 0")
    bench.run(AWAKE + 1)
    assert bench.lines("EVENT") == [f"EVENT 3 {DEVICE + 2} 258 "]


@pytest.mark.parametrize("word", ["REBOOT_NODE", "FACTORY_RESET_NODE"])
def test_a_restart_goes_with_the_answer_to_the_next_heartbeat(word: str) -> None:
    bench = HubBench()
    bench.send(OPEN, "SET_SCHEDULE 1 0 8:01 60 127 1")
    bench.run(16)
    assert bench.first.open_valves == {0}
    bench.messages.clear()
    bench.send(f"{word} 1")
    bench.run(12)
    assert bench.first.open_valves == set()
    assert [
        line for line in bench.lines("HEARTBEAT", "EVENT_LOG") if line.split()[1] == "1"
    ] == [
        f"HEARTBEAT 1 {DEVICE} 87 0 -61 0 0",
        f"HEARTBEAT 1 {DEVICE} 87 0 -61 0 0",
        f"EVENT_LOG 1 {DEVICE} {int(START + 27) * 1000} 16 0 0",
    ]
    slots = {} if word.startswith("FACTORY") else {0: Slot(8, 1, 60, 127, 1)}
    assert bench.first.slots == slots


def test_the_uptime_of_a_curtain_falls_with_a_restart_and_it_keeps_no_log() -> None:
    bench = HubBench()
    bench.run(AWAKE)
    bench.send("REBOOT_NODE 3")
    bench.run(13)
    beats = [line for line in bench.lines("HEARTBEAT") if line.split()[1] == "3"]
    assert [beat.split()[6] for beat in beats] == ["10", "20", "0"]
    assert bench.lines("EVENT_LOG") == []


def test_a_wake_interval_holds_from_then_on() -> None:
    bench = HubBench()
    bench.send("SET_WAKE_INTERVAL 1 20")
    bench.run(60)
    beats = [at for at, line in bench.said if line.startswith("HEARTBEAT 1 ")]
    assert beats == [5, 15, 35, 55]
