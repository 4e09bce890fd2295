"""What lies with whoever relays until its node is next heard, and goes with the answer.

The message with which a node is heard then is older than the command: it proves
nothing, nor does anything before it. Only what comes later tells what became of it.
"""

from __future__ import annotations

from ..facts import Facts
from ..model.clock import Now
from ..model.command import Cause, Command, Delivery, DeliveryState
from ..model.reports import Seen
from .deliveries import Deliveries

_LOST_AFTER = 3
"""Heartbeats: the one that is answered with it, and two more of a node that has run on
ever since. Then the answer did not reach it."""


class Handovers:
    """Counts how often nodes were heard since they were to be handed a command over.

    After a restart of ours it is counted anew.
    """

    def __init__(self, facts: Facts, deliveries: Deliveries) -> None:
        """Begin with nothing heard."""
        self._station = facts.station
        self._ledger = facts.ledger
        self._deliveries = deliveries

    def may_show(self, command: Command, node: str) -> bool:
        """Whether what a node tells may be what became of a command."""
        if not self._station.policy(command).handed_over:
            return True
        return self._deliveries.attempts.at((command.id, node)).heard > 0

    def heard(self, report: Seen, now: Now) -> None:
        """Count a heartbeat, and send again what certainly did not reach its node."""
        if not report.live or report.uptime is None:
            return
        for command in self._ledger.open.at(report.node):
            delivery = command.delivery(report.node)
            if (
                delivery is not None
                and self._station.policy(command).handed_over
                and _is_to_be_handed_over(command, delivery)
            ):
                self._count(command, delivery, report, now)

    def _count(
        self, command: Command, delivery: Delivery, report: Seen, now: Now
    ) -> None:
        attempt = self._deliveries.attempts.of((command.id, report.node))
        attempt.heard += 1
        runs_since = now.wall - (report.uptime or 0.0)
        if (
            attempt.heard >= _LOST_AFTER
            and delivery.state is DeliveryState.ACCEPTED
            and report.counts_from_boot
            and not command.was_sent_before(report.node, runs_since)
        ):
            attempt.heard = 0
            self._deliveries.move(
                command,
                delivery,
                DeliveryState.PENDING,
                Cause.NOT_HANDED_OVER,
                now,
                attempts=delivery.attempts - 1,
            )


def _is_to_be_handed_over(command: Command, delivery: Delivery) -> bool:
    """Whether a command lies, or may lie, with whoever relays to the node."""
    if delivery.state is DeliveryState.ACCEPTED:
        return True
    return delivery.state is DeliveryState.UNKNOWN and not any(
        entry.cause is Cause.FORGOTTEN and entry.node == delivery.node
        for entry in command.timeline
    )
