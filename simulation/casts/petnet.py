"""Feeders that keep their plan, behind one gateway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.protocols.petnet.commands import hid_of
from custom_components.mqtt_dispatch.protocols.petnet.protocol import PETNET as PROTOCOL
from simulation.casts.base import Cast, Held, StationPlan, Wish
from simulator.node import Message, Node
from simulator.petnet.feeder import SENSOR_SECONDS
from simulator.petnet.gateway import station as nodes_of
from simulator.petnet.wire import FIRMWARES, Settings

NODES = (
    "5d1a7c3e90b24f68a1c7d2e8f4b60935c8a7e1d2",
    "0b22c3d4e5f60718293a4b5c6d7e8f9012345678",
)
GATEWAY = "gateway-1"
_ZONES = ("America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland")
_SCALES = (2.0, 4.0, 8.0)
"""How much more seldom than real ones these feeders say something by themselves."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _draw(random: Random, name: str) -> StationPlan:
    choice = random.choice
    firmware = choice(("old", "new", "new"))
    return StationPlan(
        name=name,
        protocol=PROTOCOL.key,
        nodes=NODES,
        nature=Settings(
            prefix=name,
            stepwise=firmware == "new",
            work_seconds=choice((3.0, 20.0, 60.0)),
            interval_scale=choice(_SCALES),
        ),
        options={"hold": choice((30.0, 120.0, 600.0))},
        fields={
            node: {"gateway": GATEWAY, "firmware": FIRMWARES[firmware]}
            for node in NODES
        },
        zone=choice(_ZONES),
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    return [*nodes_of(plan.nodes, (GATEWAY,), plan.nature, {}, now)]


def _order(random: Random, station: StationPlan) -> Wish:
    choice = random.choice
    kind = choice(("feed",) * 6 + ("reboot", "set_button", "set_budget"))
    params: dict[str, Any] = {}
    match kind:
        case "feed":
            params = {"portions": random.randint(1, 3)}
        case "set_button":
            params = {"enable": choice((True, False))}
        case "set_budget":
            params = {
                "recipe": "AB123456",
                "tbsp_per_feeding": 2,
                "g_per_tbsp": 7.5,
                "budget_tbsp": random.randint(4, 9),
            }
    nodes = choice((station.nodes[:1], station.nodes[1:], station.nodes))
    return kind, params, nodes


def _meal(random: Random, station: StationPlan) -> Mapping[str, Any]:
    return {
        "time": f"{random.randrange(24):02}:{random.choice((0, 20, 45)):02}",
        "weekdays": _DAYS,
        "params": {"portions": random.randint(1, 4)},
        "nodes": random.choice((station.nodes[:1], station.nodes)),
    }


def _holds(plan: StationPlan, memory: Mapping[str, Any]) -> Iterator[Held]:
    for node in plan.nodes:
        flash = memory.get(node, {"schedule": [], "utc_offset": 0})
        entries = [
            [entry["time"], entry["portion"], entry["active"]]
            for entry in flash["schedule"]
        ]
        yield node, {"entries": entries, "utc_offset": flash["utc_offset"]}


_FAULTS = (
    ("received", "drop"),
    ("received", "delay"),
    ("received", "double"),
    ("succeeded", "drop"),
    ("succeeded", "delay"),
    ("succeeded", "double"),
    ("feed_result", "drop"),
    ("feed_result", "delay"),
    ("feed_result", "double"),
    ("silent", "idle"),
    ("silent", "works"),
    ("fail", "jam"),
    ("list", "refused"),
    ("spelling", "upper"),
    ("die", "now"),
    ("die", "accepted"),
    ("die", "executed"),
    ("die", "syncing"),
    ("forget", "schedule"),
    ("trace", "now"),
    ("press", "now"),
)
_JUNK = (
    b"",
    b"{",
    b"[1]",
    b"\xff\xfe",
    b'{"_|deviceHid":5,"s|msg_type":"hb"}',
    b'{"_|deviceHid":"' + NODES[0].encode() + b'","s|msg_type":"hash"}',
    b'{"_|deviceHid":"' + NODES[0].encode() + b'","s|msg_type":"feed_result"}',
    b'{"requestId":7,"parameters":{}}',
    b'{"requestId":"","parameters":{"uri":5}}',
)


def _junk(random: Random, plan: StationPlan) -> list[Message]:
    found = []
    for payload in random.sample(_JUNK, 4):
        channel = random.choice(("tel", "api"))
        found.append(Message(f"{plan.name}.{channel}.gts.{GATEWAY}", payload))
    found.append(Message("elsewhere", b"{}"))
    return found


def _retained_junk(plan: StationPlan) -> list[Message]:
    """Return an answer to what was never sent; it is retained, so it is none."""
    hid = hid_of(plan.nodes[0], 1, 0)
    content = {
        "requestId": "retained",
        "eventName": "GatewayToServer_ApiRequest",
        "encrypted": False,
        "parameters": {
            "uri": f"/api/v1/core/events/{hid}/succeeded",
            "method": "PUT",
            "apiKey": "x",
            "body": "{}",
        },
    }
    topic = f"{plan.name}.api.gts.{GATEWAY}"
    return [Message(topic, json.dumps(content).encode(), retain=True)]


def _is_question(message: Message) -> bool:
    return ".api.gts." in message.topic and b"requestId" in message.payload


PETNET = Cast(
    protocol=PROTOCOL,
    stretch=2.0,
    tells_within=SENSOR_SECONDS * max(_SCALES) + 1.0,
    rests_within=4 * 3600.0,
    draw=_draw,
    nodes=_nodes,
    order=_order,
    faults=_FAULTS,
    timed=frozenset(
        (fault, value) for fault, value in _FAULTS if fault == "die" or value == "delay"
    ),
    at_once=frozenset(
        (fault, value)
        for fault, value in _FAULTS
        if value == "now" or fault == "forget"
    ),
    junk=_junk,
    retained_junk=_retained_junk,
    zones=_ZONES,
    meal=_meal,
    holds=_holds,
    is_question=_is_question,
)
