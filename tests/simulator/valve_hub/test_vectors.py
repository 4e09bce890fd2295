"""The simulated hub answers as the makers' own does, and says nothing else."""

from __future__ import annotations

import re

import pytest

from tests.protocols.vectors import Vector, going_down, going_up

from .bench import AWAKE, HubBench

_CODE = {"EVENT": 3, "EVENT_LOG": 4}
"""Where in a line the code of its event stands."""


def shape(line: str) -> tuple[str, ...]:
    """Return what a line is, without its numbers."""
    words = line.split(" ")
    match words[0]:
        case "QUEUED":
            kind = words[1]
        case "ERROR":
            kind = re.sub("[A-Z_]+ syntax", "syntax", line)
        case "UPDATE":
            kind = words[2]
        case "NODE":
            kind = words[3]
        case word if word in _CODE:
            kind = words[_CODE[word]]
        case _:
            kind = ""
    return (words[0], kind, str(len(words)))


KNOWN = {
    shape(str(vector.message.text).rstrip("\n")) for vector in going_up("valve_hub")
}


@pytest.mark.parametrize(
    "vector", going_down("valve_hub"), ids=lambda vector: vector.name
)
class TestALine:
    def test_is_answered_as_by_a_real_hub(self, vector: Vector) -> None:
        bench = HubBench()
        if vector.given.get("heard"):
            bench.run(AWAKE)
        bench.messages.clear()
        bench.receive(vector.message.topic, vector.message.payload)
        assert bench.payloads() == [said.payload for said in vector.answers or ()]

    def test_is_carried_out_as_by_a_real_node(self, vector: Vector) -> None:
        bench = HubBench()
        bench.receive(vector.message.topic, vector.message.payload)
        bench.run(2 * AWAKE)
        kinds = {executed.kind for executed in bench.executed}
        assert kinds == ({vector.executes} if vector.executes else set())

    def test_brings_up_no_line_that_no_real_hub_says(self, vector: Vector) -> None:
        bench = HubBench(sensors=frozenset({"1", "3"}))
        bench.receive(vector.message.topic, vector.message.payload)
        bench.run(2 * AWAKE)
        bench.send("LIST_NODES", "GET_QUEUE 1", "GET_QUEUE 3")
        assert {shape(line) for line in bench.lines()} <= KNOWN
