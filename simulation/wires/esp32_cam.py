"""Cameras that sleep: no ids, and a waking with an order of its own.

What a camera is told of its images on a waking is no command, and cannot be told from
one that says the same: of those it is judged only whether images come out whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
import json
from typing import Any

from simulation.record import Asks, Executed, Sent
from simulation.wires.base import Order, Wire

_OF_A_WAKING = ("capture_image", "send_image", "send_all_pending", "missing_chunks")


def _node(topic: str) -> str:
    return topic.split("/")[-2].replace(":", "").upper()


def _text(content: Mapping[str, Any]) -> str:
    """Return a command as text; the time to wake at does not tell it apart."""
    said = {key: value for key, value in content.items() if key != "device_id"}
    if "next_wake" in said:
        said["next_wake"] = ""
    return json.dumps(said, sort_keys=True)


def _read(entry: Sent) -> Iterator[Order]:
    if entry.topic.endswith("/cmd"):
        content = json.loads(entry.payload)
        if not any(name in content for name in _OF_A_WAKING):
            yield Order(_node(entry.topic), None, _text(content))


def _done(entry: Executed) -> Order | None:
    content = json.loads(entry.payload)
    if any(name in content for name in _OF_A_WAKING):
        return None
    return Order(entry.node, None, _text(content))


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


def _waking(entry: Asks) -> str | None:
    return _node(entry.topic) if entry.topic.endswith("/status") else None


ESP32_CAM = Wire(
    read=_read,
    done=_done,
    says=_says,
    once=frozenset({"reboot"}),
    shows=frozenset(
        {
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
        "set_wake_schedule": "its being told",
        "update_config": "its being told",
    },
    waking=_waking,
    per_waking=5,
)
