"""Commands as the hub is told of them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandClass
from custom_components.mqtt_dispatch.engine.model.step import Step
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Message
from tests.protocols.commands import NOWHERE

from ..commands import command_for

WIRE = PROTOCOLS["valve_hub"]
SITE = Site(prefix="valvehub", nodes={"5": {}})
NOON = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC).timestamp()
"""A Sunday."""
SLOT: dict[str, Any] = {
    "hour": 14,
    "minute": 30,
    "duration": 900,
    "days": 127,
    "valve": 0,
}
PLAN: dict[str, Any] = {
    "clear": 3,
    "slots": [SLOT, {**SLOT, "hour": 6, "minute": 5, "days": 1, "valve": 2}],
}


def a_command(kind: str, params: dict[str, Any], node: str = "5") -> Command:
    return command_for([node], kind, params, command_class=CommandClass.LATEST)


def line(
    kind: str,
    params: dict[str, Any],
    *,
    node: str = "5",
    step: int = 0,
    wall: float = NOON,
    **readings: str | float,
) -> str:
    """Return the one line that goes down."""
    (publication,) = WIRE.publications(
        SITE,
        Sending(
            command=a_command(kind, params, node),
            node=node,
            wall=wall,
            step=step,
            readings=MappingProxyType(readings),
        ),
    )
    assert publication.topic == "valvehub/tx"
    return publication.payload


def steps(kind: str, params: dict[str, Any]) -> tuple[Step, ...]:
    return WIRE.steps(NOWHERE, a_command(kind, params), "5", {})


def a_message(text: str) -> Message:
    return Message("valvehub/rx", text.encode(), False, NOON)
