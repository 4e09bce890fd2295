"""Images and measurements of cameras: what `{id}/data` says.

What the wire leaves open is decided here:

- A message with `chunk_id` is a part of an image, one with a number of chunks describes
  one, any other brings readings alone.
- With `error` and no chunks, or 0, a description says that no image could be taken or
  found; with `error` and chunks, that something is wrong with it. Readings of exactly
  0 were not measured then.
- A measurement beyond what its sensor can measure is left out.
- The number of chunks and the size are told as they came: whether that is too much is
  for the rules of images to say, so that a person gets to know it.
"""

from __future__ import annotations

from base64 import b64decode
import binascii
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
import re
from types import MappingProxyType
from typing import Any, Final

from ...engine.model.reports import (
    Accepted,
    Report,
)
from ..untrusted import Unreadable, line, moment, number, shown, whole
from .image_reports import ANY_IMAGE, ImageInfo, ImagePart, NoImage, image_subject

LONGEST_NAME: Final = 128

_MOST: Final = 2**31 - 1
_HIGHEST_CHUNK: Final = 4096
_NO_ERRORS: Final = (None, False, 0, "", "0", "none", "null", "ok", "success")
_COUNTS: Final = ("total_chunk_count", "total_chunks_count")
_TIMES: Final = ("timestamp", "capture_timestamp", "capture_timeStamp")
_PAYLOADS: Final = ("payload", "payload_b64")
_UNPADDED: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})Z?"
)

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


def is_part(content: Mapping[str, Any]) -> bool:
    """Whether a message is a part of an image."""
    return "chunk_id" in content


def is_description(content: Mapping[str, Any]) -> bool:
    """Whether a message, which is no part, speaks of an image."""
    return _first(content, _COUNTS) is not None or _error(content) is not None


def measured(content: Mapping[str, Any], *, fahrenheit: bool) -> dict[str, float]:
    """Return the readings of a message, in degrees Celsius, %, hPa and kOhm."""
    inner = content.get("sensor_data")
    found = {**content, **inner} if isinstance(inner, dict) else dict(content)
    if _error(content) is not None:
        found = {name: value for name, value in found.items() if value != 0}
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
    return ImagePart(node, name, index, _bytes(_first(content, _PAYLOADS)))


def description(
    node: str, content: Mapping[str, Any], wall: float
) -> tuple[Report, ...]:
    """Return what a message says of an image that is to come, or of one that is not.

    An image that comes shows that its node took the command to send it.
    """
    name = line(content.get("image_name"), LONGEST_NAME)
    parts = whole(_first(content, _COUNTS), 1, _MOST)
    error = _error(content)
    if name is not None and parts is not None:
        info = ImageInfo(
            node=node,
            name=name,
            parts=parts,
            size=whole(content.get("image_size"), 1, _MOST),
            taken_at=_moment(_first(content, _TIMES)) or wall,
            problem=error or "",
        )
        subjects = (ANY_IMAGE, image_subject(name))
        return (info, *(Accepted(node, subject=subject) for subject in subjects))
    return () if error is None else (NoImage(node, name, error),)


def _error(content: Mapping[str, Any]) -> str | None:
    """Return what a message says that went wrong; None: nothing."""
    error = content.get("error")
    if (error.lower() if isinstance(error, str) else error) not in _NO_ERRORS:
        return shown(error)
    count = _first(content, _COUNTS)
    return "0 chunks" if type(count) is int and count == 0 else None


def _first(content: Mapping[str, Any], names: tuple[str, ...]) -> object:
    """Return what stands under the first of these names that is there."""
    told = (content.get(name) for name in names)
    return next((value for value in told if value is not None), None)


def _moment(value: object) -> float | None:
    """Return a time in unix seconds, also one without leading zeros; else None."""
    if isinstance(value, str) and (found := _UNPADDED.fullmatch(value)):
        year, *rest = found.groups()
        month, day, hour, minute, second = (each.zfill(2) for each in rest)
        return moment(f"{year}-{month}-{day}T{hour}:{minute}:{second}Z")
    return moment(value)


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
        # A yes is a whole number to Python, and is none here.
        if set(map(type, payload)) == {int}:
            with suppress(ValueError):
                return bytes(payload)
        raise Unreadable("not bytes")
    raise Unreadable("no payload")
