"""Judges images: people see what the node took, byte for byte, before it forgets it."""

from __future__ import annotations

from simulation.facts import Facts
from simulation.record import Pictured, Pictures, Sent


class Picturing:
    """Compares what is shown with what was sent, and with what nodes may forget."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._taken: dict[tuple[str, str], str] = {}
        self._shown: set[tuple[str, str]] = set()

    def taken(self, entry: Pictured) -> None:
        self._taken[entry.node, entry.name] = entry.digest

    def shown(self, entry: Pictures) -> None:
        self._shown.add((entry.node, entry.name))
        if self._taken.get((entry.node, entry.name)) != entry.digest:
            what = f"{entry.name} of node {entry.node} is not what the node sent"
            self._facts.break_promise(3, entry.at, what)

    def sent(self, entry: Sent) -> None:
        """Hold that a node is told to forget an image only once people see it."""
        forgotten = self._facts.wire.forgets(entry)
        if forgotten is not None and forgotten not in self._shown:
            node, name = forgotten
            what = f"node {node} was told to forget {name}, which nobody saw"
            self._facts.break_promise(3, entry.at, what)
