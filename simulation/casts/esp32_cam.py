"""Cameras that sleep for hours."""

from __future__ import annotations

from collections.abc import Mapping
import json
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.protocols.esp32_cam.protocol import (
    ESP32_CAM as PROTOCOL,
)
from simulation.casts.base import Cast, StationPlan, Wish
from simulator.esp32_cam.camera import SleepingCamera
from simulator.esp32_cam.firmware import settings_of
from simulator.esp32_cam.memory import number_of
from simulator.esp32_cam.picture import picture
from simulator.esp32_cam.wire import (
    ACKS,
    BATCHES,
    CLOCKS,
    HELLOS,
    METADATA,
    MISSES,
    NAMED,
    PAYLOADS,
    QUOTES,
    SPELLINGS,
    Settings,
)
from simulator.node import Message, Node

NODES = ("AABBCCDDEE01", "TEST-ESP32-002")
_CRONS = ("*/30 * * * *", "0 */3 * * *", "15 6,18 * * *", "40 7 * * *")
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
_FIRMWARES = ("v4", "3.5", "3.5")
"""The kinds that do what they are told; one that captures by itself tells nothing of
what became of a command."""
_SPELLINGS = tuple(each for each in SPELLINGS if each != NAMED)


def _draw(random: Random, name: str) -> StationPlan:
    choice = random.choice
    return StationPlan(
        name=name,
        protocol=PROTOCOL.key,
        nodes=NODES,
        nature=settings_of(
            choice(_FIRMWARES),
            name,
            spelling=choice(_SPELLINGS),
            hello=choice(HELLOS),
            metadata=choice(METADATA),
            payload=choice(PAYLOADS),
            clock=choice(CLOCKS),
            quotes=choice(QUOTES),
            acks=choice(("none", *ACKS)),
            counts_from=choice((0, 1)),
            waits=choice((True, True, True, False)),
            misses_on=choice(MISSES),
            batch=choice(BATCHES),
            image_bytes=choice((1500, 6000, 15000)),
            chunk_bytes=choice((512, 1024)),
            chunk_seconds=choice((0.02, 0.3)),
            wake_seconds=choice((None, None, 3600.0, 10_800.0)),
            pending=choice((0, 2)),
        ),
        options={"hold": choice((30.0, 600.0))},
        fields={node: {"cron": choice(_CRONS)} for node in NODES},
        zone=choice(_ZONES),
    )


def _nodes(plan: StationPlan, now: float) -> list[Node]:
    return [
        SleepingCamera(each, plan.nature, memory=None, now=now) for each in plan.nodes
    ]


def _order(random: Random, station: StationPlan) -> Wish:
    choice = random.choice
    kind = choice(
        ("capture_image",) * 4
        + ("send_image", "reboot", "ping", "update_config", "set_wake_schedule")
        + ("update_firmware",)
    )
    params: dict[str, Any] = {}
    match kind:
        case "send_image":
            params = {"image_name": f"image_{random.randint(1, 4)}.jpg"}
        case "update_config":
            params = {"values": {"quality": random.randint(1, 9)}}
        case "set_wake_schedule":
            params = {"cron": choice(_CRONS)}
        case "update_firmware":
            params = {"url": f"https://example.org/fw-{random.randint(2, 9)}.1.bin"}
    nodes = choice((*((node,) for node in station.nodes), station.nodes))
    return kind, params, nodes


def _named(kind: str, params: Mapping[str, Any], intent: int) -> Mapping[str, Any]:
    if kind == "update_config":
        return {"values": {**params["values"], "order": intent}}
    return params


def _picture(nature: Settings, message: Message) -> tuple[str, bytes] | None:
    if not message.topic.endswith("/data"):
        return None
    text = message.payload.decode().replace("\u201c", '"').replace("\u201d", '"')
    content = json.loads(text)
    if not (content.get("total_chunks_count") or content.get("total_chunk_count")):
        return None
    name = content["image_name"]
    return name, picture(number_of(name), nature.image_bytes)


_FAULTS = (
    ("hello", "drop"),
    ("hello", "double"),
    ("doze", "on"),
    ("ack", "drop"),
    ("ack", "delay"),
    ("ack", "double"),
    ("refuse", "failed"),
    ("silent", "on"),
    ("camera", "broken"),
    ("camera", "failed"),
    ("metadata", "drop"),
    ("metadata", "late"),
    ("metadata", "double"),
    ("chunks_lost", "some"),
    ("chunks_lost", "all"),
    ("chunks_doubled", "on"),
    ("chunks_shuffled", "on"),
    ("chunks_late", "on"),
    ("dies_sending", "on"),
    ("wake", "now"),
    ("wake", "now"),
    ("die", "now"),
)
_JUNK: tuple[tuple[str, bytes], ...] = (
    ("AABBCCDDEE01/status", b'{"status":"dead"}'),
    ("AABBCCDDEE01/ack", b"[]"),
    ("AABBCCDDEE01/ack", b'{"ACK_OK":{}}'),
    ("AABBCCDDEE01/ack", b'{"missing_chunks":[1]}'),
    ("nomac/status", b'{"status":"alive"}'),
    ("AABBCCDDEE01/status", b'{"device_id":"AABBCCDDEE02","status":"alive"}'),
)
_DATA: tuple[bytes, ...] = (
    b"{",
    b'{"image_name":"junk.jpg","chunk_id":-1,"payload":"AA=="}',
    b'{"image_name":"junk.jpg","chunk_id":0,"payload":"!!"}',
    b'{"image_name":"junk.jpg","image_size":99999999,"total_chunks_count":5}',
)


def _junk(random: Random, plan: StationPlan) -> list[Message]:
    found = [
        Message(f"{plan.name}/{where}", payload)
        for where, payload in random.sample(_JUNK, 3)
    ]
    found.append(Message(f"ESP32CAM/{NODES[0]}/data", random.choice(_DATA)))
    return found


def _retained_junk(plan: StationPlan) -> list[Message]:
    return [
        Message(f"{plan.name}/{NODES[0]}/ack", b'{"status":"success"}', retain=True),
        Message(f"{plan.name}/{NODES[0]}/status", b'{"status":"alive"}', retain=True),
    ]


def _is_question(message: Message) -> bool:
    return message.topic.endswith("/status")


ESP32_CAM = Cast(
    protocol=PROTOCOL,
    stretch=12.0,
    # A camera may wake up once a day, and three times to be told something.
    rests_within=8 * 86_400.0,
    draw=_draw,
    nodes=_nodes,
    order=_order,
    named=_named,
    faults=_FAULTS,
    timed=frozenset(
        {("ack", "delay"), ("die", "now"), ("dies_sending", "on")},
    ),
    at_once=frozenset({("die", "now"), ("wake", "now")}),
    junk=_junk,
    retained_junk=_retained_junk,
    zones=_ZONES,
    is_question=_is_question,
    picture=_picture,
)
