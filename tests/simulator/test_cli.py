"""The command line says what it takes and refuses the rest."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from simulator.cli import parse
from simulator.connection import Broker
from simulator.faults import Order, describe_faults, order_from_text
from simulator.paired_dispenser.options import settings_from
from simulator.paired_dispenser.wire import FIRMWARES, Settings
from simulator.profiled.station import SHIPPED
from simulator.registry import SIMULATED
from simulator.simulated import Simulated

NEEDED = ["--protocol", "paired_dispenser", "--ledger", "somewhere"]


def test_what_is_left_out_is_as_real_nodes_are() -> None:
    options = parse(NEEDED)
    assert options.broker == Broker("127.0.0.1", 1883)
    assert options.nodes == ("1", "2")
    assert options.prefix == "disp"
    assert settings_from(options.given) == Settings("disp", FIRMWARES["old"], 3, 1)
    assert options.ledger == Path("somewhere")
    assert options.state is None
    assert options.orders == ()


def test_everything_can_be_said() -> None:
    options = parse(
        [
            *NEEDED,
            *("--host", "broker.example", "--port", "8883"),
            *("--username", "me", "--password", "secret"),
            *("--prefix", "a/b", "--nodes", "left, right", "--state", "flash"),
            *("--work-seconds", "0.5", "--firmware", "new", "--interval-scale", "0.1"),
            *("--while-busy", "says_so", "--flags", "text"),
            *("--fault", "node=right,ack=drop,count=1", "--fault", "refuse=on"),
        ]
    )
    assert options.broker == Broker("broker.example", 8883, "me", "secret")
    assert options.nodes == ("left", "right")
    assert options.prefix == "a/b"
    assert settings_from(options.given) == Settings(
        "a/b", FIRMWARES["new"], 0.5, 0.1, "says_so", "text"
    )
    assert options.state == Path("flash")
    assert options.orders == (
        Order("ack", "drop", "right", None, 1),
        Order("refuse", "on"),
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--port", "0"], "0 is not a port, 1 to 65535"),
        (["--port", "mqtt"], "argument --port: invalid"),
        (["--prefix", "disp/#"], "'disp/#' cannot begin a topic"),
        (["--prefix", ""], "'' cannot begin a topic"),
        (["--nodes", "1,,2"], "'' cannot name a node"),
        (["--nodes", "1,all"], "'all' cannot name a node"),
        (["--nodes", "1,a/b"], "'a/b' cannot name a node"),
        (["--nodes", "1,1"], "1,1 names a node twice"),
        (["--work-seconds", "-1"], "-1 is not a number of seconds"),
        (["--work-seconds", "nan"], "nan is not a number of seconds"),
        (["--interval-scale", "0"], "0 is not a number from 0.01"),
        (["--firmware", "newest"], "argument --firmware: invalid choice"),
        (["--protocol", "smoke_signs"], "argument --protocol: invalid choice"),
        (["--fault", "ack=lose"], "argument --fault: ack=lose: ack can be drop"),
        (["--fault", "node=3,ack=drop"], "no node '3' here, only 1, 2 and all"),
        (["--faul", "ack=drop"], "unrecognized arguments: --faul"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        parse([*NEEDED, *arguments])
    assert refused.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("left_out", "complaint"),
    [
        ("--protocol", "one of the arguments --protocol --profile is required"),
        ("--ledger", "required: --ledger"),
    ],
)
def test_protocol_and_ledger_must_be_given(
    left_out: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    at = NEEDED.index(left_out)
    with pytest.raises(SystemExit):
        parse(NEEDED[:at] + NEEDED[at + 2 :])
    assert complaint in capsys.readouterr().err


def test_a_profile_in_a_file_is_played_like_one_of_the_package() -> None:
    path = SHIPPED / "tasmota.json"
    options = parse(["--profile", str(path), "--ledger", "x", "--nodes", "tap,hose"])
    clients = options.simulated.station(options.nodes, options.given, {}, 0)
    assert [client.name for client in clients] == ["tap", "hose"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [(None, "No such file"), ("{}", "line 1: the profile lacks")],
)
def test_a_file_that_is_no_profile_is_refused_with_the_reason(
    text: str | None,
    complaint: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "profile.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit):
        parse(["--profile", str(path), "--ledger", "x"])
    assert complaint in capsys.readouterr().err


def test_a_model_that_the_profile_has_not_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["--protocol", "tasmota", "--ledger", "x", "--models", "kettle"])
    assert "'kettle' is none of relay_valve" in capsys.readouterr().err


def test_help_explains_orders_and_the_control_topics(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    text = capsys.readouterr().out
    assert "[node=NODE,]FAULT=VALUE[,seconds=S][,count=N]" in text
    assert "simulator/PREFIX/NODE/answer" in text


@pytest.mark.parametrize("simulated", SIMULATED.values(), ids=list(SIMULATED))
def test_help_shows_the_options_and_faults_of_the_protocol_that_is_named(
    simulated: Simulated, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse(["--protocol", simulated.key, "--help"])
    text = capsys.readouterr().out
    options = argparse.ArgumentParser(add_help=False)
    simulated.add_options(options)
    assert all(name in text for name in options.format_help().split() if "--" in name)
    assert describe_faults(simulated.faults) in text


@pytest.mark.parametrize("simulated", SIMULATED.values(), ids=list(SIMULATED))
def test_every_protocol_makes_a_station_of_its_defaults(simulated: Simulated) -> None:
    options = parse(["--protocol", simulated.key, "--ledger", "somewhere"])
    assert options.simulated is simulated
    assert (options.prefix, options.nodes) == (
        simulated.default_prefix,
        simulated.default_nodes,
    )
    clients = simulated.station(options.nodes, options.given, {}, 0)
    assert all(client.advance(0) for client in clients)


@pytest.mark.parametrize("simulated", SIMULATED.values(), ids=list(SIMULATED))
def test_faults_of_every_protocol_fit_the_grammar(simulated: Simulated) -> None:
    assert max(map(len, describe_faults(simulated.faults).splitlines())) <= 80
    for name, fault in simulated.faults.items():
        assert {*fault.timed, *fault.at_once} <= {*fault.values}
        value = fault.values[0] if fault.values else "broken"
        seconds = ",seconds=1" if fault.timed.get(value) else ""
        order = order_from_text(f"{name}={value}{seconds}", (), simulated.faults)
        assert (order.fault, order.value) == (name, value)
