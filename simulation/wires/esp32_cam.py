"""Cameras that sleep: no ids, and a waking with an order of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
import re
from typing import Any

from simulation.record import Asks, Executed, Sent
from simulation.wires.base import Order, Wire

_MAC = re.compile(r"[0-9A-F]{12}")
_TALK = frozenset({"capture_image", "send_image", "send_all_pending"})
"""What belongs to a waking even where nobody ordered it."""


def _node(topic: str) -> str:
    spelled = topic.split("/")[-2]
    mac = re.sub("[:-]", "", spelled).upper()
    return mac if _MAC.fullmatch(mac) else spelled


def _text(content: Mapping[str, Any]) -> str:
    """Return a command as text; the time to wake at does not tell it apart."""
    said = {key: value for key, value in content.items() if key != "device_id"}
    if "next_wake" in said:
        said["next_wake"] = ""
    return json.dumps(said, sort_keys=True)


def _read(entry: Sent) -> Iterator[Order]:
    if not entry.topic.endswith("/cmd"):
        return
    content = json.loads(entry.payload)
    if "missing_chunks" not in content:
        talk = not _TALK.isdisjoint(content)
        yield Order(_node(entry.topic), None, _text(content), talk=talk)


def _done(entry: Executed) -> Order | None:
    return Order(entry.node, None, _text(json.loads(entry.payload)))


def _says(kind: str, params: Mapping[str, Any]) -> frozenset[str]:
    said: Mapping[str, Any]
    match kind:
        case "send_image":
            said = {"send_image": params["image_name"]}
        case "set_wake_schedule":
            said = {"next_wake": ""}
        case "update_firmware":
            said = {"firmware_url": params["url"]}
        case "update_config":
            said = params["values"]
        case _:
            said = {kind: True}
    return frozenset({_text(said)})


def _forgets(entry: Sent) -> tuple[str, str] | None:
    content = json.loads(entry.payload)
    name = content.get("image_name") if "ACK_OK" in content else None
    return None if name is None else (_node(entry.topic), name)


def _waking(entry: Asks) -> str | None:
    return _node(entry.topic) if entry.topic.endswith("/status") else None


ESP32_CAM = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=frozenset({"reboot"}),
    shows=frozenset(
        {
            "capture_image",
            "send_image",
            "ping",
            "update_config",
            "set_wake_schedule",
            "update_firmware",
            "reboot",
        }
    ),
    answered_within={},
    blurs=("weather", "node ack=double", "node ack=delay"),
    untold={
        "reboot": "a hello",
        "update_firmware": "a hello",
        "ping": "any message",
        "set_wake_schedule": "being sent to a node that is awake",
        "update_config": "being sent to a node that is awake",
    },
    # A restart, and before it the time in which an answer may come.
    untold_within={"reboot": 15.0 + 60.0},
    waking=_waking,
    forgets=_forgets,
    per_waking=5,
)
