"""Images and measurements of cameras: what `ESP32CAM/{mac}/data` says.

What the wire leaves open is decided here:

- A message with `chunk_id` is a part of an image; any other describes one.
- A description may lack the image: then its measurements count alone. With `error` and
  without chunks it says that no picture could be taken or found.
- A measurement beyond what its sensor can measure is left out.
- The number of chunks and the size are told as they came: whether that is too much is
  for the rules of images to say, so that a person gets to know it.
"""

from __future__ import annotations

from base64 import b64decode
import binascii
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from ...engine.reports import (
    Accepted,
    Failed,
    ImageInfo,
    ImagePart,
    Report,
)
from ..untrusted import Unreadable, line, moment, number, shown, whole

LONGEST_NAME: Final = 128
IMAGE: Final = "image"
"""The subject of answers that speak of the next image, whatever it is called."""

_MOST: Final = 2**31 - 1
_HIGHEST_CHUNK: Final = 4096
_NO_ERRORS: Final = (None, False, 0, "", "0", "none", "null", "ok", "success")

_COLDEST: Final = -60
_HOTTEST: Final = 125
_MEASURED: Final[Mapping[str, tuple[str, Callable[[object], float | None]]]] = (
    MappingProxyType(
        {
            "humidity": ("humidity", partial(number, minimum=0, maximum=100)),
            "pressure": ("pressure", partial(number, minimum=100, maximum=1200)),
            "gas": ("gas_resistance", partial(number, minimum=0, maximum=1_000_000)),
        }
    )
)


def subject_of(name: str) -> str:
    """Return the subject of answers that speak of the image of this name."""
    return f"{IMAGE}:{name}"


def measured(content: Mapping[str, Any], *, fahrenheit: bool) -> dict[str, float]:
    """Return the readings of a message, in degrees Celsius, %, hPa and kOhm."""
    inner = content.get("sensor_data")
    found = {**content, **inner} if isinstance(inner, dict) else content
    readings = {
        key: value
        for key, (name, read) in _MEASURED.items()
        if (value := read(found.get(name))) is not None
    }
    temperature = _celsius(found.get("temperature"), fahrenheit=fahrenheit)
    return readings if temperature is None else {"temperature": temperature, **readings}


def part(node: str, content: Mapping[str, Any]) -> ImagePart:
    """Return the part of an image that a message brings. Raises Unreadable."""
    name = line(content.get("image_name"), LONGEST_NAME)
    if name is None:
        raise Unreadable("no image_name")
    index = whole(content["chunk_id"], 0, _HIGHEST_CHUNK)
    if index is None:
        raise Unreadable("no chunk_id")
    return ImagePart(node, name, index, _bytes(content.get("payload")))


def description(
    node: str, content: Mapping[str, Any], wall: float
) -> tuple[Report, ...]:
    """Return what a message says of an image that is to come, or of one that is not.

    An image that comes shows that its node took the command to send it.
    """
    name = line(content.get("image_name"), LONGEST_NAME)
    subjects = (IMAGE,) if name is None else (IMAGE, subject_of(name))
    parts = whole(_either(content, "total_chunks_count", "total_chunk_count"), 1, _MOST)
    if name is not None and parts is not None:
        info = ImageInfo(
            node=node,
            name=name,
            parts=parts,
            size=whole(content.get("image_size"), 1, _MOST),
            taken_at=moment(_either(content, "capture_timestamp", "timestamp")) or wall,
        )
        return (info, *(Accepted(node, subject=subject) for subject in subjects))
    error = content.get("error")
    if (error.lower() if isinstance(error, str) else error) in _NO_ERRORS:
        return ()
    return tuple(
        Failed(node, reason=shown(error), subject=subject) for subject in subjects
    )


def _either(content: Mapping[str, Any], name: str, spelled_else: str) -> object:
    told = content.get(name)
    return content.get(spelled_else) if told is None else told


def _celsius(value: object, *, fahrenheit: bool) -> float | None:
    degrees = number(value, -1000, 1000)
    if degrees is None:
        return None
    if fahrenheit:
        degrees = round((degrees - 32) / 1.8, 2)
    return number(degrees, _COLDEST, _HOTTEST)


def _bytes(payload: object) -> bytes:
    if isinstance(payload, str) and payload:
        try:
            return b64decode(payload, validate=True)
        except (binascii.Error, ValueError):
            raise Unreadable("not base64") from None
    if isinstance(payload, list) and payload:
        if all(type(byte) is int and 0 <= byte <= 255 for byte in payload):  # noqa: PLR2004
            return bytes(payload)
        raise Unreadable("not bytes")
    raise Unreadable("no payload")
