"""What cameras say: hellos, acknowledgements, images.

What the wire leaves open is decided here:

- `{"status": ...}` other than `alive` on the status topic is malformed, and so is
  `{"alive": false}`: it is no hello, and where a will sent it, the node did not speak.
- A retained hello is old: it tells what the node was, and opens nothing. Retained acks
  and images are malformed.
- Our own `ACK_OK` and `missing_chunks` come back on the shared topic. They say nothing,
  not even that the node is there.
- An ack fails where its `status` is false or contains a word of failure; otherwise it
  says that the node took the command. `message` gives the reason, else `status` does.
  One that fails refuses a command that was not taken, and ends one that was.
- What is no JSON is read once more with typographic quotes as plain ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import (
    Accepted,
    Done,
    Failed,
    Hello,
    Rejected,
    Report,
    Seen,
)
from ..base import Site
from ..messages import Malformed, Message
from ..untrusted import Unreadable, json_object, line, number, shown, whole
from .data import LONGEST_NAME, description, is_description, is_part, measured, part
from .image_reports import PendingImages, ReadingsAlone
from .names import SHARED, Place, node_of, place, told_by
from .unpacking import LONG, takes_long

LONGEST_REPORT: Final = 512 * 1024
"""Room for a part of 100 KiB as an array of bytes."""
LONGEST_FIRMWARE: Final = 64
ACK: Final = "ack"
HELLO: Final = "hello"
REFUSAL: Final = "refusal"
"""The subject of an ack that fails, for a command that was taken before."""

_LONGEST_TALK: Final = 16 * 1024
_LONGEST_NAMES: Final = 255
_MOST_PENDING: Final = 65_535
_HIGHEST_VOLTAGE: Final = 30
_PENDING: Final = ("pendingImg", "pending_count")
_FAILURES: Final = (
    "fail",
    "error",
    "reject",
    "refuse",
    "denied",
    "invalid",
    "unknown",
    "unsupported",
    "abort",
    "timeout",
    "nack",
)
_PLAIN_QUOTES: Final = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")

_HEALTH: Final[Mapping[str, tuple[str, Callable[[object], str | float | None]]]] = (
    MappingProxyType(
        {
            "battery_voltage": (
                "battery_voltage",
                partial(number, minimum=0, maximum=_HIGHEST_VOLTAGE),
            ),
            "rssi": ("wifi_rssi", partial(number, minimum=-128, maximum=0)),
            "fw": ("firmware_version", partial(line, longest=LONGEST_FIRMWARE)),
        }
    )
)


def firmware_subject(version: str) -> str:
    """Return the subject of a hello that says that a node runs this firmware."""
    return f"firmware {version}"


def report(site: Site, message: Message) -> tuple[Report | Malformed, ...]:
    """Return what a message says; see `Protocol.report`."""
    try:
        return _read(site, message)
    except Unreadable as error:
        return (Malformed(str(error)),)


def _read(site: Site, message: Message) -> tuple[Report, ...]:
    where = place(site.prefix, message.topic)
    if not message.payload:
        return ()
    if message.retain and where.channel != "status":
        raise Unreadable("retained")
    if len(message.payload) > LONG and takes_long(message.payload):
        raise Unreadable("too long")
    content = _content(
        message.payload, LONGEST_REPORT if where.channel == "data" else _LONGEST_TALK
    )
    if where.channel == "ack" and ("ACK_OK" in content or "missing_chunks" in content):
        return ()
    node, told = node_of(site, where, content), told_by(where, content)
    match where.channel:
        case "status":
            return _hello(site, node, where, content, told, live=not message.retain)
        case "ack":
            return _ack(node, content, told)
        case _:
            return _data(site, node, content, told, message.wall)


def _content(payload: bytes, longest: int) -> dict[str, Any]:
    try:
        return json_object(payload, longest)
    except Unreadable:
        if len(payload) > longest:
            raise
        # What is no UTF-8 stays so.
        said = payload.decode(errors="surrogateescape").translate(_PLAIN_QUOTES)
        return json_object(said.encode(errors="surrogateescape"), longest)


def _hello(
    site: Site,
    node: str,
    where: Place,
    content: Mapping[str, Any],
    told: dict[str, str],
    *,
    live: bool,
) -> tuple[Report, ...]:
    status = content.get("status", "alive")
    alive = isinstance(status, str) and status.lower() == "alive"
    if not alive or content.get("alive", True) is not True:
        raise Unreadable("no hello")
    pending = _pending(node, where, content)
    readings: dict[str, str | float] = {**told, **_health(content)}
    if pending is not None:
        readings["pending_images"] = pending.count
    if isinstance(content.get("pending_list"), list) and pending is not None:
        readings["pending_list"] = _as_many_as_fit(pending.names)
    if not live:
        return (Seen(node=node, live=False, readings=readings),)
    firmware = str(readings.get("fw", ""))
    hello = Hello(node=node, hardware_id=node, firmware=firmware)
    seen = Seen(node=node, live=True, online=True, readings=readings)
    if node not in site.nodes:
        return (hello, seen)
    # Where it listens, and what this very hello ends, comes before what it sets going.
    ended = [HELLO, firmware_subject(firmware)] if firmware else [HELLO]
    return (
        seen,
        *(Done(node, subject=subject) for subject in ended),
        *((pending,) if pending is not None and pending.count else ()),
        hello,
    )


def _health(content: Mapping[str, Any]) -> dict[str, str | float]:
    return {
        key: value
        for key, (name, read) in _HEALTH.items()
        if (value := read(content.get(name))) is not None
    }


def _pending(
    node: str, where: Place, content: Mapping[str, Any]
) -> PendingImages | None:
    """Return what a node says that it keeps; None where it says nothing of it."""
    counts = (whole(content.get(name), 0, _MOST_PENDING) for name in _PENDING)
    count = next((each for each in counts if each is not None), None)
    listed = content.get("pending_list")
    if count is None and not isinstance(listed, list):
        return None
    listed = listed if isinstance(listed, list) else []
    names = (line(name, LONGEST_NAME) for name in listed)
    return PendingImages(
        node=node,
        count=min(len(listed), _MOST_PENDING) if count is None else count,
        names=tuple(name for name in names if name is not None),
        all_at_once=where.family == SHARED,
    )


def _as_many_as_fit(names: tuple[str, ...]) -> str:
    text = ""
    for name in names:
        longer = f"{text}, {shown(name)}" if text else shown(name)
        if len(longer) > _LONGEST_NAMES:
            break
        text = longer
    return text


def _ack(
    node: str, content: Mapping[str, Any], told: Mapping[str, str]
) -> tuple[Report, ...]:
    seen = Seen(node=node, live=True, online=True, readings=told)
    inner = content.get("command_ack")
    said = inner if isinstance(inner, dict) else content
    status = said.get("status", inner)
    if _is_failure(status):
        reason = shown(said.get("message") or status)
        return (
            seen,
            Rejected(node, reason=reason, subject=ACK),
            Failed(node, reason=reason, subject=REFUSAL),
        )
    return (seen, Accepted(node, subject=ACK), Done(node, subject=ACK))


def _is_failure(status: object) -> bool:
    if isinstance(status, str):
        return any(word in status.lower() for word in _FAILURES)
    return status is False


def _data(
    site: Site,
    node: str,
    content: Mapping[str, Any],
    told: Mapping[str, str],
    wall: float,
) -> tuple[Report, ...]:
    if is_part(content):
        found: tuple[Report, ...] = (part(node, content),)
        return (Seen(node=node, live=True, online=True, readings=told), *found)
    fahrenheit = bool(site.nodes.get(node, {}).get("fahrenheit"))
    measurements = {
        **measured(content, fahrenheit=fahrenheit),
        **_health(content),
    }
    if is_description(content):
        found = description(node, content, wall)
    else:
        found = (ReadingsAlone(node),) if measurements else ()
    if not measurements and not found:
        raise Unreadable("no known field")
    readings: dict[str, str | float] = {**told, **measurements}
    return (Seen(node=node, live=True, online=True, readings=readings), *found)
