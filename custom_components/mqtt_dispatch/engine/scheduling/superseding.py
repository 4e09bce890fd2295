"""What a newer command makes needless."""

from __future__ import annotations

from ..delivery.deliveries import Deliveries
from ..delivery.undone import end_undone
from ..facts import Facts
from ..ledger.undoing import rivals, undoes_older, undone_at
from ..model.clock import Now
from ..model.command import Command
from .overdue import Overdue


class Superseding:
    """Ends what a newer command, also stored, makes needless."""

    def __init__(self, facts: Facts, deliveries: Deliveries, overdue: Overdue) -> None:
        """Look at what is open."""
        self._ledger = facts.ledger
        self._deliveries = deliveries
        self._overdue = overdue

    def changed(self, command: Command, now: Now) -> None:
        """End what is needless now that a command has changed, or is stored."""
        found = {command.id}
        if undoes_older(command):
            groups = dict(rivals(command)).values()
            found.update(each.id for each in self._ledger.open.rivals.of(*groups))
        for command_id in sorted(found):
            older = self._ledger.open.get(command_id)
            if command_id > command.id or older is None:
                continue
            undone = undone_at(self._ledger, older)
            if end_undone(self._deliveries, self._ledger, older, now):
                self._overdue.replaced(older, next(iter(undone.values())))
