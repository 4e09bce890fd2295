"""The judge of dispensers tells of which command a recorded message is."""

from __future__ import annotations

import json

import pytest

from simulation.checker import judge
from simulation.record import Executed, Sent, StationBegan
from simulation.wires import WIRES
from simulation.wires.base import Order
from tests.protocols.vectors import Vector, going_down

WIRE = WIRES["paired_dispenser"]
OURS = [each for each in going_down("paired_dispenser") if each.command]
BEGAN = StationBegan(0.0, "s", ("1", "2"), (), (), "paired_dispenser")


@pytest.mark.parametrize("vector", OURS, ids=lambda vector: vector.name)
def test_it_reads_which_command_a_message_is(vector: Vector) -> None:
    said = vector.message
    sent = Sent(1.0, "s", said.topic, said.payload, again=False)
    pet = said.json.get("patient_id")
    node = said.topic[-1]
    assert [*WIRE.read(sent)] == [Order(node, said.json["queue_id"], pet=pet)]


@pytest.mark.parametrize("moved", ["motor", "conveyor"])
def test_it_sees_what_a_node_took_for_something_else(moved: str) -> None:
    payload = json.dumps({"queue_id": 33, "op": "reboot"})
    done = Executed(2.0, "s", "2", "33", moved, payload)
    promises = {found.promise for found in judge([BEGAN, done]).violations}
    assert 8 in promises
