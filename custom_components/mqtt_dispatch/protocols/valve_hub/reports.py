"""What a line of a valve hub says.

What the wire leaves open is decided here:

- A line with too few or too many words, or a number out of its range, says nothing.
- `HEARTBEAT`, `EVENT`, `EVENT_LOG` and all that begins with `SENSOR` or `BATCH` come
  from a node that is awake. `NODE` is what the hub remembers: it says that a node was
  there, and how long ago. A node that the hub calls online and heard within 20 minutes
  is introduced by it, so that it can be adopted with its type and firmware.
- The hub numbers types of nodes as it does actuators: 1 is a valve, 4 a curtain. A word
  is taken in lower case.
- A battery of 255 is no battery but mains; 101 to 254 says nothing about either.
- A device id of 0 is none.
- `EVENT` and `EVENT_LOG` carry the same codes. The `detail` of an `EVENT` is the number
  in its hexadecimal data, the first digit counting most. Who reports it decides
  nothing, nor do its time and severity: a node's clock may be wrong.
- A timer that is set means an open valve, one that ended a closed one.
- A schedule that failed with error 3 names a slot that is not there. To remove that is
  success, to set it is not. Any other error may be of either.
- An `ERROR` that says that something is full, or that the hub failed to queue, comes
  before anything was done: the hub is busy, and may take the same command later.
- What a node measured (`SENSOR_..`, `BATCH_..`) is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
import re
from types import MappingProxyType
from typing import Final

from ...engine.reports import (
    Accepted,
    Busy,
    Done,
    Failed,
    Forgot,
    HeldItem,
    Hello,
    Holds,
    Listing,
    Rejected,
    Report,
    Seen,
)
from ..untrusted import Unreadable, line, shown
from .lines import GARBLED, code, whole

HIGHEST_ADDRESS: Final = 65533
HIGHEST_VALVE: Final = 63
ONLINE_AGE: Final = 1200.0
"""How long a node counts as online after it was heard. Seconds."""
MAINS: Final = 255
CURTAIN: Final = "curtain"

ACTUATORS: Final[Mapping[str, int]] = MappingProxyType(
    {"valve": 1, "pump": 2, "fan": 3, CURTAIN: 4}
)
OPENED: Final = ("timer set", "opened")
"""What answers say of a valve that is open, before its number."""
CLOSED: Final = ("timer closed", "closed")
_TYPES: Final = {str(number): word for word, number in ACTUATORS.items()}
_REBOOT: Final = "REBOOT_NODE"
_QUEUED: Final = frozenset(
    {
        "SET_SCHEDULE",
        "REMOVE_SCHEDULE",
        "SET_WAKE_INTERVAL",
        "SET_DATETIME",
        _REBOOT,
    }
)
_SCHEDULE_ERRORS: Final = {
    1: "invalid parameter",
    2: "full",
    3: "invalid index",
    4: "overlap",
    5: "checksum",
}
_NO_SUCH_SLOT: Final = 3
_FULL: Final = re.compile(
    r"(?<![a-z])full(?![a-z])|failed to queue", re.ASCII | re.IGNORECASE
)
_HEX: Final = re.compile(r"[0-9A-Fa-f]{1,16}")
_BYTE: Final = 2**8 - 1
_WORD: Final = 2**16 - 1
_LONG: Final = 2**32 - 1
_DEVICE: Final = 2**64 - 1
_LONGEST_WORD: Final = 32


def read(text: str) -> tuple[Report, ...]:
    """Return what a line says. Raises Unreadable."""
    first, *words = text.split()
    if first not in _READERS:
        raise Unreadable(GARBLED)
    return _READERS[first](words)


def is_whole(text: str) -> bool:
    """Whether a line says something."""
    try:
        read(text)
    except Unreadable:
        return False
    return True


def address(text: str) -> str:
    """Return a node's name. Raises Unreadable."""
    return str(whole(text, 1, HIGHEST_ADDRESS))


def _nothing(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 0)
    return ()


def _hub_ready(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 0)
    return (Forgot(),)


def _node_list(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 1)
    whole(words[0], 0, HIGHEST_ADDRESS)
    return (Listing(),)


def _node(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 7)
    node = address(words[0])
    device = whole(words[1], 0, _DEVICE)
    kind = _TYPES.get(words[2], _word(words[2]).lower())
    online = whole(words[3], 0, 1)
    last_seen = whole(words[4], 0, _LONG)
    firmware = _word(words[5])
    valves = whole(words[6], 0, HIGHEST_VALVE + 1)
    is_there = bool(online) and last_seen <= ONLINE_AGE
    seen = Seen(
        node=node,
        live=is_there,
        age=last_seen if is_there else 0.0,
        readings={"type": kind, "fw": firmware, "valves": valves, **_named(device)},
    )
    if not is_there:
        return (seen,)
    hello = Hello(
        node=node,
        hardware_id=str(device) if device else "",
        type=kind,
        firmware=firmware,
        capabilities=("valves",) if valves else (),
    )
    return (hello, seen)


