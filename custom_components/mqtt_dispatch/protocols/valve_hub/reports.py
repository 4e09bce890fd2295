"""What a line of a valve hub says.

What the wire leaves open is decided here:

- A line with too few or too many words, or a number out of its range, says nothing.
- `HEARTBEAT`, `EVENT`, `EVENT_LOG` and all that begins with `SENSOR` or `BATCH` come
  from a node that is awake. `NODE` is what the hub remembers: it says that a node was
  there, and how long ago. A node that the hub calls online and heard within 20 minutes
  is introduced by it, so that it can be adopted with its type and firmware.
- The type `GREENHOUSE` is that of a curtain. A word is taken in lower case.
- The uptime of a node with mains power counts from its boot, that of any other from its
  last waking.
- A battery of 255 is no battery but mains; 101 to 254 says nothing about either.
- Who has no device id is nobody: the hub does not know the node, or no longer.
- An `ERROR` that says that something is full, or that the hub failed to queue, comes
  before anything was done: the hub is busy, and may take the same command later. What
  it failed to queue, it says by sort: it does not speak of a line of another one.
- `ERROR Node not found` is what a hub answers to a deletion alone, and says that there
  is nothing to delete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
import re
from types import MappingProxyType
from typing import Final

from ...engine.model.reports import (
    NO_SUCH_COMMAND,
    Accepted,
    Busy,
    Done,
    Forgot,
    Hello,
    Rejected,
    Report,
    Seen,
)
from ..untrusted import Unreadable, line, shown
from .events import EVENTS, HIGHEST_VALVE, named
from .held_reports import HeldItem, Holds, Listed, Listing
from .lines import (
    GARBLED,
    HIGHEST_ADDRESS,
    HIGHEST_DEVICE,
    address,
    code,
    expect,
    whole,
)
from .measured import MEASURING, Known

ONLINE_AGE: Final = 1200.0
"""How long a node counts as online after it was heard. Seconds."""
MAINS: Final = 255
IRRIGATION: Final = "irrigation"
GREENHOUSE: Final = "greenhouse"
"""The type of a node that has a curtain."""
SENSOR: Final = "sensor"
USUAL_VALVES: Final = 2
"""Of an irrigation node that does not tell how many it has."""

DELETED: Final = "DELETED_NODE"
GONE: Final = "gone"
"""What an answer says of a node that the hub does not know."""
FLAGS: Final = (
    "sensor",
    "flash",
    "flash_full",
    "power_board",
    "battery_low",
    "battery_critical",
    "clock",
    "radio",
    "timeouts",
)
"""What the bits of a heartbeat's error flags mean, from the lowest."""
NO_ERROR: Final = "none"
OTHER_ERROR: Final = "other"
_FLAGGED: Final = frozenset({"REBOOT_NODE", "FACTORY_RESET_NODE"})
"""Commands that the hub keeps as a flag, not in its queue."""
_QUEUED: Final = frozenset(
    {"SET_SCHEDULE", "REMOVE_SCHEDULE", "SET_WAKE_INTERVAL", "SET_DATETIME"}
)
_FULL: Final = re.compile(
    r"(?<![a-z])full(?![a-z])|failed to queue", re.ASCII | re.IGNORECASE
)
_NO_PLACE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "Failed to queue removal": frozenset({"REMOVE_SCHEDULE"}),
        "Failed to queue actuator command": frozenset({"ACTUATOR"}),
        "Failed to queue update": _QUEUED - {"REMOVE_SCHEDULE"},
    }
)
"""Refusals that tell of what they speak: the first words of such lines."""
_BYTE: Final = 2**8 - 1
_WORD: Final = 2**16 - 1
_LONG: Final = 2**32 - 1
_LONGEST_WORD: Final = 32


def read(text: str, known: Known) -> tuple[Report, ...]:
    """Return what a line says, as far as a node is `known`. Raises Unreadable."""
    first, *words = text.split()
    if first in MEASURING:
        return MEASURING[first](words, known)
    if first in EVENTS:
        return EVENTS[first](words)
    if first not in _READERS:
        raise Unreadable(GARBLED)
    return _READERS[first](words)


def refusals(word: str) -> frozenset[str]:
    """Return the subjects of the refusals of what is `QUEUED` under a first word."""
    told = {text for text, words in _NO_PLACE.items() if word in words}
    return frozenset({"ERROR", *told})


def is_whole(text: str) -> bool:
    """Whether a line says something."""
    try:
        read(text, lambda _: {})
    except Unreadable:
        return False
    return True


def _nothing(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 0)
    return ()


def _hub_ready(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 0)
    return (Forgot(),)


def _node_list(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 1)
    return (Listing(whole(words[0], 0, HIGHEST_ADDRESS)),)


