"""What a protocol is, and what it is given and gives."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from types import MappingProxyType
from typing import Any

from ..engine.model.command import Command, DeliveryState
from ..engine.model.policy import FEED, Policy
from ..engine.model.reports import Hello, Readings
from ..engine.model.session import Host, Session, no_session
from ..engine.model.step import Course, Step, Wanted
from .actuator import Actuator
from .defaults import (
    all_understood,
    always_bound,
    no_actuators,
    no_clock,
    no_course,
    no_hindrances,
    no_instruction,
    no_mac,
    no_model,
    no_next_time,
    no_secrets_told,
    no_time_answer,
    nothing_assumed,
    nothing_described,
    nothing_learned,
    nothing_told,
    nothing_unpacked,
    nothing_usual,
    nothing_wanted,
    one_message,
    word_of_the_waking,
)
from .measures import Measure, Reading, YesNo
from .messages import Message, Publication, Said
from .params import Field, InvalidCommand, check_all, public_of
from .planning import Planning


@dataclass(frozen=True, slots=True)
class NodeModel:
    """What a node is, among those that speak the same wire."""

    title: str
    """What its makers call it; it is the same in all languages."""
    not_provable: tuple[str, ...] = ()
    """What it cannot prove: sentences."""
    means: tuple[str, ...] = ()
    """What its owner must know of it before: sentences."""


@dataclass(frozen=True, slots=True)
class Described:
    """Who knows nodes says which there are."""

    prefix: str
    """Where they speak."""
    nodes: tuple[Hello, ...]
    """The nodes; `type` is empty where nobody here knows what one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a protocol knows of a kind of command."""

    policy: Policy
    """Its rules, at a station without options."""
    fields: Mapping[str, Field]
    """The params by name; one that depends on another comes after it."""
    whole_station: bool = False
    """Whether it goes to every node of the station, not to a chosen one."""
    replaces: str = ""
    """What kinds that replace one another have in common.

    One of class latest replaces the older of its class, one of class until_done those
    of class once: who closes a valve wants no earlier order to open it afterwards.
    """
    key_fields: tuple[str, ...] = ()
    """The params that must be the same for one to replace another."""
    lasts: str | None = None
    """The param that says for how many seconds it goes on; None: none says it."""

    def check(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the params with their defaults. Raises InvalidCommand."""
        return check_all(self.fields, params)

    def key(self, params: Mapping[str, Any]) -> str:
        """Return what a newer command must share to replace one with these params."""
        if not self.replaces and not self.key_fields:
            return ""
        return ":".join(
            [self.replaces, *(str(params.get(name, "")) for name in self.key_fields)]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a protocol must know of a station to speak with its nodes."""

    prefix: str
    nodes: Mapping[str, Mapping[str, Any]]
    """The nodes in their order, each with what a person said of it: `node_fields`."""
    zone: tzinfo = UTC
    """The owner's time zone."""
    next_time: Callable[[str, float], float | None] = no_next_time
    """`next_time(cron, wall)`: when a cron expression is next due, in unix seconds, in
    the owner's time; None if it never is or is none."""
    told: Callable[[str], Readings] = nothing_told
    """`told(node)`: what a node told of itself so far."""
    _indexes: dict[object, dict[Any, str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def index[K: Hashable](
        self, key: Callable[[Mapping[str, Any]], K | None]
    ) -> Mapping[K, str]:
        """Return the nodes by `key(fields)`, of what a person said; None is none.

        It is made once a site, for it is asked of every message. Of nodes with the same
        key the first counts.
        """
        found = self._indexes.get(key)
        if found is None:
            found = self._indexes[key] = {}
            for node, fields in self.nodes.items():
                if (value := key(fields)) is not None:
                    found.setdefault(value, node)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One step of a command on its way to a node."""

    command: Command
    node: str
    wall: float
    """Unix seconds."""
    step: int = 0
    readings: Readings = MappingProxyType({})
    """What the node told of itself so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructing:
    """What a node is told that is no command; see `engine.model.events.Instruct`."""

    node: str | None
    """None: it is for whoever relays to the nodes."""
    message: object
    """What the session of the protocol has said."""
    readings: Readings = MappingProxyType({})
    """What the node told of itself so far."""
    wall: float
    """Unix seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """The wire language of a station's nodes."""

    key: str
    default_prefix: str
    default_nodes: tuple[str, ...]
    kinds: Mapping[str, Kind]
    settings: Mapping[str, float]
    """Numbers of a station's settings that are others with this protocol."""
    readings: Mapping[str, Reading]
    """What its nodes may tell of themselves: keys of `Seen.readings`, and how each is
    shown. `fw` is shown as their firmware.

    The key `/` stands for those of their channels: `<channel>/<metric>`.
    """
    max_report_bytes: int
    """A longer message is malformed."""
    long_report: int | None = None
    """A longer one is unpacked before it is read. None: all are quick to read."""
    unpacked: Callable[[bytes], Generator[None, None, bytes]] = nothing_unpacked
    """`unpacked(payload)`: yields after each piece of work, of at most 1 ms, and
    returns what is read in the payload's place. It takes whatever comes, and never
    raises."""
    node_name: Callable[[str], str | None]
    """`node_name(text)`: a node's name in its one spelling; None if it can be none."""
    topics: Callable[[str], tuple[str, ...]]
    """`topics(prefix)`: the topic filters on which nodes report."""
    report: Callable[[Site, Message], tuple[Said, ...]]
    """`report(site, message)`: what a message says.

    It takes whatever comes and never raises. An empty tuple: a message that is in
    order and says nothing. A `Publication` among it is an answer that the node waits
    for; it is published at once, if anything may be.
    """
    clock: Callable[[Message], float | None] = no_clock
    """`clock(message)`: what time it was for a node as it spoke, in unix seconds; None:
    the message does not say."""
    may_hold_secrets: Callable[[str], bool] = no_secrets_told
    """`may_hold_secrets(topic)`: whether nodes tell there what may let somebody in.

    What comes there is shown to nobody as it came."""
    publications: Callable[[Site, Sending], tuple[Publication, ...]]
    """`publications(site, sending)`: what tells a node this step of a command.

    Raises InvalidCommand for a command that can never be sent. Whoever sends asks
    `messages`, which also looks whether the node understands it.
    """
    understands: Callable[[Site, str, str, Readings], bool] = all_understood
    """`understands(site, node, kind, readings)`: whether a node understands a kind, as
    far as is known of it: what a person said of it and what it told of itself.

    A kind that it does not understand is not offered for it, refused when it is
    ordered, and never sent to it.
    """
    understood_by: tuple[str, ...] = ()
    """The readings on which `understands` depends."""
    steps: Callable[[Site, Command, str, Readings], tuple[Step, ...]] = one_message
    """`steps(site, command, node, readings)`: what an attempt is made of, in order."""
    maker: str = "DIY"
    """Who makes its nodes, as their device pages say it."""
    mac: Callable[[str], str | None] = no_mac
    """`mac(node)`: the MAC address that a node is known by, 12 hex digits; None: it is
    known by something else."""
    node_fields: Mapping[str, Field] = MappingProxyType({})
    """What a person may say of a node, beyond its name."""
    node_usually: Callable[[Hello], dict[str, Any]] = nothing_usual
    """`node_usually(hello)`: what these fields are for a node that said so."""
    welcome: Callable[[Site, str], tuple[Wanted, ...]] = nothing_wanted
    """`welcome(site, node)`: what a node gets once, when it is adopted."""
    actuators: Callable[[Mapping[str, Any], Readings], tuple[Actuator, ...]] = (
        no_actuators
    )
    """`actuators(fields, readings)`: what a node moves, as far as is known of it."""

    model: Callable[[Mapping[str, Any]], NodeModel | None] = no_model
    """`model(fields)`: what a node is, by what a person said of it; None: all are
    alike, or nobody knows."""
    described_at: tuple[str, ...] = ()
    """The topic filters on which nodes are described, also retained, wherever they
    speak. None: nobody describes them."""
    described: Callable[[Message], Described | None] = nothing_described
    """`described(message)`: which nodes a message describes; None: it describes none.

    It takes whatever comes and never raises."""
    hindrances: Callable[[Mapping[str, Any]], tuple[str, ...]] = no_hindrances
    """`hindrances(fields)`: what keeps from us what a node says, by what was learned of
    it: sentences for its owner."""
    metrics: Mapping[str, Measure | YesNo] = MappingProxyType({})
    """How what channels measure is shown, by metric; others are plain numbers."""
    planning: Planning | None = None
    """How nodes keep the plan. None: Home Assistant does."""
    moves_water: bool = False
    """Whether water may run through what its nodes move."""
    described_by: tuple[str, ...] = ()
    """The readings on which `actuators` depends."""
    one_of_a_kind: bool = False
    """Whether no two nodes anywhere have the same name."""
    place: tuple[str, ...] = ()
    """The node fields that say together where a node is: no other one is there."""
    binding: str | None = None
    """The kind that binds a node to its place; None: nodes need not be bound."""
    course: Callable[[Site, Command, str], Course] = no_course
    """`course(site, command, node)`: how a node carries out a command."""
    assumed: Callable[[Site, Command, str, DeliveryState], Readings] = nothing_assumed
    """`assumed(site, command, node, state)`: what is so at a node that has taken a
    command or done it, though it does not say it: in readings."""
    events: tuple[str, ...] = ()
    """The codes of what may happen at its nodes; any other one is shown as `other`."""
    is_bound: Callable[[Mapping[str, Any]], bool] = always_bound
    """`is_bound(fields)`: whether a node has said that it is at its place."""
    learned: Callable[[Site, Command, str], Mapping[str, Any]] = nothing_learned
    """`learned(site, command, node)`: what is known of a node by a command's success.

    It goes into `Site.nodes` with what a person said, and outweighs it.
    """
    word_holds: Callable[[Site, str, float], float] = word_of_the_waking
    """`word_holds(site, node, wall)`: see `Station.word_holds`."""
    time_answer: Callable[[Site, float], tuple[Publication, ...]] = no_time_answer
    """`time_answer(site, wall)`: what tells the time to who asked for it."""
    session: Callable[[Host], Session] = no_session
    """`session(host)`: what is kept of nodes beside their commands, while they run."""
    instruct: Callable[[Site, Instructing], tuple[Publication, ...]] = no_instruction
    """`instruct(site, instructing)`: what tells a node what the session wants said."""

    @property
    def planned_kind(self) -> str:
        """The kind of what a meal orders, if these nodes know it."""
        return FEED if self.planning is None else self.planning.kind

    def lasting(self, kind: str) -> str | None:
        """Return the param that says for how many seconds what is planned goes on.

        None: none does, or nothing is known of that kind.
        """
        if self.planning is not None and kind == self.planning.kind:
            return self.planning.lasts
        known = self.kinds.get(kind)
        return None if known is None else known.lasts

    @property
    def policies(self) -> dict[str, Policy]:
        """The rules of each kind, at a station without options."""
        return {kind: known.policy for kind, known in self.kinds.items()}

    def with_key(self, wanted: Wanted) -> Wanted:
        """Return what is wanted with what a newer one replaces it by."""
        return replace(wanted, key=self.kinds[wanted.kind].key(wanted.params))

    def with_key_of_today(self, command: Command) -> Command:
        """Return a stored command with what a newer one replaces it by.

        Another version may have stored it, which saw other kinds as replacing it.
        """
        key = self.key_of(command.kind, command.params)
        return command if key is None else replace(command, key=key)

    def key_of(self, kind: str, params: Mapping[str, Any]) -> str | None:
        """Return what a newer command replaces one of that kind by.

        None: another version knew such a one, and this one does not.
        """
        known = self.kinds.get(kind)
        if known is None:
            return None
        needed = {name for name in known.key_fields if known.fields[name].required}
        if not params.keys() >= needed:
            return None
        return known.key(params)

    def check(self, kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return the params of a command with their defaults.

        Raises InvalidCommand for a kind or params that these nodes do not know.
        """
        if kind not in self.kinds:
            raise InvalidCommand("unknown_kind", kind=kind)
        return self.kinds[kind].check(params)

    def public(self, kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return what anybody may read of params; of a kind that is not known, none."""
        known = self.kinds.get(kind)
        return public_of({} if known is None else known.fields, params)

    def messages(self, site: Site, sending: Sending) -> tuple[Publication, ...]:
        """Return what tells a node this step of a command.

        Raises InvalidCommand for a command that can never be sent, or that the node
        does not understand as far as is known of it now.
        """
        kind, node = sending.command.kind, sending.node
        if not self.understands(site, node, kind, sending.readings):
            raise InvalidCommand("not_understood", kind=kind, node=node)
        return self.publications(site, sending)
