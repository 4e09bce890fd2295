"""Orders reach the client that plays the node they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.connection import Broker
from simulator.faults import Fault, Order
from simulator.ledger import Ledger
from simulator.node import Effect, Message
from simulator.runner import Runner

FAULTS = {"deaf": Fault("hears nothing", ("on",))}


class Hub:
    """A client that notes its orders."""

    will: Message | None = None
    subscriptions: tuple[str, ...] = ()

    def __init__(self, name: str) -> None:
        self.name = name
        self.ordered: list[str | None] = []

    def on_connect(self, _now: float) -> list[Effect]:
        return []

    def receive(self, _topic: str, _payload: bytes, _now: float) -> list[Effect]:
        return []

    def advance(self, _now: float) -> list[Effect]:
        return []

    def next_deadline(self) -> float | None:
        return None

    def order(self, order: Order, _now: float) -> list[Effect]:
        self.ordered.append(order.node)
        return []


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path, "a")
    yield ledger
    ledger.close()


def play(ledger: Ledger, names: list[str], *clients: Hub) -> tuple[Runner, list[str]]:
    said: list[str] = []
    runner = Runner(
        Broker("127.0.0.1", 1),
        "a",
        clients,
        names=names,
        faults=FAULTS,
        ledger=ledger,
        flash=None,
        clock=lambda: 0.0,
        say=said.append,
    )
    return runner, said


def test_order_goes_to_the_client_with_the_name_of_the_node(ledger: Ledger) -> None:
    one, two = Hub("1"), Hub("2")
    runner, said = play(ledger, ["1", "2"], one, two)
    runner.order(Order("deaf", "on", "2"))
    assert (one.ordered, two.ordered) == ([], ["2"])
    assert said == ["node 2: ordered deaf=on"]


def test_order_for_a_node_that_is_no_client_goes_to_every_client(
    ledger: Ledger,
) -> None:
    hub = Hub("hub")
    runner, said = play(ledger, ["80", "81"], hub)
    runner.order(Order("deaf", "on", "81"))
    assert hub.ordered == ["81"]
    assert said == ["node 81: ordered deaf=on"]


def test_order_for_all_goes_to_every_client_once(ledger: Ledger) -> None:
    hub = Hub("hub")
    runner, said = play(ledger, ["80", "81"], hub)
    runner.order(Order("deaf", "on"))
    assert hub.ordered == [None]
    assert said == ["node 80: ordered deaf=on", "node 81: ordered deaf=on"]
