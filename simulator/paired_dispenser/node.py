"""Nodes of protocol 1 with a newer firmware: they act together, each answers alone.

What the wire leaves open is decided here:

- A command counts as executed when its work begins: food falls from then on.
- The node that dispenses refuses a feed without sensible items.
- A reboot is acked and reported done, then the power goes; what was being worked
  on is never reported. Ordering `evt=drop` makes it a firmware that only acks.
- An operation out of range, or an op the node does not know, is acked and done
  with a status other than success; nothing is executed.
- What comes during work is acked, and the work starts over under the new id with
  the old content; the first id is never reported. Both are executions.
- A firmware that dedupes looks at the id before it looks at `expires_at`, and
  repeats exactly the answers it gave: no evt where it never came to send one.
- One that knows `execute_at` remembers a command when it takes it. What the power
  cut off before its moment was not executed, and is told as interrupted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, Order, StandingOrders
from simulator.memory import INTERRUPTED, Memory
from simulator.node import (
    Agenda,
    Connect,
    CutOff,
    Effect,
    Executed,
    Message,
    Note,
    Remembered,
)
from simulator.paired_dispenser.answers import Answers, Task
from simulator.paired_dispenser.state import StateReports
from simulator.paired_dispenser.wire import (
    UNKNOWN,
    Command,
    Settings,
    message,
    read_command,
    topic_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

BOOT_SECONDS = 2.0


class PairedDispenser:
    """One node. `dispenses` is what the first node of a station does.

    `memory` is what its flash held, from a `Remembered`; `now` is unix seconds.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        dispenses: bool,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        self._name = name
        self._settings = settings
        self._dispenses = dispenses
        self._memory = Memory(memory)
        self._orders = StandingOrders()
        self._agenda = Agenda()
        self._answers = Answers(name, settings, self._agenda)
        self._state = StateReports(
            name,
            settings,
            dispenses=dispenses,
            agenda=self._agenda,
            orders=self._orders,
            memory=self._memory,
        )
        self._under_way: Command | None = None
        self._unsaid = self._memory.interrupted
        self._agenda.put("boot", now, self._boot)
        self._start()

    def _start(self) -> None:
        """Be new from the factory."""

    @property
    def name(self) -> str:
        return self._name

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (topic_of(self._settings, "cmd", self._name),)

    @property
    def will(self) -> Message | None:
        if self._settings.firmware.version is None:
            return None
        offline = {"online": self._settings.flag(False)}
        return message(self._settings, "state", self._name, offline, retain=True)

    def next_deadline(self) -> float | None:
        return self._agenda.next_deadline()

    def advance(self, now: float) -> list[Effect]:
        return self._agenda.run(now)

    def on_connect(self, now: float) -> list[Effect]:
        return [*self._own_up(), *self._state.announce(now)]

    def receive(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        if not self._state.powered or topic not in self.subscriptions:
            return []
        command = self._read(payload)
        if command is None:
            return [Note(f"dropped {len(payload)} bytes it cannot read")]
        task = Task(command, orders=self._orders.take())
        if task.ordered("silent", "idle"):
            return [task.note("silent")]
        if self._state.has("dedupes", task.orders) and command.id in self._memory:
            return self._answer_repeat(task, now)
        if self._state.has("expires_at", task.orders) and command.expired(now):
            return [Note(f"dropped {command.id}: expired")]
        return self._take(task, now)

    def order(self, order: Order, now: float) -> list[Effect]:
        if order.fault == "clear":
            return self._clear(order.value, now)
        if order.fault == "die" and order.value == "now":
            return self._power_off(order.seconds, now)
        if order.fault == "busy" and order.value == "now":
            return self._state.get_stuck(order.seconds, now)
        if order.fault == "cut":
            return [Note("cut: of this firmware there is no flash to write")]
        self._orders.add(order)
        if order.fault == "flap":
            self._state.start_flapping(now)
        return []

    def _read(self, payload: bytes) -> Command | None:
        return read_command(payload)

    def _take(self, task: Task, now: float) -> list[Effect]:
        command = task.command
        if "refuse" in task.orders:
            return [task.note("refuse"), *self._refuse(task, now)]
        if command.kind == "reboot":
            return self._reboot(task, now)
        if self._under_way is not None:
            return self._take_while_working(task, self._under_way, now)
        if inability := _inability(command):
            return self._decline(task, inability, now)
        if command.kind == "feed" and self._dispenses and not command.portions:
            return self._refuse(task, now)
        return self._accept(task, now) + self._begin(task, now)

    def _take_while_working(
        self, task: Task, under_way: Command, now: float
    ) -> list[Effect]:
        if not self._state.has("mixes_up", task.orders):
            return self._refuse(task, now)
        payload = {**under_way.payload, "queue_id": task.command.id}
        mixed = replace(under_way, id=task.command.id, payload=payload)
        return [
            *self._accept(task, now),
            Note(f"mixed up: does the work of {under_way.id} again, as {mixed.id}"),
            *self._begin(Task(mixed, orders=task.orders), now),
        ]

    def _answer_repeat(self, task: Task, now: float) -> list[Effect]:
        effects: list[Effect] = [Note(f"dropped {task.command.id}: a repeat")]
        if not self._state.has("answers_repeats", task.orders):
            return effects
        effects += self._accept(task, now)
        status = self._memory.status(task.command.id)
        under_way = self._under_way
        if under_way is not None and under_way.id == task.command.id:
            return effects
        if status is not None:
            effects += self._answers.evt(task, status, now)
        return effects

    def _accept(self, task: Task, now: float) -> list[Effect]:
        return self._answers.ack(task, accepted=True, now=now)

    def _refuse(self, task: Task, now: float) -> list[Effect]:
        return self._answers.ack(task, accepted=False, now=now)

    def _decline(self, task: Task, status: str, now: float) -> list[Effect]:
        return self._accept(task, now) + self._answers.evt(task, status, now)

    def _begin(self, task: Task, now: float) -> list[Effect]:
        if task.ordered("die", "accepted"):
            return self._die(task, now)
        command = self._under_way = task.command
        waits = self._state.has("execute_at", task.orders) and command.wait(now)
        effects: list[Effect]
        if waits:
            self._memory.put_off(command.id)
            effects = [Remembered(self._memory.stored())]
            self._agenda.put(
                "moment", now + waits, lambda at: self._set_to_work(task, at)
            )
        else:
            effects = self._set_to_work(task, now)
        return effects + self._state.begin_work(command.portions, now)

    def _set_to_work(self, task: Task, now: float) -> list[Effect]:
        self._agenda.put(
            "work",
            now + self._settings.work_seconds,
            lambda at: self._finish(task, at),
        )
        return self._execute(task.command)

    def _execute(self, command: Command) -> list[Effect]:
        self._memory.begin(command.id)
        return [
            Remembered(self._memory.stored()),
            Executed(self._name, command.id, command.kind, command.payload),
        ]

    def _finish(self, task: Task, now: float) -> list[Effect]:
        if task.ordered("die", "executed"):
            return self._die(task, now)
        self._under_way = None
        effects: list[Effect] = []
        status = "success"
        if fail := task.orders.get("fail"):
            status = fail.value
            effects.append(task.note("fail"))
        effects += self._report_done(task, status, now)
        if task.ordered("busy", "after_work"):
            effects.append(task.note("busy"))
            effects += self._state.get_stuck(task.orders["busy"].seconds, now)
        return effects + self._state.end_work(now)

    def _report_done(self, task: Task, status: str, now: float) -> list[Effect]:
        self._memory.end(task.command.id, status)
        remembered = Remembered(self._memory.stored())
        return [remembered, *self._answers.evt(task, status, now)]

    def _reboot(self, task: Task, now: float) -> list[Effect]:
        if fail := task.orders.get("fail"):
            return [task.note("fail"), *self._decline(task, fail.value, now)]
        effects = self._accept(task, now)
        if task.ordered("die", "accepted"):
            return effects + self._die(task, now)
        effects += self._execute(task.command)
        if task.ordered("die", "executed"):
            return effects + self._die(task, now)
        effects += self._report_done(task, "success", now)
        boot_seconds = BOOT_SECONDS * self._settings.interval_scale
        return effects + self._power_off(boot_seconds, now)

    def _boot(self, now: float) -> list[Effect]:
        self._state.switch_on(now)
        return [Connect()]

    def _own_up(self) -> list[Effect]:
        """Say first what the power cut off before it began."""
        unsaid, self._unsaid = self._unsaid, None
        if unsaid is None:
            return []
        content = {"done": self._settings.flag(True), "status": INTERRUPTED}
        content = {"queue_id": unsaid, **content}
        return [message(self._settings, "evt", self._name, content)]

    def _die(self, task: Task, now: float) -> list[Effect]:
        return [task.note("die"), *self._power_off(task.orders["die"].seconds, now)]

    def _power_off(self, back_after: float | None, now: float) -> list[Effect]:
        self._state.switch_off()
        cut_off, self._under_way = self._under_way, None
        if cut_off is not None and self._memory.was_put_off(cut_off.id):
            self._unsaid = cut_off.id
        self._memory.break_off()
        self._answers.forget()
        self._agenda.clear()
        if back_after is not None:
            self._agenda.put("boot", now + back_after, self._boot)
        return [CutOff()]

    def _clear(self, fault: str, now: float) -> list[Effect]:
        self._orders.clear(fault)
        everything = fault == ALL
        if (everything or fault == "die") and not self._state.powered:
            self._agenda.put("boot", now, self._boot)
        effects: list[Effect] = []
        if everything or fault == "flap":
            effects += self._state.stop_flapping(now)
        if everything or fault == "busy":
            effects += self._state.unstick(now)
        return effects


def _inability(command: Command) -> str | None:
    if command.kind == UNKNOWN:
        return "unknown_operation"
    if command.kind == "operate" and not command.operable:
        return "failed"
    return None
