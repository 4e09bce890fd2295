"""Simulated feeders answer as the vectors have it, and say nothing that none has.

The second keeps the simulator from agreeing with a mistake of ours: it may only speak
as the vendor's own code was seen to be spoken to.
"""

from __future__ import annotations

from collections.abc import Iterator
import json
import re
from typing import Any

import pytest

from simulator.petnet.faults import FAULTS
from tests.protocols import vectors
from tests.protocols.vectors import Said, Vector

from .bench import DEVICE, ENTRY, PetnetBench, added

UP = vectors.going_up("petnet")
BY_NAME = {each.name: each for each in vectors.going_down("petnet")}
TOLD = [each for each in BY_NAME.values() if "reply" not in each.given]
NEWER = ("2.5.0", "2.8.0")
_NAMES = re.compile("(?<=/events/)[a-z]{32}|(?<=/gateways/)[0-9a-f]{40}")


def name_of(vector: Vector) -> str:
    return vector.name


def bench_for(vector: Vector) -> PetnetBench:
    """Return a feeder to which all was said that the vector comes after."""
    bench = PetnetBench(stepwise=vector.given["firmware"] in NEWER)
    if "refuses_lists" in vector.given:
        bench.order("list=refused")
    for name in vector.given.get("after", ()):
        before = BY_NAME[name].message
        bench.receive(before.topic, before.payload)
    return bench


@pytest.mark.parametrize("vector", TOLD, ids=name_of)
def test_a_feeder_answers_and_does_what_the_vector_says(vector: Vector) -> None:
    bench = bench_for(vector)
    answered, done = len(bench.messages), len(bench.executed)
    bench.receive(vector.message.topic, vector.message.payload)
    # Before it restarts, and checks in.
    bench.run(0.5 if vector.executes == "reboot" else 4)

    asked = [
        message for _, message in bench.messages[answered:] if ".api." in message.topic
    ]
    expected: tuple[Said, ...] = vector.answers or ()
    assert len(asked) == len(expected), asked
    for message, answer in zip(asked, expected, strict=True):
        assert answer.is_said_by(message.topic, message.payload), message
    executed = [each.kind for each in bench.executed[done:]]
    assert executed == ([] if vector.executes is None else [vector.executes])


def test_a_feeder_goes_on_with_its_next_request_once_it_has_a_reply() -> None:
    bench = PetnetBench()
    bench.answers = False
    bench.send("utc_offset", {"utc_offset": 0})
    (request_id,) = [
        content["requestId"] for _, content in bench.told(".api.gts." + bench.node.name)
    ][-1:]
    reply = BY_NAME["reply to a request"].message
    bench.receive(reply.topic, {**reply.json, "requestId": request_id})
    assert [word for _, word in bench.events()] == ["a received", "a succeeded"]


def shape(topic: str, payload: bytes) -> object:
    """Return what a message looks like: names and types, and words of the wire."""
    channel = topic.rpartition(".")[0]
    try:
        content = json.loads(payload)
    except ValueError:
        return (channel, "cut short" if b'"trace"' in payload else payload)
    return (channel, tuple(_shape(content)))


def _shape(content: Any, within: str = "") -> Iterator[tuple[str, str]]:
    for key, value in sorted(content.items()):
        name = f"{within}{key}"
        if isinstance(value, dict):
            yield from _shape(value, f"{name}.")
        elif key in ("s|msg_type", "eventName", "method"):
            yield name, value
        elif key == "uri":
            yield name, _NAMES.sub("*", value)
        elif key.startswith("f|"):
            yield name, "number"
        elif key == "body":
            yield name, ",".join(sorted(json.loads(value)))
        else:
            yield name, type(value).__name__


KNOWN = {shape(each.message.topic, each.message.payload) for each in UP}
COMMANDS: dict[bool, list[tuple[str, object]]] = {
    False: [("schedule", [ENTRY])],
    True: [
        ("schedule_clear", {}),
        ("schedule_mod_start", {"size": 1}),
        ("schedule_add", added([ENTRY])),
        ("schedule_mod_end", {}),
    ],
}


def every_order() -> Iterator[str]:
    for name, fault in FAULTS.items():
        for value in fault.values or ("jammed",):
            late = ",seconds=5" if value in fault.timed else ""
            yield f"{name}={value}{late}"


@pytest.mark.parametrize("order", ["", *every_order()])
@pytest.mark.parametrize("stepwise", [False, True], ids=["old", "new"])
def test_a_feeder_says_nothing_whose_shape_no_vector_has(
    order: str, stepwise: bool
) -> None:
    bench = PetnetBench(stepwise=stepwise)
    if order:
        bench.order(order)
    for name, content in (
        ("feed", {"portion": 0.0625}),
        ("feed", {"portion": 7}),
        ("button_enable_remote", {"enable": True}),
        ("dance", {}),
        *COMMANDS[stepwise],
    ):
        bench.send(name, content)
    bench.order("clear=all") if order.startswith("die") else bench.order("press=now")
    bench.run(25 * 3600)
    bench.send("reboot", {})
    bench.run(600)

    said = [message for _, message in bench.messages]
    assert any(DEVICE.encode() in message.payload for message in said)
    assert [
        message
        for message in said
        if shape(message.topic, message.payload) not in KNOWN
    ] == []
