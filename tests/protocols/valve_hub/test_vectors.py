"""The protocol reads and writes the lines that the makers' own hub and nodes do."""

from __future__ import annotations

import pytest

from custom_components.mqtt_dispatch.engine.model.command import CommandClass
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Message, Publication

from ..commands import command_for
from ..vectors import Vector, going_down, going_up, meaning

WIRE = PROTOCOLS["valve_hub"]
WALL = 1_800_000_000.0
"""2027-01-15 08:00:00 UTC, a Friday."""
NODES: dict[str, dict[str, object]] = {"1": {}, "2": {}}


@pytest.mark.parametrize(
    "vector", going_up("valve_hub"), ids=lambda vector: vector.name
)
def test_what_comes_up_means_what_it_means(vector: Vector) -> None:
    told = vector.given.get("told", {})
    site = Site(prefix="valvehub", nodes=NODES, told=lambda _: told)
    said = vector.message
    message = Message(said.topic, said.payload, said.retain, WALL)
    assert meaning(*WIRE.report(site, message)) == list(vector.means or ())


@pytest.mark.parametrize(
    "vector",
    [vector for vector in going_down("valve_hub") if vector.command is not None],
    ids=lambda vector: vector.name,
)
def test_a_command_goes_down_as_it_does(vector: Vector) -> None:
    order = dict(vector.command or {})
    command = command_for(
        [order["node"]],
        order["kind"],
        order["params"],
        command_class=CommandClass.LATEST,
    )
    sending = Sending(
        command=command,
        node=order["node"],
        wall=WALL,
        step=order.get("step", 0),
        readings={"type": vector.given["type"]},
    )
    site = Site(prefix="valvehub", nodes=NODES)
    assert WIRE.publications(site, sending) == (
        Publication(vector.message.topic, str(vector.message.text)),
    )
