"""The simulation tells of the makers' own lines which command they are of."""

from __future__ import annotations

import pytest

from simulation.record import Sent
from simulation.wires.valve_hub import VALVE_HUB
from tests.protocols.vectors import Vector, going_down


@pytest.mark.parametrize(
    "vector",
    [vector for vector in going_down("valve_hub") if vector.command is not None],
    ids=lambda vector: vector.name,
)
def test_a_line_is_that_of_its_command(vector: Vector) -> None:
    order = dict(vector.command or {})
    (read,) = VALVE_HUB.read(a_sending(vector))
    assert read.node == order["node"]
    assert read.text in VALVE_HUB.says(order["kind"], order["params"])


@pytest.mark.parametrize(
    "vector",
    [
        vector
        for vector in going_down("valve_hub")
        if vector.message.payload.decode().split()[0]
        in ("LIST_NODES", "GET_QUEUE", "DATETIME", "BATCH_ACK")
    ],
    ids=lambda vector: vector.name,
)
def test_a_question_or_an_answer_is_no_command(vector: Vector) -> None:
    assert list(VALVE_HUB.read(a_sending(vector))) == []


def a_sending(vector: Vector) -> Sent:
    return Sent(
        at=0.0,
        station="valvehub",
        again=False,
        topic=vector.message.topic,
        payload=vector.message.payload,
    )
