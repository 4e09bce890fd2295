"""Faults ordered of nodes of protocol 4."""

from __future__ import annotations

import json

import pytest

from simulator.cli import parse
from simulator.greenhouse.node import SIMULATED
from simulator.node import Message

from .bench import CONFIG, HOME, NODE, TEMPORARY, GreenhouseBench


def run_pump(bench: GreenhouseBench, cmd_id: str = "md-1") -> None:
    bench.command("run_pump", {"duration_ms": 1000}, cmd_id=cmd_id)


def statuses(bench: GreenhouseBench) -> list[tuple[float, str]]:
    return [(at, status) for at, _, status, _ in bench.answers()]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("ack=drop", [(1, "DONE")]),
        ("ack=delay,seconds=5", [(1, "DONE"), (5, "ACK")]),
        ("ack=double", [(0, "ACK"), (0, "ACK"), (1, "DONE")]),
        ("done=drop", [(0, "ACK")]),
        ("done=delay,seconds=5", [(0, "ACK"), (6, "DONE")]),
        ("done=double", [(0, "ACK"), (1, "DONE"), (1, "DONE")]),
        ("silent=works", []),
        ("fail=pump_fault", [(0, "ACK"), (1, "ERROR")]),
    ],
)
def test_a_fault_of_answers_leaves_the_work_as_it_is(
    order: str, said: list[tuple[float, str]]
) -> None:
    bench = GreenhouseBench()
    bench.order(order)
    run_pump(bench)
    bench.run(10)
    assert statuses(bench) == said
    assert bench.executed_ids() == ["md-1"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("silent=idle,count=1", []),
        ("busy=on,count=1", [(0, "BUSY")]),
        ("invalid=on,count=1", [(0, "INVALID")]),
    ],
)
def test_what_was_turned_away_can_be_done_later(
    order: str, said: list[tuple[float, str]]
) -> None:
    bench = GreenhouseBench()
    bench.order(order)
    run_pump(bench)
    assert statuses(bench) == said
    assert bench.executed == []
    bench.run(5)
    run_pump(bench)
    bench.run(5)
    assert statuses(bench)[len(said) :] == [(5, "ACK"), (6, "DONE")]
    assert bench.executed_ids() == ["md-1"]


def test_a_failure_is_answered_again_from_memory() -> None:
    bench = GreenhouseBench()
    bench.order("fail=pump_fault,count=1")
    run_pump(bench)
    bench.run(5)
    run_pump(bench)
    assert [answer[2:] for answer in bench.answers()] == [
        ("ACK", ""),
        ("ERROR", "pump_fault"),
        ("ERROR", "pump_fault"),
    ]


def test_death_after_accepted_comes_before_anything_moved() -> None:
    bench = GreenhouseBench()
    bench.order("die=accepted")
    run_pump(bench)
    bench.run(3600)
    assert statuses(bench) == [(0, "ACK")]
    assert bench.executed == []
    assert bench.connections == 0


def test_death_after_executed_comes_before_done() -> None:
    bench = GreenhouseBench()
    bench.order("die=executed,seconds=10,count=1")
    run_pump(bench)
    bench.run(1)
    assert bench.connections == 0
    bench.run(10)
    assert statuses(bench) == [(0, "ACK")]
    assert bench.executed_ids() == ["md-1"]
    assert bench.connections == 1
    assert bench.said(f"{HOME}/heartbeat")[-1][1]["uptime"] == 0


@pytest.mark.parametrize(("moment", "executed"), [("accepted", 0), ("executed", 1)])
def test_death_of_a_light_is_not_answered(moment: str, executed: int) -> None:
    bench = GreenhouseBench()
    bench.order(f"die={moment}")
    bench.command("light_on", channel="lamp")
    assert statuses(bench) == []
    assert len(bench.executed) == executed
    assert bench.connections == 0


def test_a_dead_node_says_and_does_nothing() -> None:
    bench = GreenhouseBench()
    bench.order("die=now")
    before = len(bench.messages)
    run_pump(bench)
    bench.run(3600)
    assert bench.messages[before:] == []
    assert bench.executed == []


