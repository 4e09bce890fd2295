"""From parts of commands to figures: how many, what became of them, how fast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles

from ..engine.model.command import CommandState, DeliveryState
from .parts import Part

_FAILED = frozenset({DeliveryState.FAILED.value, DeliveryState.REJECTED.value})
"""The same words stand for a command and for its part at a node."""
_DONE = frozenset({DeliveryState.DONE.value, CommandState.SUCCEEDED.value})


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds; None where nothing of it came to pass."""

    median: float | None
    p95: float | None
    """What 95 of 100 did not exceed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was ordered, and what became of it.

    What is open, was withdrawn or replaced is ordered and nothing else.
    """

    ordered: int
    succeeded: int
    failed: int
    """Also what was refused."""
    expired: int
    unconfirmed: int
    """How many were in doubt, whatever became of them."""
    sent_again: int
    """Attempts over the first."""
    success_rate: float | None
    """In percent, of what succeeded or failed. None: nothing did."""
    waited: Spread
    accepted_after: Spread
    done_after: Spread


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """The figures of a node or a station, and those of each kind of command there."""

    total: Figures
    kinds: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class StationFigures:
    """The figures of a station, which counts commands, and of each of its nodes."""

    station: NodeFigures
    nodes: Mapping[str, NodeFigures]


def figures_of_station(parts: Iterable[Part]) -> StationFigures:
    """Return the figures of the commands that these parts make up."""
    station, nodes = _Tallies(), defaultdict[str, _Tallies](_Tallies)
    seen: set[int] = set()
    for part in parts:
        nodes[part.node].add(part, state=part.state, doubted=part.doubted)
        station.add(
            part,
            state=None if part.command_id in seen else part.command_state,
            doubted=part.command_doubted,
        )
        seen.add(part.command_id)
    return StationFigures(
        station.figures(), {node: nodes[node].figures() for node in sorted(nodes)}
    )


def figures_at_node(parts: Iterable[Part]) -> Figures:
    """Return the figures of parts of commands at one node."""
    tally = _Tally()
    for part in parts:
        tally.add(part, state=part.state, doubted=part.doubted)
    return tally.figures()


@dataclass(slots=True)
class _Tally:
    """Counts, one part after the other."""

    ordered: int = 0
    succeeded: int = 0
    failed: int = 0
    expired: int = 0
    unconfirmed: int = 0
    sent_again: int = 0
    waited: list[float] = field(default_factory=list)
    accepted_after: list[float] = field(default_factory=list)
    done_after: list[float] = field(default_factory=list)

    def add(self, part: Part, *, state: str | None, doubted: bool) -> None:
        """Take in a part; None for the state of a command that is counted already."""
        if state is not None:
            self.ordered += 1
            self.succeeded += state in _DONE
            self.failed += state in _FAILED
            self.expired += part.command_state == CommandState.EXPIRED
            self.unconfirmed += doubted
        self.sent_again += max(0, part.attempts - 1)
        for taken, seconds in (
            (self.waited, part.waited),
            (self.accepted_after, part.accepted_after),
            (self.done_after, part.done_after),
        ):
            if seconds is not None:
                taken.append(seconds)

    def figures(self) -> Figures:
        """Return what was counted."""
        decided = self.succeeded + self.failed
        return Figures(
            ordered=self.ordered,
            succeeded=self.succeeded,
            failed=self.failed,
            expired=self.expired,
            unconfirmed=self.unconfirmed,
            sent_again=self.sent_again,
            success_rate=round(100 * self.succeeded / decided, 1) if decided else None,
            waited=_spread(self.waited),
            accepted_after=_spread(self.accepted_after),
            done_after=_spread(self.done_after),
        )


class _Tallies:
    """Counts all, and each kind by itself."""

    def __init__(self) -> None:
        self._total = _Tally()
        self._kinds = defaultdict[str, _Tally](_Tally)

    def add(self, part: Part, *, state: str | None, doubted: bool) -> None:
        for tally in (self._total, self._kinds[part.kind]):
            tally.add(part, state=state, doubted=doubted)

    def figures(self) -> NodeFigures:
        return NodeFigures(
            self._total.figures(),
            {kind: self._kinds[kind].figures() for kind in sorted(self._kinds)},
        )


def _spread(seconds: list[float]) -> Spread:
    if not seconds:
        return Spread(None, None)
    if len(seconds) == 1:
        return Spread(round(seconds[0], 3), round(seconds[0], 3))
    p95 = quantiles(seconds, n=20, method="inclusive")[-1]
    return Spread(round(median(seconds), 3), round(p95, 3))
