"""Whether a node that may have a command may be told it once more."""

from __future__ import annotations

from ..facts import Facts
from ..ledger.undoing import undone_at
from ..model.clock import Now
from ..model.command import Command, CommandClass, Delivery, DeliveryState
from .attempts import Attempts, Part, Unsent


class Repeats:
    """Remembers since when nodes may know a command, in memory alone.

    After a restart nobody knows it, so nothing is repeated that a node may forget.
    """

    def __init__(self, facts: Facts, attempts: Attempts) -> None:
        """Look at what is known of attempts."""
        self._station = facts.station
        self._ledger = facts.ledger
        self._statuses = facts.statuses
        self._attempts = attempts

    def begin(self, command: Command, delivery: Delivery) -> None:
        """Note that an attempt begins, and whether it repeats what a node may have.

        What a person wants to be sent again is no repeat.
        """
        attempt = self._attempts.of((command.id, delivery.node))
        attempt.is_repeat = delivery.state is not DeliveryState.PENDING

    def left(self, part: Part, delivery: Delivery, now: Now) -> None:
        """Note that a message leaves now."""
        attempt = self._attempts.of(part)
        if not delivery.step and not attempt.is_repeat:
            attempt.known_since = now.steady

    def would_harm(self, command: Command, delivery: Delivery, now: Now) -> bool:
        """Whether its node may execute once more what is still to be sent."""
        attempt = self._attempts.at((command.id, delivery.node))
        return (
            (attempt.unsent is Unsent.AGAIN or attempt.is_repeat)
            and delivery.state.in_flight
            and self.may_harm(command, delivery.node, now)
        )

    def may_harm(self, command: Command, node: str, now: Now) -> bool:
        """Whether a node that may have a command may execute it once more."""
        return command.command_class is CommandClass.ONCE and (
            node in undone_at(self._ledger, command)
            or self._took_back_its_word(node, now)
            or self._has_forgotten((command.id, node), now)
        )

    def _took_back_its_word(self, node: str, now: Now) -> bool:
        """Whether the node drops repeats no more."""
        status = self._statuses.of(node)
        return (
            status.is_online(now, self._station.settings) and not status.drops_repeats
        )

    def _has_forgotten(self, part: Part, now: Now) -> bool:
        """Whether the node would not know a repeat any more."""
        lasts = self._station.settings.drops_repeats_for
        if lasts is None:
            return False
        since = self._attempts.at(part).known_since
        began = self._statuses.of(part[1]).began
        return (
            since is None
            or (began is not None and since <= began)
            or since + lasts <= now.steady
        )
