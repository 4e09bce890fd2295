"""Protocol 5 as a feeder and its gateway speak it: what they read and write."""

from __future__ import annotations

from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any

from simulator.node import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRMWARES = {"old": "2.3.2", "new": "2.7.1"}
REQUEST_NAME = "GatewayToServer_ApiRequest"
LETTERS_OF_HID = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """What the feeders of a station have in common.

    `stepwise`: their firmware takes a schedule step by step. `work_seconds` is how
    long a feed takes; `interval_scale` multiplies the feeders' own intervals.
    """

    prefix: str
    stepwise: bool
    work_seconds: float = 3.0
    interval_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was read; `content` is what its payload holds."""

    hid: str
    device: str
    name: str
    content: Any


def read_command(payload: bytes) -> Command | None:
    """Return the command; None where the gateway drops it without a word."""
    content = _object(payload)
    parameters = content.get("parameters")
    if content.get("name") != "SendCommand" or not isinstance(parameters, dict):
        return None
    texts = (
        content.get("hid"),
        parameters.get("deviceHid"),
        parameters.get("command"),
        parameters.get("payload"),
    )
    match texts:
        case (str(hid), str(device), str(name), str(inner)) if _is_hid(hid):
            try:
                return Command(hid, device, name, json.loads(inner))
            except (ValueError, RecursionError):
                return None
    return None


def read_reply(payload: bytes) -> str | None:
    """Return which request was answered with OK; None for anything else."""
    content = _object(payload)
    parameters = content.get("parameters")
    request_id = content.get("requestId")
    if (
        content.get("eventName") != REQUEST_NAME
        or parameters != {"status": "OK"}
        or not isinstance(request_id, str)
    ):
        return None
    return request_id


def request(
    settings: Settings, gateway: str, request_id: str, uri: str, body: Mapping[str, Any]
) -> Message:
    content = {
        "requestId": request_id,
        "eventName": REQUEST_NAME,
        "encrypted": False,
        "parameters": {
            "uri": uri,
            "method": "PUT",
            "apiKey": "simulator",
            "body": json.dumps(body),
        },
    }
    topic = f"{settings.prefix}.api.gts.{gateway}"
    return Message(topic, json.dumps(content).encode(), qos=1)


def telemetry(
    settings: Settings, gateway: str, device: str, content: Mapping[str, Any]
) -> Message:
    said = {"_|deviceHid": device, **content}
    topic = f"{settings.prefix}.tel.gts.{gateway}"
    return Message(topic, json.dumps(said).encode())


def broken_trace(settings: Settings, gateway: str, device: str) -> Message:
    payload = (
        b'{"_|deviceHid":"%s","s|msg_type":"trace","s|trace":"\xff\x00\xfe'  # cut short
        % device.encode()
    )
    return Message(f"{settings.prefix}.tel.gts.{gateway}", payload)


def command_topic(settings: Settings, gateway: str) -> str:
    return f"{settings.prefix}/cmd/stg/{gateway}"


def reply_topic(settings: Settings, gateway: str) -> str:
    return f"{settings.prefix}/api/stg/{gateway}"


def _is_hid(text: str) -> bool:
    return (
        len(text) == LETTERS_OF_HID
        and text.isascii()
        and text.isalpha()
        and text.islower()
    )


def _object(payload: bytes) -> dict[str, Any]:
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
