"""Judges images: what people see is what the node took, byte for byte."""

from __future__ import annotations

from simulation.facts import Facts
from simulation.record import Pictured, Pictures


class Picturing:
    """Compares what is shown with what was sent."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._taken: dict[tuple[str, str], str] = {}

    def taken(self, entry: Pictured) -> None:
        self._taken[entry.node, entry.name] = entry.digest

    def shown(self, entry: Pictures) -> None:
        if self._taken.get((entry.node, entry.name)) != entry.digest:
            what = f"{entry.name} of node {entry.node} is not what the node sent"
            self._facts.break_promise(3, entry.at, what)
