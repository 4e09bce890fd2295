"""How cameras are called on the wire, and where they speak.

A topic names its camera by 1 to 64 letters, digits, `:`, `_` and `-`. Usually that is
its MAC: in either case, with or without `:` or `-`, which is always the same node, here
12 upper-case hex digits. It may also be a name, such as `esp32-cam-01`; then a MAC that
the camera tells in its messages is what the node is called here, and the name its
address. Topics come in two families, with `status`, `data`, `ack` and `cmd` each:

- the station's own, `{prefix}/{id}/...` (by the maker's paper, and the first firmware,
  which sends its data in the other one);
- the shared one, `ESP32CAM/{id}/...` (firmware 3.5).

What a camera last said on `status` tells its family and how it spells its id there.
"""

from __future__ import annotations

from collections.abc import Mapping
import re
from typing import Any, Final, NamedTuple

from ...engine.model.reports import Readings
from ..base import Site
from ..untrusted import Unreadable

OWN: Final = "own"
SHARED: Final = "shared"

_SHARED_PREFIX: Final = "ESP32CAM"
_CHANNELS: Final = ("status", "data", "ack")
_ID: Final = re.compile(r"[A-Za-z0-9:_-]{1,64}")
_SEPARATORS: Final = re.compile(r"[:-]")
_MAC: Final = re.compile(r"[0-9A-Fa-f]{12}")


class Place(NamedTuple):
    """Where a message was published."""

    spelled: str
    """The id as it stands in the topic."""
    family: str
    """`OWN` or `SHARED`."""
    channel: str


def node_name(text: str) -> str | None:
    """Return a MAC as 12 upper-case hex digits, another id as it is, else None."""
    if not _ID.fullmatch(text):
        return None
    return mac_of(text) or text


def mac_of(text: object) -> str | None:
    """Return a MAC as 12 upper-case hex digits; None for anything else."""
    if not isinstance(text, str):
        return None
    bare = _SEPARATORS.sub("", text)
    return bare.upper() if _MAC.fullmatch(bare) else None


def topics(prefix: str) -> tuple[str, ...]:
    """Return the topic filters of what nodes send up."""
    roots = dict.fromkeys((prefix, _SHARED_PREFIX))
    return tuple(f"{root}/+/{channel}" for root in roots for channel in _CHANNELS)


def place(prefix: str, topic: str) -> Place:
    """Return what a topic tells. Raises Unreadable."""
    start, _, channel = topic.rpartition("/")
    root, _, spelled = start.rpartition("/")
    if (
        channel in _CHANNELS
        and root in (prefix, _SHARED_PREFIX)
        and _ID.fullmatch(spelled)
    ):
        return Place(spelled, OWN if root == prefix else SHARED, channel)
    raise Unreadable("unexpected topic")


def node_of(site: Site, place: Place, content: Mapping[str, Any]) -> str:
    """Return the node that a message is from: by its MAC, its address or its name.

    Raises Unreadable where the topic names the MAC of one camera and the message that
    of another.
    """
    told = mac_of(content.get("device_mac")) or mac_of(content.get("device_id"))
    by_topic = mac_of(place.spelled)
    if told and by_topic and told != by_topic:
        raise Unreadable("the device_id of another node")
    if mac := told or by_topic:
        return mac
    if place.spelled not in site.nodes:
        for node in site.nodes:
            if site.told(node).get("spelled") == place.spelled:
                return node
    return place.spelled


def told_by(place: Place, content: Mapping[str, Any]) -> dict[str, str]:
    """Return what must be remembered of a message to answer its node as it speaks."""
    device_id = content.get("device_id")
    known = isinstance(device_id, str) and _ID.fullmatch(device_id)
    told = {"device_id": str(device_id)} if known else {}
    if place.channel == "status":
        return {**told, "family": place.family, "spelled": place.spelled}
    return told


def device_id_of(node: str, readings: Readings) -> str:
    """Return the id of a node as it spells it in its messages, at best."""
    if known := readings.get("device_id") or readings.get("spelled"):
        return str(known)
    if mac_of(node) is None:
        return node
    return ":".join(node[at : at + 2] for at in range(0, len(node), 2))


def down_topics(
    prefix: str, node: str, channel: str, readings: Readings
) -> tuple[str, ...]:
    """Return where a node listens: where it spoke last on `status`.

    Before it did, so that only its data told that it is there: in both families.
    """
    spelled = readings.get("spelled") or device_id_of(node, readings)
    match readings.get("family"):
        case "shared":
            roots: tuple[str, ...] = (_SHARED_PREFIX,)
        case "own":
            roots = (prefix,)
        case _:
            roots = (prefix, _SHARED_PREFIX)
    return tuple(f"{root}/{spelled}/{channel}" for root in dict.fromkeys(roots))


def mac(node: str) -> str | None:
    """Return the MAC that a node is called by; None: it has another name."""
    return node if _MAC.fullmatch(node) else None
