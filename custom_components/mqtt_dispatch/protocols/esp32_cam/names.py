"""How cameras are called on the wire, and where they speak.

A node is the MAC of its camera. Its name here is 12 upper-case hex digits; on the wire
either case and colons are in use, and topics come in two families:

- the station's own: `{prefix}/{mac}/status`, `/ack` and, down, `/cmd` and `/ack`;
- the shared one of newer firmware: the same after `ESP32CAM/`.

`ESP32CAM/{mac}/data` is used by both, so it does not tell the family.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ...engine.model import Readings
from ..untrusted import Unreadable

OWN: Final = "own"
SHARED: Final = "shared"

_SHARED_PREFIX: Final = "ESP32CAM"
_MAC: Final = re.compile(r"[0-9A-Fa-f]{12}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}")


class Place(NamedTuple):
    """Where a message was published."""

    node: str
    spelled: str
    """The MAC as it stands in the topic."""
    family: str | None
    """`OWN`, `SHARED`, or None where the topic belongs to both."""
    channel: str


def node_name(text: str) -> str | None:
    """Return a MAC as 12 upper-case hex digits; None for anything else."""
    return text.replace(":", "").upper() if _MAC.fullmatch(text) else None


def topics(prefix: str) -> tuple[str, ...]:
    """Return the topic filters of what nodes send up."""
    filters = (
        f"{prefix}/+/status",
        f"{prefix}/+/ack",
        f"{_SHARED_PREFIX}/+/status",
        f"{_SHARED_PREFIX}/+/ack",
        f"{_SHARED_PREFIX}/+/data",
    )
    return tuple(dict.fromkeys(filters))


def place(prefix: str, topic: str) -> Place:
    """Return what a topic tells. Raises Unreadable."""
    start, _, channel = topic.rpartition("/")
    root, _, spelled = start.rpartition("/")
    node = node_name(spelled)
    if node is not None:
        if channel == "data" and root == _SHARED_PREFIX:
            return Place(node, spelled, None, channel)
        if channel in ("status", "ack") and root in (prefix, _SHARED_PREFIX):
            return Place(node, spelled, OWN if root == prefix else SHARED, channel)
    raise Unreadable("unexpected topic")


def told_by(place: Place, device_id: str | None) -> dict[str, str]:
    """Return what must be remembered of a message to answer its node as it speaks."""
    told = {"device_id": device_id} if device_id else {}
    if place.family is not None:
        told |= {"family": place.family, "spelled": place.spelled}
    return told


def own_device_id(place: Place, device_id: object) -> str | None:
    """Return the `device_id` of a message as it is spelled; None where it is none.

    Raises Unreadable where it is another node's.
    """
    if not isinstance(device_id, str) or (node := node_name(device_id)) is None:
        return None
    if node != place.node:
        raise Unreadable("the device_id of another node")
    return device_id


def device_id_of(node: str, readings: Readings) -> str:
    """Return the MAC as the node spells it in its messages, at best."""
    pairs = [node[at : at + 2] for at in range(0, len(node), 2)]
    known = readings.get("device_id") or readings.get("spelled")
    return str(known or ":".join(pairs))


def topic(prefix: str, node: str, channel: str, readings: Readings) -> str:
    """Return where a node listens: in the family and spelling in which it last spoke.

    Before it did: in the station's own family.
    """
    root = _SHARED_PREFIX if readings.get("family") == SHARED else prefix
    spelled = readings.get("spelled") or device_id_of(node, readings)
    return f"{root}/{spelled}/{channel}"
