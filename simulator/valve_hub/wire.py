"""Protocol 3 as a hub speaks it: the lines it reads, the lines it writes."""

from __future__ import annotations

from dataclasses import dataclass
import re

from simulator.faults import UnderOrders

HIGHEST_ADDRESS = 65_533
PLACES = 10
"""How many commands the hub holds for a node."""
BRIDGES = ("plain", "tasmota")

VALVE, CURTAIN = 1, 4
OFF, ON, STOP, CALIBRATE = 0, 1, 4, 5

APPLIED, REMOVED, FAILED = 0x70, 0x71, 0x72
TIMER_SET, TIMER_CLOSED, OPENED, CLOSED = 0x73, 0x74, 0x75, 0x76
MOTOR_ERROR = 0x0103
CURTAIN_EVENTS = {ON: 0x0100, OFF: 0x0101, STOP: 0x0102, CALIBRATE: 0x0104}
ERRORS = {
    "invalid_parameter": 1,
    "full": 2,
    "invalid_index": 3,
    "overlap": 4,
    "checksum": 5,
}

_BYTE, _WORD = 2**8 - 1, 2**16 - 1
_ADDRESS = HIGHEST_ADDRESS
_LINES: dict[str, tuple[str, tuple[int, ...]]] = {
    "LIST_NODES": ("", ()),
    "GET_QUEUE": (" N", (_ADDRESS,)),
    "SET_SCHEDULE": (
        " N N N:N N N N",
        (_ADDRESS, 99, 23, 59, _WORD, 127, _BYTE),
    ),
    "REMOVE_SCHEDULE": (" N N", (_ADDRESS, 99)),
    "SET_WAKE_INTERVAL": (" N N", (_ADDRESS, 3600)),
    "SET_DATETIME": (" N N N N N N N N", (_ADDRESS, 99, 12, 31, 6, 23, 59, 59)),
    "SEND_ACTUATOR": (" N N N N(?: N)?", (_ADDRESS, _BYTE, _BYTE, _BYTE, _WORD)),
    "REBOOT_NODE": (" N", (_ADDRESS,)),
    "DATETIME": (" N-N-N N:N:N N", (9999, 12, 31, 23, 59, 59, 6)),
}
"""By first word: what follows, N for a number, and the highest each may be."""
_NUMBER = r"(\d{1,5})"
LEAST_WAKE_SECONDS = 10


class LineError(ValueError):
    """A line the hub does not take; the text is that of its `ERROR`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the hub and its nodes have in common.

    Nodes wake every `wake_seconds` until they are told otherwise. `duration_scale`
    multiplies how long valves run; `curtains` are the addresses of those that have a
    curtain and no valves.
    """

    prefix: str
    wake_seconds: float = 30.0
    duration_scale: float = 1.0
    valves: int = 2
    slots: int = 8
    curtains: frozenset[str] = frozenset()
    bridge: str = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the hub read it: its first word and the numbers after it."""

    text: str
    word: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Update(UnderOrders):
    """A command that the hub holds for a node, and the orders that stood for it."""

    seq: int
    line: Line
    queued_at: float

    @property
    def kind(self) -> str:
        """What a person calls it."""
        match self.line.word:
            case "SEND_ACTUATOR":
                actuator, order = self.line.numbers[1:3]
                if actuator == CURTAIN:
                    return "curtain"
                if actuator == VALVE and order in (ON, OFF):
                    return "open_valve" if order == ON else "close_valve"
                return "actuator"
            case "REBOOT_NODE":
                return "reboot"
            case word:
                return word.lower()


def read_line(text: str) -> Line:
    """Return the line. Raises LineError."""
    word, blank, rest = text.partition(" ")
    if word not in _LINES:
        raise LineError("Unknown command")
    form, limits = _LINES[word]
    found = re.fullmatch(form.replace("N", _NUMBER), blank + rest)
    if found is None:
        raise LineError(f"Invalid {word} syntax")
    numbers = tuple(int(part) for part in found.groups() if part)
    too_high = any(number > most for number, most in zip(numbers, limits, strict=False))
    if too_high or (word == "SET_WAKE_INTERVAL" and numbers[1] < LEAST_WAKE_SECONDS):
        raise LineError(f"Invalid {word} value")
    return Line(text, word, numbers)


def queued(line: Line, position: int) -> str:
    """Return the answer to a line that the hub holds from now on."""
    if line.word == "SEND_ACTUATOR":
        node, actuator, order = line.numbers[:3]
        return f"QUEUED ACTUATOR {node} {actuator} {order}"
    if line.word == "REBOOT_NODE":
        return f"QUEUED REBOOT_NODE {line.numbers[0]}"
    return f"QUEUED {line.word} {line.numbers[0]} {position}"


def update_type(line: Line) -> str:
    """Return what `GET_QUEUE` calls it."""
    return "ACTUATOR" if line.word == "SEND_ACTUATOR" else line.word
