"""Judges idempotency keys: whatever has one is one command, and done once (2)."""

from __future__ import annotations

from simulation.facts import Facts, Intent
from simulation.record import Answered, Asked, Executed

DAY = 86_400.0


class Repeating:
    """Follows each key to its command, and to what nodes did for it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._asked: dict[int, Asked] = {}
        self._keys: dict[str, tuple[Intent, Asked, float]] = {}
        self._occurrences: dict[tuple[str, str], tuple[Intent, float]] = {}
        self.clock_jumped = False
        """Whether the wall clock was set by a day or more."""

    def asked(self, entry: Asked) -> None:
        self._asked[entry.intent] = entry

    def answered(self, entry: Answered) -> None:
        """Hold a repeated key to the command that it stood for first."""
        asked = self._asked[entry.intent]
        command = self._facts.known.get(entry.command_id)
        if asked.key is None or command is None:
            return
        before = self._keys.get(asked.key)
        if before is not None and asked.wall - before[1].wall < DAY:
            intent, _, answered_at = before
            if intent == command.intent:
                return
            if self._facts.forgotten(answered_at, by=entry.at):
                self._facts.excuse("a key repeated after a backup older than it")
            elif self.clock_jumped:
                self._facts.excuse("a key repeated after the clock was set by a day")
            else:
                what = f"key {asked.key!r} became #{entry.command_id}, a second command"
                self._facts.break_promise(2, entry.at, what)
        self._keys[asked.key] = (command.intent, asked, entry.at)

    def execution(self, entry: Executed, intent: Intent) -> None:
        """Whatever has one idempotency key is executed once, under whatever id."""
        key = intent[-1]
        if key is None:
            return
        if key.startswith("meal:"):
            # One meal a day, whatever its time has become.
            key = key.rpartition("T")[0]
        before = self._occurrences.get((key, entry.node))
        self._occurrences[key, entry.node] = (intent, entry.at)
        if before is None or before[0] == intent or intent[0] - before[0][0] >= DAY:
            return
        if self._facts.forgotten(before[1], by=entry.at):
            if not key.startswith("meal:"):
                self._facts.excuse("a key repeated after a backup older than it")
                return
            if self._facts.is_excused_again("executed", entry.node):
                return
        if self.clock_jumped:
            self._facts.excuse("a key repeated after the clock was set by a day")
            return
        if word := self._word_of_a_person(before[0], entry.node, intent):
            self._facts.excuse(f"executed again: {word}")
            return
        what = f"node {entry.node} executed {key!r} twice, as two commands"
        self._facts.break_promise(2, entry.at, what)

    def _word_of_a_person(self, before: Intent, node: str, again: Intent) -> str | None:
        if self._facts.is_said_to_have_failed(before, node):
            return "a person said that it had not been"
        if self._facts.is_wanted_again(before, node, again):
            return "a person said so, as it had failed"
        return None
