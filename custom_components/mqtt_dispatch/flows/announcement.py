"""What a station says of itself on `mqtt_dispatch/<anything>/announce`, retained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homeassistant.const import CONF_PROTOCOL

from ..const import CONF_NODES, CONF_PREFIX
from ..protocols import PROTOCOLS
from ..protocols.base import Protocol
from ..protocols.untrusted import Unreadable, json_object
from .naming import name_error, nodes_error, prefix_error

LONGEST_ANNOUNCEMENT = 2048
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A station that could be set up."""

    station: str
    protocol: Protocol
    prefix: str
    nodes: tuple[str, ...]


def read_announcement(payload: str | bytes | bytearray) -> Announcement | None:
    """Return what is announced, None for anything that no station can be made of.

    A JSON object with the texts `station`, `protocol` and `prefix` and the list
    `nodes` of texts or whole numbers.
    """
    if isinstance(payload, str):
        payload = payload.encode(errors="replace")
    try:
        content = json_object(bytes(payload), LONGEST_ANNOUNCEMENT)
    except Unreadable:
        return None
    station, prefix = content.get("station"), content.get(CONF_PREFIX)
    protocol = _protocol(content.get(CONF_PROTOCOL))
    nodes = _nodes(content.get(CONF_NODES))
    if not isinstance(station, str) or name_error(station):
        return None
    if not isinstance(prefix, str) or prefix_error(prefix):
        return None
    if protocol is None or nodes_error(protocol, nodes):
        return None
    return Announcement(station, protocol, prefix, nodes)


def _protocol(key: object) -> Protocol | None:
    return PROTOCOLS.get(key) if isinstance(key, str) else None


def _nodes(names: Any) -> tuple[str, ...]:  # noqa: ANN401 - anybody may have sent it
    if not isinstance(names, list):
        return ()
    return tuple(
        str(name) if type(name) is int else name if isinstance(name, str) else ""
        for name in names
    )
