"""What a hub says of the nodes that it knows, and of what it holds for them."""

from __future__ import annotations

from dataclasses import dataclass

from ...engine.model.reports import Hello, Seen, SessionReport


@dataclass(frozen=True, slots=True)
class Listing(SessionReport):
    """Whoever relays tells how many nodes there are; so many `Listed` follow."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Listed(SessionReport):
    """A node that whoever relays knows. It counts once the whole list has come."""

    seen: Seen
    hello: Hello | None = None
    """How it introduces the node to a station that does not have it."""


@dataclass(frozen=True, slots=True)
class Holds(SessionReport):
    """How many commands are held for a node; `HeldItem`s follow, one for each."""

    node: str
    count: int


@dataclass(frozen=True, slots=True)
class HeldItem(SessionReport):
    """A command that is held for the node of the last `Holds`.

    Its `subject` is the one with which it was taken.
    """

    subject: str
