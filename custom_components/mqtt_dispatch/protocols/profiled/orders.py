"""What the nodes of a model are ordered, and what they must tell to prove it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...engine.model.step import Silence
from ..params import Field


@dataclass(frozen=True, slots=True)
class Several:
    """What a node has several of: valves, relays."""

    param: str
    first: int
    last: int
    told_from: int
    """What the first is on the wire."""
    as_many_as: str | None
    """The node field that says how many there are; None: all."""
    usually: int
    """How many there are where a person did not say."""

    def number_of(self, told: int) -> int:
        """Return what a number on the wire is."""
        return told - self.told_from + self.first

    def told(self, number: int) -> int:
        """Return what a number is on the wire."""
        return number - self.first + self.told_from

    def in_text(self, text: str, number: int) -> str:
        """Return a text of the profile as it is on the wire for the one of a number."""
        return text.replace(f"{{{self.param}}}", str(self.told(number)))

    def at(self, fields: Mapping[str, Any]) -> Sequence[int]:
        """Return the numbers at a node, by what a person said of it."""
        count = fields.get(self.as_many_as or "", self.usually)
        return range(self.first, min(self.first + count - 1, self.last) + 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a node must tell, and how it must have come about."""

    reading: str
    how: Literal["is", "becomes", "grows_by", "changes"]
    value: Any
    beside: Mapping[str, Any]
    settles: float
    own_word: bool
    near: float = 0.0
    """How far off a number may be."""
    asked: bool = False
    """Whether only what its node answers to a question counts: who relays may say the
    same by itself, for a message of ours says it."""

    def of(self, each: frozenset[str], number: int) -> Evidence:
        """Return what must be told of the one with that number."""

        def named(reading: str) -> str:
            return reading_of(reading, number) if reading in each else reading

        return replace(
            self,
            reading=named(self.reading),
            beside={named(name): value for name, value in self.beside.items()},
        )


def reading_of(name: str, number: int) -> str:
    """Return what a reading is called of the one with that number."""
    return f"{name}_{number}"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a command, and what shows that it was taken."""

    topic: str
    payload: Any
    taken_when: Evidence | None

    @property
    def keys(self) -> frozenset[str]:
        """What it names, which who relays may say after it."""
        return frozenset(self.payload) if isinstance(self.payload, dict) else _NONE

    def only(self, key: str, told: Container[str]) -> Message:
        """Return it with nothing but one of the keys that are `told`.

        What else it says, it says of all of them.
        """
        left = {
            name: value
            for name, value in self.payload.items()
            if name == key or name not in told
        }
        return replace(self, payload=left)


_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ModelKind:
    """What a model is told by a kind, and what proves it."""

    fields: Mapping[str, Field]
    steps: tuple[Message, ...]
    lasts: str | None
    tolerance: float
    keeps_for: float
    """Seconds for which who relays may keep it for a node that sleeps."""
    done_when: Evidence | None
    failed_when: Evidence | None
    goes_on: bool = False
    """Whether it never ends by itself, however long it is to last."""
    only_while: Mapping[str, str | float] = field(default_factory=dict)
    """What its node must have told, live, for it to be sent."""
    answer_is_all: bool = False
    """Whether it is done once its node has answered with its id."""
    silence: Silence | None = None
    """What it means that the model does not answer; None: the same as of others."""
    several: Several | None = None
    """What it is ordered of one of."""
    numbered: Mapping[int, ModelKind] = field(default_factory=dict)
    """It with the readings of each of these, by number."""

    @property
    def over(self) -> tuple[str, str | float] | None:
        """The reading, and its one value, by which a node says that it is done."""
        told = self.done_when
        # Of what who relays may repeat, nobody is sure enough to leave anything open.
        if told is None or told.asked or told.how not in ("is", "becomes"):
            return None
        return None if isinstance(told.value, dict) else (told.reading, told.value)

    def seconds(self, params: Mapping[str, Any]) -> float | None:
        """Return how long a command lasts; None: that is not in its params.

        They may have been stored when the profile was another.
        """
        found = None if self.lasts is None else params.get(self.lasts)
        if isinstance(found, bool) or not isinstance(found, int | float):
            return None
        return float(found)

    def which(self, params: Mapping[str, Any]) -> int | None:
        """Return which of several a command is for; None: there is one."""
        number = None if self.several is None else params.get(self.several.param)
        return number if isinstance(number, int) else None

    def only_which(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return of some params only which of several they are for."""
        if self.several is None or self.several.param not in params:
            return {}
        return {self.several.param: params[self.several.param]}

    def needed(self) -> set[str]:
        """Return the params that it needs beside which of several it is for."""
        which = set() if self.several is None else {self.several.param}
        return {name for name, each in self.fields.items() if each.required} - which

    def at(self, params: Mapping[str, Any]) -> ModelKind:
        """Return it with the readings of what a command is for."""
        number = self.which(params)
        return self if number is None else self.numbered.get(number, self)

    def all(self) -> tuple[ModelKind, ...]:
        """Return it with its readings; of several, for each."""
        return tuple(self.numbered.values()) or (self,)

    def of_each(self, each: frozenset[str]) -> ModelKind:
        """Return it with what it is for each of several that has these readings."""
        if self.several is None:
            return self
        numbers = range(self.several.first, self.several.last + 1)
        return replace(
            self, numbered={number: self._of(each, number) for number in numbers}
        )

    def _of(self, each: frozenset[str], number: int) -> ModelKind:
        def of(evidence: Evidence | None) -> Evidence | None:
            return None if evidence is None else evidence.of(each, number)

        return replace(
            self,
            steps=tuple(
                replace(
                    step,
                    payload=self._keyed(step.payload, number),
                    taken_when=of(step.taken_when),
                )
                for step in self.steps
            ),
            done_when=of(self.done_when),
            failed_when=of(self.failed_when),
            only_while={
                reading_of(name, number) if name in each else name: value
                for name, value in self.only_while.items()
            },
        )

    def _keyed(self, payload: Any, number: int) -> Any:  # noqa: ANN401
        """Return what a message says with the keys of the one with that number."""
        if self.several is None or not isinstance(payload, dict):
            return payload
        in_text = self.several.in_text
        return {in_text(key, number): each for key, each in payload.items()}

    def on_the_wire(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the params as its messages have them."""
        number = self.which(params)
        if number is None or self.several is None:
            return {**params}
        return {**params, self.several.param: self.several.told(number)}
