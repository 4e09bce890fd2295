"""A hub and its nodes keep to the wire of protocol 3, with no fault ordered."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st
import pytest

from simulator.node import Connect, Message
from simulator.valve_hub.station import station
from simulator.valve_hub.wire import Settings

from .bench import AWAKE, NODES, START, HubBench, a_hub

OPEN = "SEND_ACTUATOR 1 1 1 0 30"
CLOSE = "SEND_ACTUATOR 1 1 0 0"
DEVICE = 0x1000_0000_0001


class TestAStart:
    def test_is_told_and_asks_for_the_time(self) -> None:
        hub = a_hub()
        assert hub.advance(START) == [Connect()]
        assert hub.on_connect(START) == [
            Message("valvehub/rx", b"HUB_READY\n"),
            Message("valvehub/rx", b"GET_DATETIME\n"),
        ]

    def test_asks_again_until_it_is_told(self) -> None:
        bench = HubBench()
        bench.order("restart=now")
        bench.run(12)
        assert [
            (at, line) for at, line in bench.said if not line.startswith("HEART")
        ] == [
            (1, "HUB_READY"),
            (1, "GET_DATETIME"),
            (6, "GET_DATETIME"),
            (11, "GET_DATETIME"),
        ]

    def test_asks_once_an_hour_when_it_knows(self) -> None:
        bench = HubBench(wake_seconds=10_000.0)
        bench.run(7200)
        asked = [at for at, line in bench.said if line == "GET_DATETIME"]
        assert asked == [3600, 7200]

    def test_is_none_when_the_broker_was_away(self) -> None:
        bench = HubBench()
        assert bench.node.on_connect(bench.now) == []


# line, answer
ANSWERS = [
    ("SET_SCHEDULE 1 0 8:01 60 127 1", "QUEUED SET_SCHEDULE 1 1"),
    ("REMOVE_SCHEDULE 1 99", "QUEUED REMOVE_SCHEDULE 1 1"),
    ("SET_WAKE_INTERVAL 1 10", "QUEUED SET_WAKE_INTERVAL 1 1"),
    ("SET_DATETIME 3 27 1 15 5 8 0 0", "QUEUED SET_DATETIME 3 1"),
    (OPEN, "QUEUED ACTUATOR 1 1 1"),
    (CLOSE, "QUEUED ACTUATOR 1 1 0"),
    ("SEND_ACTUATOR 3 4 4 0", "QUEUED ACTUATOR 3 4 4"),
    ("REBOOT_NODE 3", "QUEUED REBOOT_NODE 3"),
    ("GET_QUEUE 1", "QUEUE 1 0"),
    ("LIST_NODES", "NODE_LIST 0"),
    ("REBOOT_NODE 2", "QUEUED REBOOT_NODE 2"),
    ("FACTORY_RESET_NODE 3", "QUEUED FACTORY_RESET_NODE 3"),
    ("BATCH_ACK 3 1 0", "BATCH_ACK_SENT 3 1"),
    ("GET_QUEUE 9", "QUEUE 9 0"),
    ("\x01\xffLIST_NODES", "NODE_LIST 0"),
    # numbers keep their lower bits
    (
        "SET_SCHEDULE 70000 300 99:99 999999 1000 1000",
        "QUEUED SET_SCHEDULE 4464 1",
    ),
    ("SEND_ACTUATOR 1 1 1", "QUEUED ACTUATOR 1 1 1"),
    # refused
    ("SET_SCHEDULE 1 0 8 1 60 127 1", "ERROR Invalid SET_SCHEDULE syntax"),
    ("SET_SCHEDULE 1 0 8:01 60 127", "ERROR Invalid SET_SCHEDULE syntax"),
    ("REMOVE_SCHEDULE 1", "ERROR Invalid REMOVE_SCHEDULE syntax"),
    ("SET_WAKE_INTERVAL 1", "ERROR Invalid SET_WAKE_INTERVAL syntax"),
    ("SET_DATETIME 1 2027-01-15 8:00:00 5", "ERROR Invalid SET_DATETIME syntax"),
    (
        "SEND_ACTUATOR 1 1",
        "ERROR Invalid SEND_ACTUATOR syntax: <addr> <type> <cmd> [param] [duration]",
    ),
    ("SEND_ACTUATOR 0 1 1 0", "ERROR Invalid node address"),
    ("REBOOT_NODE 65534", "ERROR Invalid node address"),
    ("REBOOT_NODE x", "ERROR Invalid REBOOT_NODE syntax"),
    ("REBOOT_NODE", "ERROR Unknown command"),
    ("GET_QUEUE x", "ERROR Invalid node address"),
    ("DELETE_NODE 3", "ERROR Node not found"),
    ("DELETE_NODE 0", "ERROR Invalid node address"),
    ("BATCH_ACK 3 1", "ERROR Invalid BATCH_ACK syntax"),
    ("LIST_NODES 1", "ERROR Unknown command"),
    ("LIST_NODES ", "ERROR Unknown command"),
    ("  LIST_NODES", "ERROR Unknown command"),
    ("list_nodes", "ERROR Unknown command"),
]


@pytest.mark.parametrize(("line", "answer"), ANSWERS)
def test_a_line_is_answered_at_once(line: str, answer: str) -> None:
    bench = HubBench()
    bench.send(line)
    assert bench.said == [(0, answer)]


def test_the_time_is_not_answered() -> None:
    bench = HubBench()
    bench.send("DATETIME 2027-01-15 08:00:00 5", "DATETIME noon", "GET_DATETIME", "")
    assert bench.said == []


def test_other_topics_say_nothing() -> None:
    bench = HubBench()
    assert bench.node.receive("valvehub/rx", b"LIST_NODES\n", bench.now) == []


def test_several_lines_may_come_in_one_message() -> None:
    bench = HubBench()
    bench.send(f"{OPEN}\r\n{CLOSE}")
    assert bench.lines() == ["QUEUED ACTUATOR 1 1 1", "QUEUED ACTUATOR 1 1 0"]


class TestTheQueue:
    def test_is_told_in_its_order_with_ages(self) -> None:
        bench = HubBench()
        bench.send(OPEN)
        bench.run(2)
        bench.send("SET_WAKE_INTERVAL 1 20", "REBOOT_NODE 1")
        bench.messages.clear()
        bench.send("GET_QUEUE 1")
        assert bench.lines() == [
            "QUEUE 1 2",
            "UPDATE 1 UNKNOWN 2",
            "UPDATE 2 SET_WAKE_INTERVAL 0",
        ], "a reboot is a flag"

    def test_has_ten_places_a_node(self) -> None:
        bench = HubBench()
        bench.send(*["REMOVE_SCHEDULE 1 0"] * 11, "SEND_ACTUATOR 3 4 4 0")
        assert bench.lines()[9:] == [
            "QUEUED REMOVE_SCHEDULE 1 10",
            "ERROR Failed to queue removal",
            "QUEUED ACTUATOR 3 4 4",
        ]

    def test_is_taken_in_order_when_its_node_wakes_up(self) -> None:
        bench = HubBench()
        bench.send(
            CLOSE, "SET_SCHEDULE 1 0 8:01 60 127 1", "SET_DATETIME 1 27 1 1 5 8 0 0"
        )
        bench.run(4.9)
        assert bench.executed == []
        bench.run(1)
        assert list(zip(bench.executed_at, bench.executed_ids(), strict=True)) == [
            (5.1, CLOSE),
            (5.2, "SET_SCHEDULE 1 0 8:01 60 127 1"),
            (5.3, "SET_DATETIME 1 27 1 1 5 8 0 0"),
        ]
        assert bench.node.held("1") == []

    def test_is_left_when_a_valve_was_opened_until_its_node_wakes_up_again(
        self,
    ) -> None:
        bench = HubBench()
        bench.send(OPEN, "SET_WAKE_INTERVAL 1 20")
        bench.run(14)
        assert bench.executed_ids() == [OPEN]
        assert len(bench.node.held("1")) == 2, "it was not asked for anything since"
        bench.run(2)
        assert bench.executed_ids() == [OPEN, "SET_WAKE_INTERVAL 1 20"]

    @pytest.mark.parametrize(
        ("sensors", "line"),
        [
            ((), "SET_DATETIME 3 27 1 1 5 8 0 0"),
            ((), "SET_WAKE_INTERVAL 3 20"),
            ((), "SET_SCHEDULE 3 0 8:01 60 127 1"),
            (("1",), "SET_SCHEDULE 1 0 8:01 60 127 1"),
            (("1",), "SEND_ACTUATOR 1 1 1 0 30"),
        ],
    )
    def test_is_blocked_by_what_its_node_does_not_take(
        self, sensors: tuple[str, ...], line: str
    ) -> None:
        """Trap: one refused line that is offered for ever blocks the rest."""
        bench = HubBench(sensors=frozenset(sensors))
        node = line.split()[1]
        then = "SEND_ACTUATOR 3 4 1 0" if node == "3" else "SET_WAKE_INTERVAL 1 20"
        bench.send(line, then)
        bench.run(60)
        assert bench.executed == []
        assert len(bench.node.held(node)) == 2

    def test_of_a_curtain_is_taken_one_by_one(self) -> None:
        bench = HubBench()
        bench.send("SEND_ACTUATOR 3 4 1 0", "SEND_ACTUATOR 3 4 4 0")
        bench.run(21)
        assert bench.executed_at == [10.1, 20.1]


def test_a_node_is_heard_each_time_it_wakes_up() -> None:
    bench = HubBench(wake_seconds=20.0)
    bench.run(46)
    assert bench.said == [
        (10, f"HEARTBEAT 1 {DEVICE} 87 0 -61 0 0"),
        (20, f"HEARTBEAT 3 {DEVICE + 2} 255 0 -61 20 0"),
        (30, f"HEARTBEAT 1 {DEVICE} 87 0 -61 0 0"),
        (40, f"HEARTBEAT 3 {DEVICE + 2} 255 0 -61 40 0"),
    ], "the uptime of a node that sleeps begins at each waking"


def test_a_hub_without_the_time_forwards_no_heartbeat_and_hands_nothing_over() -> None:
    bench = HubBench()
    bench.order("restart=now")
    bench.run(2)
    bench.send(CLOSE)
    bench.run(60)
    assert bench.lines("HEARTBEAT") == []
    assert bench.executed == []


def test_a_node_that_measures_tells_it_in_a_batch() -> None:
    bench = HubBench(sensors=frozenset({"1", "3"}))
    bench.run(6)
    at = int(START) + 5
    assert bench.lines()[1:] == [
        f"SENSOR_BATCH 1 {DEVICE} 1",
        f"SENSOR_RECORD 1 {DEVICE} {at} 2150 4830 0",
        f"BATCH_COMPLETE 1 {DEVICE} 1",
    ]


def test_a_hub_that_is_too_old_for_a_command_says_so() -> None:
    bench = HubBench(without=frozenset({"SEND_ACTUATOR"}))
    bench.send(OPEN, "REBOOT_NODE 1")
    assert bench.lines() == ["ERROR Unknown command", "QUEUED REBOOT_NODE 1"]


def test_the_hub_lists_the_nodes_it_heard() -> None:
    bench = HubBench()
    bench.run(AWAKE + 2)
    bench.messages.clear()
    bench.send("LIST_NODES")
    assert bench.lines() == [
        "NODE_LIST 2",
        f"NODE 1 {DEVICE} IRRIGATION 1 7 17039377 2",
        f"NODE 3 {DEVICE + 2} GREENHOUSE 1 2 17039377 0",
    ]


def test_a_node_that_is_gone_for_20_minutes_is_listed_as_offline() -> None:
    bench = HubBench()
    bench.run(AWAKE)
    bench.order("node=3,asleep=now")
    bench.run(1200)
    bench.send("LIST_NODES")
    (gone,) = [line for line in bench.lines("NODE") if line.startswith("NODE 3")]
    assert gone == f"NODE 3 {DEVICE + 2} GREENHOUSE 0 1200 17039377 0"


def test_a_node_that_is_deleted_is_forgotten_with_what_is_held_for_it() -> None:
    bench = HubBench()
    bench.run(AWAKE)
    bench.send(OPEN)
    bench.messages.clear()
    bench.send("DELETE_NODE 1", "GET_QUEUE 1", "DELETE_NODE 1")
    assert bench.lines() == ["DELETED_NODE 1", "QUEUE 1 0", "ERROR Node not found"]


def test_tasmota_sends_lines_in_json() -> None:
    bench = HubBench(bridge="tasmota")
    bench.send("GET_QUEUE 1")
    assert bench.payloads() == [b'{"SerialReceived": "QUEUE 1 0"}']


@pytest.mark.parametrize("name", ["0", "65534", "007", "0x1", "left", "-1", "\u0665"])
def test_a_node_is_called_by_its_address(name: str) -> None:
    with pytest.raises(ValueError, match="address"):
        station([name], Settings("valvehub"), {}, START)


@settings(deadline=None)
@given(
    payloads=st.lists(
        st.binary()
        | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
        | st.builds(
            "{} {}".format,
            st.sampled_from(
                ["SET_SCHEDULE", "SEND_ACTUATOR", "SET_DATETIME", "GET_QUEUE"]
            ),
            st.lists(st.integers(-1, 300)).map(lambda each: " ".join(map(str, each))),
        ).map(str.encode)
    )
)
def test_whatever_comes_the_hub_goes_on(payloads: list[bytes]) -> None:
    bench = HubBench()
    for payload in payloads:
        assert isinstance(bench.node.receive("valvehub/tx", payload, bench.now), list)
    bench.run(AWAKE)
    assert [line.split()[1] for line in bench.lines("HEARTBEAT")] == [*NODES]
