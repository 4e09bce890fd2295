"""How nodes keep the plan themselves, where they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ..engine.model.meal import Meal
from ..engine.model.step import Run, Wanted

if TYPE_CHECKING:
    from .base import Site

A_FEED: Final[Mapping[str, Any]] = MappingProxyType({"portions": 2})


def portions_from_words(said: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the params of a feed; see `Planning.from_words`."""
    return dict(said)


def nothing_in_the_way(_site: Site, _one: Meal, _other: Meal, _wall: float) -> bool:
    """Return that nodes take any lines beside one another."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """How nodes keep the plan themselves, where they do."""

    kind: str
    """The kind whose fields are the params of a line of the plan."""
    wanted: Callable[[Site, tuple[Meal, ...], float], tuple[Wanted, ...]]
    """`wanted(site, lines, wall)`: what the nodes should hold now.

    Lines go by time and weekday alone; a meal may be several, or none. What is wanted
    is the same as long as they hold it: what differs from the last is sent.
    """
    runs: Callable[[Site, str, Mapping[str, Any], float, float], Iterable[Run]]
    """`runs(site, kind, params, start, end)`: see `Station.runs`."""
    overlap: Callable[[Site, Meal, Meal, float], bool] = nothing_in_the_way
    """`overlap(site, one, other, wall)`: whether a node refuses the one line beside the
    other, as they go out at `wall` (unix seconds); see `wanted` for lines."""
    cycle: int = 7
    """Days after which nodes begin with the plan anew."""
    told: bool = False
    """Whether the nodes tell what they dispensed."""
    beside: tuple[str, ...] = ()
    """The readings that say more of what they dispensed last."""
    in_words: Callable[[Mapping[str, Any]], tuple[str, Mapping[str, object]]] | None = (
        None
    )
    """`in_words(params)`: the key of the sentence for a line of the plan, and what
    fills it in besides its `name`. None: so many portions."""
    from_words: Callable[[Mapping[str, str]], Mapping[str, Any]] = portions_from_words
    """`from_words(said)`: the params that this fills in, of what it fills in at all."""
    example: Mapping[str, Any] = A_FEED
    """The params of some line of the plan, to show how one is written."""
    lasts: str | None = None
    """The param that says for how many seconds a line of the plan runs; None: none."""
