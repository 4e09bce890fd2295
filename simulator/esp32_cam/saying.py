"""What a camera says of itself and of its images, in the spellings that exist."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.esp32_cam.memory import number_of
from simulator.esp32_cam.wire import NAMED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.esp32_cam.memory import Memory
    from simulator.esp32_cam.wire import Settings

BATTERY_VOLTS = 3.91
RSSI_DBM = -63
HARDWARE = "ESP32-S3"
MOST_LISTED = 10
CELSIUS = 21.5
FAHRENHEIT = 70.7

_HEALTH = {"battery_voltage": BATTERY_VOLTS, "wifi_rssi": RSSI_DBM}


class Image(NamedTuple):
    """An image as its metadata have it; `size` in bytes."""

    name: str
    size: int
    chunks: int
    error: int = 0


def hello(settings: Settings, name: str, memory: Memory) -> dict[str, Any]:
    pending = memory.pending
    if settings.spelling == NAMED:
        said = {"device_mac": name, "status": "alive", "pending_count": len(pending)}
        return {**said, **_HEALTH}
    match settings.hello:
        case "alive":
            return {"alive": True, "pending_count": len(pending)}
        case "status":
            return {"status": "alive", "pendingImg": len(pending)}
    listed = {
        "status": "Alive",
        "pendingImg": len(pending),
        "pending_list": pending[:MOST_LISTED],
    }
    if settings.hello == "listed":
        return listed
    versions = {"firmware_version": memory.firmware, "hardware_version": HARDWARE}
    return {**listed, **versions, **_HEALTH}


def ack(settings: Settings, kind: str, status: str, message: str) -> dict[str, Any]:
    """Return an acknowledgement of a command, of a camera that makes one."""
    if settings.acks == "word":
        return {"command_ack": "acknowledged" if status == "success" else status}
    return {"command_ack": {"type": kind, "status": status, "message": message}}


def description(settings: Settings, image: Image, now: float) -> dict[str, Any]:
    """Return the metadata of an image, told at `now` (unix seconds)."""
    return _described(settings, image, _measured(settings), now)


def failure(settings: Settings, name: str, now: float) -> dict[str, Any]:
    """Return the metadata of a capture that failed: nothing in it was measured."""
    nothing = dict.fromkeys(_measured(settings), 0)
    return _described(settings, Image(name, 0, 0, error=1), nothing, now)


def readings(settings: Settings, now: float) -> dict[str, Any]:
    """Return what a camera without an image says: its readings alone."""
    return {"captured_at": _iso(now), **_measured(settings), **_HEALTH}


def _described(
    settings: Settings, image: Image, measured: Mapping[str, Any], now: float
) -> dict[str, Any]:
    told = _told(settings, now)
    if settings.metadata in ("flat", "legacy"):
        legacy = settings.metadata == "legacy"
        return {
            "capture_timeStamp" if legacy else "capture_timestamp": told,
            "image_name": image.name,
            "image_size": image.size,
            "max_chunk_size": settings.chunk_bytes,
            "total_chunks_count": image.chunks,
            "location": "garden",
            "error": image.error,
            **measured,
        }
    return {
        "timestamp": told,
        "image_name": image.name,
        "image_id": number_of(image.name),
        "image_size": image.size,
        "max_chunks_size": settings.chunk_bytes,
        "total_chunk_count": image.chunks,
        "location": "garden",
        "error": image.error,
        "sensor_data": dict(measured),
        **(_HEALTH if settings.metadata == "full" else {}),
    }


def _measured(settings: Settings) -> dict[str, float]:
    return {
        "temperature": FAHRENHEIT if settings.fahrenheit else CELSIUS,
        "humidity": 48.2,
        "pressure": 1013.2,
        "gas_resistance": 52.1,
    }


def _told(settings: Settings, now: float) -> str:
    at = datetime.fromtimestamp(int(now), UTC)
    match settings.clock:
        case "unset":
            return "1970-1-1 0:0:12"
        case "unpadded":
            date, time = (
                f"{at.year}-{at.month}-{at.day}",
                (at.hour, at.minute, at.second),
            )
            return f"{date} {':'.join(map(str, time))}"
        case _:
            return _iso(now)


def _iso(now: float) -> str:
    return f"{datetime.fromtimestamp(int(now), UTC):%Y-%m-%dT%H:%M:%SZ}"
