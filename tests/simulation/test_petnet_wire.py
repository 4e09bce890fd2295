"""The judge of feeders reads the same vectors as their protocol."""

from __future__ import annotations

import json

import pytest

from simulation.record import Asks, Executed, Sent
from simulation.wires.base import Order
from simulation.wires.petnet import PETNET
from tests.protocols import vectors
from tests.protocols.vectors import Vector

DOWN = vectors.going_down("petnet")
QUESTIONS = [
    each
    for each in vectors.going_up("petnet")
    if any(said["report"] == "Publication" for said in each.means or ())
]


def name_of(vector: Vector) -> str:
    return vector.name


def sent(topic: str, payload: bytes) -> Sent:
    return Sent(0.0, "krs", topic, payload, again=False)


@pytest.mark.parametrize("vector", DOWN, ids=name_of)
def test_the_judge_knows_which_command_a_message_is_of(vector: Vector) -> None:
    found = list(PETNET.read(sent(vector.message.topic, vector.message.payload)))
    if vector.command is None:
        assert found == []
    else:
        node, command_id = vector.command["node"], vector.given["command_id"]
        begins = vector.given["step"] == 0
        assert found == [Order(node, command_id, begins=begins)]


@pytest.mark.parametrize(
    "vector", [each for each in DOWN if each.command and each.executes], ids=name_of
)
def test_the_judge_knows_which_command_a_feeder_executed(vector: Vector) -> None:
    assert vector.command is not None
    assert vector.executes is not None
    node, name = vector.command["node"], vector.message.json["hid"]
    done = PETNET.done(Executed(0.0, "krs", node, name, vector.executes, "{}"))
    assert done is not None
    assert (done.node, done.command_id) == (node, vector.given["command_id"])


@pytest.mark.parametrize("vector", QUESTIONS, ids=name_of)
def test_the_judge_knows_a_question_and_its_answer(vector: Vector) -> None:
    said = vector.message
    (reply,) = [
        sent(each["topic"], each["payload"].encode())
        for each in vector.means or ()
        if each["report"] == "Publication"
    ]
    asked = Asks(0.0, "krs", said.topic, said.payload, answerable=True)
    assert PETNET.question(asked) == str(json.loads(said.payload)["requestId"])
    assert PETNET.answer(reply) == PETNET.question(asked)
