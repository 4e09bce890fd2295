"""A station with one camera, and what is read of its messages."""

from __future__ import annotations

from collections.abc import Mapping
import json
from typing import Any

from custom_components.mqtt_dispatch.engine.model.reports import Seen
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Message, Said

WIRE = PROTOCOLS["esp32_cam"]
MAC = "AA:BB:CC:DD:EE:FF"
NODE = "AABBCCDDEEFF"
WALL = 1_800_000_000.0


def reports(
    topic: str,
    content: Any,
    *,
    retain: bool = False,
    prefix: str = "device",
    **fields: Any,
) -> tuple[Said, ...]:
    """Return what a message says at a station with one camera, of these fields."""
    payload = content if isinstance(content, bytes) else json.dumps(content).encode()
    site = Site(prefix=prefix, nodes={NODE: fields})
    return WIRE.report(site, Message(topic, payload, retain, WALL))


def live(readings: Mapping[str, str | float], *, node: str = NODE) -> Seen:
    return Seen(node=node, live=True, online=True, readings=readings)
