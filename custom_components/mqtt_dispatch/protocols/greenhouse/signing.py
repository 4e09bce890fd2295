r"""How a greenhouse node writes out a command before it looks at the signature.

What the wire leaves open is decided here:

- Keys are sorted by their UTF-8 bytes, which is the order of their code points.
- A whole number is written out in digits, however large; minus zero is zero.
- Any other number has 15 significant digits where they say it but for the last bit of a
  double, and else 17: nodes and the vendor's backend compare so, and 0.1 + 0.2 is 0.3.
- Of the rest of a text only `"`, `\` and control characters are escaped, the latter
  as `\b`, `\f`, `\n`, `\r`, `\t` or `\u` and four lower-case digits.
"""

from __future__ import annotations

from collections.abc import Mapping
import hashlib
import hmac
import json
from sys import float_info
from typing import Final

from ..params import InvalidCommand

LONGEST_MESSAGE: Final = 4096
"""Bytes; a node drops what is longer without a word."""


def canonical_json(value: object) -> str:
    """Return the one way to write out a value.

    Raises ValueError for what JSON cannot say: infinity, NaN, keys that are no text.
    """
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int():
            return str(value)
        case float():
            return _decimal(value)
        case list() | tuple():
            return f"[{','.join(canonical_json(each) for each in value)}]"
        case Mapping():
            return f"{{{','.join(_members(value))}}}"
    raise ValueError("not JSON")


def payload_of(message: Mapping[str, object], longest: int = LONGEST_MESSAGE) -> str:
    """Return a message as it is sent. Raises InvalidCommand (payload_too_large)."""
    payload = canonical_json(message)
    size = len(payload.encode())
    if size > longest:
        raise InvalidCommand("payload_too_large", size=size, limit=longest)
    return payload


def signature(message: Mapping[str, object], secret: str) -> str:
    """Return the HMAC-SHA256 of a message without `sig`, 64 lower-case digits."""
    unsigned = {key: value for key, value in message.items() if key != "sig"}
    return hmac.new(
        secret.encode(), canonical_json(unsigned).encode(), hashlib.sha256
    ).hexdigest()


def _members(value: Mapping[object, object]) -> list[str]:
    names = [name for name in value if isinstance(name, str)]
    if len(names) != len(value):
        raise ValueError("not JSON")
    return [
        f"{canonical_json(name)}:{canonical_json(value[name])}"
        for name in sorted(names)
    ]


def _decimal(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = f"{value:.15g}"
    if not _is_as_good(float(text), value):
        text = f"{value:.17g}"
    if text.lstrip("-") in ("inf", "nan"):
        raise ValueError("not JSON")
    return text


def _is_as_good(read: float, meant: float) -> bool:
    """Whether two numbers differ by no more than the last bit of the larger one.

    So compare cJSON (`compare_double`) and hydro2.0 (common/hmac_utils.py).
    """
    largest = max(abs(read), abs(meant))
    return abs(read - meant) <= largest * float_info.epsilon
