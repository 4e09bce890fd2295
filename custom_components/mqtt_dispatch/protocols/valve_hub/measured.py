"""What sensors of the nodes measured: single values, and records in batches.

What the wire leaves open is decided here:

- A batch is as many records as came since it began. Who tells the hub of their number
  must have counted them, and they come in messages of their own: the count is kept
  with what is known of the node.
- A node that could not send for a while sends old records. What is shown is the newest
  by the node's clock; a record without a time is as new as its message.
- A record whose flags say that something was wrong was taken, and is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ...engine.model.reports import Readings, Report, Seen
from ..untrusted import EARLIEST_MOMENT, Unreadable
from .lines import GARBLED, HIGHEST_DEVICE, address, code, expect, whole

BATCH_COMPLETE: Final = "BATCH_COMPLETE"
BATCH_RECORDS: Final = "batch_records"
"""The reading that counts the records of the batch that comes in."""
MEASURED_AT: Final = "measured_at"
"""The reading that says when the newest record was taken; unix seconds."""
_MOST_RECORDS: Final = 19
"""Records that fit into one message of a node's radio."""
_VALUES: Final = {"TEMP": "temperature", "HUM": "humidity"}
_LOWEST, _HIGHEST = -(2**15), 2**15 - 1
_HUNDREDTHS: Final = 100
_MOST_HUMIDITY: Final = 100 * _HUNDREDTHS
_BYTE: Final = 2**8 - 1
_WORD: Final = 2**16 - 1
_LONG: Final = 2**32 - 1
_LONGEST_DATA: Final = 64
"""Hexadecimal digits."""

type Known = Callable[[str], Readings]
"""`known(node)`: what is known of a node so far."""


def kept_records(node: str, known: Known) -> int:
    """Return how many records of the batch that is complete now came."""
    return int(known(node).get(BATCH_RECORDS, 0))


def _data(words: Sequence[str], _known: Known) -> tuple[Report, ...]:
    expect(words, 3, 4)
    node, device = _whose(words)
    if words[2] in _VALUES:
        expect(words, 4)
        value = whole(words[3], _LOWEST, _HIGHEST)
        return _heard(node, device, {_VALUES[words[2]]: value / _HUNDREDTHS})
    whole(words[2], 0, _BYTE)
    if any(not word.isalnum() or len(word) > _LONGEST_DATA for word in words[3:]):
        raise Unreadable(GARBLED)
    return _heard(node, device, {})


def _batch(words: Sequence[str], _known: Known) -> tuple[Report, ...]:
    expect(words, 3)
    node, device = _whose(words)
    whole(words[2], 1, _MOST_RECORDS)
    return _heard(node, device, {BATCH_RECORDS: 0})


def _record(words: Sequence[str], known: Known) -> tuple[Report, ...]:
    expect(words, 6)
    node, device = _whose(words)
    at = whole(words[2], 0, _LONG)
    temperature = whole(words[3], _LOWEST, _HIGHEST)
    humidity = whole(words[4], 0, _WORD)
    flags = code(words[5], _BYTE)
    before = known(node)
    found: dict[str, str | float] = {BATCH_RECORDS: kept_records(node, known) + 1}
    has_time = at >= EARLIEST_MOMENT
    if not flags and (not has_time or at >= float(before.get(MEASURED_AT, 0.0))):
        found["temperature"] = temperature / _HUNDREDTHS
        if humidity <= _MOST_HUMIDITY:
            found["humidity"] = humidity / _HUNDREDTHS
        if has_time:
            found[MEASURED_AT] = at
    return _heard(node, device, found)


def _complete(words: Sequence[str], _known: Known) -> tuple[Report, ...]:
    expect(words, 3)
    node, device = _whose(words)
    whole(words[2], 0, _MOST_RECORDS)
    return _heard(node, device, {BATCH_RECORDS: 0})


def _whose(words: Sequence[str]) -> tuple[str, int]:
    return address(words[0]), whole(words[1], 0, HIGHEST_DEVICE)


def _heard(
    node: str, device: int, readings: Mapping[str, str | float]
) -> tuple[Report, ...]:
    if not device:
        return ()
    told = {"device_id": str(device), **readings}
    return (Seen(node=node, live=True, online=True, readings=told),)


MEASURING: Final[Mapping[str, Callable[[Sequence[str], Known], tuple[Report, ...]]]] = (
    MappingProxyType(
        {
            "SENSOR_DATA": _data,
            "SENSOR_BATCH": _batch,
            "SENSOR_RECORD": _record,
            BATCH_COMPLETE: _complete,
        }
    )
)
