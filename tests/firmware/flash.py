"""What the flash of a node holds, read without its code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
import struct
import zlib

from .native import RECORD, SECTOR

PLACES = 16
BEGUN = 0
INTERRUPTED = "interrupted"
STATUSES = (None, "success", "failed", "jammed", "empty", "timeout", INTERRUPTED)
_RECORD = struct.Struct(f"<4sII{PLACES}I{PLACES}BI")
assert _RECORD.size == RECORD


@dataclass
class Remembered:
    """The ids that a node knows, how each ended, and up to which it forgot."""

    writes: int = 0
    floor: int = 0
    ended: dict[int, str | None] = field(default_factory=dict)

    def begin(self, queue_id: int, status: str | None) -> None:
        """Make room by forgetting the lowest, and take in one more."""
        if len(self.ended) == PLACES:
            self.floor = max(self.floor, lowest := min(self.ended))
            del self.ended[lowest]
        self.ended[queue_id] = status

    def after_power(self) -> Remembered:
        """Return what a node makes of it when it starts."""
        after = Remembered(self.writes, self.floor)
        for queue_id, status in self.ended.items():
            after.ended[queue_id] = status or INTERRUPTED
        return after


def remembered(flash: Path) -> Remembered:
    """Return what the latest whole record says; where there is none, nothing."""
    held = flash.read_bytes()
    found = [
        record
        for start in range(0, len(held), SECTOR)
        if (record := _read(held[start : start + RECORD])) is not None
    ]
    return max(found, key=lambda each: each.writes, default=Remembered())


def _read(held: bytes) -> Remembered | None:
    magic, writes, floor, *rest = _RECORD.unpack(held)
    ids, outcomes, checksum = rest[:PLACES], rest[PLACES:-1], rest[-1]
    if magic != b"MDN1" or checksum != zlib.crc32(held[:-4]):
        return None
    told = zip(ids, outcomes, strict=True)
    return Remembered(
        writes, floor, {id_: STATUSES[each] for id_, each in told if id_ != 0}
    )


def spoil(flash: Path, slot: int, at: int) -> None:
    """Turn one bit of a slot."""
    held = bytearray(flash.read_bytes())
    held[slot * SECTOR + at] ^= 1
    flash.write_bytes(held)


def clear(flash: Path) -> None:
    """Make it as it came from the factory."""
    flash.write_bytes(b"\xff" * len(flash.read_bytes()))
