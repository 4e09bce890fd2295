"""Judges what people were told: never lost, and never taken back (3)."""

from __future__ import annotations

from simulation.facts import FINAL, Facts, Stored
from simulation.record import OpenCommands, Restored, Shown, Told
from simulation.sending import Sending

NEWS_TRAVELS = 30.0
"""Seconds: so late may a node's first word after a restart come in this world."""
TOLD_WITHIN = 600.0
"""Seconds in which a node tells what it did by itself, late messages included."""
_NEVER_SENT = frozenset({"expired", "cancelled", "superseded"})


class Telling:
    """Follows each command to its one final state."""

    def __init__(self, facts: Facts, sending: Sending) -> None:
        self._facts = facts
        self._sending = sending
        self._final: dict[int, tuple[str, float]] = {}
        self._last: dict[int, str] = {}
        self._not_yet: set[int] = set()

    def told(self, entry: Told) -> None:
        command_id = entry.command_id
        before = self._final.get(command_id)
        if before is not None:
            what = f"#{command_id} was told {before[0]}, and then {entry.state}"
            self._facts.break_promise(3, entry.at, what)
        if entry.state in FINAL:
            self._final[command_id] = (entry.state, entry.at)
            command = self._facts.known.get(command_id)
            if command is None or command.state != entry.state:
                what = f"#{command_id} was told {entry.state} before that was stored"
                self._facts.break_promise(1, entry.at, what)
            else:
                self._judge_truth(entry, command)

    def restored(self, entry: Restored) -> None:
        self._final = {
            command_id: told
            for command_id, told in self._final.items()
            if told[1] <= entry.taken_at and command_id in self._facts.known
        }

    def shown(self, entry: Shown) -> None:
        states = {command_id: state for command_id, state, _ in entry.commands}
        for command_id, (state, _) in self._final.items():
            now = states.get(command_id)
            if now is None and command_id in self._facts.lost:
                continue
            if now != state:
                what = f"#{command_id} was told {state}, and is shown as {now}"
                self._facts.break_promise(3, entry.at, what)
        self._last = states

    def open_commands(self, entry: OpenCommands) -> None:
        """Note what waits for its time; `Expiring` holds that to the clock."""
        self._not_yet = {
            command_id
            for command_id, _, reasons in entry.commands
            if "not_yet" in reasons
        }

    def ended(self, at: float) -> None:
        """Hold each stored command to its end.

        What was ordered by a clock that was days ahead is for a day that does not come.
        """
        for command_id in self._facts.ever_known:
            state = self._last.get(command_id)
            if state is None and command_id not in self._facts.durable_ids:
                # It stood in a file whose name was not durable yet.
                self._facts.excuse(
                    "seen after a kill, gone with the power, not answered"
                )
            elif state is None and command_id in self._facts.lost:
                self._facts.excuse("gone with a history that went bad")
            elif state is None:
                self._facts.break_promise(3, at, f"#{command_id} has vanished")
            elif command_id in self._not_yet:
                self._facts.excuse("ordered for a day that is yet to come")
            elif state not in FINAL and state != "unconfirmed":
                self._facts.break_promise(4, at, f"#{command_id} is {state} for ever")

    def _judge_truth(self, entry: Told, command: Stored) -> None:
        """Hold what is told of a command against what its nodes did."""
        for node, (state, _, cause) in command.parts.items():
            claim = f"#{command.id} was told {entry.state} (node {node}: {cause})"
            if state == "done":
                self._judge_done(entry, command, node, claim)
            elif self._says_it_was_not_done(
                entry, command, state, cause
            ) and self._sending.executed(command, node):
                self._lie(entry, f"{claim}, and was executed")

    def _says_it_was_not_done(
        self, entry: Told, command: Stored, state: str, cause: str
    ) -> bool:
        if state == "failed" and cause == "last_id":
            return True
        return (
            self._is_of_its_own(command)
            and entry.state in _NEVER_SENT
            and entry.cause != "renumbered"
        )

    def _is_of_its_own(self, command: Stored) -> bool:
        """Whether no other command can be taken for this one by what nodes do."""
        wire = self._facts.wire
        texts = wire.says(command.kind, command.params)
        if command.kind not in wire.once or not texts:
            return command.kind in wire.once
        return command.kind != "reboot" and not any(
            other.id != command.id and wire.says(other.kind, other.params) == texts
            for other in self._facts.ever_known.values()
        )

    def _judge_done(self, entry: Told, command: Stored, node: str, claim: str) -> None:
        wire = self._facts.wire
        if command.parts[node][2] == "person" or command.kind not in wire.shows:
            return
        if command.parts[node][1] == 0 and command.cause == "person":
            # Somebody says that a date of the plan happened without it.
            return
        if command.parts[node][1] == 0 and (command.key or "").startswith("meal:"):
            if not self._sending.ran_by_itself(node, entry.at - TOLD_WITHIN):
                self._lie(entry, f"{claim}, and was not executed")
            return
        if self._sending.executed(command, node):
            return
        excuse = self._excuse_for(command, node)
        if excuse is None:
            self._lie(entry, f"{claim}, and was not executed")
        elif excuse:
            self._facts.excuse(f"{command.kind} told done by {excuse}")

    def _excuse_for(self, command: Stored, node: str) -> str | None:
        """Return what could not be told from its being done; empty: nothing need be."""
        wire = self._facts.wire
        if command.kind in wire.untold:
            if not self._sending.came_in_time(command, node):
                return None
            return f"{wire.untold[command.kind]}, and not executed"
        if self._came_about(command, node):
            return ""
        if self._may_be_of_another(command, node):
            return "what one in doubt did"
        if any(fault in self._facts.befell for fault in wire.blurs):
            return "an answer that does not tell, and not executed"
        return None

    def _may_be_of_another(self, command: Stored, node: str) -> bool:
        """Whether an answer without an id can be that of one that stands in doubt."""
        return bool(self._facts.wire.says(command.kind, command.params)) and any(
            other.kind == command.kind
            and other.id != command.id
            and other.parts.get(node, ("",))[0] == "unknown"
            for other in self._facts.known.values()
        )

    def _came_about(self, command: Stored, node: str) -> bool:
        """Whether what was wanted of a node is so, though it did not execute this.

        A node that did its part of a command need not do it of what finishes that; and
        a reboot is done by whatever restarts the node.
        """
        if command.finishes is not None and command.parts[node][1] == 0:
            return any(
                node in other.parts and other.parts[node][0] == "done"
                for other in self._facts.ever_known.values()
                if command.finishes in (other.id, other.finishes)
                and other.id != command.id
            )
        attempted = self._facts.attempted_at.get((command.id, node))
        booted = self._sending.booted.get(node)
        if command.intent[1] != "reboot" or attempted is None or booted is None:
            return False
        if attempted >= booted > attempted - NEWS_TRAVELS:
            self._facts.excuse("a reboot was told done by a restart just before it")
            return True
        return booted > attempted

    def _lie(self, entry: Told, what: str) -> None:
        if self._facts.restores:
            self._facts.excuse("told after a restore what the nodes did otherwise")
        else:
            self._facts.break_promise(3, entry.at, what)
