"""The judge of greenhouse nodes reads the same vectors as their protocol."""

from __future__ import annotations

import pytest

from simulation.record import Sent
from simulation.wires import WIRES
from simulation.wires.base import Order
from tests.protocols.vectors import Vector, going_down

WIRE = WIRES["greenhouse"]
OURS = [each for each in going_down("greenhouse") if each.command]


@pytest.mark.parametrize("vector", OURS, ids=lambda vector: vector.name)
def test_it_reads_which_command_a_message_is(vector: Vector) -> None:
    assert vector.command is not None
    said = vector.message
    sent = Sent(1.0, "s", said.topic, said.payload, again=False)
    orders = [Order("", vector.command["id"])] if "cmd_id" in said.json else []
    assert [*WIRE.read(sent)] == orders


def test_what_asks_beside_a_command_is_no_attempt_at_it() -> None:
    asks = Sent(1.0, "s", "hydro/a/b/c/system/command", b'{"cmd_id": "md-7-x"}', False)
    again = asks._replace(payload=b'{"cmd_id": "md-7-2"}')
    assert not [*WIRE.read(asks)]
    assert [*WIRE.read(again)] == [Order("", 7)]
