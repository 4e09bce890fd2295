"""Pictures that simulated cameras take: small valid JPEGs, made without a library."""

from __future__ import annotations

from functools import lru_cache
import struct

WIDTH = 160
HEIGHT = 120

_BLOCK = 8
_LARGEST_COMMENT = 65_533
_COMMENT_HEAD = 4
_QUANTUM = 8
"""With it, the first coefficient of a block is its brightness less 128."""
_CATEGORY_BITS = 4
_CATEGORIES = 12


@lru_cache(maxsize=4)
def picture(number: int, size: int) -> bytes:
    """Return picture number `number`, as long as `size` bytes where that is possible.

    It is a grey slope whose brightest place wanders with the number.
    """
    head = b"\xff\xd8" + _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    body = _tables() + _scan(number) + b"\xff\xd9"
    return head + _comments(size - len(head) - len(body), number) + body


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _comments(size: int, number: int) -> bytes:
    """Return comments of `size` bytes that differ from picture to picture."""
    comments = b""
    while (left := size - len(comments)) >= _COMMENT_HEAD:
        length = min(left - _COMMENT_HEAD, _LARGEST_COMMENT)
        if 0 < left - _COMMENT_HEAD - length < _COMMENT_HEAD:
            length -= _COMMENT_HEAD
        seed = f"picture {number} ".encode()
        text = seed * (length // len(seed) + 1)
        comments += _segment(0xFE, text[:length])
    return comments


def _tables() -> bytes:
    quanta = _segment(0xDB, bytes([0]) + bytes([_QUANTUM]) * 64)
    frame = _segment(0xC0, struct.pack(">BHHB", 8, HEIGHT, WIDTH, 1) + b"\x01\x11\x00")
    categories = bytes(range(_CATEGORIES))
    lengths = bytes([0, 0, 0, _CATEGORIES]) + bytes(12)
    first = _segment(0xC4, bytes([0x00]) + lengths + categories)
    others = _segment(0xC4, bytes([0x10, 1]) + bytes(15) + bytes([0]))
    start = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return quanta + frame + first + others + start


def _scan(number: int) -> bytes:
    bits: list[str] = []
    before = 0
    columns, rows = WIDTH // _BLOCK, HEIGHT // _BLOCK
    for row in range(rows):
        for column in range(columns):
            distance = abs(column - number * 3 % columns) + abs(row - number % rows)
            brightness = max(0, 240 - 9 * distance) - 128
            bits.append(_coefficient(brightness - before) + "0")
            before = brightness
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    data = bytes(int(text[at : at + 8], 2) for at in range(0, len(text), 8))
    return data.replace(b"\xff", b"\xff\x00")


def _coefficient(difference: int) -> str:
    category = abs(difference).bit_length()
    code = f"{category:0{_CATEGORY_BITS}b}"
    if not category:
        return code
    value = difference if difference > 0 else difference + (1 << category) - 1
    return f"{code}{value:0{category}b}"
