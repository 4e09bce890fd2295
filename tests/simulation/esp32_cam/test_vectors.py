"""The simulation reads of cameras what the vectors say of them."""

from __future__ import annotations

import json

import pytest

from simulation.casts.esp32_cam import ESP32_CAM as CAST
from simulation.record import Asks, Executed, Sent
from simulation.wires.esp32_cam import ESP32_CAM as WIRE
from simulator.esp32_cam.firmware import settings_of
from simulator.esp32_cam.picture import picture
from simulator.node import Message
from tests.protocols.vectors import Vector, going_down, going_up

STATION = "s1"
UP, DOWN = going_up("esp32_cam"), going_down("esp32_cam")
ORDERED = [vector for vector in DOWN if vector.command is not None]
TALK = ("capture_image", "send_image", "send_all_pending")
NATURE = settings_of("3.5", "device")


def sent(vector: Vector) -> Sent:
    return Sent(1.0, STATION, vector.message.topic, vector.message.payload, again=False)


@pytest.mark.parametrize("vector", ORDERED, ids=lambda vector: vector.name)
def test_a_command_is_known_by_what_it_says(vector: Vector) -> None:
    (order,) = WIRE.read(sent(vector))
    assert vector.command is not None
    kind, node = vector.command["kind"], vector.command["node"]
    done = WIRE.done(
        Executed(2.0, STATION, node, "1", kind, json.dumps(vector.message.json))
    )
    assert order.node == node
    assert order.text in WIRE.says(kind, vector.command["params"])
    assert done is not None
    assert (done.node, done.text) == (order.node, order.text)
    assert order.talk is (kind in TALK)


@pytest.mark.parametrize(
    "vector",
    [vector for vector in DOWN if vector.executes in TALK],
    ids=lambda vector: vector.name,
)
def test_what_belongs_to_a_waking_needs_no_command(vector: Vector) -> None:
    assert [order.talk for order in WIRE.read(sent(vector))] == [True]


@pytest.mark.parametrize(
    "vector",
    [
        vector
        for vector in DOWN
        if vector.message.topic.endswith("/ack")
        or "missing_chunks" in vector.message.json
    ],
    ids=lambda vector: vector.name,
)
def test_what_becomes_of_an_image_is_no_command(vector: Vector) -> None:
    assert [*WIRE.read(sent(vector))] == []


@pytest.mark.parametrize(
    "vector",
    # One that calls itself by a name is not known by its topic; no world has such.
    [each for each in UP if b"device_mac" not in each.message.payload],
    ids=lambda vector: vector.name,
)
def test_a_hello_alone_begins_a_waking(vector: Vector) -> None:
    said = vector.message
    hellos = [means for means in vector.means or () if means["report"] == "Hello"]
    if said.retain:
        return
    message = Message(said.topic, said.payload)
    asks = Asks(1.0, STATION, said.topic, said.payload, answerable=True)
    assert CAST.is_question(message) is bool(hellos)
    assert WIRE.waking(asks) == (hellos[0]["node"] if hellos else None)


@pytest.mark.parametrize("vector", UP, ids=lambda vector: vector.name)
def test_a_description_alone_begins_an_image(vector: Vector) -> None:
    images = [each for each in vector.means or () if each["report"] == "ImageInfo"]
    found = CAST.picture(NATURE, Message(vector.message.topic, vector.message.payload))
    if not images:
        assert found is None
        return
    name = images[0]["name"]
    number = int(name.removeprefix("image_").removesuffix(".jpg"))
    assert found == (name, picture(number, NATURE.image_bytes))
