"""Facts of the wires, written down once and judged by from three sides.

A folder a protocol holds JSON files, one a subject: a list of vectors, each an object.

- `name`: what it is, unique in its protocol.
- `source`: `{"repository", "path", "generation"}`: where the vendor's own code says so.
- `known_by`: `run` (the vendor's code did or said it) or `read`.
- `direction`: `up` (node to Home Assistant) or `down`.
- `topic`, and the payload as `json` (any JSON value) or as `text` (as it is on the
  wire: a line, or JSON of a spelling that matters). `retain`: false unless said.
- `given`: what holds before, in words of the protocol: the node's type, generation and
  state, what is known of it, the time.
- of one that goes up, `means`: what it says, a list of objects, each with the name of
  a report in `report` and those of its fields that are not at their defaults; of an
  answer of ours that it waits for, `report` is `Publication`; of a message that is no
  good, `Malformed`. An empty list: it is in order and says nothing.
- of one that goes down, `command`: the kind, params and node it is sent for, where it
  is of a command; `answers`: the messages with which the real node answers, in their
  order (`topic` and `json` or `text`; the value "*" stands for any); empty: it says
  nothing; and `executes`: what it does of it, null for nothing.
- `note`: whatever a reader should know.

The protocol must read what comes up and write what goes down as they say; a simulated
node must answer as the real one; the simulation's wires must tell of which command a
message is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
import json
from pathlib import Path
from typing import Any, Literal, Self

FOLDER = Path(__file__).parent
ANYTHING = "*"
"""Stands for a value that the node alone knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message as it is on the wire."""

    topic: str
    json: Any = None
    text: str | None = None
    retain: bool = False

    @property
    def payload(self) -> bytes:
        """The bytes of the message."""
        if self.text is not None:
            return self.text.encode()
        return json.dumps(self.json, separators=(",", ":")).encode()

    def is_said_by(self, topic: str, payload: bytes) -> bool:
        """Whether a message is this one, but for values that only the node knows."""
        if topic != self.topic:
            return False
        if self.text is not None:
            return payload.decode(errors="replace") == self.text
        try:
            return matches(self.json, json.loads(payload))
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One fact of a wire; see the module."""

    name: str
    source: Mapping[str, str]
    known_by: Literal["run", "read"]
    direction: Literal["up", "down"]
    message: Said
    given: Mapping[str, Any] = field(default_factory=dict)
    means: tuple[Mapping[str, Any], ...] | None = None
    command: Mapping[str, Any] | None = None
    answers: tuple[Said, ...] | None = None
    executes: str | None = None
    note: str = ""

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return a vector. Raises TypeError or KeyError for one that is none."""
        rest = dict(content)
        said = {key: rest.pop(key) for key in _SAID if key in rest}
        if "means" in rest:
            rest["means"] = tuple(rest["means"])
        if "answers" in rest:
            rest["answers"] = tuple(Said(**answer) for answer in rest["answers"])
        vector = cls(message=Said(**said), **rest)
        if (vector.means is None) == (vector.direction == "up"):
            raise TypeError(f"{vector.name}: what comes up means something")
        return vector


_SAID = tuple(each.name for each in fields(Said))


def load(protocol: str) -> tuple[Vector, ...]:
    """Return the vectors of a protocol, in the order of its files and in theirs."""
    return tuple(
        Vector.from_json(content)
        for file in sorted((FOLDER / protocol).glob("*.json"))
        for content in json.loads(file.read_text(encoding="utf-8"))
    )


def going_up(protocol: str) -> tuple[Vector, ...]:
    """Return what nodes say."""
    return tuple(vector for vector in load(protocol) if vector.direction == "up")


def going_down(protocol: str) -> tuple[Vector, ...]:
    """Return what nodes are told."""
    return tuple(vector for vector in load(protocol) if vector.direction == "down")


def matches(expected: object, found: object) -> bool:
    """Whether a JSON value is the expected one, but for values that may be any."""
    if expected == ANYTHING:
        return True
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(
            matches(value, found[key]) for key, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(matches, expected, found))
    return type(expected) is type(found) and expected == found


def meaning(*reports: object) -> list[dict[str, Any]]:
    """Return reports as vectors write them: with what is not at its default."""
    return [_meaning(report) for report in reports]


def _meaning(report: object) -> dict[str, Any]:
    if not is_dataclass(report) or isinstance(report, type):
        raise TypeError(f"no report: {report!r}")
    blank = {
        each.name: each.default_factory()
        if callable(each.default_factory)
        else each.default
        for each in fields(report)
    }
    values = {each.name: getattr(report, each.name) for each in fields(report)}
    told = {
        key: _as_json(value) for key, value in values.items() if value != blank[key]
    }
    return {"report": type(report).__name__, **told}


def _as_json(value: object) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if is_dataclass(value):
        told = _meaning(value)
        return {key: told[key] for key in told if key != "report"}
    return json.loads(json.dumps(value, default=sorted))
