"""What the vendor's code says and does is read and written so, to the byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Message, Publication

from ..commands import command_for, stored_with
from ..vectors import Vector, going_down, going_up, meaning

WIRE = PROTOCOLS["paired_dispenser"]
SITE = Site(prefix="disp", nodes={"1": {}, "2": {}})
TOLD: dict[str, Readings] = {"old": {}, "seed": {}, "new": {"fw": "2.1.0"}}


def named(vector: Vector) -> str:
    return vector.name


@pytest.mark.parametrize("vector", going_up("paired_dispenser"), ids=named)
def test_what_comes_up_is_read_as_it_is_meant(vector: Vector) -> None:
    said = vector.message
    message = Message(said.topic, said.payload, said.retain, 0.0)
    means = [*(vector.means or ())]
    assert meaning(*WIRE.report(SITE, message)) == means


@pytest.mark.parametrize(
    "vector",
    [each for each in going_down("paired_dispenser") if each.command],
    ids=named,
)
def test_what_goes_down_is_written_as_the_node_reads_it(vector: Vector) -> None:
    ordered, said = vector.command or {}, vector.message
    command = command_for(
        ordered["nodes"],
        ordered["kind"],
        WIRE.check(ordered["kind"], ordered["params"]),
        command_id=said.json["queue_id"],
        expires_at=said.json.get("expires_at"),
        remembered=stored_with(said.json),
    )
    sending = Sending(
        command=command,
        node=ordered["node"],
        wall=0.0,
        readings=TOLD[vector.given["firmware"]],
    )
    published = Publication(said.topic, said.payload.decode())
    assert WIRE.messages(SITE, sending) == (published,)


def test_node_2_is_told_nothing_else_by_us() -> None:
    sent = [
        (each.given["firmware"], _kept(each.given["firmware"], each.message.json))
        for each in going_down("paired_dispenser")
        if each.command and each.message.topic == "disp/cmd/2"
    ]
    assert {room for firmware, room in sent if firmware != "new"} == {1, 2, 3}


def _kept(firmware: str, message: Any) -> Any:
    times = {"expires_at", "execute_at"} if firmware == "new" else set()
    assert message.keys() - times == {"queue_id", "patient_id", "target_room"} or (
        json.dumps(message) == '{"queue_id": 18, "op": "reboot"}'
    )
    return message.get("target_room")