def _heartbeat(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 6, 7)
    node = address(words[0])
    readings: dict[str, str | float] = _named(whole(words[1], 0, _DEVICE))
    battery = whole(words[2], 0, _BYTE)
    if battery == MAINS:
        readings["power"] = "mains"
    elif battery <= 100:  # noqa: PLR2004 - percent
        readings |= {"power": "battery", "battery": battery}
    readings["errors"] = code(words[3], _LONG)
    readings["rssi"] = whole(words[4], -200, 100)
    uptime = whole(words[5], 0, _LONG)
    if words[6:]:
        readings["pending_updates"] = whole(words[6], 0, _WORD)
    return (Seen(node=node, live=True, online=True, uptime=uptime, readings=readings),)


def _event(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 3, 4)
    event = code(words[2], _WORD)
    data = words[3] if words[3:] else ""
    if data and not _HEX.fullmatch(data):
        raise Unreadable(GARBLED)
    return _happened(words, event, int(data, 16) if data else None)


def _event_log(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 6)
    whole(words[2], 0, _DEVICE)
    event = code(words[3], _WORD)
    code(words[4], _BYTE)
    return _happened(words, event, code(words[5], _LONG))


def _happened(
    words: Sequence[str], event: int, detail: int | None
) -> tuple[Report, ...]:
    node = address(words[0])
    readings: dict[str, str | float] = _named(whole(words[1], 0, _DEVICE))
    said: tuple[Report, ...] = ()
    if event in _CURTAIN_EVENTS:
        said = (Done(node, subject=f"{CURTAIN} {_CURTAIN_EVENTS[event]}"),)
    elif event == _MOTOR_ERROR:
        said = (Failed(node, reason="motor error", subject=CURTAIN),)
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


def _measured(words: Sequence[str]) -> tuple[Report, ...]:
    if not words:
        raise Unreadable(GARBLED)
    return (Seen(node=address(words[0]), live=True, online=True),)


def _queued(words: Sequence[str]) -> tuple[Report, ...]:
    if words[:1] == ["ACTUATOR"]:
        _expect(words, 4)
        actuator, order = whole(words[2], 0, _BYTE), whole(words[3], 0, _BYTE)
        subject = f"QUEUED ACTUATOR {actuator} {order}"
    elif words[:1] == [_REBOOT] and len(words) == 2:  # noqa: PLR2004 - no place is told
        subject = f"QUEUED {_REBOOT}"
    else:
        _expect(words, 3)
        if words[0] not in _QUEUED:
            raise Unreadable(GARBLED)
        whole(words[2], 0, _WORD)
        subject = f"QUEUED {words[0]}"
    return (Accepted(address(words[1]), subject=subject),)


def _queue(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 2)
    return (Holds(address(words[0]), whole(words[1], 0, _BYTE)),)


def _update(words: Sequence[str]) -> tuple[Report, ...]:
    _expect(words, 3)
    whole(words[0], 0, _LONG)
    whole(words[2], 0, _LONG)
    return (HeldItem(f"QUEUED {_word(words[1])}"),)


def _error(words: Sequence[str]) -> tuple[Report, ...]:
    text = " ".join(words)
    if _FULL.search(text):
        return (Busy(None, subject="ERROR"),)
    return (Rejected(None, reason=shown(text), subject="ERROR"),)


def _expect(words: Sequence[str], *counts: int) -> None:
    if len(words) not in counts:
        raise Unreadable(GARBLED)


def _word(text: str) -> str:
    word = line(text, _LONGEST_WORD)
    if word is None or not word.isascii():
        raise Unreadable(GARBLED)
    return word


def _named(device: int) -> dict[str, str | float]:
    return {"device_id": str(device)} if device else {}


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
_READERS: Final[Mapping[str, Callable[[Sequence[str]], tuple[Report, ...]]]] = (
    MappingProxyType(
        {
            "HUB_READY": _hub_ready,
            "GET_DATETIME": _nothing,
            "HEARTBEAT": _heartbeat,
            "EVENT": _event,
            "EVENT_LOG": _event_log,
            "SENSOR_DATA": _measured,
            "SENSOR_BATCH": _measured,
            "SENSOR_RECORD": _measured,
            "BATCH_COMPLETE": _measured,
            "QUEUED": _queued,
            "QUEUE": _queue,
            "UPDATE": _update,
            "NODE_LIST": _node_list,
            "NODE": _node,
            "ERROR": _error,
        }
    )
)
