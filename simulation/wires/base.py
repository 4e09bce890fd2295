"""What a judge must know of a protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from simulation.record import Asks, Complained, Executed, Sent


class Order(NamedTuple):
    """A command on the wire, or what a node did of it.

    Where the wire has no ids, `text` tells which command it is of; that of a command of
    class once is its own, but for those that nothing tells apart.
    """

    node: str
    command_id: int | None
    text: str = ""
    begins: bool = True
    """Whether an attempt begins with it."""
    pet: int | None = None
    talk: bool = False
    """Whether it may also leave without a command, as a step of what goes on."""
    sets: bool = False
    """Whether it begins nothing, but a node does by it what a later message begins."""
    as_set: bool = False
    """Whether it begins what was set last at its node; its text is that one's."""


def never(_entry: Any) -> str | None:  # noqa: ANN401
    """Return that nothing must be answered."""
    return None


def not_told(_entry: Complained) -> Order | None:
    """Return that nodes turn nothing away for a while."""
    return None


def is_not_full(_entry: Complained) -> bool:
    """Return that nobody has places that may run out."""
    return False


def forgets_nothing(_entry: Sent) -> tuple[str, str] | None:
    """Return that a node forgets no image for a message."""
    return None


def no_plan(
    _meals: list[Mapping[str, Any]], _node: str, _offset: int, _places: int
) -> object:
    """Return that nodes keep no plan."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A protocol as far as it can be judged from outside."""

    read: Callable[[Sent], Iterator[Order]]
    """The commands in a message that left; none: it is an answer or a question."""
    done: Callable[[Executed], Order | None]
    """Of which command a node did something; None: it did it by itself."""
    says: Callable[[str, Mapping[str, Any]], frozenset[str]]
    """`says(kind, params)`: the texts of a command, where it goes without an id."""
    once: frozenset[str]
    """The kinds of class once."""
    shows: frozenset[str]
    """The kinds that a node does only by executing something."""
    mistaken: frozenset[str] = frozenset()
    """What a node does only of a message that it takes for something else."""
    counts_attempts: bool = False
    """Whether each message that begins an attempt has a number of its own."""
    remembers: float | None = None
    """Seconds for which nodes that drop repeats know an id; None: for ever."""
    answered_within: Mapping[str, float]
    """Seconds in which a command of a kind is done, or is in doubt."""
    blurs: tuple[str, ...] = ()
    """Faults after which nobody can tell of which command an answer speaks."""
    repeats: tuple[str, ...] = ()
    """Faults by which a node is told again what it was told, and not by us."""
    keeps: tuple[str, ...] = ()
    """Faults by which a node gets what begins something after what sets the next."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """Kinds of which the wire never tells that they are done, and what must do."""
    untold_within: Mapping[str, float] = field(default_factory=dict)
    """Those among them of which it tells that they are not, so many seconds after the
    latest message."""
    turned_away: Callable[[Complained], Order | None] = not_told
    """Which command a node certainly did not begin; one without an id and a text is
    the last that left."""
    full: Callable[[Complained], bool] = is_not_full
    """Whether it says that whoever holds commands for nodes has no place left."""
    loses: tuple[str, ...] = ()
    """Faults after which more may be held for a node than is known of."""
    question: Callable[[Asks], str | None] = never
    """What names a question that must be answered at once."""
    answer: Callable[[Sent], str | None] = never
    """Which question a message answers."""
    answered_late: frozenset[str] = frozenset()
    """Questions that are answered as soon as it may be, where it may not be at once."""
    waking: Callable[[Asks], str | None] = never
    """The node that said hello."""
    per_waking: int | None = None
    """How many commands a node gets at most on one waking."""
    forgets: Callable[[Sent], tuple[str, str] | None] = forgets_nothing
    """The node, and its image that it does not keep any more after a message."""
    plan: Callable[[list[Mapping[str, Any]], str, int, int], object] = no_plan
    """`plan(meals, node, offset, places)`: what a node must hold; `offset` from UTC in
    seconds."""
    plan_kinds: frozenset[str] = frozenset()
    """The kinds that bring a plan to a node."""
    plan_cycle: int = 7
    """Days after which a node begins with it anew."""
    lasts: str = ""
    """The kind that goes on by itself, if any, until the node says that it ended."""
    ends: str = ""
    """The kind that ends it, and is tried until it is done."""
    plan_lasts: str = ""
    """The param that says for how many seconds a node runs a line of it, if any."""
