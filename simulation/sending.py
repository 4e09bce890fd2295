"""Judges what went to the nodes: stored first (1), and never twice (2)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from simulation.facts import Facts, Intent, Part, Stored
from simulation.record import (
    Complained,
    Executed,
    Resend,
    Restored,
    Sent,
)
from simulation.repeating import Repeating
from simulation.wires.base import Order

NOT_HEARD_OF = 60.0
"""Seconds: so late may a node's first word after a restart come."""


type _Key = Part | tuple[str, str]
"""An intent and a node or, where the wire has no ids, a text and a node."""


@dataclass(slots=True)
class _Way:
    """What went to a node that has one name there, and what it made of it.

    That is one intent, but for commands that nothing tells apart.
    """

    intents: set[Intent] = field(default_factory=set)
    sent_at: list[float] = field(default_factory=list)
    executed_at: list[float] = field(default_factory=list)
    told_done: set[Intent] = field(default_factory=set)
    ever_sent: bool = False
    known_since: float = 0.0
    """When it was first sent, or last because a person wanted it."""
    wanted_anew: bool = False
    """Whether a person wants it since it was last sent."""
    may_go_again: set[Intent] = field(default_factory=set)
    """What a person wants once more, each of those that nothing tells apart once."""
    went_again: int = 0
    asked_in_vain: int | None = None
    """How often the files had been loaded when "send again" could not be stored."""


