"""Nodes of protocol 4 keep to the wire, with no fault ordered."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from simulator.greenhouse.simple.node import GreenhouseNode, station
from simulator.greenhouse.simple.wire import FIRMWARES, Settings, read_command, refusal
from simulator.node import Message

from .bench import (
    CONFIG,
    HOME,
    NODE,
    SECRET,
    START,
    TEMPORARY,
    GreenhouseBench,
    signature,
)


class TestANodeWithoutAConfiguration:
    def test_introduces_itself_on_the_topic_that_all_share(self) -> None:
        bench = GreenhouseBench(configured=False, node_type="ph")
        assert bench.said("hydro/node_hello") == [
            (
                0,
                {
                    "message_type": "node_hello",
                    "hardware_id": NODE,
                    "node_type": "ph",
                    "fw_version": "5.2",
                    "capabilities": ["ph", "temperature", "dosing_pump"],
                    "provisioning_meta": {"zone_id": None},
                },
            )
        ]

    def test_lives_at_its_temporary_address(self) -> None:
        bench = GreenhouseBench(configured=False)
        bench.run(30)
        topics = {message.topic for _, message in bench.messages}
        assert topics == {
            "hydro/node_hello",
            "hydro/time/request",
            f"{TEMPORARY}/status",
            f"{TEMPORARY}/heartbeat",
        }
        assert bench.node.subscriptions == (
            f"{TEMPORARY}/config",
            f"{TEMPORARY}/+/command",
            "hydro/time/response",
        )

    def test_moves_to_the_address_that_it_is_given(self) -> None:
        bench = GreenhouseBench(configured=False)
        bench.run(5)
        bench.receive(f"{TEMPORARY}/config", CONFIG)
        assert bench.connections == 0
        bench.run(1)
        assert bench.connections == 1
        held = {key: value for key, value in CONFIG.items() if key != "node_secret"}
        assert bench.said(f"{HOME}/config_report") == [(6, held)]
        assert [at for at, _ in bench.said(f"{HOME}/node_hello")] == [6]
        assert bench.memory == {"config": CONFIG}
        assert [will and will.topic for will in bench.wills] == [
            f"{TEMPORARY}/lwt",
            f"{HOME}/lwt",
        ]

    def test_may_tell_of_its_binding_with_a_response(self) -> None:
        bench = GreenhouseBench(configured=False, binding="response")
        bench.receive(f"{TEMPORARY}/config", CONFIG)
        bench.run(1)
        assert bench.said(f"{HOME}/config_response") == [(1, {"status": "OK"})]
        assert bench.said(f"{HOME}/config_report") == []

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"gh_uid": "gh/1"}, "invalid_gh_uid"),
            ({"node_id": None}, "invalid_node_id"),
            ({"version": "7"}, "invalid_version"),
            ({"channels": {}}, "invalid_channels"),
            ({"channels": [{"name": "a", "type": "sensor"}]}, "invalid_channels"),
            ({"node_secret": "short"}, "invalid_node_secret"),
            ({"pad": "x" * 4096}, "invalid_json"),
        ],
    )
    def test_refuses_a_configuration_that_makes_no_sense(
        self, changed: dict[str, Any], code: str
    ) -> None:
        bench = GreenhouseBench(configured=False)
        bench.receive(f"{TEMPORARY}/config", CONFIG | changed)
        assert bench.said(f"{TEMPORARY}/config_response") == [
            (0, {"status": "ERROR", "error_code": code})
        ]
        assert bench.connections == 1

    def test_takes_commands_without_a_signature(self) -> None:
        bench = GreenhouseBench(configured=False)
        restart = {"cmd": "restart", "params": {}, "cmd_id": "md-1"}
        bench.receive(f"{TEMPORARY}/system/command", restart)
        assert bench.answers() == [(0, "md-1", "DONE", "")]
        bench.run(2)
        assert len(bench.said("hydro/node_hello")) == 2


def test_a_new_configuration_for_the_same_address_is_told_of_at_once() -> None:
    bench = GreenhouseBench()
    bench.run(5)
    bench.receive(f"{HOME}/config", CONFIG | {"version": 8})
    told = [content["version"] for _, content in bench.said(f"{HOME}/config_report")]
    assert told == [7, 8]
    assert bench.connections == 1


def test_status_is_retained_and_so_is_the_will() -> None:
    bench = GreenhouseBench()
    retained = [message for _, message in bench.messages if message.retain]
    (status,) = retained
    assert status.topic == f"{HOME}/status"
    assert json.loads(status.payload) == {"status": "ONLINE", "ts": int(START)}
    assert bench.node.will == Message(f"{HOME}/lwt", b"offline", qos=1, retain=True)


def test_heartbeat_comes_every_30_s_with_its_uptime() -> None:
    bench = GreenhouseBench()
    bench.run(60)
    assert bench.said(f"{HOME}/heartbeat") == [
        (at, {"uptime": at, "free_heap": 180_000, "rssi": -61}) for at in (0, 30, 60)
    ]


def test_a_sensor_is_polled_as_its_channel_says() -> None:
    bench = GreenhouseBench()
    bench.run(20)
    told = bench.said(f"{HOME}/ph_sensor/telemetry")
    assert [at for at, _ in told] == [0, 10, 20]
    for at, content in told:
        assert content["metric_type"] == "PH"
        assert 5.5 < content["value"] < 6.5
        assert content["ts"] == START + at


def test_the_time_is_asked_for_at_each_connection() -> None:
    bench = GreenhouseBench()
    bench.order("die=now,seconds=5")
    bench.run(5)
    assert [at for at, _ in bench.said("hydro/time/request")] == [0, 5]


def test_a_pump_runs_as_long_as_it_is_told() -> None:
    bench = GreenhouseBench()
    bench.command("run_pump", {"duration_ms": 2500})
    bench.run(10)
    assert bench.answers() == [(0, "md-1", "ACK", ""), (2.5, "md-1", "DONE", "")]
    assert [(each.node, each.id, each.kind) for each in bench.executed] == [
        (NODE, "md-1", "run_pump")
    ]
    assert bench.executed[0].payload["params"] == {"duration_ms": 2500}


def test_a_dose_takes_its_time() -> None:
    bench = GreenhouseBench(work_seconds=4)
    bench.command("dose", {"ml": 5})
    bench.run(10)
    assert bench.answers() == [(0, "md-1", "ACK", ""), (4, "md-1", "DONE", "")]
    assert bench.executed_ids() == ["md-1"]


def test_old_firmware_says_ack_when_the_pump_started_and_nothing_more() -> None:
    bench = GreenhouseBench("old")
    bench.command("run_pump", {"duration_ms": 2500}, signed=False)
    bench.run(60)
    bench.command("light_on", channel="lamp", cmd_id="md-2", signed=False)
    assert bench.answers() == [(0, "md-1", "ACK", ""), (60, "md-2", "ACK", "")]
    assert bench.executed_ids() == ["md-1", "md-2"]


def test_old_firmware_drops_a_signed_command() -> None:
    bench = GreenhouseBench("old")
    bench.command("light_on", channel="lamp")
    assert bench.answers() == []
    assert bench.executed == []


# cmd, params, channel, then what it answers and whether it executes
AT_ONCE: list[tuple[str, dict[str, Any], str, dict[str, Any], bool]] = [
    ("light_on", {}, "lamp", {"status": "DONE", "details": {"state": True}}, True),
    (
        "set_relay",
        {"state": False},
        "lamp",
        {"status": "DONE", "details": {"state": False}},
        True,
    ),
    ("set_pwm", {"value": 9}, "fan", {"status": "DONE", "details": {"value": 9}}, True),
    (
        "set_position",
        {"position_pct": 40},
        "fan",
        {"status": "DONE", "details": {"position_pct": 40}},
        True,
    ),
    ("stop_pump", {}, "pump", {"status": "NO_EFFECT"}, False),
    ("set_time", {"unix_ts": 1}, "system", {"status": "DONE"}, False),
    ("activate_sensor_mode", {}, "system", {"status": "DONE"}, False),
    ("deactivate_sensor_mode", {}, "system", {"status": "NO_EFFECT"}, False),
    (
        "state",
        {},
        "storage_state",
        {"status": "DONE", "details": {"snapshot": {}}},
        False,
    ),
    ("restart", {}, "system", {"status": "DONE"}, True),
    # what it cannot do
    ("dance", {}, "lamp", {"status": "INVALID", "error_code": "invalid_params"}, False),
    (
        "dance",
        {},
        "system",
        {"status": "INVALID", "error_code": "unknown_command"},
        False,
    ),
    (
        "light_on",
        {},
        "none",
        {"status": "INVALID", "error_code": "unknown_channel"},
        False,
    ),
    (
        "light_on",
        {},
        "ph_sensor",
        {"status": "INVALID", "error_code": "unknown_command"},
        False,
    ),
    (
        "run_pump",
        {"duration_ms": 60_001},
        "pump",
        {"status": "INVALID", "error_code": "invalid_params"},
        False,
    ),
    (
        "run_pump",
        {"duration_ms": 0},
        "pump",
        {"status": "INVALID", "error_code": "invalid_params"},
        False,
    ),
    (
        "dose",
        {"ml": 501},
        "pump",
        {"status": "INVALID", "error_code": "invalid_params"},
        False,
    ),
    (
        "set_pwm",
        {"value": 256},
        "fan",
        {"status": "INVALID", "error_code": "invalid_params"},
        False,
    ),
]


@pytest.mark.parametrize(("cmd", "params", "channel", "answer", "executes"), AT_ONCE)
def test_a_command_that_ends_at_once(
    cmd: str,
    params: dict[str, Any],
    channel: str,
    answer: dict[str, Any],
    executes: bool,
) -> None:
    bench = GreenhouseBench()
    bench.command(cmd, params, channel=channel)
    assert bench.said(f"{HOME}/{channel}/command_response") == [
        (0, {"cmd_id": "md-1", **answer, "ts": int(START * 1000)})
    ]
    assert bool(bench.executed) is executes


def test_what_is_so_already_has_no_effect() -> None:
    bench = GreenhouseBench()
    bench.command("light_on", channel="lamp")
    bench.command("light_on", channel="lamp", cmd_id="md-2")
    assert [answer[2] for answer in bench.answers()] == ["DONE", "NO_EFFECT"]
    assert bench.executed_ids() == ["md-1"]


def test_a_sensor_is_tested() -> None:
    bench = GreenhouseBench()
    bench.command("test_sensor", channel="ph_sensor")
    ((_, answer),) = bench.said(f"{HOME}/ph_sensor/command_response")
    assert answer["status"] == "DONE"
    assert answer["details"]["metric_type"] == "PH"


def test_a_node_at_work_is_busy_for_what_moves_something() -> None:
    bench = GreenhouseBench()
    bench.command("run_pump", {"duration_ms": 5000})
    bench.command("light_on", channel="lamp", cmd_id="md-2")
    bench.command("set_time", channel="system", cmd_id="md-3")
    bench.run(5)
    bench.command("light_on", channel="lamp", cmd_id="md-2")
    assert bench.answers() == [
        (0, "md-1", "ACK", ""),
        (0, "md-2", "BUSY", ""),
        (0, "md-3", "DONE", ""),
        (5, "md-1", "DONE", ""),
        (5, "md-2", "DONE", ""),
    ]
    assert bench.executed_ids() == ["md-1", "md-2"]


def test_a_pump_rests_between_two_runs() -> None:
    bench = GreenhouseBench()
    bench.command("run_pump", {"duration_ms": 1000})
    bench.run(2)
    bench.command("run_pump", {"duration_ms": 1000}, cmd_id="md-2")
    bench.run(3)
    bench.command("run_pump", {"duration_ms": 1000}, cmd_id="md-3")
    assert [answer[1:3] for answer in bench.answers()] == [
        ("md-1", "ACK"),
        ("md-1", "DONE"),
        ("md-2", "BUSY"),
        ("md-3", "ACK"),
    ]


def test_a_run_that_is_stopped_says_so() -> None:
    bench = GreenhouseBench()
    bench.command("run_pump", {"duration_ms": 5000})
    bench.run(1)
    bench.command("stop_pump", cmd_id="md-2")
    bench.run(10)
    assert bench.answers() == [
        (0, "md-1", "ACK", ""),
        (1, "md-1", "ERROR", "stopped"),
        (1, "md-2", "DONE", ""),
    ]


def test_a_restart_is_answered_and_then_happens() -> None:
    bench = GreenhouseBench()
    bench.run(40)
    bench.command("restart", channel="system")
    assert bench.answers() == [(40, "md-1", "DONE", "")]
    assert bench.connections == 0
    bench.run(2)
    assert bench.said(f"{HOME}/heartbeat")[-1][1]["uptime"] == 0
    assert len(bench.said(f"{HOME}/node_hello")) == 2


class TestARepeat:
    def test_is_answered_from_memory_and_not_executed(self) -> None:
        bench = GreenhouseBench()
        bench.command("run_pump", {"duration_ms": 1000})
        bench.command("run_pump", {"duration_ms": 1000})
        bench.run(30)
        bench.command("run_pump", {"duration_ms": 1000})
        assert bench.answers() == [
            (0, "md-1", "ACK", ""),
            (0, "md-1", "ACK", ""),
            (1, "md-1", "DONE", ""),
            (30, "md-1", "DONE", ""),
        ]
        assert bench.executed_ids() == ["md-1"]

    def test_is_not_known_after_5_minutes(self) -> None:
        bench = GreenhouseBench()
        bench.command("run_pump", {"duration_ms": 1000})
        bench.run(299.9)
        bench.command("run_pump", {"duration_ms": 1000})
        assert bench.executed_ids() == ["md-1"]
        bench.run(0.1)
        bench.command("run_pump", {"duration_ms": 1000})
        assert bench.executed_ids() == ["md-1", "md-1"]

    def test_is_not_known_after_128_others(self) -> None:
        bench = GreenhouseBench()
        bench.command("light_on", channel="lamp", cmd_id="first")
        for number in range(128):
            bench.command("set_time", channel="system", cmd_id=f"md-{number}")
        bench.command("light_off", channel="lamp", cmd_id="first")
        assert bench.executed_ids() == ["first", "first"]

    def test_is_not_known_after_a_restart(self) -> None:
        bench = GreenhouseBench()
        bench.command("run_pump", {"duration_ms": 1000})
        bench.run(10)
        bench.order("die=now,seconds=1")
        bench.run(1)
        bench.command("run_pump", {"duration_ms": 1000})
        assert bench.executed_ids() == ["md-1", "md-1"]

    def test_with_a_wrong_time_leaves_the_memory_as_it_is(self) -> None:
        bench = GreenhouseBench()
        bench.command("run_pump", {"duration_ms": 1000})
        bench.run(30)
        bench.command("run_pump", {"duration_ms": 1000}, ahead=-30)
        bench.command("run_pump", {"duration_ms": 1000})
        assert [answer[2] for answer in bench.answers()] == [
            "ACK",
            "DONE",
            "INVALID",
            "DONE",
        ]
        assert bench.executed_ids() == ["md-1"]


class TestASignature:
    @pytest.mark.parametrize(
        ("ahead", "status"), [(-10, "DONE"), (10, "DONE"), (-11, ""), (11, "")]
    )
    def test_holds_for_10_s(self, ahead: float, status: str) -> None:
        bench = GreenhouseBench()
        bench.command("light_on", channel="lamp", ahead=ahead)
        expected = (status, "") if status else ("INVALID", "timestamp_expired")
        assert [answer[2:] for answer in bench.answers()] == [expected]

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"sig": "0" * 64}, "invalid_signature"),
            ({"cmd": "light_off"}, "invalid_signature"),
            ({"params": {"x": 1}}, "invalid_signature"),
            ({"cmd_id": "md-2"}, "invalid_signature"),
            ({"sig": 7}, "invalid_hmac_format"),
            ({"ts": "now"}, "invalid_hmac_format"),
        ],
    )
    def test_covers_the_whole_command(self, changed: dict[str, Any], code: str) -> None:
        bench = GreenhouseBench()
        content = {
            "cmd": "light_on",
            "params": {},
            "cmd_id": "md-1",
            "ts": int(START),
        }
        content["sig"] = signature(content)
        bench.receive(f"{HOME}/lamp/command", content | changed)
        assert [answer[2:] for answer in bench.answers()] == [("INVALID", code)]
        assert bench.executed == []

    def test_is_missed(self) -> None:
        bench = GreenhouseBench()
        bench.command("light_on", channel="lamp", signed=False)
        answers = [answer[2:] for answer in bench.answers()]
        assert answers == [("INVALID", "invalid_hmac_format")]

    def test_is_of_the_one_way_to_write_a_command(self) -> None:
        """The signature is the one that openssl makes."""
        command = {
            "ts": 1737979200,
            "params": {"steps": [2, 1], "point": "é/7"},
            "cmd_id": "md-17",
            "cmd": "calibrate",
            "sig": "a765af41df25f6855257fc3ee6fdf3433920afe7312ad529e0d18baf9b2726a1",
        }
        read = read_command(json.dumps(command).encode(), signed=True)
        assert read is not None
        assert refusal(read, SECRET, 1737979200.0) is None


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"light_on", id="not JSON"),
        pytest.param(b"[1]", id="a list"),
        pytest.param(b'{"cmd":"light_on","params":{},"cmd_id":""}', id="no id"),
        pytest.param(b'{"cmd":"light_on","params":{},"cmd_id":"a b"}', id="a bad id"),
        pytest.param(
            b'{"cmd":"light_on","params":{},"cmd_id":"' + b"x" * 64 + b'"}',
            id="a long id",
        ),
        pytest.param(b'{"cmd":"light_on","cmd_id":"md-1"}', id="no params"),
        pytest.param(b'{"params":{},"cmd_id":"md-1"}', id="no cmd"),
        pytest.param(
            b'{"cmd":"light_on","params":{},"cmd_id":"md-1","new":1}',
            id="an unknown key",
        ),
        pytest.param(b'{"cmd":"light_on","params":[],"cmd_id":"md-1"}', id="a list"),
        pytest.param(
            b'{"cmd":"light_on","params":{"x":NaN},"cmd_id":"md-1"}', id="no number"
        ),
        pytest.param(
            b'{"cmd":"light_on","params":{"x":'
            + b"[" * 15
            + b"]" * 15
            + b'},"cmd_id":"md-1"}',
            id="too deep",
        ),
        pytest.param(
            b'{"cmd":"light_on","params":{"x":"' + b"x" * 4096 + b'"},"cmd_id":"md-1"}',
            id="too long",
        ),
    ],
)
def test_what_it_cannot_read_is_dropped_without_a_word(payload: bytes) -> None:
    bench = GreenhouseBench()
    before = len(bench.messages)
    bench.receive(f"{HOME}/lamp/command", payload)
    assert bench.messages[before:] == []
    assert bench.executed == []


@pytest.mark.parametrize(
    "topic",
    [
        "hydro/gh-1/zn-2/nd-2/lamp/command",
        f"{TEMPORARY}/lamp/command",
        f"{HOME}/command",
        f"{HOME}/a/lamp/command",
        "hydro/node_hello",
    ],
)
def test_what_is_for_another_is_not_its_own(topic: str) -> None:
    bench = GreenhouseBench("old")
    before = len(bench.messages)
    bench.receive(topic, {"cmd": "light_on", "params": {}, "cmd_id": "md-1"})
    assert bench.messages[before:] == []


@settings(deadline=None)
@given(
    st.binary(max_size=300)
    | st.dictionaries(
        st.sampled_from(["cmd", "params", "cmd_id", "ts", "sig", "x", "channels"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        )
        | st.sampled_from(["run_pump", "dose", "md-1", {"duration_ms": 5}]),
    ).map(lambda content: json.dumps(content).encode()),
    st.sampled_from(["lamp/command", "pump/command", "config"]),
)
def test_no_payload_raises(payload: bytes, suffix: str) -> None:
    bench = GreenhouseBench("old")
    bench.receive(f"{HOME}/{suffix}", payload)
    bench.run(10)
    assert bench.connections == 1


def test_what_flash_holds_makes_the_node_again() -> None:
    bench = GreenhouseBench(configured=False)
    bench.receive(f"{TEMPORARY}/config", CONFIG)
    config = Settings("hydro", FIRMWARES["new"])
    memories = {NODE: bench.memory, "other": None}
    first, second = station([NODE, "other"], config, ["ph"], memories, START)
    assert first.subscriptions[0] == f"{HOME}/config"
    assert second.subscriptions[0] == "hydro/gh-temp/zn-temp/other/config"


@pytest.mark.parametrize("memory", [{}, {"config": {}}, {"config": 7}, []])
def test_a_flash_that_was_written_by_something_else_is_refused(memory: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        GreenhouseNode(
            NODE,
            Settings("hydro", FIRMWARES["new"]),
            node_type="ph",
            memory=memory,
            now=START,
        )
