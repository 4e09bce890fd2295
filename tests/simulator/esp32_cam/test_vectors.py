"""Simulated cameras do what real ones do, and say nothing that none of them says."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
import json
from typing import Any

import pytest

from simulator.esp32_cam.firmware import FIRMWARES
from simulator.esp32_cam.wire import (
    ACKS,
    CLOCKS,
    HELLOS,
    METADATA,
    PAYLOADS,
    QUOTES,
    SPELLINGS,
)
from tests.protocols.vectors import Said, Vector, going_down, going_up

from .bench import CameraBench

CHUNK_BYTES = 1024
ENOUGH = 10.0
"""Seconds in which a camera has said all that it says to a message."""

type Shape = tuple[str, Any]

TOLD = [each for each in going_down("esp32_cam") if "camera" in each.given]
"""What a camera is told that is in a state of which the vector speaks."""


def placed(vector: Vector) -> CameraBench:
    """Return a camera in the state in which a vector finds it."""
    camera = vector.given["camera"]
    bench = CameraBench(
        camera["firmware"],
        name=camera["id"],
        image_bytes=camera["chunks"] * CHUNK_BYTES,
        chunk_bytes=CHUNK_BYTES,
        pending=camera.get("pending", 0),
    )
    if vector.given.get("captured"):
        bench.run(ENOUGH)
    for before in vector.given.get("before", ()):
        said = Said(**before)
        bench.send(said.topic, said.payload)
        bench.run(ENOUGH)
    return bench


@pytest.mark.parametrize("vector", TOLD, ids=lambda vector: vector.name)
def test_it_answers_as_the_real_one(vector: Vector) -> None:
    bench = placed(vector)
    messages, executed = len(bench.messages), len(bench.executed)

    bench.send(vector.message.topic, vector.message.payload)
    bench.run(ENOUGH)

    said = [message for _, message in bench.messages[messages:]]
    assert vector.answers is not None
    assert [message.topic for message in said] == [a.topic for a in vector.answers]
    for message, expected in zip(said, vector.answers, strict=True):
        assert expected.is_said_by(message.topic, message.payload), message
    kinds = bench.kinds()[executed:]
    assert kinds == ([] if vector.executes is None else [vector.executes])


@pytest.mark.parametrize(
    "vector",
    [each for each in TOLD if "then" in each.given],
    ids=lambda vector: vector.name,
)
def test_it_keeps_and_sleeps_as_the_real_one(vector: Vector) -> None:
    bench, then = placed(vector), vector.given["then"]

    bench.send(vector.message.topic, vector.message.payload)
    bench.run(0)

    assert bench.connected is then["awake"]
    assert bench.memory["pending"] == then["pending"]
    assert bench.memory["next_wake"] == then.get("next_wake")


def shape(topic: str, payload: bytes) -> Shape:
    """Return the channel of a message and the names in it, whatever the values."""
    text = payload.decode().replace("\u201c", '"').replace("\u201d", '"')
    return topic.rpartition("/")[2], _names(json.loads(text))


def _names(value: object) -> Any:
    if isinstance(value, Mapping):
        return frozenset((key, _names(inner)) for key, inner in value.items())
    return None


KNOWN_SHAPES = frozenset(
    shape(vector.message.topic, vector.message.payload)
    for vector in going_up("esp32_cam")
)
SPELLED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("hello", HELLOS),
    ("metadata", METADATA),
    ("payload", PAYLOADS),
    ("clock", CLOCKS),
    ("quotes", QUOTES),
    ("acks", ACKS),
    ("spelling", tuple(SPELLINGS)),
)


@pytest.mark.parametrize("firmware", FIRMWARES)
@pytest.mark.parametrize(
    ("option", "value"),
    chain.from_iterable(
        ((option, value) for value in values) for option, values in SPELLED
    ),
)
@pytest.mark.parametrize("order", ["metadata=double", "camera=broken", "camera=failed"])
def test_it_says_nothing_whose_shape_no_real_one_has(
    firmware: str, option: str, value: str, order: str
) -> None:
    settings: dict[str, Any] = {option: value}
    bench = CameraBench(firmware, image_bytes=3000, **settings)
    bench.order(order)
    bench.capture()

    said = {shape(message.topic, message.payload) for _, message in bench.messages}
    assert said <= KNOWN_SHAPES
