"""Judges what goes on by itself: told over when it is (3), and never left open (4)."""

from __future__ import annotations

import json

from simulation.facts import Facts
from simulation.record import Executed, Told

_BY_HAND = "button"
_ENDED, _RESUMED = "ended", "resumed"


class Lasting:
    """Follows what is open at each node by an order of ours, by what nodes did.

    What somebody opened by hand is his own, until we order something of it.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._open: dict[str, tuple[str, float]] = {}
        """What opened each node, of those that are open, and when."""
        self._ended_at: dict[str, float] = {}

    def execution(self, entry: Executed) -> None:
        lasts, node = self._facts.wire.lasts, entry.node
        if not lasts:
            return
        if entry.kind in (lasts, _RESUMED):
            _, at = self._open.get(node, ("", entry.at))
            self._open[node] = lasts, at
        elif entry.kind == _BY_HAND and json.loads(entry.payload)["kind"] == lasts:
            self._open.setdefault(node, (_BY_HAND, entry.at))
        elif entry.kind == _ENDED:
            self._open.pop(node, None)
            self._ended_at[node] = entry.at

    def told(self, entry: Told) -> None:
        """Hold what is told closed to what is so."""
        command = self._facts.known.get(entry.command_id)
        if command is None or entry.state != "succeeded":
            return
        wire = self._facts.wire
        if command.kind not in (wire.lasts, wire.ends):
            return
        for node, (state, attempts, cause) in command.parts.items():
            if state != "done" or cause == "person" or not attempts:
                continue
            since = self._facts.attempted_at.get((command.id, node), entry.at)
            if self._is_open_since(node, since, is_closing=command.kind == wire.ends):
                self._lie(entry, f"#{command.id} was told over, and {node} is open")

    def ended(self, at: float) -> None:
        """Let nothing be open that we opened, once all is well and at rest."""
        for node, (by, since) in self._open.items():
            if by == _BY_HAND:
                self._facts.excuse("left open by who opened it by hand")
            elif self._facts.forgotten(since, by=at):
                self._facts.excuse("left open by what a restore forgot")
            elif self._facts.others_tell:
                self._facts.excuse("left open, as somebody else told the node")
            elif self._is_blurred:
                self._facts.excuse("left open by a node that said that it is closed")
            else:
                self._facts.break_promise(4, at, f"{node} is left open")

    @property
    def _is_blurred(self) -> bool:
        wire = self._facts.wire
        return any(fault in self._facts.befell for fault in wire.blurs)

    def _is_open_since(self, node: str, since: float, *, is_closing: bool) -> bool:
        """Whether it never closed since an order for it; what it opened is its own."""
        if node not in self._open or self._ended_at.get(node, -1.0) >= since:
            return False
        return not is_closing or self._open[node][1] < since

    def _lie(self, entry: Told, what: str) -> None:
        if self._is_blurred:
            self._facts.excuse("told over by an answer that does not tell, and is open")
        elif self._facts.restores:
            self._facts.excuse("told after a restore what the nodes did otherwise")
        else:
            self._facts.break_promise(3, entry.at, what)
