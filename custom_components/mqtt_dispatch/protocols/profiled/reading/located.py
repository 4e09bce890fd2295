"""JSON of which is known on which line each value stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
import json
import re
from typing import Final

type Path = tuple[str | int, ...]
"""Where a value stands: the keys and places on the way to it."""
type Json = str | int | float | bool | list[Json] | dict[str, Json] | None

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_DEEPEST: Final = 20


class ProfileError(Exception):
    """A profile that is not taken: on which line, counted from 1, and why."""

    def __init__(self, line: int, reason: str) -> None:
        """Keep both."""
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Located:
    """What a text says, and where it says it."""

    content: Json
    lines: Mapping[Path, int]

    def error(self, path: Path, reason: str) -> ProfileError:
        """Return the refusal of what stands there.

        What is missing is refused on the line of what lacks it.
        """
        while path not in self.lines:
            path = path[:-1]
        return ProfileError(self.lines[path], reason)


def located(text: str) -> Located:
    """Return what a JSON text says, with its lines. Raises ProfileError."""
    reader = _Reader(text)
    content = reader.value((), reader.skip(0))
    if (rest := reader.skip(reader.end)) != len(text):
        raise reader.error(rest, "something follows the end of the profile")
    return Located(content, reader.lines)


@dataclass(slots=True)
class _Reader:
    """Reads objects and lists itself, and has the rest read by Python."""

    text: str
    end: int = 0
    """Where the value ended that was read last."""
    lines: dict[Path, int] = field(default_factory=dict)
    _ends: list[int] = field(init=False)
    """Where each line ends."""

    def __post_init__(self) -> None:
        """Find the lines once, for each value asks for its own."""
        self._ends = [found.start() for found in re.finditer("\n", self.text)]

    def value(self, path: Path, at: int) -> Json:
        self.lines[path] = self.line(at)
        if len(path) > _DEEPEST:
            raise self.error(at, "too deeply nested")
        match self.text[at : at + 1]:
            case "{":
                return self._object(path, at)
            case "[":
                return self._list(path, at)
            case _:
                return self._plain(at)

    def skip(self, at: int) -> int:
        blank = _BLANK.match(self.text, at)
        return at if blank is None else blank.end()

    def line(self, at: int) -> int:
        return bisect_left(self._ends, at) + 1

    def error(self, at: int, reason: str) -> ProfileError:
        return ProfileError(self.line(at), reason)

    def _plain(self, at: int) -> Json:
        try:
            found, self.end = _DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            # Python's own position would contradict the line.
            reason = error.msg.removesuffix(" at").removesuffix(" starting")
            raise self.error(at, f"not JSON: {reason}") from None
        except ValueError:
            raise self.error(at, "not JSON: a number that is too long") from None
        if isinstance(found, float) and found - found != 0:
            raise self.error(at, "not JSON: a number that is none")
        value: Json = found
        return value

    def _object(self, path: Path, at: int) -> dict[str, Json]:
        found: dict[str, Json] = {}
        while (at := self._next_item(at, "}", first=not found)) != self.end:
            key = self._plain(at) if self.text[at] == '"' else None
            if not isinstance(key, str):
                raise self.error(at, "not JSON: a key in quotes must stand here")
            if key in found:
                raise self.error(at, f"'{key}' stands here twice")
            colon = self.skip(self.end)
            if self.text[colon : colon + 1] != ":":
                raise self.error(colon, f"not JSON: a colon must follow '{key}'")
            found[key] = self.value((*path, key), self.skip(colon + 1))
            at = self.end
        return found

    def _list(self, path: Path, at: int) -> list[Json]:
        found: list[Json] = []
        while (at := self._next_item(at, "]", first=not found)) != self.end:
            found.append(self.value((*path, len(found)), at))
            at = self.end
        return found

    def _next_item(self, at: int, closing: str, *, first: bool) -> int:
        """Return where the next item begins; `end`, if none comes any more."""
        at = self.skip(at + 1 if first else at)
        sign = self.text[at : at + 1]
        if sign == closing:
            self.end = at + 1
            return self.end
        if not sign:
            raise self.error(at, f"not JSON: it ends where {closing} is missing")
        if not first:
            if sign != ",":
                raise self.error(at, f"not JSON: a comma or {closing} must stand here")
            at = self.skip(at + 1)
        if at >= len(self.text):
            raise self.error(at, f"not JSON: it ends where {closing} is missing")
        self.end = -1
        return at


_DECODER: Final = json.JSONDecoder()
