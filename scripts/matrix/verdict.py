"""What was ordered, executed and told, compared: the same for every queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, override


class Answered(StrEnum):
    """How the caller of an order was left."""

    STORED = "stored"
    REFUSED = "refused"
    NEVER = "never"


class Told(StrEnum):
    """What the queue says of an order once all is at rest."""

    UNKNOWN = "unknown"
    """It does not know it."""
    OPEN = "open"
    """It has neither an end, nor does anybody know that it is in doubt."""
    IN_DOUBT = "in doubt"
    SUCCEEDED = "succeeded"
    NOT_DONE = "not done"
    """Failed, refused, expired, withdrawn: it says that nothing was executed."""
    BROKEN_OFF = "broken off"
    """Failed, as nodes say that they lost their power in it; others did it."""


class Verdict(StrEnum):
    """What may be wrong with an order."""

    TWICE = "executed twice"
    LOST = "lost"
    UNEXPLAINED = "left unexplained"
    UNRECORDED = "not whole and once in the history"
    DOUBTED = "left for a person"
    """Though its nodes know what they did, and came back."""


OF_ANY_NODES = (
    Verdict.TWICE,
    Verdict.LOST,
    Verdict.UNEXPLAINED,
    Verdict.UNRECORDED,
)
"""Nodes that cannot prove what they did leave doubts, and that is no fault."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One order, in its run."""

    answered: Answered
    told: tuple[Told, ...]
    """One for each command of the queue that is this order; none is UNKNOWN."""
    executed: Mapping[str, int]
    """How often each node executed it."""
    forgotten: bool = False
    """Whether the queue cannot know it, as an older file of it was put back."""
    once: bool = True
    """Whether a node must not execute it twice; else it must be done in the end."""
    broken_off: frozenset[str] = frozenset()
    """Nodes of which the queue says that they lost their power in it."""
    proven: bool = False
    """Whether its nodes know what they did, so that nobody need be asked."""

    @override
    def __str__(self) -> str:
        told = " and ".join(self.told) or Told.UNKNOWN
        times = ", ".join(f"{count} by {node}" for node, count in self.executed.items())
        return f"answered {self.answered}, told {told}, executed {times}"


def judge(outcome: Outcome) -> set[Verdict]:
    """Return what is wrong with an order.

    - Executed twice: by one node, more than once.
    - Lost: the caller was told that it is stored, a node did not execute it, and the
      queue does not know it, or knows it and neither ends nor doubts it.
    - Left unexplained: the queue says something else than what the nodes did, or leaves
      open what they did, or does not know of it.
    - Left for a person: the queue doubts what nodes did that can prove it.

    What may be repeated may be executed more than once, and is lost if the queue ends
    it undone, or doubts it.
    """
    times = outcome.executed.values()
    found = {Verdict.TWICE} if outcome.once and max(times) > 1 else set()
    told = outcome.told
    if not told and not outcome.forgotten:
        told = (Told.UNKNOWN,)
    found |= {verdict for word in told if (verdict := _wrong_in(word, outcome))}
    if outcome.proven and Told.IN_DOUBT in told:
        found.add(Verdict.DOUBTED)
    denied = outcome.answered is Answered.REFUSED and any(times)
    if denied or len(told) > 1:
        found.add(Verdict.UNEXPLAINED)
    return found


def _wrong_in(word: Told, outcome: Outcome) -> Verdict | None:
    times = outcome.executed.values()
    nowhere, everywhere = not any(times), all(times)
    match word:
        case Told.UNKNOWN | Told.OPEN:
            if outcome.answered is Answered.STORED and not everywhere:
                return Verdict.LOST
            right = word is Told.UNKNOWN and nowhere
        case Told.SUCCEEDED:
            right = everywhere
        case Told.NOT_DONE | Told.BROKEN_OFF | Told.IN_DOUBT if not outcome.once:
            return Verdict.LOST
        case Told.NOT_DONE:
            right = nowhere
        case Told.BROKEN_OFF:
            right = all(
                count
                for node, count in outcome.executed.items()
                if node not in outcome.broken_off
            )
        case Told.IN_DOUBT:
            right = True
    return None if right else Verdict.UNEXPLAINED


def executions(
    ledger: Iterable[Mapping[str, Any]], nodes: Sequence[str], tag: int
) -> dict[str, int]:
    """Return how often each node executed the order with this tag.

    Orders bear their tag as the pet that is fed: it reaches the nodes whatever id a
    queue gives, or gives again.
    """
    times = Counter(
        row["node"] for row in ledger if row["payload"].get("patient_id") == tag
    )
    return {node: times[node] for node in nodes}


def executed_after(ledger: Iterable[Mapping[str, Any]], tag: int, at: float) -> bool:
    """Return whether a node executed the order with this tag after this unix time."""
    return any(
        row["at"] > at for row in ledger if row["payload"].get("patient_id") == tag
    )
