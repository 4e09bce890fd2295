"""Nodes of protocol 1 keep to the wire, with no fault ordered."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from .bench import FEED, START, PairedBench


def test_heartbeat_comes_every_5_s_retained_and_without_ready() -> None:
    bench = PairedBench()
    bench.run(10)
    assert bench.heartbeats() == [
        (0, {"online": 1, "uptime": 0}),
        (5, {"online": 1, "uptime": 5}),
        (10, {"online": 1, "uptime": 10}),
    ]
    assert {"ready" in json.loads(each.payload) for _, each in bench.messages} == {
        True,
        False,
    }
    for _, message in bench.messages:
        assert message.retain == ("ready" not in json.loads(message.payload))


def test_ready_report_comes_every_2_s() -> None:
    bench = PairedBench()
    bench.run(4)
    reports = [each for each in bench.said("state") if "ready" in each[1]]
    assert reports == [
        (0, {"online": 1, "ready": 1, "uptime": 0}),
        (2, {"online": 1, "ready": 1, "uptime": 2}),
        (4, {"online": 1, "ready": 1, "uptime": 4}),
    ]


def test_interval_scale_multiplies_the_nodes_own_intervals() -> None:
    bench = PairedBench(interval_scale=0.5)
    bench.run(2.5)
    assert [at for at, _ in bench.heartbeats()] == [0, 2.5]
    assert [at for at, _ in bench.readiness()] == [0, 1, 2]


@pytest.mark.parametrize(
    ("flags", "yes", "no"),
    [("number", 1, 0), ("bool", True, False), ("text", "1", "0")],
)
def test_flags_are_spelled_as_asked(flags: str, yes: object, no: object) -> None:
    bench = PairedBench("new", flags=flags)
    bench.send({"queue_id": 7})
    bench.feed(8)
    bench.run(3)
    will = bench.node.will
    assert will is not None
    spelled = [
        bench.said("state")[0][1]["online"],
        bench.said("state")[0][1]["dedupes"],
        bench.said("ack")[0][1]["accepted"],
        bench.said("ack")[1][1]["accepted"],
        bench.said("evt")[0][1]["done"],
        json.loads(will.payload)["online"],
    ]
    assert spelled == [yes, yes, no, yes, yes, no]
    assert [type(each) for each in spelled] == [
        type(each) for each in (yes, yes, no, yes, yes, no)
    ]


def test_feed_is_acked_at_once_and_done_after_the_work() -> None:
    bench = PairedBench(work_seconds=25)
    bench.feed(17)
    bench.run(60)
    assert bench.said("ack") == [(0, {"queue_id": 17, "accepted": 1})]
    assert bench.said("evt") == [(25, {"queue_id": 17, "done": 1, "status": "success"})]


def test_answers_go_up_with_qos_0_and_are_not_retained() -> None:
    bench = PairedBench()
    bench.feed(17)
    bench.run(3)
    answers = [each for _, each in bench.messages if "state" not in each.topic]
    assert [(each.qos, each.retain) for each in answers] == [(0, False), (0, False)]


def test_feed_counts_as_executed_when_its_work_begins() -> None:
    bench = PairedBench()
    bench.feed(17)
    assert [(each.node, each.id, each.kind) for each in bench.executed] == [
        ("1", 17, "feed")
    ]
    assert bench.executed[0].payload == {"queue_id": 17, **FEED}
    bench.run(10)
    assert bench.executed_ids() == [17]


def test_busy_node_only_stops_its_ready_reports() -> None:
    bench = PairedBench(work_seconds=6)
    bench.run(1)
    bench.feed(17)
    bench.run(10)
    assert bench.readiness() == [(0, 1), (7, 1), (9, 1), (11, 1)]


def test_busy_node_says_once_that_it_is_not_ready_where_asked() -> None:
    bench = PairedBench(work_seconds=6, while_busy="says_so")
    bench.run(1)
    bench.feed(17)
    bench.run(7)
    assert bench.readiness() == [(0, 1), (1, 0), (7, 1)]


def test_heartbeats_go_on_while_it_works() -> None:
    bench = PairedBench(work_seconds=30)
    bench.feed(17)
    bench.run(15)
    assert [at for at, _ in bench.heartbeats()] == [0, 5, 10, 15]


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"feed", id="not JSON"),
        pytest.param(b'{"queue_id":17,"op":"\xff"}', id="not UTF-8"),
        pytest.param(b"[17]", id="a list"),
        pytest.param(b"[" * 512, id="deep nesting"),
        pytest.param(b"{}", id="no id"),
        pytest.param(b'{"queue_id":0}', id="id 0"),
        pytest.param(b'{"queue_id":-1}', id="negative id"),
        pytest.param(b'{"queue_id":2147483648}', id="id beyond 31 bits"),
        pytest.param(b'{"queue_id":17.0}', id="id as a float"),
        pytest.param(b'{"queue_id":"17"}', id="id as text"),
        pytest.param(b'{"queue_id":true}', id="id as a flag"),
    ],
)
def test_what_a_newer_node_cannot_read_is_dropped(
    payload: bytes,
) -> None:
    bench = PairedBench("new")
    before = len(bench.messages)
    bench.send(payload)
    assert bench.messages[before:] == []
    assert bench.executed == []


@pytest.mark.parametrize(("length", "executions"), [(512, 1), (513, 0)])
def test_json_beyond_512_bytes_is_dropped(length: int, executions: int) -> None:
    bench = PairedBench()
    payload = json.dumps({"queue_id": 17, **FEED}).encode()
    bench.send(payload + b" " * (length - len(payload)))
    assert len(bench.executed) == executions


@given(
    st.binary(max_size=600)
    | st.dictionaries(
        st.sampled_from(["queue_id", "op", "items", "id", "on", "expires_at", "x"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        )
        | st.sampled_from([1, "reboot", "servo", "dc", [{"quantity": 1}]]),
    ).map(lambda content: json.dumps(content).encode())
)
def test_no_payload_raises(payload: bytes) -> None:
    bench = PairedBench("new")
    bench.send(payload)
    bench.run(10)
    assert bench.connections == 1


def test_command_of_another_node_is_not_its_own() -> None:
    bench = PairedBench()
    payload = json.dumps({"queue_id": 17, **FEED}).encode()
    assert bench.node.receive("disp/cmd/2", payload, START) == []


def test_node_that_does_not_dispense_needs_no_items() -> None:
    bench = PairedBench(dispenses=False)
    bench.send({"queue_id": 17, "patient_id": 0, "target_room": 1})
    bench.run(3)
    assert bench.answers() == [(0, "accepted", 17), (3, "success", 17)]


@pytest.mark.parametrize(
    "items",
    [
        None,
        [],
        "two",
        [2],
        [{"pill_id": 1}],
        [{"quantity": 0}],
        [{"quantity": "2"}],
        [{"quantity": 2}, {"quantity": 0}],
    ],
)
def test_node_that_dispenses_refuses_a_feed_without_sensible_items(
    items: object,
) -> None:
    bench = PairedBench("new")
    bench.send({"queue_id": 17, "items": items})
    assert bench.answers() == [(0, "refused", 17)]
    assert bench.executed == []


def test_reboot_is_acked_and_done_then_the_uptime_starts_anew() -> None:
    bench = PairedBench("new")
    bench.run(8)
    bench.send({"queue_id": 18, "op": "reboot"})
    assert bench.connections == 0
    bench.run(2)
    assert bench.connections == 1
    assert bench.answers() == [(8, "accepted", 18), (8, "success", 18)]
    assert bench.heartbeats()[-1][0] == 10
    assert bench.heartbeats()[-1][1]["uptime"] == 0
    assert bench.readiness()[-1] == (10, 1)
    assert [(each.id, each.kind) for each in bench.executed] == [(18, "reboot")]


def test_node_that_reboots_says_nothing_until_it_is_back() -> None:
    bench = PairedBench("new")
    bench.send({"queue_id": 18, "op": "reboot"})
    before = len(bench.messages)
    bench.run(1.9)
    bench.feed(19)
    assert bench.messages[before:] == []
    assert bench.executed_ids() == [18]


def test_reboot_ends_the_work_without_a_word() -> None:
    bench = PairedBench("new")
    bench.feed(17)
    bench.run(1)
    bench.send({"queue_id": 18, "op": "reboot"})
    bench.run(20)
    assert bench.answers() == [
        (0, "accepted", 17),
        (1, "accepted", 18),
        (1, "success", 18),
    ]
    assert bench.readiness()[-1][0] > 18


@pytest.mark.parametrize(
    "operation", [{"op": "servo", "id": 4, "on": 1}, {"op": "dc", "on": 0}]
)
def test_operation_is_executed(operation: dict[str, Any]) -> None:
    bench = PairedBench()
    bench.send({"queue_id": 19, **operation})
    bench.run(3)
    assert bench.answers() == [(0, "accepted", 19), (3, "success", 19)]
    assert [(each.id, each.kind) for each in bench.executed] == [(19, "operate")]


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({"op": "servo", "id": 0, "on": 1}, "failed"),
        ({"op": "servo", "id": 5, "on": 1}, "failed"),
        ({"op": "servo", "on": 1}, "failed"),
        ({"op": "servo", "id": 1, "on": 2}, "failed"),
        ({"op": "dc"}, "failed"),
        ({"op": "dance"}, "unknown_operation"),
        ({"op": 4}, "unknown_operation"),
    ],
)
def test_operation_it_cannot_do_is_done_with_that_status_and_not_executed(
    operation: dict[str, Any], status: str
) -> None:
    bench = PairedBench("new")
    bench.send({"queue_id": 19, **operation})
    assert bench.answers() == [(0, "accepted", 19), (0, status, 19)]
    assert bench.executed == []


def test_command_during_work_is_acked_and_mixed_up() -> None:
    bench = PairedBench("new")
    bench.feed(17)
    bench.run(1)
    bench.feed(18, items=[{"pill_id": 3, "quantity": 9}])
    bench.run(20)
    assert bench.answers() == [
        (0, "accepted", 17),
        (1, "accepted", 18),
        (4, "success", 18),
    ]
    assert [each.payload for each in bench.executed] == [
        {"queue_id": 17, **FEED},
        {"queue_id": 18, **FEED},
    ]


def test_repeated_id_is_executed_again_by_old_firmware_even_during_work() -> None:
    bench = PairedBench()
    bench.feed(17)
    bench.run(1)
    bench.feed(17)
    bench.run(5)
    bench.feed(17)
    assert bench.executed_ids() == [17, 17, 17]
