"""The wire of cameras says and reads what its vectors tell of the real ones."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from custom_components.mqtt_dispatch.protocols.base import Instructing, Sending, Site
from custom_components.mqtt_dispatch.protocols.esp32_cam.instructions import (
    ImageInstruction,
    Instruction,
)
from custom_components.mqtt_dispatch.protocols.messages import Message, Publication

from ..commands import command_for
from ..vectors import Vector, going_down, going_up, meaning
from .site import WALL, WIRE

UP = going_up("esp32_cam")
COMMANDS = [vector for vector in going_down("esp32_cam") if vector.command is not None]
INSTRUCTIONS = [
    vector
    for vector in going_down("esp32_cam")
    if {"instruction", "reply"} & vector.given.keys()
]
KNOWN = ("fields", "adopted")
"""What a vector gives of a node that was adopted."""


def ids(vectors: list[Vector] | tuple[Vector, ...]) -> list[str]:
    return [vector.name for vector in vectors]


@pytest.mark.parametrize("vector", UP, ids=ids(UP))
def test_what_comes_up_is_read_as_it_is_meant(vector: Vector) -> None:
    fields = vector.given.get("fields", {})
    known = any(name in vector.given for name in KNOWN)
    means = vector.means or ()
    nodes = {each["node"]: fields for each in means if known and "node" in each}
    message = Message(
        vector.message.topic,
        vector.message.payload,
        vector.message.retain,
        vector.given.get("wall", WALL),
    )
    site = Site(prefix="device", nodes=nodes)
    assert meaning(*WIRE.report(site, message)) == list(means)


@pytest.mark.parametrize("vector", COMMANDS, ids=ids(COMMANDS))
def test_a_command_goes_down_as_the_vendor_sends_it(vector: Vector) -> None:
    assert vector.command is not None
    node, kind = vector.command["node"], vector.command["kind"]
    params = WIRE.check(kind, vector.command["params"])
    command = command_for([node], kind, params, command_class=CommandClass.REPEAT)
    sending = Sending(
        command=command,
        node=node,
        wall=vector.given.get("wall", WALL),
        readings=vector.given["told"],
    )
    said = WIRE.publications(at_its_time(node, params.get("cron")), sending)
    assert is_said(vector, said)


@pytest.mark.parametrize("vector", INSTRUCTIONS, ids=ids(INSTRUCTIONS))
def test_an_instruction_goes_down_as_the_vendor_sends_it(vector: Vector) -> None:
    image = ImageInstruction(
        instruction_of(vector.given),
        name=_told(vector.given).get("image_name", ""),
        missing=tuple(_told(vector.given).get("missing", ())),
    )
    instructing = Instructing(
        node="node",
        message=image,
        readings=vector.given["told"],
        wall=WALL,
    )
    said = WIRE.instruct(at_its_time("node", "30 17 * * *"), instructing)
    assert is_said(vector, said)


def instruction_of(given: Any) -> Instruction:
    """Return which instruction a vector is about."""
    if "instruction" in given:
        return Instruction(given["instruction"])
    return Instruction.SEND_PARTS if "missing" in given["reply"] else Instruction.SLEEP


def _told(given: Any) -> dict[str, Any]:
    return {**given, **given.get("reply", {})}


def at_its_time(node: str, cron: str | None) -> Site:
    """Return a site where a cron expression is due at half past five, UTC."""

    def next_time(asked: str, wall: float) -> float:
        minute, hour, *_ = asked.split()
        day = datetime.fromtimestamp(wall, UTC).date()
        at = time(int(hour), int(minute), tzinfo=UTC)
        return datetime.combine(day, at).timestamp()

    fields = {} if cron is None else {"cron": cron}
    return Site(prefix="device", nodes={node: fields}, next_time=next_time)


def is_said(vector: Vector, publications: tuple[Publication, ...]) -> bool:
    """Whether what goes down is the message of a vector, or that among others."""
    return any(
        vector.message.is_said_by(each.topic, each.payload.encode())
        for each in publications
    )
