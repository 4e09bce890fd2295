"""What a protocol is, which params its commands take, and what they become."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import json
from types import MappingProxyType
from typing import Any

from ..engine.model import (  # noqa: TID252 - it may move as one
    Command,
    CommandClass,
    Report,
)
from .untrusted import shown


class InvalidCommand(Exception):  # noqa: N818 - it is an answer, not a fault
    """Params that make no sense, or a command that can never be sent.

    `code` is one of those below, and `placeholders` fill in its words; each of them
    is one bounded line, whatever was given.

    - `unknown_kind`: kind
    - `unknown_field`, `missing_field`: field
    - `invalid_number`: field, minimum, maximum, value
    - `invalid_choice`: field, choices, value
    - `payload_too_large`: size, limit (both in bytes)
    """

    def __init__(self, code: str, **placeholders: object) -> None:
        """Keep the reason as data."""
        super().__init__(code)
        self.code = code
        self.placeholders = {key: shown(value) for key, value in placeholders.items()}


@dataclass(frozen=True, slots=True)
class Publication:
    """A message for nodes. It is never retained."""

    topic: str
    payload: str


def qos_of(command: Command) -> int:
    """Return the quality of service at which a command is published.

    A client keeps what it published with QoS 1 until the broker says that it has it,
    and sends it anew after each reconnect: long after its command was given up, or a
    second time. What must happen once is therefore published with QoS 0, of which MQTT
    3.1.1 (4.3.1) and 5 (4.3.1) say that it arrives once or not at all; the node's
    answer tells which.
    """
    return 0 if command.command_class is CommandClass.ONCE else 1


@dataclass(frozen=True, slots=True)
class Malformed:
    """A message that says nothing, and why, in a few fixed words."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(ABC):
    """One param. If neither required nor given a default it may be left out."""

    default: Any = None
    required: bool = False
    only_with: tuple[str, object] | None = None
    """Another param and the value without which this one makes no sense."""

    def applies(self, params: Mapping[str, Any]) -> bool:
        """Whether this param makes sense beside the others."""
        if self.only_with is None:
            return True
        name, value = self.only_with
        return name in params and params[name] == value

    @abstractmethod
    def check(self, field: str, value: object) -> Any:  # noqa: ANN401
        """Return what a value means for the param `field`. Raises InvalidCommand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a protocol knows of a kind of command."""

    fields: Mapping[str, Field]
    """The params by name; one that depends on another comes after it."""
    whole_station: bool = False
    """Whether it goes to every node of the station, not to a chosen one."""
    overrides: Mapping[str, Any] = MappingProxyType({})
    """Numbers of the kind's policy that are others with this protocol."""

    def check(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the params with their defaults. Raises InvalidCommand."""
        checked: dict[str, Any] = {}
        applicable = {}
        for name, field in self.fields.items():
            if field.applies(checked):
                applicable[name] = field
                if name in params:
                    checked[name] = field.check(name, params[name])
                elif field.required:
                    raise InvalidCommand("missing_field", field=name)
                elif field.default is not None:
                    checked[name] = field.default
        for name in params:
            if name not in applicable:
                raise InvalidCommand("unknown_field", field=name)
        return checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """The wire language of a station's nodes."""

    key: str
    default_prefix: str
    default_nodes: tuple[str, ...]
    kinds: Mapping[str, Kind]
    settings: Mapping[str, float]
    """Numbers of a station's settings that are others with this protocol."""
    readings: tuple[str, ...]
    """What its nodes may measure: keys of `Seen.readings`."""
    max_report_bytes: int
    """A longer message is malformed."""
    valid_node: Callable[[str], bool]
    """Whether a text can be the name of a node."""
    topics: Callable[[str], tuple[str, ...]]
    """`topics(prefix)`: the topic filters on which nodes report."""
    report: Callable[[str, str, bytes, bool], tuple[Report | Malformed, ...]]
    """`report(prefix, topic, payload, retain)`: what a message says.

    It takes whatever comes and never raises. An empty tuple: a message that is in
    order and says nothing.
    """
    publications: Callable[
        [str, Command, str, tuple[str, ...]], tuple[Publication, ...]
    ]
    """`publications(prefix, command, node, nodes)`: what tells `node` the command.

    `nodes` are all nodes of the station, in their order. Raises InvalidCommand for a
    command that can never be sent.
    """

    def check(self, kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the params of a command with their defaults.

        Raises InvalidCommand for a kind or params that these nodes do not know.
        """
        if kind not in self.kinds:
            raise InvalidCommand("unknown_kind", kind=kind)
        return self.kinds[kind].check(params)


def compact_json(message: Mapping[str, Any], limit: int) -> str:
    """Return a message as JSON in ASCII without spaces, at most `limit` bytes.

    Raises InvalidCommand for a longer one.
    """
    payload = json.dumps(message, separators=(",", ":"), allow_nan=False)
    if len(payload) > limit:
        raise InvalidCommand("payload_too_large", size=len(payload), limit=limit)
    return payload