@pytest.mark.parametrize("order", ["clear=die", "clear=all"])
def test_clearing_death_switches_on_again(order: str) -> None:
    bench = GreenhouseBench()
    bench.order("die=now")
    bench.run(60)
    bench.order(order)
    bench.run(0)
    assert bench.connections == 1


def test_a_lost_hello_comes_with_the_next_connection() -> None:
    bench = GreenhouseBench(configured=False)
    bench.order("hello=lost")
    bench.order("die=now,seconds=1")
    bench.run(1)
    assert [at for at, _ in bench.said("hydro/node_hello")] == [0]
    assert [at for at, _ in bench.said(f"{TEMPORARY}/status")] == [0, 1]
    bench.order("clear=hello")
    bench.order("die=now,seconds=1")
    bench.run(1)
    assert [at for at, _ in bench.said("hydro/node_hello")] == [0, 2]


def test_a_configuration_that_is_ignored_changes_nothing() -> None:
    bench = GreenhouseBench(configured=False)
    bench.order("config=ignore,count=1")
    before = len(bench.messages)
    bench.receive(f"{TEMPORARY}/config", CONFIG)
    bench.run(5)
    assert bench.messages[before:] == []
    bench.receive(f"{TEMPORARY}/config", CONFIG)
    bench.run(5)
    assert len(bench.said(f"{HOME}/config_report")) == 1


def test_a_configuration_that_is_refused_says_so() -> None:
    bench = GreenhouseBench(configured=False)
    bench.order("config=refuse")
    bench.receive(f"{TEMPORARY}/config", CONFIG)
    assert bench.said(f"{TEMPORARY}/config_response") == [
        (0, {"status": "ERROR", "error_code": "refused"})
    ]


def test_a_node_may_never_tell_of_its_binding() -> None:
    bench = GreenhouseBench(configured=False)
    bench.order("binding=never")
    bench.receive(f"{TEMPORARY}/config", CONFIG)
    bench.run(3600)
    assert bench.said(f"{HOME}/config_report") == []
    assert bench.said(f"{HOME}/heartbeat")[0][0] == 1


def test_a_wrong_clock_refuses_until_it_is_told_the_time() -> None:
    bench = GreenhouseBench()
    bench.order("clock=wrong,seconds=60")
    run_pump(bench)
    assert bench.answers() == [(0, "md-1", "INVALID", "timestamp_expired")]
    assert len(bench.said("hydro/time/request")) == 2
    bench.receive(
        "hydro/time/response", {"message_type": "time_response", "unix_ts": 1}
    )
    run_pump(bench)
    assert bench.executed_ids() == ["md-1"]


def test_a_reset_node_is_at_its_temporary_address_again() -> None:
    bench = GreenhouseBench()
    bench.order("reset=now")
    bench.run(2)
    assert bench.said(f"{TEMPORARY}/status")[-1][0] == 2
    assert bench.said("hydro/node_hello")[-1][0] == 2
    assert bench.memory == {"config": None}
    assert bench.node.will == Message(
        f"{TEMPORARY}/lwt", b"offline", qos=1, retain=True
    )


def test_the_command_line_makes_the_station() -> None:
    line = (
        "--protocol greenhouse --nodes a,b,c --types ph,light --firmware old"
        " --binding response --work-seconds 1 --interval-scale 0.5 --ledger ."
        " --fault node=b,hello=lost"
    )
    options = parse(line.split())
    clients = options.simulated.station(options.nodes, options.given, {}, 0.0)
    assert options.simulated is SIMULATED
    assert [client.name for client in clients] == ["a", "b", "c"]
    hellos = []
    for client in clients:
        client.advance(0.0)
        hellos += [
            json.loads(effect.payload)
            for effect in client.on_connect(0.0)
            if isinstance(effect, Message) and effect.topic == "hydro/node_hello"
        ]
    assert [(hello["node_type"], hello["fw_version"]) for hello in hellos] == [
        ("ph", "2.9"),
        ("light", "2.9"),
        ("ph", "2.9"),
    ]


def test_a_type_that_no_node_has_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["--protocol", "greenhouse", "--types", "toaster", "--ledger", "."])
    assert "'toaster' is no type of node" in capsys.readouterr().err


def test_its_default_nodes_are_two() -> None:
    assert (SIMULATED.default_prefix, SIMULATED.default_nodes[0]) == ("hydro", NODE)
