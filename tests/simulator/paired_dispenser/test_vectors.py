"""A simulated node answers and moves as the real one did."""

from __future__ import annotations

import json

import pytest

from tests.nonempty import some
from tests.protocols.vectors import Vector, going_down, going_up

from .bench import PairedBench

LONGEST = 120.0
"""Seconds in which each of them has answered."""
SHAPES = [
    (each.message.topic.split("/")[1], each.message.json.keys())
    for each in going_up("paired_dispenser")
]


@pytest.mark.parametrize(
    "vector", going_down("paired_dispenser"), ids=lambda vector: vector.name
)
def test_it_answers_as_the_real_one(vector: Vector) -> None:
    node = vector.message.topic[-1]
    bench = PairedBench(
        vector.given["firmware"], node=node, dispenses=node == "1", work_seconds=1
    )
    bench.receive(vector.message.topic, vector.message.payload)
    bench.run(LONGEST)
    answers = [
        message for _, message in bench.messages if "/state/" not in message.topic
    ]
    expected = vector.answers or ()
    assert len(answers) == len(expected)
    for said, answer in zip(expected, answers, strict=True):
        assert said.is_said_by(answer.topic, answer.payload), answer
    moved = [each.kind for each in bench.executed]
    assert moved == ([] if vector.executes is None else [vector.executes])


@pytest.mark.parametrize("firmware", ["old", "seed", "new"])
@pytest.mark.parametrize("node", ["1", "2"])
def test_it_says_nothing_of_another_shape(firmware: str, node: str) -> None:
    bench = PairedBench(
        firmware, node=node, dispenses=node == "1", while_busy="says_so"
    )
    for number, vector in enumerate(going_down("paired_dispenser")):
        if vector.message.json is not None:
            content = vector.message.json | {"queue_id": number + 1}
            bench.receive(f"disp/cmd/{node}", content)
        bench.run(LONGEST)
    for _, message in some(bench.messages):
        channel, content = message.topic.split("/")[1], json.loads(message.payload)
        # A newer node tells what it has to tell.
        assert any(
            channel == known and content.keys() <= keys for known, keys in SHAPES
        ), content
