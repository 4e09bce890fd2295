"""What nodes report of what they did: events, one by one or from their log.

What the wire leaves open is decided here:

- `EVENT` and `EVENT_LOG` carry the same codes. The `detail` of an `EVENT` is the number
  in its hexadecimal data, the first byte counting least. Who reports it decides
  nothing, nor do its time and severity: a node's clock may be wrong.
- A timer that is set means an open valve, one that ended a closed one.
- A schedule that failed with error 3 names a slot that is not there. To remove that is
  success, to set it is not. Any other error may be of either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
import re
from types import MappingProxyType
from typing import Final

from ...engine.model.reports import Done, Failed, Report, Seen
from ..untrusted import Unreadable
from .lines import GARBLED, HIGHEST_DEVICE, address, code, expect, whole

HIGHEST_VALVE: Final = 63
CURTAIN: Final = "curtain"
OPENED: Final = ("timer set", "opened")
"""What answers say of a valve that is open, before its number."""
CLOSED: Final = ("timer closed", "closed")
BOOTED: Final = "booted"
_SCHEDULE_ERRORS: Final = {
    1: "invalid parameter",
    2: "full",
    3: "invalid index",
    4: "overlap",
    5: "checksum",
}
_NO_SUCH_SLOT: Final = 3
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){1,32}")
_BYTE: Final = 2**8 - 1
_WORD: Final = 2**16 - 1
_LONG: Final = 2**32 - 1


def named(device: int) -> dict[str, str | float]:
    """Return a node's device id as a reading, if it has one."""
    return {"device_id": str(device)} if device else {}


def _event(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 3, 4)
    event = code(words[2], _WORD)
    data = words[3] if words[3:] else ""
    if data and not _HEX.fullmatch(data):
        raise Unreadable(GARBLED)
    detail = int.from_bytes(bytes.fromhex(data), "little") if data else None
    return _happened(words, event, detail)


def _event_log(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 6)
    whole(words[2], 0, HIGHEST_DEVICE)
    event = code(words[3], _WORD)
    code(words[4], _BYTE)
    return _happened(words, event, code(words[5], _LONG))


def _happened(
    words: Sequence[str], event: int, detail: int | None
) -> tuple[Report, ...]:
    node = address(words[0])
    device = whole(words[1], 0, HIGHEST_DEVICE)
    readings: dict[str, str | float] = named(device)
    said: tuple[Report, ...] = ()
    if event in _BOOTS:
        said = (Done(node, subject=BOOTED),)
    elif event in _CURTAIN_EVENTS:
        outcome = _CURTAIN_EVENTS[event]
        readings[CURTAIN] = outcome
        said = (Done(node, subject=f"{CURTAIN} {outcome}"),)
    elif event == _MOTOR_ERROR:
        said = (Failed(node, reason="motor error", subject=f"{CURTAIN} motor error"),)
    elif event in _VALVE_EVENTS:
        subject, state = _VALVE_EVENTS[event]
        valve = _detail(detail, HIGHEST_VALVE)
        readings[f"valve_{valve}"] = state
        said = (Done(node, subject=f"{subject} {valve}"),)
    elif event in _SLOT_EVENTS:
        slot = _detail(detail, _WORD) & _BYTE
        said = (Done(node, subject=f"{_SLOT_EVENTS[event]} {slot}"),)
    elif event == _SLOT_FAILED:
        said = _slot_failed(node, _detail(detail, _WORD))
    if not device:
        return ()
    return (Seen(node=node, live=True, online=True, readings=readings), *said)


def _slot_failed(node: str, detail: int) -> tuple[Report, ...]:
    """Return what a schedule that failed says, failures first.

    A removal that succeeds may let the next command begin, which this must not fail.
    """
    error, slot = detail >> 8, detail & _BYTE
    reason = _SCHEDULE_ERRORS.get(error, f"error {error}")
    if error == _NO_SUCH_SLOT:
        return (
            Failed(node, reason=reason, subject=f"no slot {slot}"),
            Done(node, subject=f"removed {slot}"),
        )
    return (
        Failed(node, reason=reason, subject=f"not set {slot}"),
        Failed(node, reason=reason, subject=f"not removed {slot}"),
    )


def _detail(detail: int | None, maximum: int) -> int:
    if detail is None or detail > maximum:
        raise Unreadable(GARBLED)
    return detail


_SLOT_EVENTS: Final = {0x70: "applied", 0x71: "removed"}
_SLOT_FAILED: Final = 0x72
_VALVE_EVENTS: Final = {
    0x73: (OPENED[0], "open"),
    0x74: (CLOSED[0], "closed"),
    0x75: (OPENED[1], "open"),
    0x76: (CLOSED[1], "closed"),
}
_CURTAIN_EVENTS: Final = {
    0x0100: "opening",
    0x0101: "closing",
    0x0102: "stopped",
    0x0104: "calibrated",
}
_MOTOR_ERROR: Final = 0x0103
_BOOTS: Final = frozenset({0x10, 0x11})
EVENTS: Final[Mapping[str, Callable[[Sequence[str]], tuple[Report, ...]]]] = (
    MappingProxyType({"EVENT": _event, "EVENT_LOG": _event_log})
)
