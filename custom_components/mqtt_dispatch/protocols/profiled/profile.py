"""A profile as data; `reader` makes it, `schema.json` says what each part means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ...engine.model.command import CommandClass
from ...engine.model.policy import Policy
from ..actuator import Actuator
from ..measures import Measure, YesNo
from ..params import Field
from .orders import Message, ModelKind, Several

type Scalar = str | float | bool
type Keys = tuple[str, ...]
"""Keys and places of lists, from the outside to the inside."""
type Where = Mapping[Keys, tuple[Scalar | Mapping[str, Scalar], ...]]
"""What may stand where: a value, an object with some of its values, or a text with
`CONTAINS` in it."""
CONTAINS: Final = "contains"


@dataclass(frozen=True, slots=True)
class Sign:
    """What says whether nodes are there."""

    topic: str
    path: Keys
    yes: Scalar
    no: Scalar
    kept_counts: bool = False
    """Whether what the broker kept of it counts as said now."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """The message that describes nodes."""

    topic: str
    node: Keys
    hardware_id: Keys | None
    firmware: Keys | None
    levels: int
    """How many levels of a topic a name may have."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of who relays that may keep from us what nodes say."""

    topic: str
    path: Keys
    """`{hardware_id}` in it is that of the node."""
    otherwise: Keys | None
    """Where it is set for all, if not for the node."""
    fine: tuple[Scalar, ...] | None
    """With which values it does not; None: it lists what it hides."""
    means: str


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
    shown: Measure | YesNo | None = None
    """How a person sees it; None: nobody is shown it by itself."""
    other_paths: tuple[Keys, ...] = ()
    """Where else it may stand, if there is nothing at `path`."""
    which: str = ""
    """The number that its topic bears, where it bears one; empty: any."""

    @property
    def paths(self) -> tuple[Keys, ...]:
        """Where it may stand; the first that is there counts."""
        return (self.path, *self.other_paths)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a node of a model."""

    field: Field
    as_md5: bool
    """Whether messages have its MD5, in hexadecimal digits."""


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
    """Of what it has several, each."""
    questions: tuple[Message, ...]
    """What makes it tell what is so."""
    fields: Mapping[str, Said] = field(default_factory=dict)
    several: Several | None = None

    def actuators_at(self, fields: Mapping[str, Any]) -> tuple[Actuator, ...]:
        """Return what a person handles at a node."""
        if self.several is None:
            return self.actuators
        param, there = self.several.param, self.several.at(fields)
        return tuple(
            each
            for each in self.actuators
            if all(
                params.get(param, there[0]) in there
                for _, params in each.orders.values()
            )
        )


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
            and not told.needed()
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """Nodes behind one kind of bridge or firmware."""

    key: str
    maker: str
    prefix: str
    longest_message: int
    longest_command: int
    online_for: float
    relayed: bool
    """Whether somebody relays to its nodes, who may keep what they said."""
    topics: Mapping[str, str]
    whole: frozenset[str]
    """The topics of which each message tells all."""
    kept: frozenset[str]
    """The topics of which its nodes have the last message kept: it is what is so."""
    online: tuple[Sign, ...]
    recognition: Recognition | None
    answers: IdAnswers | None
    refusals: tuple[Refusal, ...]
    settings: tuple[Setting, ...]
    kinds: Mapping[str, KindRules]
    models: Mapping[str, Model]

    @property
    def levels(self) -> int:
        """How many levels of a topic the name of a node may have."""
        return 1 if self.recognition is None else self.recognition.levels
