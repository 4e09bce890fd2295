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

BOOTED = 0x10
APPLIED, REMOVED, FAILED = 0x70, 0x71, 0x72
TIMER_SET, TIMER_CLOSED, OPENED, CLOSED = 0x73, 0x74, 0x75, 0x76
MOTOR_ERROR, CALIBRATED = 0x0103, 0x0104
CURTAIN_EVENTS = {ON: 0x0100, OFF: 0x0101, STOP: 0x0102}
ERRORS = {
    "invalid_parameter": 1,
    "full": 2,
    "invalid_index": 3,
    "overlap": 4,
    "checksum": 5,
}

_BYTE, _WORD, _INT = 8, 16, 31
_LINES: dict[str, tuple[str, tuple[int, ...]]] = {
    "GET_QUEUE": ("N", (_WORD,)),
    "SET_SCHEDULE": (
        "N N N:N N N N",
        (_WORD, _BYTE, _BYTE, _BYTE, _WORD, _BYTE, _BYTE),
    ),
    "REMOVE_SCHEDULE": ("N N", (_WORD, _BYTE)),
    "SET_WAKE_INTERVAL": ("N N", (_WORD, _WORD)),
    "SET_DATETIME": ("N N N N N N N N", (_WORD, *(_BYTE,) * 7)),
    "SEND_ACTUATOR": ("N N N(?: N(?: N)?)?", (_WORD, _BYTE, _BYTE, _BYTE, _WORD)),
    "REBOOT_NODE": ("N", (_WORD,)),
    "FACTORY_RESET_NODE": ("N", (_WORD,)),
    "DELETE_NODE": ("N", (_WORD,)),
    "BATCH_ACK": ("N N N", (_WORD, _INT, _INT)),
    "DATETIME": ("N-N-N N:N:N N", (_WORD, *(_BYTE,) * 6)),
}
"""By first word: what follows, N for a number, and how many bits are kept of each."""
_ALONE = ("LIST_NODES", "GET_DATETIME")
_ADDRESSED = frozenset(
    {
        "GET_QUEUE",
        "SEND_ACTUATOR",
        "REBOOT_NODE",
        "FACTORY_RESET_NODE",
        "DELETE_NODE",
    }
)
"""The words whose address the hub looks at; the others it takes for any."""
_UNREAD_IS_ZERO = frozenset({"GET_QUEUE", "DELETE_NODE"})
_FORMS = {"SEND_ACTUATOR": ": <addr> <type> <cmd> [param] [duration]"}
_NUMBER = r"([+-]?\d+)"
FLAGGED = ("REBOOT_NODE", "FACTORY_RESET_NODE")
"""What the hub keeps as a flag, and not among what it holds."""


class LineError(ValueError):
    """A line the hub does not take; the text is that of its `ERROR`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the hub and its nodes have in common.

    Nodes wake every `wake_seconds` until they are told otherwise. `duration_scale`
    multiplies how long valves and curtains run; `curtains` are the addresses of nodes
    that have a curtain and no valves, `sensors` those of nodes that measure, which have
    nothing else unless they are among the curtains. A hub lacks what it is `without`.
    """

    prefix: str
    wake_seconds: float = 30.0
    duration_scale: float = 1.0
    valves: int = 2
    slots: int = 100
    curtains: frozenset[str] = frozenset()
    sensors: frozenset[str] = frozenset()
    bridge: str = "plain"
    without: frozenset[str] = frozenset()


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
            case "REBOOT_NODE" | "FACTORY_RESET_NODE":
                return self.line.word.removesuffix("_NODE").lower()
            case word:
                return word.lower()


def read_line(text: str, without: frozenset[str] = frozenset()) -> Line | None:
    """Return the line; None: the hub says nothing to it. Raises LineError.

    What comes after the last number that it looks for is not read, and of a number
    that is too high only the lower bits are kept.
    """
    word, blank, rest = text.partition(" ")
    if word in _ALONE and not blank:
        return Line(text, word, ())
    if word not in _LINES or not blank or word in without:
        raise LineError("Unknown command")
    form, widths = _LINES[word]
    found = re.match(form.replace(" ", r"\s+").replace("N", _NUMBER), rest.lstrip())
    if found is None and word == "DATETIME":
        return None
    if found is None and word not in _UNREAD_IS_ZERO:
        raise LineError(f"Invalid {word} syntax{_FORMS.get(word, '')}")
    parts = ("0",) if found is None else found.groups()
    numbers = tuple(
        int(part) % 2**width
        for part, width in zip(parts, widths, strict=True)
        if part is not None
    )
    if word in _ADDRESSED and not 0 < numbers[0] <= HIGHEST_ADDRESS:
        raise LineError("Invalid node address")
    return Line(text, word, numbers)


def queued(line: Line, position: int) -> str:
    """Return the answer to a line that the hub holds from now on."""
    if line.word == "SEND_ACTUATOR":
        node, actuator, order = line.numbers[:3]
        return f"QUEUED ACTUATOR {node} {actuator} {order}"
    if line.word in FLAGGED:
        return f"QUEUED {line.word} {line.numbers[0]}"
    return f"QUEUED {line.word} {line.numbers[0]} {position}"


def full(line: Line) -> str:
    """Return the answer to a line for which the hub has no place."""
    what = {"REMOVE_SCHEDULE": "removal", "SEND_ACTUATOR": "actuator command"}
    return f"ERROR Failed to queue {what.get(line.word, 'update')}"


def update_type(line: Line) -> str:
    """Return what `GET_QUEUE` calls it."""
    return "UNKNOWN" if line.word == "SEND_ACTUATOR" else line.word
