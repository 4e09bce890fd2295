"""Commands as a camera is told of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import Command, CommandClass
from custom_components.mqtt_dispatch.protocols import PROTOCOLS
from custom_components.mqtt_dispatch.protocols.base import Sending, Site
from custom_components.mqtt_dispatch.protocols.messages import Publication

from ..commands import command_for

WIRE = PROTOCOLS["esp32_cam"]
MAC = "AA:BB:CC:DD:EE:FF"
NODE = "AABBCCDDEEFF"
HALF_PAST_FIVE = datetime(2025, 6, 1, 17, 30, tzinfo=UTC).timestamp()
AT_FIVE = HALF_PAST_FIVE - 1800


def due_at_half_past_five(_cron: str, _wall: float) -> float | None:
    return HALF_PAST_FIVE


def site(next_time: Any = due_at_half_past_five, **fields: Any) -> Site:
    return Site(prefix="device", nodes={NODE: fields}, next_time=next_time)


def a_command(kind: str, params: dict[str, Any]) -> Command:
    return command_for(
        [NODE], kind, WIRE.check(kind, params), command_class=CommandClass.REPEAT
    )


def sent(
    kind: str,
    params: dict[str, Any],
    readings: dict[str, str | float] | None = None,
    at: Site | None = None,
) -> Publication:
    sending = Sending(
        command=a_command(kind, params),
        node=NODE,
        wall=AT_FIVE,
        readings=readings or {},
    )
    (publication, *_) = WIRE.publications(at or site(), sending)
    return publication
