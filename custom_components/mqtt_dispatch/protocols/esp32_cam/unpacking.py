"""Long parts of images, made short to read.

A part is up to half a megabyte long. As base64 that is quickly read; as a list of
numbers it takes many times as long, so such a list is made base64, a piece at a time.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Generator
import json
import re
from typing import Final

LONG: Final = 32 * 1024
"""Bytes. To read a list of numbers that is so long takes up to 1 ms."""
_PIECE: Final = 16 * 1024
_MOST_VALUES: Final = 4096
_BEGINNING: Final = re.compile(rb'"payload(?:_b64)?"\s*:\s*(["\[])')
_END: Final = {b"[": b"]", b'"': b'"'}
_NUMBERS: Final = re.compile(rb"[0-9,\s]*[0-9\s]")


def takes_long(payload: bytes) -> bool:
    """Whether a message has so many values besides those of a part.

    No camera says so much, and it would take as long to read as a part that is not
    unpacked.
    """
    span = _span_of_part(payload)
    values = payload.count(b",") - payload.count(b",", span.start, span.stop)
    return values > _MOST_VALUES


def _span_of_part(payload: bytes) -> slice:
    """Return where the content of a part stands, its brackets or quotes included."""
    found = _BEGINNING.search(payload)
    if found is None:
        return slice(0, 0)
    end = payload.find(_END[found[1]], found.end())
    return slice(found.start(1), end + 1) if end >= 0 else slice(0, 0)


def unpacked(payload: bytes) -> Generator[None, None, bytes]:
    """Yield after each piece of work; return the same message, quick to read.

    One that says nothing is returned as it is: who reads it says why.
    """
    span = _span_of_part(payload)
    numbers = payload[span.start + 1 : span.stop - 1]
    if not payload[span].startswith(b"[") or not numbers:
        return payload
    content = bytearray()
    begin = 0
    while begin < len(numbers):
        end = numbers.find(b",", begin + _PIECE)
        piece = numbers[begin : end if end >= 0 else len(numbers)]
        try:
            if not _NUMBERS.fullmatch(piece):
                return payload
            content += bytes(json.loads(b"[%b]" % piece))
        except ValueError:
            return payload
        begin += len(piece) + 1
        yield
    return b'%b"%b"%b' % (
        payload[: span.start],
        b64encode(content),
        payload[span.stop :],
    )
