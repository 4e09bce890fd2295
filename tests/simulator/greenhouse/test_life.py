"""The life of greenhouse nodes between their commands, with no fault ordered."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from simulator.greenhouse.life import Settings
from simulator.greenhouse.node import FIRMWARES, station

from .bench import HOME, NODE, SECRET, START, TEMPORARY, GreenhouseBench, a_config

BINDING_IS_SILENT = ("ph", "ec", "relay", "light", "pump")


class TestBeforeItKnowsTheTime:
    def test_a_node_asks_every_15_s_and_forty_times_more(self) -> None:
        bench = GreenhouseBench(knows_time=False)
        bench.run(3600)
        asked = [at for at, _ in bench.told("hydro/time/request")]
        assert asked == [15.0 * number for number in range(41)]

    def test_it_tells_neither_a_status_nor_what_it_measures(self) -> None:
        bench = GreenhouseBench(knows_time=False)
        bench.run(60)
        assert bench.told("/status") == []
        assert bench.told("/telemetry") == []
        assert [at for at, _ in bench.told("/heartbeat")] == [15, 30, 45, 60]

    def test_it_asks_no_more_once_it_was_told(self) -> None:
        bench = GreenhouseBench()
        bench.run(100)
        assert len(bench.told("hydro/time/request")) == 1
        assert bench.told("ph_sensor/telemetry")[0][0] == 3


class TestBinding:
    def test_a_node_without_an_address_says_hello_and_what_it_holds(self) -> None:
        bench = GreenhouseBench("ec", bound=False)
        assert bench.topics() == [
            "hydro/time/request",
            "hydro/node_hello",
            f"{TEMPORARY}/config_report",
        ]

    @pytest.mark.parametrize("node_type", BINDING_IS_SILENT)
    def test_most_say_nothing_of_it_but_that_they_are_there(
        self, node_type: str
    ) -> None:
        bench = GreenhouseBench(node_type, bound=False)
        said = len(bench.messages)
        bench.receive(f"{TEMPORARY}/config", a_config(node_type))
        bench.run(2)
        assert bench.topics()[said:] == [f"{HOME}/status", "hydro/time/request"]

    @pytest.mark.parametrize("node_type", BINDING_IS_SILENT)
    def test_they_tell_when_they_are_asked(self, node_type: str) -> None:
        bench = GreenhouseBench(node_type, bound=False)
        bench.receive(f"{TEMPORARY}/config", a_config(node_type))
        bench.run(2)
        bench.command("report_config")
        assert bench.heard_last(f"{HOME}/config_report")["zone_uid"] == "zn-1"
        assert [answer[2] for answer in bench.answers()] == ["DONE"]

    def test_they_tell_after_their_next_start(self) -> None:
        bench = GreenhouseBench("relay", bound=False)
        bench.receive(f"{TEMPORARY}/config", a_config("relay"))
        bench.run(2)
        bench.command("restart")
        bench.run(10)
        assert bench.heard_last(f"{HOME}/config_report")["type"] == "relay"

    def test_a_climate_node_listens_at_its_old_address_until_it_connects_anew(
        self,
    ) -> None:
        bench = GreenhouseBench("climate", bound=False)
        bench.receive(f"{TEMPORARY}/config", a_config("climate"))
        assert bench.heard_last(f"{HOME}/config_report")["zone_uid"] == "zn-1"
        bench.command("test_sensor", channel="temperature")
        assert bench.answers() == []
        bench.order("die=now,seconds=1")
        bench.run(1)
        bench.tell_time()
        bench.command("test_sensor", channel="temperature")
        assert [answer[2] for answer in bench.answers()] == ["DONE"]

    def test_its_network_stays_its_own(self) -> None:
        bench = GreenhouseBench(bound=False)
        bench.receive(f"{TEMPORARY}/config", a_config())
        held = bench.memory["config"]
        assert held["mqtt"] == {"host": "192.168.1.10", "port": 1883}
        assert held["wifi"]["ssid"] == "home"
        assert held["node_secret"] == SECRET


def test_flash_makes_the_node_again() -> None:
    bench = GreenhouseBench(bound=False)
    bench.receive(f"{TEMPORARY}/config", a_config())
    again, other = station(
        [NODE, "other"], Settings("hydro"), ["ph"], {NODE: bench.memory}, START
    )
    assert again.base() == HOME
    assert other.base() == "hydro/gh-temp/zn-temp/other"


@pytest.mark.parametrize(
    ("firmware", "memory"),
    [
        ("head", {}),
        ("head", {"config": {}}),
        ("head", {"config": 7}),
        ("seed", {}),
        ("seed", {"config": 7}),
    ],
)
def test_a_flash_that_was_written_by_something_else_is_refused(
    firmware: str, memory: Any
) -> None:
    with pytest.raises((ValueError, TypeError)):
        station(
            [NODE], Settings("hydro"), ["ph"], {NODE: memory}, START, firmware=firmware
        )


def test_an_id_is_forgotten_after_128_others() -> None:
    bench = GreenhouseBench("relay")
    for number in range(129):
        bench.command("toggle", channel="fill_valve", cmd_id=f"md-{number + 1}")
    bench.command("toggle", channel="fill_valve", cmd_id="md-1")
    assert bench.executed_ids().count("md-1") == 2


def test_a_repeat_is_not_executed_and_gets_the_same_answer() -> None:
    bench = GreenhouseBench("relay")
    for _ in range(2):
        bench.command("toggle", channel="fill_valve")
        bench.run(100)
    assert bench.executed_ids() == ["md-1"]
    assert [answer[2] for answer in bench.answers()] == ["DONE", "DONE"]


def test_a_stage_that_takes_too_long_is_cut_off_and_said_so() -> None:
    bench = GreenhouseBench("irrig")
    on = {"state": True}
    stage = {"state": True, "timeout_ms": 5000, "stage": "irrigation"}
    bench.command("set_relay", on, channel="valve_solution_supply", cmd_id="md-1")
    bench.command("set_relay", on, channel="valve_irrigation", cmd_id="md-2")
    bench.command("set_relay", stage, channel="pump_main", cmd_id="md-3")
    bench.run(6)
    event = bench.heard_last(f"{HOME}/storage_state/event")
    assert event["event_code"] == "irrigation_timeout"
    assert event["snapshot"]["pump_main"] is False


def test_a_seed_node_without_its_network_is_gone_for_good() -> None:
    bench = GreenhouseBench(firmware="seed")
    bench.receive(f"{HOME}/config", a_config(wifi={}, mqtt={}))
    bench.run(3600)
    assert bench.connections == 0


JUNK = st.binary(max_size=300) | st.dictionaries(
    st.sampled_from(["cmd", "params", "cmd_id", "ts", "sig", "x", "channels", "mqtt"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    )
    | st.sampled_from(["run_pump", "md-1", {"duration_ms": 5}]),
).map(lambda content: json.dumps(content).encode())


@pytest.mark.parametrize("firmware", FIRMWARES)
@settings(deadline=None, max_examples=50)
@given(JUNK, st.sampled_from(["pump_acid/command", "system/command", "config"]))
def test_no_payload_raises(firmware: str, payload: bytes, suffix: str) -> None:
    bench = GreenhouseBench(firmware=firmware)
    bench.receive(f"{bench.node.base()}/{suffix}", payload)
    bench.run(2)
