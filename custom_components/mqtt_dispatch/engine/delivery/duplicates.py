"""Answers without an id that were just credited, of which a copy may still come."""

from __future__ import annotations

from ..deadlines import Due
from ..facts import Facts
from ..model.clock import Now
from ..model.command import Command, CommandClass
from ..model.reports import Answer, Busy, Rejected
from ..model.step import is_taken_with
from ..scheduling.capacity import Capacity

type _Copy = tuple[str | None, str, bool]
"""Node (None: it names none), subject, and whether it matters to class once alone."""


class Duplicates:
    """Keeps back what a second copy of an answer could be credited to.

    Only what was credited counts: whatever a node repeats, nothing waits for it longer
    than once for each message. A copy of a refusal that names no node may come late:
    what must happen once would be sent again on a word that was not for it.
    """

    def __init__(self, facts: Facts, capacity: Capacity) -> None:
        """Begin with none."""
        self._station = facts.station
        self._capacity = capacity
        self._deadlines = facts.deadlines
        self._awaited: set[_Copy] = set()
        facts.deadlines.when(Due.COPY, self._comes_no_more)

    def credited(self, answer: Answer, now: Now) -> None:
        """Note an answer that was just credited."""
        settings = self._station.settings
        if answer.command_id is not None:
            return
        node, subject = answer.node, answer.subject
        if settings.echo_for:
            self._await((node, subject, False), now.steady + settings.echo_for)
        if node is None and isinstance(answer, Busy | Rejected):
            self._await((node, subject, True), now.steady + settings.refusal_echo_for)

    def may_answer(self, command: Command, node: str) -> bool:
        """Whether a copy could be taken for an answer to a message of this command."""
        once = command.command_class is CommandClass.ONCE
        subjects = {
            subject
            for name, subject, for_once in self._awaited
            if name in (None, node) and (once or not for_once)
        }
        return bool(subjects) and is_taken_with(
            self._capacity.steps_of(command, node), subjects
        )

    def _await(self, copy: _Copy, until: float) -> None:
        self._awaited.add(copy)
        self._deadlines.set(Due.COPY, *copy, at=until)

    def _comes_no_more(
        self, node: str | None, subject: str, for_once: bool, _: Now
    ) -> None:
        self._awaited.discard((node, subject, for_once))
