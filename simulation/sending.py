"""Judges what went to the nodes: stored first (1), and never twice (2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
import json

from simulation.facts import Facts, Intent, Part, Stored
from simulation.record import (
    Answered,
    Asked,
    Executed,
    Resend,
    RestoreConfirmed,
    Restored,
    Sent,
)

DAY = 86_400.0


@dataclass(slots=True)
class _Way:
    """What went to a node of one intent, and what it made of it."""

    sent_at: list[float]
    executed_at: list[float]
    may_go_again: int = 0
    went_again: int = 0
    asked_in_vain: int | None = None
    """How often the files had been loaded when "send again" could not be stored."""


class Sending:
    """Follows each intent to each node."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._ways: dict[Part, _Way] = {}
        self._attempts: Counter[tuple[int, str]] = Counter()
        self._names: dict[tuple[int, str], tuple[Intent, float]] = {}
        self._asked: dict[int, Asked] = {}
        self._keys: dict[str, tuple[Intent, Asked, float]] = {}
        self._occurrences: dict[tuple[str, str], tuple[Intent, float]] = {}
        self._kept_after_restore = False
        self.booted: dict[str, float] = {}
        self.clock_jumped = False
        """Whether the wall clock was set by a day or more."""

    def executed(self, intent: Intent, node: str) -> bool:
        way = self._ways.get((intent, node))
        return way is not None and bool(way.executed_at)

    # What the record says

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

    def resend(self, entry: Resend) -> None:
        for part in self._facts.parts_of(entry):
            way = self._way(part)
            way.may_go_again = 0 if entry.taken_back else 1
            way.asked_in_vain = self._facts.loads if entry.taken_back else None

    def restored(self, _: Restored) -> None:
        self._kept_after_restore = False
        self._attempts = Counter(
            {
                (command.id, node): attempts
                for command in self._facts.known.values()
                for node, (_, attempts, _) in command.parts.items()
            }
        )

    def confirmed(self, entry: RestoreConfirmed) -> None:
        self._kept_after_restore = entry.keep

    def sent(self, entry: Sent) -> None:
        payload = json.loads(entry.payload)
        command_id, node = payload["queue_id"], entry.node
        command = self._facts.known.get(command_id)
        if command is None:
            what = f"#{command_id} was sent to node {node} and is not stored"
            self._facts.break_promise(1, entry.at, what)
            return
        if command_id in self._facts.not_stored:
            what = f"#{command_id} was sent, though its order failed as not stored"
            self._facts.break_promise(1, entry.at, what)
        if not entry.again:
            self._judge_record(entry, command)
        self._judge_name(entry, command, payload.get("patient_id"))
        self._judge_repeat(entry, command)

    def execution(self, entry: Executed) -> None:
        named = self._names.get((entry.command_id, entry.node))
        if named is None:
            what = f"node {entry.node} executed #{entry.command_id}, never sent to it"
            self._facts.break_promise(2, entry.at, what)
            return
        intent, _ = named
        way = self._way((intent, entry.node))
        way.executed_at.append(entry.at)
        self._judge_occurrence(entry, intent)
        times = len(way.executed_at)
        if times <= 1 + way.went_again:
            return
        what = f"node {entry.node} executed #{entry.command_id} {times} times"
        if self._facts.forgotten(
            way.executed_at[-2], by=entry.at
        ) and self._is_excused_again("executed", entry.node):
            return
        self._facts.break_promise(2, entry.at, what)

    # Judgements

    def _is_excused_again(self, what: str, node: str) -> bool:
        """Excuse what comes again after a restore that nobody can have prevented."""
        if not self._facts.can_tell(node):
            self._facts.excuse(f"{what} again after a restore: node cannot tell")
            return True
        if self._kept_after_restore:
            self._facts.excuse(f"{what} again after a restore: a person said so")
            return True
        return False

    def _judge_record(self, entry: Sent, command: Stored) -> None:
        """Before a message leaves, its attempt must be on disk."""
        part = (command.id, entry.node)
        self._attempts[part] += 1
        recorded = command.parts.get(entry.node, ("", 0, ""))[1]
        if recorded < self._attempts[part]:
            what = f"#{command.id} was sent to node {entry.node} before that was stored"
            self._facts.break_promise(1, entry.at, what)

    def _judge_name(self, entry: Sent, command: Stored, pet: int | None) -> None:
        """Hold an id to the one intent that it names for ever."""
        name = (command.id, entry.node)
        known = self._names.setdefault(name, (command.intent, entry.at))
        self._names[name] = (command.intent, entry.at)
        if known[0] == command.intent and pet in (None, 0, command.pet):
            return
        intent, since = known
        if self._facts.forgotten(since, by=entry.at):
            if entry.node not in self._facts.tells:
                self._facts.excuse("an id given again after a restore: cannot tell")
                return
            if not self.executed(intent, entry.node):
                self._facts.excuse("an id given again after a restore: never executed")
                return
        what = f"#{command.id} names two intents at node {entry.node}"
        self._facts.break_promise(2, entry.at, what)

    def _judge_repeat(self, entry: Sent, command: Stored) -> None:
        way = self._way((command.intent, entry.node))
        before = list(way.sent_at)
        way.sent_at.append(entry.at)
        if not before or entry.node in self._facts.drops_repeats:
            return
        if way.may_go_again:
            way.may_go_again -= 1
            way.went_again += 1
            return
        if way.asked_in_vain is not None and way.asked_in_vain < self._facts.loads:
            way.asked_in_vain = None
            way.went_again += 1
            self._facts.excuse("failed as not stored, and found on disk after a crash")
            return
        if self._facts.forgotten(before[-1], by=entry.at):
            way.went_again += 1
            if self._is_excused_again("sent", entry.node):
                return
        by = "by the client " if entry.again else ""
        what = f"#{command.id} was sent {by}again to node {entry.node}"
        self._facts.break_promise(2, entry.at, what)

    def _judge_occurrence(self, entry: Executed, intent: Intent) -> None:
        """Whatever has one idempotency key is executed once, under whatever id."""
        key = intent[-1]
        if key is None:
            return
        before = self._occurrences.get((key, entry.node))
        self._occurrences[key, entry.node] = (intent, entry.at)
        if before is None or before[0] == intent or intent[0] - before[0][0] >= DAY:
            return
        if self._facts.forgotten(before[1], by=entry.at):
            if not key.startswith("meal:"):
                self._facts.excuse("a key repeated after a backup older than it")
                return
            if self._is_excused_again("executed", entry.node):
                return
        if self.clock_jumped:
            self._facts.excuse("a key repeated after the clock was set by a day")
            return
        what = f"node {entry.node} executed {key!r} twice, as two commands"
        self._facts.break_promise(2, entry.at, what)

    def _way(self, part: Part) -> _Way:
        return self._ways.setdefault(part, _Way([], []))
