"""What cameras say: hellos, acknowledgements, images.

What the wire leaves open is decided here:

- `{"status": ...}` other than `alive` on the status topic is malformed: it is no hello,
  and where a will sent it, the node did not speak.
- The topic names the node. A `device_id` that is no MAC says nothing; one that is
  another node's makes the message malformed.
- A retained hello is old: it tells what the node was, and opens nothing. Retained acks
  and images are malformed.
- Our own `ACK_OK` and `missing_chunks` come back on the shared topic. They say nothing,
  not even that the node is there.
- An ack fails where its `status` is false or contains a word of failure; otherwise it
  says that the node took the command. `message` gives the reason, else `status` does.
  One that fails refuses a command that was not taken, and ends one that was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from ...engine.reports import (
    Accepted,
    Done,
    Failed,
    Hello,
    Needs,
    Rejected,
    Report,
    Seen,
)
from ..base import Malformed, Message, Site
from ..untrusted import Unreadable, json_object, line, number, shown, whole
from .data import description, measured, part
from .names import Place, own_device_id, place, told_by

LONGEST_REPORT: Final = 512 * 1024
"""Room for a part of 100 KiB as an array of bytes."""
LONGEST_FIRMWARE: Final = 64
WAKE_KIND: Final = "set_wake_schedule"
ACK: Final = "ack"
HELLO: Final = "hello"
REFUSAL: Final = "refusal"
"""The subject of an ack that fails, for a command that was taken before."""

_LONGEST_TALK: Final = 16 * 1024
_LONGEST_NAMES: Final = 255
_MOST_PENDING: Final = 65_535
_HIGHEST_VOLTAGE: Final = 30
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

_READINGS: Final[Mapping[str, tuple[str, Callable[[object], str | float | None]]]] = (
    MappingProxyType(
        {
            "pending_images": (
                "pendingImg",
                partial(whole, minimum=0, maximum=_MOST_PENDING),
            ),
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
    longest = LONGEST_REPORT if where.channel == "data" else _LONGEST_TALK
    content = json_object(message.payload, longest)
    if where.channel == "ack" and ("ACK_OK" in content or "missing_chunks" in content):
        return ()
    told = told_by(where, own_device_id(where, content.get("device_id")))
    match where.channel:
        case "status":
            return _hello(site, where.node, content, told, live=not message.retain)
        case "ack":
            return _ack(where.node, content, told)
        case _:
            return _data(site, where, content, told, message.wall)


def _hello(
    site: Site,
    node: str,
    content: Mapping[str, Any],
    told: dict[str, str],
    *,
    live: bool,
) -> tuple[Report, ...]:
    status = content.get("status", "alive")
    if not isinstance(status, str) or status.lower() != "alive":
        raise Unreadable("no hello")
    readings: dict[str, str | float] = {**told, **_health(content)}
    if not live:
        return (Seen(node=node, live=False, readings=readings),)
    firmware = str(readings.get("fw", ""))
    hello = Hello(node=node, hardware_id=node, firmware=firmware)
    seen = Seen(node=node, live=True, online=True, readings=readings)
    if node not in site.nodes:
        return (hello, seen)
    # That it is awake comes first: else what it ends could be the last that is to be
    # done, and the node be sent to sleep while this very hello sets more going.
    ended = [HELLO, firmware_subject(firmware)] if firmware else [HELLO]
    needs = (Needs(node, WAKE_KIND),) if site.nodes[node].get("cron") else ()
    return (hello, *(Done(node, subject=subject) for subject in ended), seen, *needs)


def _health(content: Mapping[str, Any]) -> dict[str, str | float]:
    readings: dict[str, str | float] = {
        key: value
        for key, (name, read) in _READINGS.items()
        if (value := read(content.get(name))) is not None
    }
    names = content.get("pending_list")
    if isinstance(names, list):
        readings.setdefault("pending_images", min(len(names), _MOST_PENDING))
        readings["pending_list"] = _as_many_as_fit(names)
    return readings


def _as_many_as_fit(names: list[Any]) -> str:
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
    status = content.get("status")
    if _is_failure(status):
        reason = shown(content.get("message") or status)
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
    where: Place,
    content: Mapping[str, Any],
    told: Mapping[str, str],
    wall: float,
) -> tuple[Report, ...]:
    node = where.node
    if "chunk_id" in content:
        found: tuple[Report, ...] = (part(node, content),)
        return (Seen(node=node, live=True, online=True, readings=told), *found)
    fahrenheit = bool(site.nodes.get(node, {}).get("fahrenheit"))
    measurements = measured(content, fahrenheit=fahrenheit)
    found = description(node, content, wall)
    if not measurements and not found:
        raise Unreadable("no known field")
    readings: dict[str, str | float] = {**told, **measurements}
    return (Seen(node=node, live=True, online=True, readings=readings), *found)
