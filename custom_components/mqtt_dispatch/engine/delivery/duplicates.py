"""Answers without an id that were just credited, of which a copy may still come."""

from __future__ import annotations

from ..model.clock import Now
from ..model.command import Command, CommandClass
from ..model.policy import Station
from ..model.reports import Answer, Busy, Rejected
from ..scheduling.capacity import Capacity


class Duplicates:
    """Keeps back what a second copy of an answer could be credited to.

    Only what was credited counts: whatever a node repeats, nothing waits for it longer
    than once for each message. A copy of a refusal that names no node may come late:
    what must happen once would be sent again on a word that was not for it.
    """

    def __init__(self, station: Station, capacity: Capacity) -> None:
        """Begin with none."""
        self._station = station
        self._capacity = capacity
        self._until: dict[tuple[str | None, str], float] = {}
        self._refused_until: dict[str, float] = {}
        """By subject, of refusals that name no node."""

    def credited(self, answer: Answer, now: Now) -> None:
        """Note an answer that was just credited."""
        settings = self._station.settings
        if answer.command_id is not None:
            return
        if settings.echo_for:
            until = now.steady + settings.echo_for
            self._until[answer.node, answer.subject] = until
        if answer.node is None and isinstance(answer, Busy | Rejected):
            until = now.steady + settings.refusal_echo_for
            self._refused_until[answer.subject] = until

    def may_answer(self, command: Command, node: str) -> bool:
        """Whether a copy could be taken for an answer to a message of this command."""
        subjects = {
            subject for name, subject in self._until if name is None or name == node
        }
        if command.command_class is CommandClass.ONCE:
            subjects |= self._refused_until.keys()
        return bool(subjects) and self._capacity.is_taken_with(command, node, subjects)

    def pass_time(self, now: Now) -> None:
        """Forget those of which no copy will come any more."""
        self._until = {
            name: until for name, until in self._until.items() if until > now.steady
        }
        self._refused_until = {
            subject: until
            for subject, until in self._refused_until.items()
            if until > now.steady
        }

    def next_deadline(self) -> float | None:
        """Return the steady second at which one is forgotten."""
        ends = (*self._until.values(), *self._refused_until.values())
        return min(ends, default=None)
