"""A profile as data; `reader` makes it, `schema.json` says what each part means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...engine.model.command import CommandClass
from ...engine.model.policy import Policy
from ..actuator import Actuator
from ..params import Field

type Scalar = str | float | bool
type Keys = tuple[str, ...]
"""Keys and places of lists, from the outside to the inside."""
type Where = Mapping[Keys, tuple[Scalar, ...]]


@dataclass(frozen=True, slots=True)
class Sign:
    """What says whether nodes are there."""

    topic: str
    path: Keys
    yes: Scalar
    no: Scalar


@dataclass(frozen=True, slots=True)
class Recognition:
    """The message that describes nodes."""

    topic: str
    node: Keys
    hardware_id: Keys | None
    firmware: Keys | None


@dataclass(frozen=True, slots=True)
class IdAnswers:
    """What bears the id of a command."""

    topic: str
    id: Keys
    taken: Keys | None
    done: Keys | None
    refused: Keys | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What says, without an id, that nothing was done."""

    topic: str
    path: Keys
    text: str
    contains: tuple[str, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What a node tells of itself, and how it is read."""

    topics: tuple[str, ...]
    path: Keys
    number: tuple[float, float] | None = None
    words: Mapping[str, str] | None = None
    yes_no: tuple[Scalar, Scalar] | None = None
    resets: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a node must tell, and how it must have come about."""

    reading: str
    how: Literal["is", "becomes", "grows_by", "changes"]
    value: Any
    beside: Mapping[str, str | float]
    settles: float
    own_word: bool


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


_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ModelKind:
    """What a model is told by a kind, and what proves it."""

    fields: Mapping[str, Field]
    steps: tuple[Message, ...]
    lasts: str | None
    tolerance: float
    done_when: Evidence | None
    failed_when: Evidence | None
    goes_on: bool = False
    """Whether it never ends by itself, however long it is to last."""

    @property
    def over(self) -> tuple[str, str | float] | None:
        """The reading, and its one value, by which a node says that it is done."""
        told = self.done_when
        if told is None or told.how not in ("is", "becomes"):
            return None
        return None if isinstance(told.value, dict) else (told.reading, told.value)


@dataclass(frozen=True, slots=True)
class Model:
    """Nodes that are alike."""

    title: str
    match: Where
    means: tuple[str, ...]
    """What its owner must know."""
    not_provable: tuple[str, ...]
    readings: Mapping[str, ModelReading]
    kinds: Mapping[str, ModelKind]
    actuators: tuple[Actuator, ...]
    questions: tuple[Message, ...]
    """What makes it tell what is so."""

    def kind_of(self, kind: str) -> ModelKind | None:
        """Return what it is told by a kind; None: it knows none such."""
        return self.kinds.get(kind)


@dataclass(frozen=True, slots=True)
class KindRules:
    """The rules of a kind, whatever the model."""

    policy: Policy
    undoes: str


def undoing(model: Model, rules: Mapping[str, KindRules], kind: str) -> str | None:
    """Return the kind of a model that undoes another and is tried until it is done."""
    undoes = rules[kind].undoes
    return next(
        (
            other
            for other, told in model.kinds.items()
            if undoes
            and rules[other].undoes == undoes
            and rules[other].policy.command_class is CommandClass.UNTIL_DONE
            and not any(field.required for field in told.fields.values())
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """Nodes behind one kind of bridge or firmware."""

    key: str
    maker: str
    prefix: str
    echoes: bool
    """Whether who relays says what it was told as if the node had said it."""
    longest_message: int
    longest_command: int
    online_for: float
    relayed: bool
    """Whether somebody relays to its nodes, who may keep what they said."""
    topics: Mapping[str, str]
    whole: frozenset[str]
    """The topics of which each message tells all."""
    online: tuple[Sign, ...]
    recognition: Recognition | None
    answers: IdAnswers | None
    refusals: tuple[Refusal, ...]
    kinds: Mapping[str, KindRules]
    models: Mapping[str, Model]
