"""Commands as the engine has them, for protocols to put on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from custom_components.mqtt_dispatch.engine.model.command import (
    Command,
    CommandClass,
    Delivery,
)


def command_for(
    nodes: Iterable[str],
    kind: str,
    params: Mapping[str, Any],
    *,
    command_id: int = 17,
    command_class: CommandClass = CommandClass.ONCE,
    expires_at: float | None = None,
) -> Command:
    """Return a command of which nothing was sent yet."""
    return Command(
        id=command_id,
        kind=kind,
        params=params,
        command_class=command_class,
        created_at=0.0,
        expires_at=expires_at,
        deliveries=tuple(Delivery(node) for node in nodes),
    )
