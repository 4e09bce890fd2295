"""What the vendor's code says and takes is read, and written, as it is."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

import pytest

from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.greenhouse.channels import (
    reported_channels,
)
from custom_components.mqtt_dispatch.protocols.messages import Malformed, Message
from tests.nonempty import some
from tests.protocols import vectors
from tests.protocols.vectors import Vector, matches, meaning

from .samples import SECRET, WIRE, a_command

NODE = "esp32-a1b2c3d4e5f6"
HELD = {
    vector.given["type"]: reported_channels(vector.message.json["channels"])
    for vector in vectors.going_up("greenhouse")
    if vector.name.startswith("what a bound node holds: ")
}
"""The channels that each type of node brings itself."""
OF_SEED: Mapping[str, list[dict[str, Any]]] = {
    "ph": [
        {"name": "ph_sensor", "type": "SENSOR", "metric": "PH"},
        {"name": "pump_acid", "type": "ACTUATOR", "actuator_type": "PUMP"},
        {"name": "pump_base", "type": "ACTUATOR", "actuator_type": "PUMP"},
    ],
    "ec": [
        {"name": "ec_sensor", "type": "SENSOR", "metric": "EC"},
        {"name": "pump_nutrient", "type": "ACTUATOR", "actuator_type": "PUMP"},
    ],
}
"""What the owner of a node of the older generation says of it."""


def site_of(vector: Vector) -> Site:
    """Return the station of a vector's node, as far as it is known."""
    given = vector.given
    fields: dict[str, Any] = {
        "greenhouse": "gh-1",
        "zone": "zn-1",
        "uid": "nd-1",
        "secret": SECRET,
        "type": given["type"],
        "hardware_id": NODE,
        "generation": "seed" if given["generation"] == "seed" else "head",
        "channels": [*(given.get("channels") or ()), *channels(vector)],
    }
    if given["bound"]:
        fields |= {"assigned": True, "lives_at": "gh-1/zn-1/nd-1"}
    return Site(prefix="hydro", nodes={NODE: fields})


def channels(vector: Vector) -> list[dict[str, Any]]:
    """Return the channels that a node is known to have by itself."""
    node_type = vector.given["type"]
    if vector.given["generation"] == "seed":
        return OF_SEED.get(node_type, [])
    known = vector.given["bound"] or node_type not in ("climate", "pump")
    return HELD.get(node_type, []) if known else []


UP = vectors.going_up("greenhouse")
TOLD = [
    vector for vector in vectors.going_down("greenhouse") if vector.command is not None
]


@pytest.mark.parametrize("vector", UP, ids=lambda vector: vector.name)
def test_what_comes_up_is_read_as_it_is_meant(vector: Vector) -> None:
    said = vector.message
    wall = vector.given.get("at", 1737979200)
    message = Message(said.topic, said.payload, said.retain, wall)
    assert meaning(*WIRE.report(site_of(vector), message)) == [*(vector.means or ())]


@pytest.mark.parametrize("vector", TOLD, ids=lambda vector: vector.name)
def test_what_we_send_is_what_the_node_takes(vector: Vector) -> None:
    told = vector.command
    assert told is not None
    command = a_command(
        told["kind"], told["params"], node=told["node"], command_id=told.get("id", 1)
    )
    sending = Sending(command=command, node=told["node"], wall=vector.given["at"])
    *_, last = WIRE.publications(site_of(vector), sending)
    assert last.topic == vector.message.topic
    assert matches(vector.message.json, json.loads(last.payload))
    assert WIRE.check(told["kind"], told["params"]) == told["params"]


@pytest.mark.parametrize(
    "vector",
    [vector for vector in vectors.going_down("greenhouse") if vector.answers],
    ids=lambda vector: vector.name,
)
def test_what_a_node_answers_is_understood(vector: Vector) -> None:
    """With any value where the vendor's nodes say one of their own."""
    for said in some(vector.answers or ()):
        if said.json == vectors.ANYTHING:
            continue
        payload = said.payload
        if said.json is not None:
            payload = json.dumps(_filled(said.json)).encode()
        message = Message(said.topic, payload, said.retain, 1737979200)
        found = WIRE.report(at_the_place_of(said.topic, site_of(vector)), message)
        malformed = [each.reason for each in found if isinstance(each, Malformed)]
        assert malformed in ([], ["foreign cmd_id"])


def at_the_place_of(topic: str, site: Site) -> Site:
    """Return a station whose node is where a message comes from."""
    fields = dict(site.nodes[NODE])
    _, *place = topic.split("/")[:4]
    if place[:2] == ["gh-temp", "zn-temp"]:
        return Site(prefix="hydro", nodes={place[2]: fields})
    if len(place) < 3:
        return site
    fields |= dict(zip(("greenhouse", "zone", "uid"), place, strict=False))
    return Site(prefix="hydro", nodes={NODE: fields})


def _filled(value: object) -> object:
    match value:
        case "*":
            return 1737979200
        case dict():
            return {key: _filled(each) for key, each in value.items()}
        case list():
            return [*map(_filled, value)]
    return value
