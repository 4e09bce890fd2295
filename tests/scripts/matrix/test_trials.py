"""The commands in whose lives the matrix kills, and whose orders are whose."""

from __future__ import annotations

from pathlib import Path
import time
from typing import Any

import pytest
import pytest_socket

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from scripts.matrix import tried
from scripts.matrix.trials import TRIALS, Trial
from scripts.matrix.tried import TriedStand, with_flash
from tests.protocols.folders import OF_FOLDERS

ALL = [trial for trials in TRIALS.values() for trial in trials]


@pytest.mark.parametrize("trial", ALL, ids=lambda trial: trial.name)
def test_a_trial_is_of_the_class_that_it_says(trial: Trial) -> None:
    policies = PROTOCOLS[trial.station.protocol].policies
    command_class = policies[trial.order.kind].command_class
    assert (command_class is CommandClass.ONCE) is trial.once


@pytest.mark.parametrize("trial", ALL, ids=lambda trial: trial.name)
def test_a_trial_can_be_ordered(trial: Trial) -> None:
    protocol = PROTOCOLS[trial.station.protocol]
    kind = trial.order.kind
    if trial.planned:
        assert protocol.planning is not None
        kind = protocol.planning.kind
    for number in (0, 99, 100):
        protocol.check(kind, trial.params(number))
    assert trial.order.node in trial.station.adopted


def test_every_protocol_but_the_first_has_one_of_each() -> None:
    assert TRIALS.keys() == OF_FOLDERS - {"paired_dispenser"} | {"zigbee2mqtt"}
    for first, second in TRIALS.values():
        assert first.once
        assert not second.once
        assert first.station is second.station


def test_orders_differ_where_a_node_would_else_have_nothing_to_do() -> None:
    _, fan = TRIALS["greenhouse"]
    given = [fan.params(number)["value"] for number in range(100)]
    assert sorted(given) == list(range(100))


def test_nodes_keep_what_they_remember_where_they_are_told(tmp_path: Path) -> None:
    trial = with_flash(ALL[0], tmp_path)
    assert trial.station.options[-2:] == ("--state", str(tmp_path / "flash"))
    assert trial.name == ALL[0].name


@pytest.fixture
def _sockets() -> None:
    pytest_socket.enable_socket()


@pytest.fixture
def stand(
    _sockets: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> TriedStand:
    """A stand to which order 10 was given at 100 s and order 20 at 200 s."""
    (tmp_path / "known/home_assistant/config").mkdir(parents=True)
    stand = TriedStand(tmp_path / "stand", tmp_path / "known", ALL[0], {})

    async def call(_: str, **__: Any) -> None: ...

    async def device_id(*_: object) -> str:
        return "device"

    monkeypatch.setattr(stand, "call", call)
    monkeypatch.setattr(tried, "device_id", device_id)
    return stand


@pytest.fixture
async def given(stand: TriedStand, monkeypatch: pytest.MonkeyPatch) -> TriedStand:
    """The same, its orders given."""
    monkeypatch.setattr(type(stand.home_assistant), "api", None)
    for tag, at in ((10, 100.0), (20, 200.0)):
        monkeypatch.setattr(time, "time", lambda at=at: at)
        await stand.give(tag)
    return stand


@pytest.mark.parametrize(
    ("created", "tag"),
    [
        (99.9, None),
        (100.0, 10),
        (199.9, 10),
        (200.5, 20),
        ("1970-01-01T00:01:40.250000+00:00", 10),
        ("1970-01-01T00:05:00+00:00", 20),
    ],
)
def test_a_command_is_of_the_last_order_given_before_it(
    given: TriedStand, created: float | str, tag: int | None
) -> None:
    assert given.tag_of({"kind": "reboot", "created_at": created}) == tag


def test_a_command_of_another_kind_is_of_no_order(given: TriedStand) -> None:
    assert given.tag_of({"kind": "ping", "created_at": 150.0}) is None


def test_executions_are_counted_from_order_to_order(
    given: TriedStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = ALL[0].order.node
    ledger = [
        {"at": at, "node": name, "kind": kind}
        for at, name, kind in (
            (50.0, node, "reboot"),
            (101.0, node, "reboot"),
            (102.0, "another", "reboot"),
            (103.0, node, "ping"),
            (201.0, node, "reboot"),
            (299.0, node, "reboot"),
        )
    ]
    monkeypatch.setattr(given.simulator, "ledger", lambda: ledger)
    assert given.executions(10) == {node: 1}
    assert given.executions(20) == {node: 2}
