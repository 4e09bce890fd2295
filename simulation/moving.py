"""Judges whether anything stands still that should move: never stuck (4)."""

from __future__ import annotations

from simulation.facts import FINAL, IN_FLIGHT, Facts
from simulation.record import Loaded, OpenCommands, Overslept, Told

LATE = 1.0
"""Seconds by which what is due may be late."""


class Moving:
    """Follows how long each command stands where it is."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._sent_at: dict[int, float] = {}
        self.disk_is_well = True
        """Whether nothing has happened to the disk that makes commits wait."""

    def loaded(self, entry: Loaded) -> None:
        """Let the waits start anew."""
        self._sent_at = dict.fromkeys(self._sent_at, entry.at)

    def told(self, entry: Told) -> None:
        if entry.state not in IN_FLIGHT:
            self._sent_at.pop(entry.command_id, None)
        elif entry.state == "sent":
            self._sent_at[entry.command_id] = entry.at

    def open_commands(self, entry: OpenCommands) -> None:
        for command_id, state, reasons in entry.commands:
            if state == "unconfirmed" or state in FINAL or reasons:
                continue
            if state == "queued" or entry.deadline is None:
                what = f"#{command_id} is {state}, and nothing says why or till when"
                self._facts.break_promise(4, entry.at, what)
        self.look(entry.at)

    def overslept(self, entry: Overslept) -> None:
        if entry.late > LATE:
            what = f"what was due was done {entry.late:.1f} s late"
            self._facts.break_promise(4, entry.at, what)

    def look(self, at: float) -> None:
        """Hold what is in flight to the time that its nodes have to answer."""
        if not self.disk_is_well or self._facts.drops_repeats:
            return
        for command_id, since in tuple(self._sent_at.items()):
            command = self._facts.known.get(command_id)
            if command is None or command.state not in IN_FLIGHT:
                # What was stored just before a crash was never told.
                del self._sent_at[command_id]
                continue
            within = self._facts.wire.answered_within.get(command.kind)
            if within is None or at - since <= within:
                continue
            if any(state == "pending" for state, _, _ in command.parts.values()):
                continue
            what = f"#{command_id} is in flight for {at - since:.0f} s"
            self._facts.break_promise(4, at, what)
            del self._sent_at[command_id]
