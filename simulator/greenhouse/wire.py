"""The JSON of greenhouse nodes: what they read, and how they print it to sign it."""

from __future__ import annotations

from dataclasses import dataclass, field
import hashlib
import hmac
import json
import math
from typing import TYPE_CHECKING, Any

from simulator.faults import UnderOrders
from simulator.node import Note

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_COMMAND = 4096
DEEPEST_JSON = 16
"""Levels below the outermost."""
_LARGEST_EXACT = 2.0**53


@dataclass(frozen=True, slots=True)
class Task(UnderOrders):
    """A command as it was read, where it came, and the orders that stood then."""

    id: str
    cmd: str
    params: Mapping[str, Any]
    channel: str
    content: Mapping[str, Any] = field(default_factory=dict)
    """The whole message."""

    def note(self, fault: str) -> Note:
        return Note(f"fault on {self.id}: {self.orders[fault]}")


def read_object(payload: bytes) -> dict[str, Any]:
    """Return the object that a message is. Raises ValueError where it is none."""
    try:
        content = json.loads(payload.decode(), parse_constant=_no_constant)
        canonical(content).encode()
    except (RecursionError, OverflowError) as error:
        raise ValueError("no JSON that a node reads") from error
    if not isinstance(content, dict):
        raise TypeError("no object")
    return content


def is_too_deep(value: object, left: int = DEEPEST_JSON) -> bool:
    """Whether it has more levels than a node signs."""
    match value:
        case dict():
            inner = list(value.values())
        case list():
            inner = value
        case _:
            return left < 0
    return left < 0 or any(is_too_deep(each, left - 1) for each in inner)


def signature(content: Mapping[str, Any], secret: str) -> str:
    """Return the signature of a command, which need not be without one."""
    unsigned = {key: value for key, value in content.items() if key != "sig"}
    return hmac.new(
        secret.encode(), canonical(unsigned).encode(), hashlib.sha256
    ).hexdigest()


def canonical(value: object) -> str:
    """Return JSON as the firmware prints it: keys by their bytes, no spaces."""
    match value:
        case dict():
            members = (
                f"{_text(key)}:{canonical(value[key])}"
                for key in sorted(value, key=str.encode)
            )
            return "{" + ",".join(members) + "}"
        case list():
            return "[" + ",".join(map(canonical, value)) + "]"
        case float():
            return _number(value)
    return _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Print a number as cJSON does.

    15 digits are enough where they differ from the number by no more than the
    largest of both times 2^-52: it does not ask whether they read back the same.
    """
    if value == int(value) and abs(value) < _LARGEST_EXACT:
        return f"{int(value)}"
    short = f"{value:.15g}"
    read = float(short)
    close = abs(read - value) <= max(abs(read), abs(value)) * 2.0**-52
    return short if close else f"{value:.17g}"


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def number(value: object) -> float | None:
    """Return a number of JSON; None: it is something else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def switch_state(value: object) -> bool | None:
    """Return a state as relay and climate nodes read it; None: it is none."""
    match value:
        case bool():
            return value
        case int() | float():
            return int(value) != 0
        case str():
            return _SPELLED.get(value.lower())
    return None


_SPELLED = {
    **dict.fromkeys(("closed", "on", "true", "1"), True),
    **dict.fromkeys(("open", "off", "false", "0"), False),
}
