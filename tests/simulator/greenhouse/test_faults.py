"""Faults ordered of greenhouse nodes."""

from __future__ import annotations

import json

import pytest

from simulator.cli import parse
from simulator.greenhouse.node import SIMULATED
from simulator.node import Message

from .bench import HOME, NODE, TEMPORARY, GreenhouseBench, a_config


def run_pump(bench: GreenhouseBench, cmd_id: str = "md-1") -> None:
    params = {"duration_ms": 1000}
    bench.command("run_pump", params, channel="pump_acid", cmd_id=cmd_id)


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
    bench.run(8)
    assert statuses(bench) == said
    assert bench.executed_ids() == ["md-1"]


def test_what_was_not_looked_at_can_be_done_later() -> None:
    bench = GreenhouseBench()
    bench.order("silent=idle,count=1")
    run_pump(bench)
    assert statuses(bench) == []
    run_pump(bench)
    bench.run(5)
    assert bench.executed_ids() == ["md-1"]


@pytest.mark.parametrize("said", ["BUSY", "INVALID"])
def test_what_was_turned_away_can_be_done_later_under_another_id(said: str) -> None:
    """What ended in neither DONE nor ERROR is taken to run still."""
    bench = GreenhouseBench()
    bench.order(f"{said.lower()}=on,count=1")
    run_pump(bench)
    run_pump(bench)
    assert [status for _, status in statuses(bench)] == [said, "ACK"]
    assert bench.executed == []
    run_pump(bench, "md-2")
    bench.run(5)
    assert bench.executed_ids() == ["md-2"]


@pytest.mark.parametrize("order", ["busy=on,count=1", "invalid=on,count=1"])
def test_what_was_done_is_answered_from_memory_and_not_turned_away(order: str) -> None:
    """The firmware looks into its memory before it asks whoever may be busy."""
    bench = GreenhouseBench()
    run_pump(bench)
    bench.run(5)
    bench.order(order)
    run_pump(bench)
    assert [status for _, status in statuses(bench)][-1] == "DONE"
    assert bench.executed_ids() == ["md-1"]


def test_death_after_accepted_comes_before_anything_moved() -> None:
    bench = GreenhouseBench()
    bench.order("die=accepted")
    run_pump(bench)
    bench.run(60)
    assert statuses(bench) == [(0, "ACK")]
    assert bench.executed == []
    assert bench.connections == 0


def test_death_after_executed_comes_before_done() -> None:
    bench = GreenhouseBench()
    bench.order("die=executed,seconds=10,count=1")
    run_pump(bench)
    bench.run(12)
    assert statuses(bench) == [(0, "ACK")]
    assert bench.executed_ids() == ["md-1"]
    assert bench.connections == 1


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


def test_a_lost_hello_comes_with_the_next_start() -> None:
    bench = GreenhouseBench(bound=False)
    bench.order("hello=lost")
    bench.order("die=now,seconds=1")
    bench.run(1)
    assert [at for at, _ in bench.told("hydro/node_hello")] == [0]
    bench.order("clear=hello")
    bench.order("die=now,seconds=1")
    bench.run(1)
    assert [at for at, _ in bench.told("hydro/node_hello")] == [0, 2]


def test_a_configuration_that_is_lost_changes_nothing() -> None:
    bench = GreenhouseBench(bound=False)
    bench.order("config=ignore,count=1")
    bench.receive(f"{TEMPORARY}/config", a_config())
    bench.run(5)
    assert bench.told(f"{HOME}/status") == []
    bench.receive(f"{TEMPORARY}/config", a_config())
    bench.run(5)
    assert len(bench.told(f"{HOME}/status")) == 1


def test_a_node_may_never_tell_what_it_holds_even_if_asked() -> None:
    bench = GreenhouseBench("irrig")
    bench.order("binding=never")
    said = len(bench.told("/config_report"))
    bench.command("report_config")
    assert len(bench.told("/config_report")) == said


def test_a_wrong_clock_refuses_until_it_is_told_the_time() -> None:
    bench = GreenhouseBench()
    bench.order("clock=wrong,seconds=60")
    run_pump(bench)
    assert bench.answers() == [(0, "md-1", "ERROR", "timestamp_expired")]
    bench.tell_time()
    run_pump(bench)
    assert bench.executed_ids() == ["md-1"]


def test_a_reset_node_is_at_its_temporary_address_again() -> None:
    bench = GreenhouseBench()
    bench.order("reset=now")
    bench.run(2)
    assert bench.told("hydro/node_hello")[-1][0] == 2
    assert bench.memory == {"config": None}
    will = Message(f"{TEMPORARY}/lwt", b"offline", qos=1, retain=True)
    assert bench.node.will == will


def test_safe_mode_is_told_and_refuses_until_it_is_left() -> None:
    bench = GreenhouseBench()
    bench.order("safe_mode=now")
    assert bench.heard_last(f"{HOME}/status")["state"] == "safe_mode"
    run_pump(bench)
    bench.command("exit_safe_mode", cmd_id="md-2")
    run_pump(bench, "md-3")
    assert [answer[2:] for answer in bench.answers()] == [
        ("ERROR", "safe_mode_active"),
        ("DONE", ""),
        ("ACK", ""),
    ]


def test_an_error_is_reported() -> None:
    bench = GreenhouseBench()
    bench.order("error=now")
    assert bench.heard_last(f"{HOME}/error")["level"] == "ERROR"


def test_the_command_line_makes_the_station() -> None:
    line = (
        "--protocol greenhouse --nodes a,b,c --types ph,light --firmware head"
        " --interval-scale 0.5 --telemetry-scale 2 --ledger . --fault node=b,hello=lost"
    )
    options = parse(line.split())
    clients = options.simulated.station(options.nodes, options.given, {}, 0.0)
    assert options.simulated is SIMULATED
    assert [client.name for client in clients] == ["a", "b", "c"]
    hellos = []
    for client in clients:
        client.advance(0.0)
        hellos += [
            json.loads(effect.payload)["node_type"]
            for effect in client.on_connect(0.0)
            if isinstance(effect, Message) and effect.topic == "hydro/node_hello"
        ]
    assert hellos == ["ph", "light", "ph"]


def test_a_type_that_no_node_has_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["--protocol", "greenhouse", "--types", "toaster", "--ledger", "."])
    assert "'toaster' is no type of node" in capsys.readouterr().err


def test_its_default_nodes_are_two() -> None:
    assert (SIMULATED.default_prefix, SIMULATED.default_nodes[0]) == ("hydro", NODE)
