"""Feeders are read, and written to, as the vectors have it."""

from __future__ import annotations

from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Message

from .. import vectors
from ..commands import command_for
from ..vectors import Vector, meaning
from .site import DEVICE, WIRE

DOWN = [each for each in vectors.going_down("petnet") if each.command is not None]
REPLIES = [each for each in vectors.going_down("petnet") if "reply" in each.given]


def name_of(vector: Vector) -> str:
    return vector.name


def the_site(vector: Vector) -> Site:
    """Return a station with one feeder, of the firmware that the vector names."""
    gateway = vector.message.topic.replace(".", "/").rpartition("/")[2]
    fields = {"gateway": gateway, "firmware": vector.given.get("firmware", "2.8.0")}
    return Site(prefix="krs", nodes={DEVICE: fields})


@pytest.mark.parametrize("vector", vectors.going_up("petnet"), ids=name_of)
def test_what_comes_up_means_what_the_vector_says(vector: Vector) -> None:
    said = vector.message
    message = Message(said.topic, said.payload, said.retain, 0.0)
    found = meaning(*WIRE.report(the_site(vector), message))
    assert found == list(vector.means or ())


def sent(vector: Vector) -> list[tuple[str, str]]:
    assert vector.command is not None
    kind, node = vector.command["kind"], vector.command["node"]
    params = WIRE.check(kind, vector.command["params"])
    command = command_for([node], kind, params, command_id=vector.given["command_id"])
    told: dict[str, Any] = {"fw": vector.given["firmware"]}
    if "entry_by_entry" in vector.given:
        told["entry_by_entry"] = 1
    readings: Readings = {key: value for key, value in told.items() if value}
    sending = Sending(
        command=command,
        node=node,
        wall=0.0,
        step=vector.given["step"],
        readings=readings,
    )
    return [
        (each.topic, each.payload)
        for each in WIRE.publications(the_site(vector), sending)
    ]


@pytest.mark.parametrize("vector", DOWN, ids=name_of)
def test_what_goes_down_is_what_the_vector_says_to_the_byte(vector: Vector) -> None:
    said = vector.message
    assert sent(vector) == [(said.topic, said.payload.decode())]


@pytest.mark.parametrize("vector", REPLIES, ids=name_of)
def test_a_reply_is_one_that_a_request_is_answered_with(vector: Vector) -> None:
    replies = [
        (each["topic"], each["payload"])
        for up in vectors.going_up("petnet")
        for each in up.means or ()
        if each["report"] == "Publication"
    ]
    said = vector.message
    assert (said.topic, said.payload.decode()) in replies


def test_every_kind_has_a_vector() -> None:
    assert {each.command["kind"] for each in DOWN if each.command} == set(WIRE.kinds)
