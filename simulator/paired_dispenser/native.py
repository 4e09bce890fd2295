"""A node of protocol 1 that is the library of `firmware/` itself, on a made-up board.

The board has a motor that works as long as was asked for, flash in a file, and a power
that can go in any write of it. What the node says and whether it moves is the library's
alone; the faults are the board's, or befall what is said on its way.

A feed or an operation counts as executed when the motor begins to move, a restart when
it is remembered: from then on any loss of power is that restart.
"""

from __future__ import annotations

from dataclasses import dataclass
import json
import math
import re
from typing import IO
import weakref

from simulator.faults import ALL, Order, StandingOrders
from simulator.node import (
    Agenda,
    Connect,
    CutOff,
    Effect,
    Executed,
    Message,
    Note,
)
from simulator.paired_dispenser.answers import Answers, Task
from simulator.paired_dispenser.core import Core
from simulator.paired_dispenser.node import BOOT_SECONDS
from simulator.paired_dispenser.state import FLAP_SECONDS
from simulator.paired_dispenser.wire import (
    LONGEST_JSON,
    Command,
    Settings,
    message,
    read_command,
    topic_of,
)

WENT_IN_A_WRITE = "fault: the power went in a write"
"""What is noted of a cut that came."""
ROUND_SECONDS = 0.5
"""How often the library is told the time, besides when something is due."""
LEAST_LONGEST_WORK = 60
_TASKS = 16
_NO_STEP = 4_000_000_000
"""Of a write: the power goes in none."""
_CUT = re.compile("([1-9])-([0-9]{1,2})")
_FAILURES = ("failed", "jammed", "empty", "timeout", "interrupted")
_FIRMWARE_ORDERS = ("dedupes", "answers_repeats", "last_id", "expires_at", "mixes_up")
_KINDS = {"servo": "operate", "dc": "operate"}


@dataclass(slots=True)
class _Work:
    task: Task
    began: float


