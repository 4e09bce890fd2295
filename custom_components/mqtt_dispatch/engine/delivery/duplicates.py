"""Answers without an id that were just credited, of which a copy may still come."""

from __future__ import annotations

from ..model.clock import Now
from ..model.command import Command
from ..model.policy import Station
from ..model.reports import Answer
from ..scheduling.capacity import Capacity


class Duplicates:
    """Keeps back what a second copy of an answer could be credited to.

    Only what was credited counts: whatever a node repeats, nothing waits for it longer
    than once for each message.
    """

    def __init__(self, station: Station, capacity: Capacity) -> None:
        """Begin with none."""
        self._station = station
        self._capacity = capacity
        self._until: dict[tuple[str | None, str], float] = {}

    def credited(self, answer: Answer, now: Now) -> None:
        """Note an answer that was just credited."""
        lasts = self._station.settings.echo_for
        if lasts and answer.command_id is None:
            self._until[answer.node, answer.subject] = now.steady + lasts

    def may_answer(self, command: Command, node: str) -> bool:
        """Whether a copy could be taken for an answer to a message of this command."""
        subjects = {
            subject for name, subject in self._until if name is None or name == node
        }
        return bool(subjects) and self._capacity.is_taken_with(command, node, subjects)

    def pass_time(self, now: Now) -> None:
        """Forget those of which no copy will come any more."""
        self._until = {
            name: until for name, until in self._until.items() if until > now.steady
        }

    def next_deadline(self) -> float | None:
        """Return the steady second at which one is forgotten."""
        return min(self._until.values(), default=None)
