"""Messages of feeder pairs, and commands for them."""

from __future__ import annotations

from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command
from custom_components.mqtt_dispatch.engine.model.reports import Readings, Seen
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Message, Publication

from ..commands import command_for

WIRE = PROTOCOLS["paired_dispenser"]
STATION = ("1", "2")
NEWER: Readings = {"fw": "2.1.0"}
ORIGINAL: Readings = {}
HIGHEST_ID = 2**31 - 1


def live(node: str, **said: Any) -> Seen:
    told = "fw" in said.get("readings", {})
    untold = frozenset[str]() if told else frozenset({"fw"})
    return Seen(node=node, live=True, untold=untold, **said)


def counted(
    node: str, count: int, expected: int | None = None, *, differs: bool | None = None
) -> Seen:
    """Return what a camera says, which is no sign of the node."""
    told = {"count_detected": count, "expected": expected, "count_differs": differs}
    known = {name: value for name, value in told.items() if value is not None}
    return Seen(
        node=node,
        live=False,
        readings={name: float(value) for name, value in known.items()},
        untold=frozenset(told.keys() - known.keys()),
    )


def retained(node: str, **said: Any) -> Seen:
    return Seen(node=node, live=False, **said)


def a_command(
    kind: str,
    params: dict[str, Any],
    *,
    command_id: int = 17,
    expires_at: float | None = None,
    nodes: tuple[str, ...] = STATION,
) -> Command:
    return command_for(
        nodes, kind, params, command_id=command_id, expires_at=expires_at
    )


def reports(
    topic: str, payload: bytes, *, retain: bool = False, prefix: str = "disp"
) -> tuple[object, ...]:
    return WIRE.report(site(prefix), Message(topic, payload, retain, NOON))


def site(prefix: str = "disp", nodes: tuple[str, ...] = STATION) -> Site:
    return Site(prefix=prefix, nodes={node: {} for node in nodes})


def sent(
    command: Command,
    node: str,
    *,
    prefix: str = "disp",
    nodes: tuple[str, ...] = STATION,
    readings: Readings = NEWER,
) -> tuple[Publication, ...]:
    sending = Sending(command=command, node=node, wall=NOON, readings=readings)
    return WIRE.messages(site(prefix, nodes), sending)


NOON = 1_700_000_000.75
