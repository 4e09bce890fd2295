"""Orders that arrive while the simulator runs are handed on, and answered."""

from __future__ import annotations

import pytest

from simulator.control import Control
from simulator.faults import Order
from simulator.node import Connect, Message, Note
from simulator.paired_dispenser.faults import FAULTS


@pytest.fixture
def orders() -> list[Order]:
    return []


@pytest.fixture
def control(orders: list[Order]) -> Control:
    return Control("a/b", ["1", "2"], FAULTS, orders.append, 0)


def test_control_connects_once_and_listens_to_the_nodes_topics(
    control: Control,
) -> None:
    assert control.advance(0) == [Connect()]
    assert control.next_deadline() is None
    assert control.subscriptions == ("simulator/a/b/+",)


@pytest.mark.parametrize(("node", "name"), [("2", "2"), ("all", None)])
def test_order_is_handed_on_and_confirmed(
    control: Control, orders: list[Order], node: str, name: str | None
) -> None:
    effects = control.receive(
        f"simulator/a/b/{node}", b'{"ack":"delay","seconds":2,"count":1}', 0
    )
    assert orders == [Order("ack", "delay", name, 2, 1)]
    assert effects == [
        Message(
            f"simulator/a/b/{node}/answer",
            b'{"ordered": "ack=delay,seconds=2,count=1"}',
        )
    ]


def test_what_is_no_order_is_answered_with_the_reason(
    control: Control, orders: list[Order]
) -> None:
    effects = control.receive("simulator/a/b/1", b'{"ack":"lose"}', 0)
    reason = "ack=lose: ack can be drop, delay, double, reorder only"
    assert orders == []
    assert effects == [
        Note(f"no order: {reason}"),
        Message("simulator/a/b/1/answer", f'{{"error": "{reason}"}}'.encode()),
    ]
