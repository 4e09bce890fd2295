"""Orders for faults: what can be said, and how what cannot be said is refused."""

from __future__ import annotations

import json

import pytest

from simulator.faults import (
    FaultError,
    Order,
    StandingOrders,
    describe_faults,
    order_from_json,
    order_from_text,
)
from simulator.paired_dispenser.faults import FAULTS

NODES = ("1", "2")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("node=2,ack=drop,count=1", Order("ack", "drop", "2", None, 1)),
        ("ack=delay,seconds=2.5", Order("ack", "delay", None, 2.5, None)),
        ("node=all,evt=double", Order("evt", "double")),
        (" fail = timeout , node = 1 ", Order("fail", "timeout", "1")),
        ("die=accepted,seconds=10,count=3", Order("die", "accepted", None, 10, 3)),
        ("flap=on", Order("flap", "on")),
        ("clear=ack", Order("clear", "ack")),
    ],
)
def test_order_on_the_command_line(text: str, order: Order) -> None:
    assert order_from_text(text, NODES, FAULTS) == order


@pytest.mark.parametrize(
    ("content", "node", "order"),
    [
        ({"ack": "drop", "count": 1}, "2", Order("ack", "drop", "2", None, 1)),
        ({"evt": "delay", "seconds": 5}, "all", Order("evt", "delay", None, 5)),
        ({"refuse": True}, "1", Order("refuse", "on", "1")),
        ({"dedupes": False}, "1", Order("dedupes", "off", "1")),
    ],
)
def test_order_on_the_control_topic(
    content: dict[str, object], node: str, order: Order
) -> None:
    assert order_from_json(json.dumps(content).encode(), node, NODES, FAULTS) == order


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "'' is not NAME=VALUE"),
        ("ack", "'ack' is not NAME=VALUE"),
        ("ack=", "'ack=' is not NAME=VALUE"),
        ("=drop", "'=drop' is not NAME=VALUE"),
        ("ack=drop,ack=double", "ack is given twice"),
        ("node=1", "an order names exactly one fault"),
        ("ack=drop,evt=drop", "an order names exactly one fault"),
        ("nod=1,ack=drop", "'nod' is not a fault; faults are ack, evt"),
        ("node=3,ack=drop", "no node '3' here, only 1, 2 and all"),
        ("ack=lose", "ack=lose: ack can be drop, delay, double, reorder only"),
        ("ack=delay", "ack=delay needs seconds"),
        ("ack=drop,seconds=1", "ack=drop takes no seconds"),
        ("ack=delay,seconds=0", "seconds=0 is not a number, 0.01 to 86400"),
        ("ack=delay,seconds=nan", "seconds=nan is not a number"),
        ("ack=delay,seconds=86401", "seconds=86401 is not a number"),
        ("ack=delay,seconds=soon", "seconds=soon is not a number"),
        ("ack=drop,count=0", "count=0 is not a whole number, 1 to 999999"),
        ("ack=drop,count=1.5", "count=1.5 is not a whole number"),
        ("ack=drop,count=1000000", "count=1000000 is not a whole number"),
        ("ack=drop,count=²", "count=² is not a whole number"),
        ("die=now,count=1", "die=now acts at once and takes no count"),
        ("clear=all,count=1", "clear=all acts at once and takes no count"),
        ("clear=clear", "clear=clear: clear can be all, ack"),
        ("fail=success", "the status is 1 to 40 letters, digits, _ or -, and not"),
        ("fail=two words", "the status is 1 to 40 letters"),
        ("fail=timeout,seconds=1", "fail=timeout takes no seconds"),
    ],
)
def test_text_that_is_no_order_is_refused_with_the_reason(
    text: str, complaint: str
) -> None:
    with pytest.raises(FaultError) as refused:
        order_from_text(text, NODES, FAULTS)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'["ack"]', "not a JSON object"),
        (b"{}", "an order names exactly one fault"),
        (b'{"node":"1","ack":"drop"}', "the topic names the node, the order must not"),
        (b'{"ack":["drop"]}', "ack is neither text, number, true nor false"),
        (b'{"ack":null}', "ack is neither text, number, true nor false"),
        (b'{"ack":"drop","count":' + b"9" * 400 + b"}", "is not a whole number"),
        (b'{"ack":"delay","seconds":Infinity}', "seconds=inf is not a number"),
    ],
)
def test_payload_that_is_no_order_is_refused_with_the_reason(
    payload: bytes, complaint: str
) -> None:
    with pytest.raises(FaultError) as refused:
        order_from_json(payload, "1", NODES, FAULTS)
    assert complaint in str(refused.value)


def test_order_for_an_unknown_node_is_refused_on_the_control_topic() -> None:
    with pytest.raises(FaultError, match="no node '3' here"):
        order_from_json(b'{"ack":"drop"}', "3", NODES, FAULTS)


def test_order_reads_as_it_was_given() -> None:
    order = order_from_text("count=2,seconds=0.5,node=1,ack=delay", NODES, FAULTS)
    assert str(order) == "ack=delay,seconds=0.5,count=2"


def test_help_names_every_fault_and_fits_a_terminal() -> None:
    text = describe_faults(FAULTS)
    assert all(f"  {name}=" in text for name in (*FAULTS, "clear"))
    assert max(len(line) for line in text.splitlines()) <= 80


def test_counted_order_is_over_after_its_count() -> None:
    orders = StandingOrders()
    orders.add(Order("ack", "drop", count=2))
    orders.add(Order("evt", "drop"))
    taken = [set(orders.take()) for _ in range(3)]
    assert taken == [{"ack", "evt"}, {"ack", "evt"}, {"evt"}]