def _node(words: Sequence[str]) -> tuple[Report, ...]:
    """Return what the hub remembers of a node; older hubs tell less of it."""
    expect(words, 5, 6, 7)
    node = address(words[0])
    device = whole(words[1], 0, HIGHEST_DEVICE)
    kind = _word(words[2]).lower()
    online = whole(words[3], 0, 1)
    last_seen = whole(words[4], 0, _LONG)
    firmware = _version(whole(words[5], 0, _LONG)) if words[5:] else ""
    valves = whole(words[6], 0, HIGHEST_VALVE + 1) if words[6:] else 0
    if kind == IRRIGATION:
        valves = valves or USUAL_VALVES
    is_there = bool(online) and last_seen <= ONLINE_AGE
    readings: dict[str, str | float] = {"type": kind, "valves": valves, **named(device)}
    if firmware:
        readings["fw"] = firmware
    seen = Seen(
        node=node,
        live=is_there,
        age=last_seen if is_there else 0.0,
        readings=readings,
    )
    if not is_there or not device:
        return (Listed(seen),)
    hello = Hello(
        node=node,
        hardware_id=str(device),
        type=kind,
        firmware=firmware,
        capabilities=("valves",) if valves else (),
    )
    return (Listed(seen, hello),)


def _heartbeat(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 6, 7)
    node = address(words[0])
    device = whole(words[1], 0, HIGHEST_DEVICE)
    readings: dict[str, str | float] = named(device)
    battery = whole(words[2], 0, _BYTE)
    if battery == MAINS:
        readings["power"] = "mains"
    elif battery <= 100:  # noqa: PLR2004 - percent
        readings |= {"power": "battery", "battery": battery}
    readings["errors"] = _errors(code(words[3], _WORD))
    readings["rssi"] = whole(words[4], -200, 100)
    uptime = whole(words[5], 0, _LONG)
    if words[6:]:
        readings["pending_records"] = whole(words[6], 0, _WORD)
    if not device:
        return ()
    return (
        Seen(
            node=node,
            live=True,
            online=True,
            uptime=uptime,
            counts_from_boot=battery == MAINS,
            readings=readings,
        ),
    )


def _queued(words: Sequence[str]) -> tuple[Report, ...]:
    if words[:1] == ["ACTUATOR"]:
        expect(words, 4)
        actuator, order = whole(words[2], 0, _BYTE), whole(words[3], 0, _BYTE)
        subject = f"QUEUED ACTUATOR {actuator} {order}"
    elif words[:1] and words[0] in _FLAGGED:
        expect(words, 2)
        subject = f"QUEUED {words[0]}"
    else:
        expect(words, 3)
        if words[0] not in _QUEUED:
            raise Unreadable(GARBLED)
        whole(words[2], 0, _WORD)
        subject = f"QUEUED {words[0]}"
    return (Accepted(address(words[1]), subject=subject),)


def _deleted(words: Sequence[str]) -> tuple[Report, ...]:
    """Return that a node is deleted, and with it all that the hub held for it."""
    expect(words, 1)
    node = address(words[0])
    return (Done(node, subject=DELETED), Forgot(node))


def _batch_ack_sent(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 2)
    address(words[0])
    whole(words[1], 0, _LONG)
    return ()


def _queue(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 2)
    return (Holds(address(words[0]), whole(words[1], 0, _BYTE)),)


def _update(words: Sequence[str]) -> tuple[Report, ...]:
    expect(words, 3)
    whole(words[0], 0, _LONG)
    whole(words[2], 0, _LONG)
    return (HeldItem(f"QUEUED {_word(words[1])}"),)


def _error(words: Sequence[str]) -> tuple[Report, ...]:
    text = " ".join(words)
    if _FULL.search(text):
        return (Busy(None, subject=text if text in _NO_PLACE else "ERROR"),)
    if text == "Node not found":
        # A deletion ends with the first of them, so that nothing takes the second.
        return (
            Done(None, subject=GONE),
            Rejected(None, reason=text, subject="ERROR"),
        )
    if text == "Unknown command":
        return (Rejected(None, reason=NO_SUCH_COMMAND, subject="ERROR", for_good=True),)
    return (Rejected(None, reason=shown(text), subject="ERROR"),)


def _word(text: str) -> str:
    word = line(text, _LONGEST_WORD)
    if word is None or not word.isascii():
        raise Unreadable(GARBLED)
    return word


def _version(number: int) -> str:
    """Return a firmware number as people read it."""
    return f"{number >> 24}.{number >> 16 & _BYTE}.{number & _WORD}" if number else ""


def _errors(flags: int) -> str:
    """Return the names of the flags that are set."""
    found = [name for bit, name in enumerate(FLAGS) if flags >> bit & 1]
    if flags >> len(FLAGS):
        found.append(OTHER_ERROR)
    return ",".join(found) or NO_ERROR


_READERS: Final[Mapping[str, Callable[[Sequence[str]], tuple[Report, ...]]]] = (
    MappingProxyType(
        {
            "HUB_READY": _hub_ready,
            "GET_DATETIME": _nothing,
            "HEARTBEAT": _heartbeat,
            "BATCH_ACK_SENT": _batch_ack_sent,
            "QUEUED": _queued,
            DELETED: _deleted,
            "QUEUE": _queue,
            "UPDATE": _update,
            "NODE_LIST": _node_list,
            "NODE": _node,
            "ERROR": _error,
        }
    )
)
