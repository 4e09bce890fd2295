"""Commands as the engine has them, for protocols to put on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandClass,
    Delivery,
)
from custom_components.mqtt_dispatch.engine.model.reports import Readings
from custom_components.mqtt_dispatch.protocols.base import Site

NOWHERE = Site(prefix="", nodes={})
"""A place of which nothing is known."""


def command_for(
    nodes: Iterable[str],
    kind: str,
    params: Mapping[str, Any],
    *,
    command_id: int = 17,
    command_class: CommandClass = CommandClass.ONCE,
    expires_at: float | None = None,
    remembered: Readings | None = None,
) -> Command:
    """Return a command of which nothing was sent yet.

    `remembered`: what its session stores with each of its messages.
    """
    return Command(
        id=command_id,
        kind=kind,
        params=params,
        command_class=command_class,
        created_at=0.0,
        expires_at=expires_at,
        deliveries=tuple(Delivery(node, remembered=remembered or {}) for node in nodes),
    )


def stored_with(message: Mapping[str, Any]) -> Readings:
    """Return what was stored with a message of ours to a dispenser."""
    return {key: message[key] for key in ("execute_at",) if key in message}
