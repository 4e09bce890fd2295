"""Judges pauses, and queues that are emptied: nothing is sent that is not to be (7)."""

from __future__ import annotations

from simulation.facts import Facts, Stored
from simulation.record import Emptied, OpenCommands, Paused, Sent

_LATE = 1.0
"""Seconds by which a pause may end late."""
_GRAIN = 0.01
"""Seconds that do not matter."""


class Halting:
    """Holds what is sent to what people halted."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._pause: Paused | None = None
        """The one that stands, as far as is known."""
        self._clock_is_known = True
        self._withdrawn: set[int] = set()

    # A pause

    def paused(self, entry: Paused) -> None:
        known = entry.known and (self._clock_is_known or not entry.by_wall)
        self._pause = entry if known else None

    def clock_set(self) -> None:
        self._clock_is_known = False
        if self._pause is not None and self._pause.by_wall:
            self._pause = None

    def loaded(self) -> None:
        """Forget a pause: a start reckons by the wall clock what is left of it."""
        self._pause = None

    def sent(self, entry: Sent) -> None:
        pause = self._pause
        if pause is None or entry.again or entry.at <= pause.at + _GRAIN:
            return
        if pause.until is None or entry.at < pause.until - _GRAIN:
            what = f"{entry.topic} was sent in a pause"
            self._facts.break_promise(7, entry.at, what)

    def open_commands(self, entry: OpenCommands) -> None:
        pause = self._pause
        if pause is None or pause.until is None or entry.at <= pause.until + _LATE:
            return
        if any("paused" in reasons for _, _, reasons in entry.commands):
            what = f"a pause lasts {entry.at - pause.until:.0f} s too long"
            self._facts.break_promise(4, entry.at, what)

    # A queue that was emptied

    def emptied(self, entry: Emptied) -> None:
        self._withdrawn.update(entry.withdrawn)
        told = {*entry.withdrawn, *entry.kept}
        for command in self._facts.known.values():
            if command.state == "queued" and command.id not in told:
                if self._came_with_it(command, entry):
                    continue
                what = f"#{command.id} waits still, and the queue was emptied"
                self._facts.break_promise(7, entry.at, what)
            elif command.id in entry.kept and command.kind == "feed":
                self._judge_kept(entry.at, command.id)

    def _came_with_it(self, command: Stored, entry: Emptied) -> bool:
        """Whether it was ordered meanwhile: nodes are to hold the plan all the same."""
        since = self._facts.known_since[command.id]
        return command.cause == "plan" and since >= entry.at

    def _judge_kept(self, at: float, command_id: int) -> None:
        command = self._facts.known[command_id]
        if not any(attempts for _, attempts, _ in command.parts.values()):
            what = f"#{command_id} was kept in a queue that was emptied"
            self._facts.break_promise(7, at, what)

    def restored(self) -> None:
        self._withdrawn.clear()
        self._pause = None

    def durable(self, at: float) -> None:
        for command_id in tuple(self._withdrawn):
            command = self._facts.known.get(command_id)
            if command is not None and any(
                attempts for _, attempts, _ in command.parts.values()
            ):
                self._withdrawn.discard(command_id)
                what = f"#{command_id} was withdrawn, and sent"
                self._facts.break_promise(7, at, what)
