"""What the hub says, as the engine is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from custom_components.mqtt_dispatch.engine.model.reports import (
    Done,
    Failed,
    Hello,
    Report,
    Seen,
)
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Site
from custom_components.mqtt_dispatch.protocols.messages import Message, Said
from custom_components.mqtt_dispatch.protocols.valve_hub.held_reports import Listed

WIRE = PROTOCOLS["valve_hub"]
RX = "valvehub/rx"
NOON = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC).timestamp()
"""A Sunday."""


def reports(
    payload: bytes | str,
    *,
    topic: str = RX,
    retain: bool = False,
    wall: float = NOON,
    prefix: str = "valvehub",
    nodes: tuple[str, ...] = (),
) -> tuple[Said, ...]:
    if isinstance(payload, str):
        payload = payload.encode()
    site = Site(prefix=prefix, nodes={node: {} for node in nodes})
    return WIRE.report(site, Message(topic, payload, retain, wall))


def live(node: str, uptime: float | None = None, **readings: Any) -> Seen:
    return Seen(
        node=node,
        live=True,
        online=True,
        uptime=uptime,
        counts_from_boot=uptime is None or readings.get("power") == "mains",
        readings=readings,
    )


TOLD_BY_OLDER_HUBS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {}),
    (" 0 0", {}),
    (" 65541", {"fw": "0.1.5"}),
    (" 65541 0", {"fw": "0.1.5"}),
)


def remembered(
    node: str, age: float | None = None, hello: Hello | None = None, **readings: Any
) -> Listed:
    """Return what the hub knows of a node that is there since `age`, or is gone."""
    if age is None:
        return Listed(Seen(node=node, live=False, readings=readings))
    return Listed(Seen(node=node, live=True, age=age, readings=readings), hello)


def event(subject: str, **readings: Any) -> tuple[Report, ...]:
    return live("5", device_id="77", **readings), Done("5", subject=subject)


def failure(subject: str, reason: str) -> Failed:
    return Failed("5", reason=reason, subject=subject)
