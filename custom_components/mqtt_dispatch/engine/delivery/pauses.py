"""Nodes that may say once more that they are done, and are left alone until then."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Command, Delivery, DeliveryState
from ..scheduling.capacity import Capacity

_ENDS = frozenset({DeliveryState.DONE, DeliveryState.FAILED, DeliveryState.UNKNOWN})
"""What a node may have worked on before."""


class Pauses:
    """Keeps from a node what the late end of its work before could be credited to.

    Its steps say how long that takes; what has no such end waits for nobody.
    """

    def __init__(self, facts: Facts, capacity: Capacity, now: Now) -> None:
        """Take up the pauses of an earlier run, each for what was left of it."""
        self._capacity = capacity
        self._deadlines = facts.deadlines
        ledger, nodes = facts.ledger, facts.station.nodes
        for command in (*ledger.closed.values(), *ledger.open.values()):
            for entry in command.timeline:
                if entry.node in nodes and entry.state in _ENDS:
                    age = max(0.0, now.wall - entry.at)
                    self._begin(command, entry.node, now.steady - age)

    def ended(self, command: Command, delivery: Delivery, now: Now) -> None:
        """Note that a node may have worked on a command until now."""
        if delivery.state in _ENDS and delivery.attempts:
            self._begin(command, delivery.node, now.steady)

    def pauses(self, command: Command, node: str) -> bool:
        """Whether a command must not reach a node yet."""
        return self._deadlines.at(Due.NODE_PAUSE, node) is not None and any(
            step.heeds_pauses for step in self._capacity.steps_of(command, node)
        )

    def _begin(self, command: Command, node: str, at: float) -> None:
        steps = self._capacity.steps_of(command, node)
        if seconds := max(step.pause_after for step in steps):
            until = self._deadlines.at(Due.NODE_PAUSE, node) or 0.0
            until = max(until, at + seconds)
            self._deadlines.set(Due.NODE_PAUSE, node, at=until)
