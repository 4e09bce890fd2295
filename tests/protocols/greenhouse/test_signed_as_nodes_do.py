"""100,000 commands, signed by us and by what is written here from the facts alone.

The rules are those of the firmware's JSON printer and of the vendor's backend; what is
here shares no code with what signs, and writes a number from its decimal expansion.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
import hashlib
import hmac
import json
from random import Random
import struct
from typing import Any

from custom_components.mqtt_dispatch.protocols.greenhouse.signing import (
    canonical_json,
    signature,
)
from tests.nonempty import some

COMMANDS = 100_000
SECRET = "0123456789abcdef0123456789abcdef"
LAST_BIT = Decimal(2) ** -52
ESCAPED = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


def written(value: object) -> str:
    """Return a value as a node prints it."""
    if value is None:
        return "null"
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(map(_character, value)) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode())
        return "{" + ",".join(f"{written(n)}:{written(value[n])}" for n in names) + "}"
    assert isinstance(value, int | float)
    return _number(value)


def _character(character: str) -> str:
    if character in ESCAPED:
        return ESCAPED[character]
    code = ord(character)
    return f"\\u{code:04x}" if code < 32 else character


def _number(value: float) -> str:
    exact = Decimal(value)
    if exact == exact.to_integral_value():
        return str(int(exact))
    short = _digits(exact, 15)
    read, meant = Decimal(float(short)), exact
    if abs(read - meant) <= max(abs(read), abs(meant)) * LAST_BIT:
        return short
    return _digits(exact, 17)


def _digits(exact: Decimal, count: int) -> str:
    """Return what C's printf makes of `%.{count}g`."""
    rounded = Context(prec=count, rounding=ROUND_HALF_EVEN).plus(exact).normalize()
    sign, figures, _ = rounded.as_tuple()
    exponent = rounded.adjusted()
    text = "".join(map(str, figures))
    if -5 < exponent < count:
        if exponent >= 0:
            whole, rest = (
                text[: exponent + 1].ljust(exponent + 1, "0"),
                text[exponent + 1 :],
            )
        else:
            whole, rest = "0", "0" * (-exponent - 1) + text
        body = f"{whole}.{rest}" if rest else whole
    else:
        body = text[0] + (f".{text[1:]}" if text[1:] else "")
        body += f"e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return f"-{body}" if sign else body


def _a_number(random: Random) -> float:
    match random.randrange(6):
        case 0:
            return random.randrange(-(2**31), 2**31)
        case 1:
            return random.uniform(-1000, 1000)
        case 2:
            return round(random.uniform(0, 500), random.randrange(7))
        case 3:
            return random.randrange(1, 1000) / random.randrange(1, 1000)
        case 4:
            return random.choice((0.1, 0.7, 1.1)) + random.choice((0.2, 0.1, 2.2))
        case _:
            (found,) = struct.unpack("<d", random.randbytes(8))
            return found if 1e-200 < abs(found) < 1e15 else random.random()


def _a_text(random: Random) -> str:
    letters = 'abcXYZ_-/"\\ \n\t\x00\x1f\x7fé漢😀￿'
    return "".join(random.choice(letters) for _ in range(random.randrange(6)))


def _a_value(random: Random, depth: int) -> Any:
    match random.randrange(9 if depth else 6):
        case 0 | 1 | 2:
            return _a_number(random)
        case 3:
            return _a_text(random)
        case 4:
            return random.choice((True, False))
        case 5:
            return None
        case 6:
            return [_a_value(random, depth - 1) for _ in range(random.randrange(3))]
        case _:
            return _an_object(random, depth - 1)


def _an_object(random: Random, depth: int) -> dict[str, Any]:
    return {
        _a_text(random): _a_value(random, depth) for _ in range(random.randrange(4))
    }


def test_any_command_is_signed_as_a_node_signs_it() -> None:
    random = Random(9)
    for number in some(range(COMMANDS)):
        command = {
            "cmd": random.choice(("dose", "run_pump", "calibrate")),
            "cmd_id": f"md-{number}",
            "ts": 1737979200 + number,
            "params": _an_object(random, 2),
        }
        text = written(command)
        assert canonical_json(command) == text
        expected = hmac.digest(SECRET.encode(), text.encode(), hashlib.sha256).hex()
        assert signature({**command, "sig": "x"}, SECRET) == expected


def test_what_is_sent_is_signed_so_also_once_it_was_parsed() -> None:
    """A node parses what came and prints it anew."""
    random = Random(10)
    for _ in some(range(COMMANDS // 10)):
        command = {"params": _an_object(random, 2)}
        parsed = json.loads(canonical_json(command))
        assert written(parsed) == canonical_json(command)
