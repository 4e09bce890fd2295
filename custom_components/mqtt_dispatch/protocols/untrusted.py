"""Reading what anybody may have sent: nothing here raises but `Unreadable`."""

from __future__ import annotations

from datetime import UTC, datetime
import json
import re
from typing import Any, Final, NoReturn

LONGEST_SHOWN = 100
EARLIEST_MOMENT: Final = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
LATEST_MOMENT: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
_LONGEST_MOMENT: Final = 64
_USER: Final = re.compile(r"(?<=://)[^\s/?#]*@")
_QUERY: Final = re.compile(r"(?<=://)([^\s?#]*)[?#]\S*")


class Unreadable(Exception):  # noqa: N818 - it is an answer, not a fault
    """A message says nothing. The exception's text says why, in fixed words."""


def shown(value: object) -> str:
    """Return what a person gets to see of a value: one line, at most 100 characters.

    What is not printable is replaced, what is too long is cut, and of lists and
    objects nothing is shown but that they are ones. Of an address that a node repeats
    the user and the query are left out, which may let somebody in.
    """
    match value:
        case str():
            text = without_access(value)
        case None | int() | float():
            try:
                text = json.dumps(value)
            except ValueError:  # Python refuses to write out thousands of digits
                text = "…"
        case dict():
            text = "{…}"
        case list() | tuple():
            text = "[…]"
        case _:
            text = type(value).__name__
    if len(text) > LONGEST_SHOWN:
        text = text[: LONGEST_SHOWN - 1] + "…"
    return "".join(character if character.isprintable() else "�" for character in text)


def without_access(text: str) -> str:
    """Return a text without what of addresses in it may let somebody in."""
    return _QUERY.sub(r"\1", _USER.sub("", text)) if "://" in text else text


def json_object(payload: bytes, limit: int) -> dict[str, Any]:
    """Return the JSON object that a payload of at most `limit` bytes holds.

    Raises Unreadable for anything else: also for a key that comes twice, NaN and
    infinity, which are no JSON, and nesting or digits beyond what Python reads.
    """
    if len(payload) > limit:
        raise Unreadable("too long")
    try:
        content = _decoded(payload.decode("utf-8", "strict"))
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if not isinstance(content, dict):
        raise Unreadable("not a JSON object")
    return content


def flag(value: object) -> bool | None:
    """Return what 0, 1, true, false, "0" or "1" says; None for anything else."""
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value in ("0", "1"):
        return value == "1"
    return None


def whole(value: object, minimum: int, maximum: int) -> int | None:
    """Return a whole number in its range; None for anything else, also for 3.0."""
    if isinstance(value, float):
        return None
    found = number(value, minimum, maximum)
    return None if found is None else int(found)


def number(value: object, minimum: float, maximum: float) -> float | None:
    """Return a number in its range; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if minimum <= value <= maximum else None


def line(value: object, longest: int) -> str | None:
    """Return a printable text of 1 to `longest` characters; None for anything else."""
    if isinstance(value, str) and 0 < len(value) <= longest and value.isprintable():
        return value
    return None


def moment(value: object) -> float | None:
    """Return the unix seconds that a timestamp stands for; None for anything else.

    It is unix seconds, unix milliseconds or ISO 8601 (UTC where it names no offset).
    What lies before 2020 or after 2100 was told by a clock that nobody set: None.
    """
    if isinstance(value, str):
        if len(value) > _LONGEST_MOMENT:
            return None
        try:
            return moment(float(value))
        except ValueError:
            return _iso_moment(value)
    seconds = number(value, EARLIEST_MOMENT, LATEST_MOMENT)
    if seconds is not None:
        return float(seconds)
    milliseconds = number(value, EARLIEST_MOMENT * 1000, LATEST_MOMENT * 1000)
    return None if milliseconds is None else milliseconds / 1000


def _iso_moment(text: str) -> float | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    zoned = told if told.tzinfo else told.replace(tzinfo=UTC)
    return number(zoned.timestamp(), EARLIEST_MOMENT, LATEST_MOMENT)


def _decoded(text: str) -> object:
    """Return what a text says. Each key takes a colon: as many colons, no repeats."""
    if text.startswith("{"):
        content, end = _LENIENT.raw_decode(text)
        if end == len(text) and text.count(":") == len(content):
            return content
    return _JSON.decode(text)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise Unreadable("a key twice")
    return content


def _no_number(_: str) -> NoReturn:
    raise Unreadable("not JSON")


_LENIENT: Final = json.JSONDecoder(parse_constant=_no_number)
_JSON: Final = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_constant=_no_number
)
