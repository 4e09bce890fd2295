"""What has become needless, too late or a matter for a person, before more is sent."""

from __future__ import annotations

from ..delivery.deliveries import Deliveries
from ..delivery.endings import Endings
from ..delivery.failures import Failures
from ..delivery.timeouts import Timeouts
from ..facts import Facts
from ..model.clock import Now
from .dispatcher import Dispatcher
from .expiry import Expiry
from .overdue import Overdue
from .superseding import Superseding


class Housekeeping:
    """Looks at what has changed, and at what is still to be sent or must be done."""

    def __init__(
        self, facts: Facts, deliveries: Deliveries, dispatcher: Dispatcher, now: Now
    ) -> None:
        """Take up what is open."""
        self._ledger = facts.ledger
        self._remaining, self._later = dispatcher.remaining, dispatcher.later
        self._timeouts = Timeouts(facts, deliveries)
        self._expiry = Expiry(facts, deliveries, self._timeouts, now)
        self.overdue = Overdue(facts)
        self.failures = Failures(facts.ledger)
        self.endings = Endings(facts, deliveries, now)
        self._superseding = Superseding(facts, deliveries, self.overdue)

    def look_again(self, now: Now) -> None:
        """Reckon anew: the clock was set, or is believed now."""
        self._expiry.look_again(now)
        self._later.look_again(now)
        self.endings.look_again(now)

    def run(self, now: Now) -> None:
        """Look at what is still to be sent, at what must be done, and at changes."""
        self._timeouts.look_at(self._remaining.wanted(), now)
        self.overdue.watch(now)
        for command_id in self._ledger.take_changed():
            self._changed(command_id, now)

    def _changed(self, command_id: int, now: Now) -> None:
        if (command := self._ledger.open.get(command_id)) is not None:
            self._timeouts.end_at_removed_nodes(command, now)
        if (command := self._ledger.open.get(command_id)) is not None:
            self._expiry.changed(command, now)
        if (command := self._ledger.open.get(command_id)) is not None:
            self._later.changed(command, now)
        if command_id not in self._ledger.open:
            self._expiry.closed(command_id)
        if (command := self._ledger.find(command_id)) is not None:
            self._superseding.changed(command, now)
