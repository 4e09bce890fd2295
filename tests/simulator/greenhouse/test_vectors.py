"""Simulated greenhouse nodes answer as the real ones do, refusals and silence too."""

from __future__ import annotations

from collections.abc import Sequence
import json

import pytest

from simulator.node import Message
from tests.protocols.vectors import Vector, going_down, going_up

from .bench import START, GreenhouseBench

DOWN = going_down("greenhouse")
BY_NAME = {vector.name: vector for vector in DOWN}
LONG_ENOUGH = 150.0
"""Seconds in which the longest dose, and one that waits for it, are over."""
BY_ITSELF = ("heartbeat", "status", "diagnostics", "telemetry", "event", "request")
"""The ends of topics on which a node speaks unasked: they count where a vector asks."""


def a_node(vector: Vector) -> GreenhouseBench:
    """Return the node of a vector, in the state that it needs."""
    given = vector.given
    bench = GreenhouseBench(
        given["type"],
        firmware=given["generation"].lower(),
        bound=given["bound"],
        knows_time=given.get("knows_time", True),
        channels=given.get("channels", ()),
    )
    for flag, order in (
        ("safe_mode", "safe_mode=now"),
        ("estop", "estop=on"),
        ("no_current", "current=none"),
    ):
        if given.get(flag):
            bench.order(order)
    for name in given.get("after", ()):
        _hear(bench, BY_NAME[name])
        bench.run(0.5)
    bench.run(max(0.0, given["at"] - bench.now))
    for name in given.get("during", ()):
        _hear(bench, BY_NAME[name])
        bench.run(0.5)
    return bench


def _hear(bench: GreenhouseBench, vector: Vector) -> None:
    bench.receive(vector.message.topic, vector.message.payload)


def _counts(message: Message, topics: Sequence[str]) -> bool:
    return message.topic in topics or not message.topic.endswith(BY_ITSELF)


@pytest.mark.parametrize("vector", DOWN, ids=[vector.name for vector in DOWN])
def test_a_node_answers_as_the_real_one(vector: Vector) -> None:
    bench = a_node(vector)
    executed, said = len(bench.executed), len(bench.messages)
    _hear(bench, vector)
    expected = vector.answers or ()
    topics = [answer.topic for answer in expected]
    is_command = vector.message.topic.endswith("command")
    bench.run(LONG_ENOUGH if is_command and _lasts(vector) else 1.9)
    heard = [
        message for _, message in bench.messages[said:] if _counts(message, topics)
    ]
    unheard = [
        answer
        for answer, message in zip(expected, heard, strict=False)
        if not answer.is_said_by(message.topic, message.payload)
    ]
    assert not unheard, [(each.topic, each.payload) for each in heard]
    assert len(heard) == len(expected), [(each.topic, each.payload) for each in heard]
    if vector.executes is None:
        assert vector.given.get("during") or len(bench.executed) == executed


def _lasts(vector: Vector) -> bool:
    """Whether the last answer comes only when something is over."""
    return vector.given["generation"] == "HEAD" and any(
        word in vector.message.payload for word in (b'"run_pump"', b'"dose"', b"_ms")
    )


SHAPES = {
    (topic.rsplit("/", 1)[1], frozenset(vector.message.json))
    for vector in going_up("greenhouse")
    if isinstance(vector.message.json, dict)
    for topic in (vector.message.topic,)
}
"""The ends of topics, and the keys of what is said there."""


@pytest.mark.parametrize("node_type", ["ph", "ec", "climate", "relay", "irrig", "pump"])
def test_a_node_says_nothing_by_itself_that_no_real_one_says(node_type: str) -> None:
    bench = GreenhouseBench(node_type)
    bench.order("error=now")
    bench.run(70)
    bench.order("safe_mode=now")
    unknown = {
        (message.topic, message.payload)
        for _, message in bench.messages
        if not message.topic.endswith(("config_report", "command_response"))
        and (
            message.topic.rsplit("/", 1)[1],
            frozenset(json.loads(message.payload)),
        )
        not in SHAPES
    }
    assert not unknown


def test_the_vectors_are_of_one_moment() -> None:
    assert {vector.given["at"] for vector in DOWN} >= {int(START)}
