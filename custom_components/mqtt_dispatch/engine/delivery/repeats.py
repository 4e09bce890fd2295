"""Whether a node that may have a command may be told it once more."""

from __future__ import annotations

from collections.abc import Mapping

from ..model.clock import Now
from ..model.command import Command, CommandClass, Delivery, DeliveryState
from ..model.policy import Station
from ..scheduling.readiness import NodeStatus
from .uncommitted import Part


class Repeats:
    """Remembers since when nodes may know a command, in memory alone.

    After a restart nobody knows it, so nothing is repeated that a node may forget.
    """

    def __init__(self, station: Station, statuses: Mapping[str, NodeStatus]) -> None:
        """Begin with what nobody was sent."""
        self._station = station
        self._statuses = statuses
        self._since: dict[Part, float] = {}
        self._repeating: set[Part] = set()

    def begin(self, command: Command, delivery: Delivery) -> None:
        """Note that an attempt begins, and whether it repeats what a node may have.

        What a person wants to be sent again is no repeat.
        """
        part = (command.id, delivery.node)
        if delivery.state is DeliveryState.PENDING:
            self._repeating.discard(part)
        else:
            self._repeating.add(part)

    def is_repeating(self, part: Part) -> bool:
        """Whether the attempt under way repeats what its node may have."""
        return part in self._repeating

    def left(self, part: Part, delivery: Delivery, now: Now) -> None:
        """Note that a message leaves now."""
        if not delivery.step and part not in self._repeating:
            self._since[part] = now.steady

    def node_started(self, node: str) -> None:
        """Note that a node may have forgotten which commands it had."""
        for part in [part for part in self._since if part[1] == node]:
            del self._since[part]

    def forget(self, part: Part) -> None:
        """Drop what is known of a delivery that has ended."""
        self._since.pop(part, None)
        self._repeating.discard(part)

    def may_harm(self, command: Command, node: str, now: Now) -> bool:
        """Whether a node that may have a command may execute it once more."""
        return command.command_class is CommandClass.ONCE and (
            self._took_back_its_word(node, now)
            or self._has_forgotten((command.id, node), now)
        )

    def _took_back_its_word(self, node: str, now: Now) -> bool:
        """Whether the node drops repeats no more."""
        status = self._statuses[node]
        return (
            status.is_online(now, self._station.settings) and not status.drops_repeats
        )

    def _has_forgotten(self, part: Part, now: Now) -> bool:
        """Whether the node would not know a repeat any more."""
        lasts = self._station.settings.drops_repeats_for
        if lasts is None:
            return False
        since = self._since.get(part)
        return since is None or since + lasts <= now.steady