class NativeDispenser:
    """One node. `flash` is an open file, which this node closes when it is gone.

    `dispenses` is what the first node of a station does; `now` is unix seconds.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        dispenses: bool,
        flash: IO[bytes],
        now: float,
    ) -> None:
        self._name = name
        self._settings = settings
        self._words = ("operates" if dispenses else "serves", "dies")
        self._flash = flash
        self._core: Core | None = None
        self._booted_at = now
        self._orders = StandingOrders()
        self._agenda = Agenda()
        self._answers = Answers(name, settings, self._agenda)
        self._tasks: dict[int, Task] = {}
        """The latest commands, for the orders under which they came."""
        self._work: _Work | None = None
        self._cut: tuple[int, int] | None = None
        """In which write from now the power goes, from 1, and at which step."""
        self._agenda.put("boot", now, self._boot)
        weakref.finalize(self, flash.close)

    @property
    def name(self) -> str:
        return self._name

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (topic_of(self._settings, "cmd", self._name),)

    @property
    def will(self) -> Message | None:
        return message(self._settings, "state", self._name, {"online": 0}, retain=True)

    def next_deadline(self) -> float | None:
        return self._agenda.next_deadline()

    def advance(self, now: float) -> list[Effect]:
        return self._agenda.run(now)

    def on_connect(self, now: float) -> list[Effect]:
        effects = self._do("wire 1", now) + self._do("connect", now)
        if flap := self._orders.view().get("flap"):
            self._flap_later(flap, now)
        return effects

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if topic not in self.subscriptions:
            return []
        effects = self._tick(now)
        if self._core is None:
            return effects
        task = self._task(read_command(payload))
        if task is not None and task.ordered("silent", "idle"):
            return [*effects, task.note("silent")]
        refuses = task is not None and "refuse" in task.orders
        if refuses:
            self._do("refuse ordered so", now)
        # One byte more than it may read says the same as any more.
        effects += self._do(f"receive {payload[: LONGEST_JSON + 1].hex()}", now, task)
        if task is not None and (waits := task.command.wait(now)):
            self._agenda.put("moment", now + waits, self._tick)
        if refuses:
            self._do("refuse ", now)
        return effects

    def order(self, order: Order, now: float) -> list[Effect]:
        match order.fault, order.value:
            case "clear", fault:
                return self._clear(fault, now)
            case "die", "now":
                return self._lose_power(order.seconds, now)
            case "cut", moment:
                return self._order_cut(moment, now)
            case "busy", "now":
                return self._get_stuck(order.seconds, now)
            case fault, _ if fault in _FIRMWARE_ORDERS:
                return [Note(f"{order}: this firmware is what it is")]
            case "flap", _:
                self._flap_later(order, now)
        self._orders.add(order)
        return []

    # The library, line by line

    def _do(self, line: str, now: float, task: Task | None = None) -> list[Effect]:
        """Have the library do something, and return what comes of it.

        `task` is what the line lets it begin.
        """
        if self._core is None:
            return []
        came = self._core.do(line)
        if "cut" in came:
            # What it said before that is true, but nothing can be asked of it any more.
            self._core = None
        effects: list[Effect] = []
        for printed in came:
            word, _, rest = printed.partition(" ")
            match word:
                case "say":
                    effects += self._say(rest, now)
                case "move":
                    command_id, kind = rest.split()[:2]
                    told = task or self._tasks.get(int(command_id))
                    effects += self._move(told, kind, now)
                case "wrote":
                    effects += self._wrote(task, now)
                case "halt":
                    effects += self._halt(now)
                case "restart":
                    effects += self._lose_power(self._boot_seconds, now)
                case "cut":
                    self._cut = None
                    effects.append(Note(WENT_IN_A_WRITE))
                    effects += self._lose_power(self._boot_seconds, now)
        return effects

    def _say(self, printed: str, now: float) -> list[Effect]:
        suffix, retained, text = printed.split(" ", 2)
        topic = topic_of(self._settings, suffix, self._name)
        said = Message(topic, text.encode(), retain=retained == "1")
        if suffix == "state":
            return [said]
        task = self._tasks.get(json.loads(text)["queue_id"])
        if task is None:
            return [said]
        return self._answers.pass_on(suffix, task, said, now)

    def _move(self, task: Task | None, kind: str, now: float) -> list[Effect]:
        if task is None:
            raise ValueError("it moves without having been told")
        if task.ordered("die", "accepted"):
            return self._die(task, now)
        self._work = _Work(task, now)
        self._agenda.put("work", now + self._settings.work_seconds, self._end_work)
        return [self._executed(task.command, _KINDS.get(kind, kind))]

    def _wrote(self, task: Task | None, now: float) -> list[Effect]:
        if self._cut is not None:
            writes, step = self._cut
            self._cut = (writes - 1, step)
            self._arm_cut(now)
        if task is None or task.command.kind != "reboot":
            return []
        return [self._executed(task.command, "reboot")]

    def _halt(self, now: float) -> list[Effect]:
        self._work = None
        self._agenda.drop("work")
        return [Note("halted its motor"), *self._do("motor timeout 100", now)]

    def _executed(self, command: Command, kind: str) -> Executed:
        return Executed(self._name, command.id, kind, command.payload)

    # The board

    def _tick(self, now: float) -> list[Effect]:
        effects: list[Effect] = []
        if self._work is not None and self._settings.work_seconds > 0:
            share = (now - self._work.began) / self._settings.work_seconds
            effects += self._do(f"motor moving {min(99, int(100 * share))}", now)
        uptime = round((now - self._booted_at) * 1000)
        return effects + self._do(f"tick {uptime}", now)

    def _round(self, now: float) -> list[Effect]:
        self._agenda.put("round", now + ROUND_SECONDS, self._round)
        return self._tick(now)

    def _end_work(self, now: float) -> list[Effect]:
        if self._work is None:
            return []
        task, self._work = self._work.task, None
        if task.ordered("die", "executed"):
            return self._die(task, now)
        effects: list[Effect] = []
        status = "success"
        if fail := task.orders.get("fail"):
            effects.append(task.note("fail"))
            status = fail.value if fail.value in _FAILURES else "failed"
        if task.ordered("busy", "after_work"):
            effects.append(task.note("busy"))
            effects += self._get_stuck(task.orders["busy"].seconds, now)
        effects += self._do(f"motor {status} 100", now)
        return effects + self._tick(now)

    def _task(self, command: Command | None) -> Task | None:
        if command is None:
            return None
        task = Task(command, orders=self._orders.take())
        self._tasks.pop(command.id, None)
        self._tasks[command.id] = task
        while len(self._tasks) > _TASKS:
            del self._tasks[next(iter(self._tasks))]
        return task

    # Power

    @property
    def _boot_seconds(self) -> float:
        return BOOT_SECONDS * self._settings.interval_scale

    def _boot(self, now: float) -> list[Effect]:
        longest = max(LEAST_LONGEST_WORK, math.ceil(2 * self._settings.work_seconds))
        self._core = Core(self._flash, longest, *self._words)
        self._booted_at = now
        # What it would say before it is connected does not leave it.
        for line in ("wire 0", "power", f"clock {now:.3f}"):
            self._do(line, now)
        self._arm_cut(now)
        self._agenda.put("round", now + ROUND_SECONDS, self._round)
        return [Connect()]

    def _die(self, task: Task, now: float) -> list[Effect]:
        return [task.note("die"), *self._lose_power(task.orders["die"].seconds, now)]

    def _lose_power(self, back_after: float | None, now: float) -> list[Effect]:
        if self._core is not None:
            self._core.kill()
        self._core = None
        self._work = None
        self._tasks.clear()
        self._answers.forget()
        self._agenda.clear()
        if back_after is not None:
            self._agenda.put("boot", now + back_after, self._boot)
        return [CutOff()]

    def _order_cut(self, moment: str, now: float) -> list[Effect]:
        found = _CUT.fullmatch(moment)
        if found is None:
            return [Note(f"cut={moment} is not WRITE-STEP")]
        self._do(f"cut {_NO_STEP}", now)
        self._cut = (int(found[1]), int(found[2]))
        self._arm_cut(now)
        return []

    def _arm_cut(self, now: float) -> None:
        if self._cut is not None and self._cut[0] == 1:
            self._do(f"cut {self._cut[1]}", now)

    # What is wrong with it

    def _get_stuck(self, seconds: float | None, now: float) -> list[Effect]:
        """Not be ready for `seconds`; None means until a restart."""
        if seconds is not None:
            self._agenda.put("unstick", now + seconds, self._unstick)
        return self._do("ready 0", now)

    def _unstick(self, now: float) -> list[Effect]:
        self._agenda.drop("unstick")
        return self._do("ready 1", now)

    def _flap_later(self, flap: Order, now: float, *, ready: bool = False) -> None:
        def change(at: float) -> list[Effect]:
            self._flap_later(flap, at, ready=not ready)
            return self._do(f"ready {int(ready)}", at)

        self._agenda.put("flap", now + (flap.seconds or FLAP_SECONDS), change)

    def _clear(self, fault: str, now: float) -> list[Effect]:
        self._orders.clear(fault)
        effects: list[Effect] = []
        everything = fault == ALL
        if everything or fault == "cut":
            self._cut = None
            self._do(f"cut {_NO_STEP}", now)
        if everything or fault == "flap":
            self._agenda.drop("flap")
        if everything or fault in ("flap", "busy"):
            effects += self._unstick(now)
        if (everything or fault == "die") and self._core is None:
            self._agenda.put("boot", now, self._boot)
        return effects