class Sending:
    """Follows each intent to each node."""

    def __init__(self, facts: Facts, repeating: Repeating) -> None:
        self._facts = facts
        self._repeating = repeating
        self._ways: dict[_Key, _Way] = {}
        self._attempts: Counter[tuple[int, str]] = Counter()
        self._names: dict[tuple[int, str], tuple[Intent, float]] = {}
        self._own_runs: dict[str, float] = {}
        self._set: dict[str, str] = {}
        """What each node was set to do last, where messages have no ids."""
        self._told_to_begin: Counter[str] = Counter()
        """How often each node was told to begin what it was set to do."""
        self._began: Counter[str] = Counter()
        """How often each node did something of class once, whatever that was."""
        self._latest: _Key | None = None
        """What left last, where messages have no ids."""
        self.booted: dict[str, float] = {}

    def executed(self, command: Stored, node: str) -> bool:
        """Whether a node did a command, or as many as were told done of its name.

        What it did before the command was known was another of that name.
        """
        since = self._facts.known_since[command.id]
        ways = [self._ways.get(key) for key in self._keys_of(command, node)]
        for way in ways:
            if way is not None and any(at >= since for at in way.executed_at):
                way.told_done.add(command.intent)
                if len(way.told_done) <= max(1, len(way.executed_at)):
                    return True
        return False

    def came_in_time(self, command: Stored, node: str) -> bool:
        """Whether a part was done as soon after its message as its wire demands."""
        within = self._facts.wire.untold_within.get(command.kind)
        done_at = self._facts.done_at.get((command.id, node))
        if within is None or done_at is None:
            return True
        ways = [self._ways.get(key) for key in self._keys_of(command, node)]
        sent_at = [at for way in ways if way is not None for at in way.sent_at]
        return any(done_at - within <= at <= done_at for at in sent_at)

    def ran_by_itself(self, node: str, since: float) -> bool:
        """Whether a node did something since then that nobody sent."""
        return self._own_runs.get(node, -1.0) >= since

    # What the record says

    def resend(self, entry: Resend) -> None:
        command = self._facts.ever_known.get(entry.command_id)
        if command is None or command.kind not in self._facts.wire.once:
            return
        for node in command.parts:
            (key,) = self._keys_of(command, node)
            way = self._way(key)
            way.wanted_anew = not entry.taken_back
            if entry.taken_back:
                way.may_go_again.discard(command.intent)
            else:
                way.may_go_again.add(command.intent)
            way.asked_in_vain = self._facts.loads if entry.taken_back else None

    def restored(self, _: Restored) -> None:
        self._attempts = Counter(
            {
                (command.id, node): attempts
                for command in self._facts.known.values()
                for node, (_, attempts, _) in command.parts.items()
            }
        )

    def sent(self, entry: Sent) -> None:
        for order in self._facts.wire.read(entry):
            if order.command_id is None:
                self._sent_without_id(entry, order)
            else:
                self._sent_with_id(entry, order, order.command_id)

    def _sent_with_id(self, entry: Sent, order: Order, command_id: int) -> None:
        command = self._facts.known.get(command_id)
        if command is None:
            what = f"#{command_id} was sent to node {order.node} and is not stored"
            self._facts.break_promise(1, entry.at, what)
            return
        node = order.node or next(iter(command.parts))
        order = order._replace(node=node)
        if command_id in self._facts.not_stored:
            what = f"#{command_id} was sent, though its order failed as not stored"
            self._facts.break_promise(1, entry.at, what)
        if order.begins and not entry.again:
            self._judge_record(entry, order, command)
        self._judge_name(entry, order, command)
        if order.begins:
            self._judge_repeat(entry, (command.intent, node), command)

    def _sent_without_id(self, entry: Sent, order: Order) -> None:
        """Look for what a text is of among all that the files tell to have left."""
        if order.as_set:
            self._told_to_begin[order.node] += 1
            order = order._replace(text=self._set.get(order.node, ""))
        found = [
            command
            for command in self._facts.known.values()
            if order.node in command.parts
            and order.text in self._facts.wire.says(command.kind, command.params)
        ]
        left = [each for each in found if each.parts[order.node][1]]
        if not left and order.talk:
            self._way((order.text, order.node)).ever_sent = True
            return
        if not left:
            what = (
                f"{order.text!r} was sent to node {order.node} before that was stored"
            )
            self._facts.break_promise(1, entry.at, what)
            return
        if all(each.id in self._facts.not_stored for each in left):
            what = f"{order.text!r} was sent, though its order failed as not stored"
            self._facts.break_promise(1, entry.at, what)
        if order.sets:
            self._set[order.node] = order.text
            return
        key = (order.text, order.node)
        if any(each.kind in self._facts.wire.once for each in left):
            self._way(key).intents |= {each.intent for each in left}
            self._judge_repeat(entry, key, max(left, key=lambda each: each.id))
        else:
            self._way(key).ever_sent = True
        self._latest = key

    def turned_away(self, entry: Complained) -> None:
        """Take back a message that its node certainly made nothing of."""
        order = self._facts.wire.turned_away(entry)
        if order is None:
            return
        key = self._latest
        if order.command_id is not None:
            named = self._names.get((order.command_id, order.node))
            key = None if named is None else (named[0], order.node)
        if key is not None and self._way(key).sent_at:
            self._way(key).sent_at.pop()

    def execution(self, entry: Executed) -> None:
        if entry.kind in self._facts.wire.mistaken:
            what = f"node {entry.node} was made to do {entry.kind}: {entry.payload}"
            self._facts.break_promise(8, entry.at, what)
        order = self._facts.wire.done(entry)
        if order is None:
            self._own_runs[entry.node] = entry.at
            return
        node, name = order.node, order.text or f"#{order.command_id}"
        self._began[node] += entry.kind in self._facts.wire.once
        key: _Key
        if order.command_id is None:
            key, command = (order.text, node), None
        elif (order.command_id, node) in self._names:
            intent, _ = self._names[order.command_id, node]
            key, command = (intent, node), intent
        else:
            what = f"node {node} executed {name}, never sent to it"
            self._facts.break_promise(2, entry.at, what)
            return
        way = self._way(key)
        way.executed_at.append(entry.at)
        if not way.ever_sent:
            self._judge_unsent(entry, name, node, has_id=command is not None)
            return
        if command is not None:
            if command[1] not in self._facts.wire.once:
                return
            self._repeating.execution(entry, command)
        elif not way.intents:
            return
        self._judge_executions(entry, name, node, way)

    def _judge_unsent(
        self, entry: Executed, name: str, node: str, *, has_id: bool
    ) -> None:
        if not has_id and self._facts.others_tell:
            self._facts.excuse("executed, as somebody else told the node")
        elif not self._was_kept(node):
            what = f"node {node} executed {name}, never sent to it"
            self._facts.break_promise(2, entry.at, what)

    def _judge_executions(
        self, entry: Executed, name: str, node: str, way: _Way
    ) -> None:
        times = len(way.executed_at)
        if times <= max(1, len(way.intents)) + way.went_again:
            return
        if way.may_go_again and len(way.sent_at) > 1:
            # The node was thought to know it, and no longer did.
            way.may_go_again.pop()
            way.went_again += 1
            return
        what = f"node {node} executed {name} {times} times"
        if self._facts.forgotten(
            way.executed_at[-2], by=entry.at
        ) and self._facts.is_excused_again("executed", node):
            return
        if self._lost_its_memory(node, way) or self._was_kept(node):
            return
        if self._facts.others_tell:
            self._facts.excuse("executed again, as somebody else told the node")
            return
        self._facts.break_promise(2, entry.at, what)

    def _lost_its_memory(self, node: str, way: _Way) -> bool:
        """Excuse a repeat to a node whose power failed after the first one came."""
        if self._facts.wire.remembers is None:
            return False
        if way.sent_at[-1] <= self.booted.get(node, -1.0) + NOT_HEARD_OF and (
            self.booted.get(node, -1.0) > way.executed_at[0]
        ):
            self._facts.excuse("executed again by a node that lost its memory")
            return True
        return False

    def _was_kept(self, node: str) -> bool:
        """Excuse what a node began late by what it was set to do since.

        Who relays had kept the message that begins it, and nothing in that says what:
        so the node does what came to it last. Nothing was begun more often than it was
        sent, and that is what may never be; of what is begun only its name is another.
        """
        is_kept = any(fault in self._facts.befell for fault in self._facts.wire.keeps)
        if not is_kept or self._began[node] > self._told_to_begin[node]:
            return False
        self._facts.excuse("executed as was set since: who relays had kept it")
        return True

    # Judgements

    def _judge_record(self, entry: Sent, order: Order, command: Stored) -> None:
        """Before a message leaves, its attempt must be on disk."""
        part = (command.id, order.node)
        self._attempts[part] += 1
        expected = self._attempts[part] if self._facts.wire.counts_attempts else 1
        recorded = command.parts.get(order.node, ("", 0, ""))[1]
        if recorded < expected:
            what = f"#{command.id} was sent to node {order.node} before that was stored"
            self._facts.break_promise(1, entry.at, what)

    def _judge_name(self, entry: Sent, order: Order, command: Stored) -> None:
        """Hold an id to the one intent that it names for ever."""
        name = (command.id, order.node)
        known = self._names.setdefault(name, (command.intent, entry.at))
        self._names[name] = (command.intent, entry.at)
        if known[0] == command.intent and order.pet in (None, 0, command.pet):
            return
        intent, since = known
        if self._facts.forgotten(since, by=entry.at):
            if order.node not in self._facts.tells:
                self._facts.excuse("an id given again after a restore: cannot tell")
                return
            way = self._ways.get((intent, order.node))
            if way is None or not way.executed_at:
                self._facts.excuse("an id given again after a restore: never executed")
                return
        what = f"#{command.id} names two intents at node {order.node}"
        self._facts.break_promise(2, entry.at, what)

    def _judge_repeat(self, entry: Sent, key: _Key, command: Stored) -> None:
        node = key[1]
        way = self._way(key)
        before = list(way.sent_at)
        way.sent_at.append(entry.at)
        way.ever_sent = True
        if command.kind not in self._facts.wire.once:
            return
        if not before:
            way.known_since = entry.at
        wanted, way.wanted_anew = way.wanted_anew, False
        allowed = max(1, len(way.intents)) + way.went_again
        if len(before) < allowed:
            return
        if self._is_known_to(node, way, entry.at):
            if wanted:
                way.known_since = entry.at
            return
        if way.may_go_again:
            way.may_go_again.pop()
            way.went_again += 1
            way.known_since = entry.at
            return
        if way.asked_in_vain is not None and way.asked_in_vain < self._facts.loads:
            way.asked_in_vain = None
            way.went_again += 1
            self._facts.excuse("failed as not stored, and found on disk after a crash")
            return
        if self._facts.forgotten(before[-1], by=entry.at):
            way.went_again += 1
            if self._facts.is_excused_again("sent", node):
                return
        by = "by the client " if entry.again else ""
        what = f"#{command.id} was sent {by}again to node {node}"
        self._facts.break_promise(2, entry.at, what)

    def _is_known_to(self, node: str, way: _Way, at: float) -> bool:
        """Whether a node drops at a moment what it got, if it got it at all."""
        if node not in self._facts.drops_repeats:
            return False
        lasts = self._facts.wire.remembers
        return lasts is None or at <= way.known_since + lasts

    def _keys_of(self, command: Stored, node: str) -> list[_Key]:
        texts = self._facts.wire.says(command.kind, command.params)
        return [(text, node) for text in texts] or [(command.intent, node)]

    def _way(self, key: _Key) -> _Way:
        return self._ways.setdefault(key, _Way())
