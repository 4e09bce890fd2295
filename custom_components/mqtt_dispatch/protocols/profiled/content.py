"""What stands where in JSON that anybody may have sent, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..untrusted import number
from .profile import CONTAINS, Keys, ModelReading, Scalar, Where

ABSENT: Final = object()
_PLACES: Final = frozenset(map(str, range(100)))
_EACH: Final = "*"
_MOST_ITEMS: Final = 500
_LONGEST_NUMBER: Final = 60


def at(content: Any, path: Keys) -> Any:  # noqa: ANN401
    """Return what stands there in what anybody may have sent; `ABSENT`: nothing."""
    for key in path:
        if isinstance(content, dict):
            content = content.get(key, ABSENT)
        elif isinstance(content, list) and key in _PLACES:
            place = int(key)
            content = content[place] if place < len(content) else ABSENT
        else:
            return ABSENT
    return content


def same(found: object, wanted: Scalar) -> bool:
    """Whether they are equal; true is not 1."""
    return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted


def _all_at(content: Any, path: Keys) -> Iterator[Any]:  # noqa: ANN401
    """Yield what stands there; `*` is each item of a list."""
    if _EACH not in path:
        yield at(content, path)
        return
    place = path.index(_EACH)
    items = at(content, path[:place])
    for item in items[:_MOST_ITEMS] if isinstance(items, list) else ():
        yield from _all_at(item, path[place + 1 :])


def fits(content: Any, where: Where) -> bool:  # noqa: ANN401
    """Whether one of what may stand there stands at each of these places."""
    return all(
        any(_is(found, value) for found in _all_at(content, path) for value in values)
        for path, values in where.items()
    )


def _is(found: Any, wanted: Scalar | Mapping[str, Scalar]) -> bool:  # noqa: ANN401
    """Whether this is it: its capitals do not matter to what a text contains."""
    if not isinstance(wanted, Mapping):
        return same(found, wanted)
    if wanted.keys() == {CONTAINS}:
        part = str(wanted[CONTAINS]).casefold()
        return isinstance(found, str) and part in found.casefold()
    return isinstance(found, dict) and all(
        same(found.get(key, ABSENT), value) for key, value in wanted.items()
    )


def read(reading: ModelReading, found: object) -> str | float | None:
    """Return what a reading is, by what stands there; None: it is none of this."""
    if reading.number is not None:
        return _number(found, *reading.number)
    if reading.words is not None:
        word = _word(found)
        return None if word is None else reading.words.get(word)
    if reading.yes_no is not None:
        yes, no = reading.yes_no
        return 1.0 if same(found, yes) else 0.0 if same(found, no) else None
    return None


def _word(found: object) -> str | None:
    """Return how a value is written where words are told; None: it is no single one."""
    match found:
        case str():
            return found
        case bool():
            return "true" if found else "false"
        case int() | float():
            return str(found)
        case _:
            return None


def _number(found: object, minimum: float, maximum: float) -> float | None:
    """Return a number, also of a text that is nothing else: some nodes write so."""
    if isinstance(found, str):
        try:
            found = float(found) if len(found) <= _LONGEST_NUMBER else None
        except ValueError:
            return None
    return number(found, minimum, maximum)
