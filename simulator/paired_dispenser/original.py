"""Nodes with the firmware of their maker, and the boards behind them.

Seen with that firmware compiled for a computer (IkuzoMyDream/Embedded-Project,
ino/node_mcu and ino/arduino, HEAD and 2025-09-30, which is called seed here):

- A node says 1 to everything with an id that is not negative, also while it works. Then
  it hands its board a line, and reports the board's next `done`, which has no id, under
  the id it had last.
- Node 1 knows feeds, single pills, `servo` and `dc`; node 2 reads the room and `force`
  alone, and starts its motor for everything but `force`.
- The board of node 1 works one line after the other. Its conveyor runs with each feed
  and with `dc`; it stops after 15 s with one more `done`.
- A node that waits for its board longer than its limit says `timeout`; the board goes
  on.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any, override

from simulator.node import Executed, Remembered
from simulator.paired_dispenser.answers import Task
from simulator.paired_dispenser.node import PairedDispenser
from simulator.paired_dispenser.wire import (
    HIGHEST_ID,
    LONGEST_JSON,
    SERVOS,
    Command,
    whole_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.node import Effect

ROOMS = range(1, 4)
CONVEYOR_SECONDS = 15.0
PORTION_SECONDS = 0.37
"""With the slowest servo."""
BETWEEN_PORTIONS = 1.0
NO_ID = -1


@dataclass(frozen=True, slots=True)
class Deed:
    """What a message makes a node do."""

    moves: str | None
    """What moves: `feed`, `operate`, `conveyor` or `motor`; None: nothing."""
    status: str | None = None
    """What it says at once; None: nothing until its board says `done`."""
    ends: bool = True
    """Whether the board ever says `done` of it."""


def deed_of(payload: Mapping[str, Any], *, dispenses: bool, seed: bool) -> Deed:
    """Return what a message with an id makes an original node do."""
    if dispenses:
        return _deed_of_first(payload)
    in_a_room = whole_of(payload.get("target_room")) in ROOMS
    if "force" in payload:
        return Deed("feed" if in_a_room else None, "success")
    if in_a_room:
        return Deed("feed")
    return Deed("motor", ends=seed)


def _deed_of_first(payload: Mapping[str, Any]) -> Deed:
    op, items = payload.get("op"), payload.get("items")
    if op == "dc" or (op == "servo" and whole_of(payload.get("id")) in SERVOS):
        deed = Deed("operate")
    elif op == "servo":
        deed = Deed(None, "success")
    elif "items" in payload and not (isinstance(items, list) and items):
        # It waits for the end of nothing.
        deed = Deed(None, ends=False)
    elif "items" in payload or "pill_id" in payload:
        pills = items if isinstance(items, list) else [payload]
        deed = Deed("feed" if any(map(_is_pill, pills)) else "conveyor")
    elif "force" in payload:
        deed = Deed(None, "success")
    else:
        deed = Deed(None, "unknown_operation")
    return deed


def _is_pill(item: object) -> bool:
    return isinstance(item, dict) and whole_of(item.get("pill_id")) in SERVOS


def read_original(payload: bytes) -> Command | None:
    """Return what came, with NO_ID where it has no id; None: it is dropped."""
    if len(payload) > LONGEST_JSON:
        return None
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    content = content if isinstance(content, dict) else {}
    command_id = content.get("queue_id")
    if type(command_id) is not int or abs(command_id) > HIGHEST_ID:
        command_id = NO_ID
    return Command(command_id, "original", content)


class OriginalDispenser(PairedDispenser):
    """One node and its board; `seed` is the older of the two."""

    _active: Task | None = None
    """What the next `done` of the board is reported of."""

    @override
    def _read(self, payload: bytes) -> Command | None:
        return read_original(payload)

    @override
    def _take(self, task: Task, now: float) -> list[Effect]:
        if task.command.id < 0:
            return self._refuse(task, now)
        if "refuse" in task.orders:
            return [task.note("refuse"), *self._refuse(task, now)]
        if self._active is not None and not self._state.has("mixes_up", task.orders):
            return self._refuse(task, now)
        effects = self._accept(task, now)
        if task.ordered("die", "accepted"):
            return effects + self._die(task, now)
        deed = deed_of(
            task.command.payload,
            dispenses=self._dispenses,
            seed=self._settings.firmware.seed,
        )
        self._active = task
        effects += self._state.begin_work(task.command.portions, now)
        if deed.status is not None:
            if deed.moves is not None:
                effects += self._move(task.command, deed.moves)
            self._active = None
            effects += self._answers.evt(task, deed.status, now)
            return effects + self._state.end_work(now)
        if deed.moves is not None:
            limit = self._settings.limit_seconds(dispenses=self._dispenses)
            self._agenda.put(
                "limit", now + limit, lambda at: self._report("timeout", at)
            )
        self._lines.append((task, deed))
        return effects if len(self._lines) > 1 else effects + self._work(now)

    @override
    def _power_off(self, back_after: float | None, now: float) -> list[Effect]:
        self._active = None
        self._lines.clear()
        return super()._power_off(back_after, now)

    # The board

    @override
    def _start(self) -> None:
        self._lines: deque[tuple[Task, Deed]] = deque()
        self._conveyor_ends: float | None = None

    def _work(self, now: float) -> list[Effect]:
        """Begin with the next line."""
        task, deed = self._lines[0]
        effects = [] if deed.moves is None else self._move(task.command, deed.moves)
        if not deed.ends:
            self._lines.popleft()
            return effects
        self._run_conveyor(task.command, deed, now)
        seconds = self._settings.work_seconds
        if deed.moves == "conveyor":
            # The board knows no such servo, and says nothing but that.
            self._lines.popleft()
            return effects
        if deed.moves == "feed" and self._dispenses:
            portions = max(1, task.command.portions)
            longest = portions * (PORTION_SECONDS + BETWEEN_PORTIONS)
            seconds = max(seconds, longest - BETWEEN_PORTIONS)
        self._agenda.put("work", now + seconds, self._line_done)
        return effects

    def _move(self, command: Command, what: str) -> list[Effect]:
        self._memory.begin(command.id)
        return [
            Remembered(self._memory.stored()),
            Executed(self._name, command.id, what, command.payload),
        ]

    def _line_done(self, now: float) -> list[Effect]:
        task, _ = self._lines.popleft()
        if task.ordered("die", "executed"):
            return self._die(task, now)
        effects = self._done(now)
        if self._lines:
            return effects + self._work(now)
        if self._conveyor_ends is not None and self._conveyor_ends <= now:
            effects += self._conveyor_done(now)
        return effects

    def _run_conveyor(self, command: Command, deed: Deed, now: float) -> None:
        if not self._dispenses:
            return
        if command.payload.get("op") == "dc" and not command.payload.get("on"):
            self._conveyor_ends = None
            self._agenda.drop("conveyor")
        elif deed.moves in ("feed", "conveyor") or command.payload.get("op") == "dc":
            self._conveyor_ends = now + CONVEYOR_SECONDS
            self._agenda.put("conveyor", self._conveyor_ends, self._conveyor_done)

    def _conveyor_done(self, now: float) -> list[Effect]:
        if self._lines:
            # The board looks at its clock between two lines.
            return []
        self._conveyor_ends = None
        return self._done(now)

    # What the node makes of it

    def _done(self, now: float) -> list[Effect]:
        if self._active is None:
            return []
        fail = self._active.orders.get("fail")
        if fail is None:
            return self._report("success", now)
        return [self._active.note("fail"), *self._report(fail.value, now)]

    def _report(self, status: str, now: float) -> list[Effect]:
        task = self._active
        if task is None:
            return []
        self._active = None
        self._agenda.drop("limit")
        effects = self._report_done(task, status, now)
        if task.ordered("busy", "after_work"):
            effects.append(task.note("busy"))
            effects += self._state.get_stuck(task.orders["busy"].seconds, now)
        return effects + self._state.end_work(now)
