"""Cameras that sleep: what they are told.

What the wire leaves open is decided here:

- All commands wait for a hello. They may wait for two days, a reboot too: a camera is
  told a time of day, so it wakes at least once a day, and what was ordered just after
  one waking must not run out just before the next.
- A camera is told the first time that lies beyond its awake window: at an earlier one
  it would still be awake, and then sleep through a whole day.
- Cameras need not acknowledge commands. So a wake time and a configuration are done
  when a camera that is awake was told; nothing else shows whether it took them. An
  image is waited for, and of the rest 2 s; of a reboot 15 s, in which the camera cannot
  take anything else.
- A camera that updates itself, or says that it restarts, is told nothing else until it
  is back: it would not hear it, and its hello would count as the end of it.
- Whether it restarted or only woke up, a hello does not tell. A reboot is done at one
  that comes within 60 s of its being taken, for a camera that sleeps then is told a
  time beyond those; an update without a version at one within its time.
- `update_config` must not carry what other kinds say: those have rules of their own.
- Without a wake schedule, or with a clock of ours that nobody has set, no wake time is
  told.
- What a node is told that never said hello goes out in both topic families.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
import math
from types import MappingProxyType
from typing import Any, Final, override

from ...engine.model.command import Command
from ...engine.model.policy import DAY, LATEST, MINUTE, REPEAT, RESTARTING, Policy
from ...engine.model.reports import Readings
from ...engine.model.step import Gate, Silence, Step, Wanted
from ..actuator import Actuator, Form
from ..base import Instructing, Kind, Protocol, Sending, Site
from ..fields import Cron, Flag, Text, Url
from ..measures import HUMIDITY, SIGNAL, TEMPERATURE, VOLTAGE, Measure
from ..messages import Publication, compact_json
from ..params import HIDDEN, Field, InvalidCommand
from ..untrusted import EARLIEST_MOMENT, line
from .data import LONGEST_NAME
from .image_reports import ANY_IMAGE, image_subject
from .instructions import ImageInstruction, Instruction
from .names import SHARED, device_id_of, down_topics, mac, node_name, topics
from .reports import (
    ACK,
    HELLO,
    LONGEST_FIRMWARE,
    LONGEST_REPORT,
    REFUSAL,
    firmware_subject,
    report,
)
from .session import CameraSession
from .unpacking import LONG, unpacked

WAKE_KIND: Final = "set_wake_schedule"

_LONGEST_COMMAND: Final = 1024
_AWAKE_FOR: Final = 60.0
_LATE: Final = 300.0
"""Seconds after which a waking counts as missed: clocks of sleepers are poor."""
_NOON: Final = 12

_LONGEST_REPLY: Final = 64 * 1024
_TWO_DAYS: Final = 2 * 86_400.0
_IMAGE_TIMEOUT: Final = 10 * 60.0
_TO_ANSWER: Final = 2.0
_TO_BEGIN_AN_IMAGE: Final = 30.0
_TO_RESTART: Final = 15.0
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
        "send_all_pending",
        "missing_chunks",
        "next_wake",
        "reboot",
        "firmware_url",
        "ping",
    }
)


@dataclass(frozen=True, slots=True)
class Values(Field):
    """1 to 32 named values: texts, numbers, true or false, null."""

    @override
    def check(self, field: str, value: object) -> dict[str, Any]:
        """Return them. Raises InvalidCommand (invalid_values, unknown_field)."""
        if not isinstance(value, dict) or not 0 < len(value) <= _MOST_VALUES:
            raise InvalidCommand("invalid_values", field=field)
        for name, item in value.items():
            if name in _OURS or line(name, _LONGEST_KEY) is None:
                raise InvalidCommand("unknown_field", field=name)
            if not _is_plain(item):
                raise InvalidCommand("invalid_values", field=name)
        return dict(value)

    @override
    def public(self, value: object) -> object:
        """Return only what is set: among the values, passwords may be."""
        return dict.fromkeys(value, HIDDEN) if isinstance(value, Mapping) else HIDDEN


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
    return _down(site, node, ("cmd",), payload, readings)


def steps(
    _site: Site, command: Command, _node: str, _readings: Readings
) -> tuple[Step, ...]:
    """Return the one step of a command; see `Protocol.steps`."""
    match command.kind:
        case "capture_image":
            return (_step(ANY_IMAGE, taken_with_it=True),)
        case "send_image":
            name = command.params["image_name"]
            return (_step(image_subject(name), taken_with_it=True),)
        case "reboot" | "update_firmware":
            version = command.params.get("version")
            if version is not None:
                return (_step(firmware_subject(version)),)
            # A node says hello on each waking, whether it got this or not.
            return (replace(_step(HELLO), done_once_told=True),)
        case "ping":
            return (Step(frozenset({ACK})),)
        case _:
            return (Step(frozenset({ACK}), frozenset({ACK})),)


def welcome(site: Site, node: str) -> tuple[Wanted, ...]:
    """Return when a node shall wake; see `Protocol.welcome`."""
    cron = site.nodes.get(node, {}).get("cron")
    return (Wanted(node=node, kind=WAKE_KIND, params={"cron": cron}),) if cron else ()


def learned(_site: Site, command: Command, _node: str) -> Mapping[str, Any]:
    """Return the wake schedule that holds from now on; see `Protocol.learned`."""
    return {"cron": command.params["cron"]} if command.kind == WAKE_KIND else {}


def word_holds(site: Site, node: str, wall: float) -> float:
    """Return until when a node has missed two wakings; see `Protocol.word_holds`.

    It is told the time of day at which to wake, so it wakes once a day at least.
    """
    cron = site.nodes.get(node, {}).get("cron")
    at = wall
    for _ in range(2):
        due = None if cron is None else site.next_time(cron, at + _AWAKE_FOR)
        at = at + DAY if due is None else min(due, at + DAY)
    return at + _LATE - wall


def instruct(site: Site, instructing: Instructing) -> tuple[Publication, ...]:
    """Return what tells a node what is next of its images; see `Protocol.instruct`."""
    node, image = instructing.node, instructing.message
    if node is None or not isinstance(image, ImageInstruction):
        return ()
    content: dict[str, Any] = {"device_id": device_id_of(node, instructing.readings)}
    channels: tuple[str, ...] = ("ack",)
    match image.instruction:
        case Instruction.CAPTURE:
            channels, content["capture_image"] = ("cmd",), True
        case Instruction.SEND:
            channels, content["send_image"] = ("cmd",), image.name
        case Instruction.SEND_PENDING:
            channels, content["send_all_pending"] = ("cmd",), True
        case Instruction.SEND_PARTS:
            # Who listens for them on one of the two takes no harm from the other.
            channels, content["image_name"] = ("ack", "cmd"), image.name
            content["missing_chunks"] = list(image.missing)
        case Instruction.KEEP_AWAKE:
            content["image_name"] = image.name
            shared = instructing.readings.get("family") == SHARED
            content["ACK_OK"] = True if shared else {}
        case Instruction.SLEEP:
            if image.name:
                content["image_name"] = image.name
            content["ACK_OK"] = _sleep(site, node, instructing.wall)
    payload = compact_json(content, _LONGEST_REPLY)
    return _down(site, node, channels, payload, instructing.readings)


def _sleep(site: Site, node: str, wall: float) -> dict[str, str]:
    cron = site.nodes.get(node, {}).get("cron")
    if cron is None or wall < EARLIEST_MOMENT:
        return {}
    wake = _next_wake(site, cron, wall)
    return {} if wake is None else {"next_wake_time": wake}


def _down(
    site: Site,
    node: str,
    channels: tuple[str, ...],
    payload: str,
    readings: Readings,
) -> tuple[Publication, ...]:
    return tuple(
        Publication(topic, payload)
        for channel in channels
        for topic in down_topics(site.prefix, node, channel, readings)
    )


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


def _step(subject: str, *, taken_with_it: bool = False) -> Step:
    """Return a step that this shows done; an image, which is described first, taken."""
    taken_on = frozenset({ACK, subject} if taken_with_it else {ACK})
    return Step(taken_on, frozenset({subject}), failed_on=frozenset({REFUSAL}))


def _kind(policy: Policy, fields: Mapping[str, Field], **rules: Any) -> Kind:
    """Return a kind whose commands wait for a waking; `rules` are others of it."""
    usual = {"gate": Gate.AWAKE, "expires_in": _TWO_DAYS, "accept_timeout": _TO_ANSWER}
    return Kind(policy=replace(policy, **{**usual, **rules}), fields=fields)


def _actuators(_fields: Mapping[str, Any], _readings: Readings) -> tuple[Actuator, ...]:
    return (_CAPTURE,)


_CAPTURE: Final = Actuator(
    key="capture",
    form=Form.BUTTON,
    name="capture",
    orders=MappingProxyType({"press": ("capture_image", MappingProxyType({}))}),
)

_IMAGE_RULES: Final = MappingProxyType(
    {
        "accept_timeout": _TO_BEGIN_AN_IMAGE,
        "done_timeout": _IMAGE_TIMEOUT,
        "alone": True,
    }
)

ESP32_CAM: Final = Protocol(
    key="esp32_cam",
    default_prefix="device",
    default_nodes=(),
    one_of_a_kind=True,
    kinds=MappingProxyType(
        {
            "capture_image": _kind(REPEAT, {}, **_IMAGE_RULES),
            "send_image": _kind(
                REPEAT,
                {"image_name": Text(1, LONGEST_NAME, _ASCII, required=True)},
                **_IMAGE_RULES,
            ),
            WAKE_KIND: _kind(
                LATEST, {"cron": Cron(required=True)}, silence=Silence.DONE
            ),
            "reboot": _kind(
                RESTARTING,
                {},
                accept_timeout=_TO_RESTART,
                done_timeout=_AWAKE_FOR,
                silence=Silence.TAKEN,
                alone_once_taken=True,
            ),
            "update_firmware": _kind(
                LATEST,
                {
                    "url": Url(required=True),
                    "version": _VERSION,
                },
                done_timeout=15 * MINUTE,
                silence=Silence.TAKEN,
                alone=True,
            ),
            "ping": _kind(REPEAT, {}, silence=Silence.TAKEN, done_by_any_message=True),
            "update_config": _kind(
                LATEST, {"values": Values(required=True)}, silence=Silence.DONE
            ),
        }
    ),
    settings=MappingProxyType(
        {
            "online_age": _AWAKE_FOR,
            "awake_for": _AWAKE_FOR,
            "per_waking": 5,
            "at_once": 5,
            "echo_for": 1.0,
        }
    ),
    readings=MappingProxyType(
        {
            "temperature": TEMPERATURE,
            "humidity": HUMIDITY,
            "pressure": Measure(
                device_class="atmospheric_pressure", unit="hPa", precision=0
            ),
            "gas": Measure(unit="kΩ", precision=1),
            "battery_voltage": VOLTAGE,
            "rssi": SIGNAL,
            "pending_images": Measure(diagnostic=True),
            **dict.fromkeys(("pending_list", "fw", "family", "spelled", "device_id")),
        }
    ),
    max_report_bytes=LONGEST_REPORT,
    long_report=LONG,
    unpacked=unpacked,
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
    maker="Espressif",
    mac=mac,
    word_holds=word_holds,
    actuators=_actuators,
    session=CameraSession,
    instruct=instruct,
)
