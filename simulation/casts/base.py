"""What a protocol brings into a world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from custom_components.mqtt_dispatch.protocols.base import Protocol
from simulator.node import Message, Node

type Wish = tuple[str, dict[str, Any], tuple[str, ...]]
"""Kind, params and nodes of an order."""
type Held = tuple[str, object]
"""A node and what it holds, as JSON has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlan:
    """One station: what its nodes are, and the numbers that its owner chose."""

    name: str
    protocol: str
    """The key of its cast, which is that of its protocol where it has but one."""
    nodes: tuple[str, ...]
    nature: Any
    """What the simulator must know of its nodes."""
    options: Mapping[str, float] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What a person said of each node."""
    zone: str = "UTC"
    drops_repeats: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    """Nodes that drop repeated ids and report their last one."""


def as_they_are(
    _kind: str, params: Mapping[str, Any], _intent: int
) -> Mapping[str, Any]:
    """Return params of an order whose id goes along with it."""
    return params


def no_meal(_random: Random, _station: StationPlan) -> Mapping[str, Any]:
    """Return what a person changes of a plan that no node keeps: nothing."""
    return {}


def nothing_planned(_random: Random, _station: StationPlan) -> Wish | None:
    """Return that nothing here is planned for Home Assistant to order."""
    return None


def holds_nothing(_plan: StationPlan, _memory: Mapping[str, Any]) -> Iterator[Held]:
    """Return what nodes hold of a plan that none of them keeps."""
    return iter(())


def not_notable(_message: Message) -> bool:
    """Let each message of a node pass unnoted."""
    return False


def no_picture(_nature: Any, _message: Message) -> tuple[str, bytes] | None:  # noqa: ANN401
    """Return that a message begins no image."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """What a protocol brings into a world; the draws are all the seed's."""

    protocol: Protocol
    key: str = ""
    """Where other nodes of the same protocol have a cast, too; "": the protocol's."""
    stretch: float = 1.0
    """By how much its worlds last longer than others: what sleeps needs time."""
    tells_within: float = 0.0
    """Seconds in which each node tells what it holds, though nobody asks: until then
    nobody can know that it forgot it."""
    rests_within: float
    """Seconds in which a world that is well must have come to rest."""
    draw: Callable[[Random, str], StationPlan]
    nodes: Callable[[StationPlan, float], Sequence[Node]]
    """`nodes(plan, now)`: the clients that play the station, new from the factory."""
    order: Callable[[Random, StationPlan], Wish]
    named: Callable[[str, Mapping[str, Any], int], Mapping[str, Any]] = as_they_are
    """`named(kind, params, intent)`: params that tell this order from any other."""
    faults: tuple[tuple[str, str], ...]
    timed: frozenset[tuple[str, str]]
    """Those faults that last, or come late."""
    at_once: frozenset[tuple[str, str]] = frozenset()
    """Those that are over when they happened."""
    junk: Callable[[Random, StationPlan], list[Message]]
    retained_junk: Callable[[StationPlan], list[Message]]
    in_order: bool = False
    """Whether messages come in the order in which they left, however late."""
    by_the_clock: bool = True
    """Whether nodes go by what the clock says, so that it is set right in the end."""
    zones: tuple[str, ...] = ("UTC",)
    meal: Callable[[Random, StationPlan], Mapping[str, Any]] = no_meal
    """Of a plan that nodes keep: the time, weekdays, params and nodes of a line."""
    plans: Callable[[Random, StationPlan], Wish | None] = nothing_planned
    """What people plan that Home Assistant orders: kind, params and nodes."""
    holds: Callable[[StationPlan, Mapping[str, Any]], Iterator[Held]] = holds_nothing
    """`holds(plan, memory)`: what of the owner's plan is in the nodes' flash."""
    is_question: Callable[[Message], bool] = not_notable
    """Whether a node's message waits for an answer, or opens its waking."""
    is_complaint: Callable[[Message], bool] = not_notable
    """Whether a node's message says that too much was asked of it."""
    picture: Callable[[Any, Message], tuple[str, bytes] | None] = no_picture
    """`picture(nature, message)`: the image that a message begins, and its name."""
