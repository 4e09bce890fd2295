"""Cameras that sleep: what they are told.

What the wire leaves open is decided here:

- All commands wait for a hello. They may wait for two days, a reboot too: a camera is
  told a time of day, so it wakes at least once a day, and what was ordered just after
  one waking must not run out just before the next.
- A camera is told the first time that lies beyond its awake window: at an earlier one
  it would still be awake, and then sleep through a whole day.
- A reboot is done at the next hello, and so is an update without a version: a node that
  restarts is told nothing else before. Whether it restarted or only woke up, a hello
  does not tell: it counts only once the node has taken the command.
- `update_config` must not carry what other kinds say: those have rules of their own.
- Of an image whose node never told its topic family, the reply goes out in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
import math
from types import MappingProxyType
from typing import Any, Final

from ...engine.model import (
    Command,
    Gate,
    Readings,
    Step,
    Wanted,
)
from ..actuator import Actuator, Form
from ..base import ImageReply, Kind, Protocol, Publication, Sending, Site, compact_json
from ..fields import Cron, Flag, Text, Url
from ..params import Field, InvalidCommand
from ..untrusted import line
from .data import IMAGE, LONGEST_NAME, subject_of
from .names import OWN, SHARED, device_id_of, node_name, topic, topics
from .reports import (
    ACK,
    HELLO,
    LONGEST_FIRMWARE,
    LONGEST_REPORT,
    REFUSAL,
    WAKE_KIND,
    firmware_subject,
    report,
)

_LONGEST_COMMAND: Final = 1024
_AWAKE_FOR: Final = 60.0
_NOON: Final = 12

_LONGEST_REPLY: Final = 64 * 1024
_TWO_DAYS: Final = 2 * 86_400.0
_IMAGE_TIMEOUT: Final = 10 * 60.0
_MOST_VALUES: Final = 32
_LONGEST_KEY: Final = 64
_LONGEST_VALUE: Final = 256
_ASCII: Final = "[ -~]+"
_VERSION: Final = Text(1, LONGEST_FIRMWARE, _ASCII)
_OURS: Final = frozenset(
    {
        "device_id",
        "capture_image",
        "send_image",
        "next_wake",
        "reboot",
        "firmware_url",
        "ping",
    }
)


@dataclass(frozen=True, slots=True)
class Values(Field):
    """1 to 32 named values: texts, numbers, true or false, null."""

    def check(self, field: str, value: object) -> dict[str, Any]:
        """Return them. Raises InvalidCommand (invalid_values, unknown_field)."""
        if not isinstance(value, dict) or not 0 < len(value) <= _MOST_VALUES:
            raise InvalidCommand("invalid_values", field=field, value=value)
        for name, item in value.items():
            if name in _OURS or line(name, _LONGEST_KEY) is None:
                raise InvalidCommand("unknown_field", field=name)
            if not _is_plain(item):
                raise InvalidCommand("invalid_values", field=name, value=item)
        return dict(value)


def _is_plain(value: object) -> bool:
    match value:
        case None | bool():
            return True
        case int():
            return abs(value) < 2**63
        case float():
            return math.isfinite(value)
        case str():
            return len(value) <= _LONGEST_VALUE
        case _:
            return False


def publications(site: Site, sending: Sending) -> tuple[Publication, ...]:
    """Return what tells a node the command; see `Protocol.publications`."""
    command, node, readings = sending.command, sending.node, sending.readings
    params = ESP32_CAM.check(command.kind, command.params)
    message = {
        "device_id": device_id_of(node, readings),
        **_said(site, command.kind, params, sending.wall),
    }
    payload = compact_json(message, _LONGEST_COMMAND)
    return (Publication(topic(site.prefix, node, "cmd", readings), payload),)


def steps(command: Command, _node: str, _readings: Readings) -> tuple[Step, ...]:
    """Return the one step of a command; see `Protocol.steps`."""
    match command.kind:
        case "capture_image":
            return (_image_step(IMAGE),)
        case "send_image":
            return (_image_step(subject_of(command.params["image_name"])),)
        case "reboot" | "update_firmware":
            version = command.params.get("version")
            told = HELLO if version is None else firmware_subject(version)
            return (
                Step(
                    frozenset({ACK}),
                    frozenset({told, REFUSAL}),
                    done_once_taken=version is None,
                ),
            )
        case _:
            return (Step(frozenset({ACK}), frozenset({ACK})),)


def welcome(site: Site, node: str) -> tuple[Wanted, ...]:
    """Return when a node shall wake; see `Protocol.welcome`."""
    cron = site.nodes.get(node, {}).get("cron")
    return (Wanted(node=node, kind=WAKE_KIND, params={"cron": cron}),) if cron else ()


def learned(_site: Site, command: Command, _node: str) -> Mapping[str, Any]:
    """Return the wake schedule that holds from now on; see `Protocol.learned`."""
    return {"cron": command.params["cron"]} if command.kind == WAKE_KIND else {}


def image_reply(site: Site, node: str, image: ImageReply) -> tuple[Publication, ...]:
    """Return what tells a node what became of an image; see `Protocol.image_reply`."""
    content: dict[str, Any] = {
        "device_id": device_id_of(node, image.readings),
        "image_name": image.name,
    }
    if image.missing:
        content["missing_chunks"] = list(image.missing)
    else:
        cron = site.nodes.get(node, {}).get("cron")
        wake = _next_wake(site, cron, image.wall) if cron else None
        content["ACK_OK"] = {} if wake is None else {"next_wake_time": wake}
    payload = compact_json(content, _LONGEST_REPLY)
    families = [{"family": OWN}, {"family": SHARED}]
    told = [{}] if "family" in image.readings else families
    where = [
        topic(site.prefix, node, "ack", {**image.readings, **family}) for family in told
    ]
    return tuple(Publication(each, payload) for each in dict.fromkeys(where))


def _said(
    site: Site, kind: str, params: Mapping[str, Any], wall: float
) -> Mapping[str, Any]:
    match kind:
        case "send_image":
            return {"send_image": params["image_name"]}
        case "set_wake_schedule":
            wake = _next_wake(site, params["cron"], wall)
            if wake is None:
                raise InvalidCommand("no_next_time", field="cron", value=params["cron"])
            return {"next_wake": wake}
        case "update_firmware":
            return {"firmware_url": params["url"]}
        case "update_config":
            values: Mapping[str, Any] = params["values"]
            return values
        case _:
            return {kind: True}


def _next_wake(site: Site, cron: str, wall: float) -> str | None:
    due = site.next_time(cron, wall + _AWAKE_FOR)
    if due is None:
        return None
    at = datetime.fromtimestamp(due, UTC)
    half = "AM" if at.hour < _NOON else "PM"  # strftime would say it in a language
    return f"{at.hour % _NOON or _NOON}:{at.minute:02}{half}"


def _image_step(subject: str) -> Step:
    """Return a step that an image answers too: it proves that the node took it."""
    return Step(frozenset({ACK, subject}), frozenset({subject, REFUSAL}))


def _kind(fields: Mapping[str, Field], **overrides: float) -> Kind:
    numbers = {"gate": Gate.AWAKE, "expires_in": _TWO_DAYS, **overrides}
    return Kind(fields=fields, overrides=MappingProxyType(numbers))


def _actuators(_fields: Mapping[str, Any], _readings: Readings) -> tuple[Actuator, ...]:
    return (_CAPTURE,)


_CAPTURE: Final = Actuator(
    key="capture",
    form=Form.BUTTON,
    name="capture",
    orders=MappingProxyType({"press": ("capture_image", MappingProxyType({}))}),
)

ESP32_CAM: Final = Protocol(
    key="esp32_cam",
    default_prefix="device",
    default_nodes=(),
    one_of_a_kind=True,
    kinds=MappingProxyType(
        {
            "capture_image": _kind({}, done_timeout=_IMAGE_TIMEOUT),
            "send_image": _kind(
                {"image_name": Text(1, LONGEST_NAME, _ASCII, required=True)},
                done_timeout=_IMAGE_TIMEOUT,
            ),
            WAKE_KIND: _kind({"cron": Cron(required=True)}),
            "reboot": _kind({}, done_timeout=_TWO_DAYS),
            "update_firmware": _kind(
                {
                    "url": Url(required=True),
                    "version": _VERSION,
                }
            ),
            "ping": _kind({}),
            "update_config": _kind({"values": Values(required=True)}),
        }
    ),
    settings=MappingProxyType(
        {
            "online_age": _AWAKE_FOR,
            "awake_for": _AWAKE_FOR,
            "per_waking": 5,
            "echo_for": 1.0,
        }
    ),
    readings=(
        "temperature",
        "humidity",
        "pressure",
        "gas",
        "battery_voltage",
        "rssi",
        "pending_images",
        "pending_list",
        "fw",
        "family",
        "spelled",
        "device_id",
    ),
    max_report_bytes=LONGEST_REPORT,
    node_name=node_name,
    topics=topics,
    report=report,
    publications=publications,
    steps=steps,
    node_fields=MappingProxyType(
        {
            "cron": Cron(),
            "fahrenheit": Flag(default=False),
            "firmware_url": Url(),
            "firmware_version": _VERSION,
        }
    ),
    welcome=welcome,
    learned=learned,
    actuators=_actuators,
    image_reply=image_reply,
)
