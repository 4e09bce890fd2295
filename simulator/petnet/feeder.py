"""A feeder of protocol 5; its gateway is in `petnet`.

What the wire leaves open is decided here:

- A command counts as executed when its work begins. One after the other is worked
  on; a meal of the schedule waits like a command. Nothing tells repeats apart.
- A name that its firmware does not know is dropped without a word; content that makes
  no sense under a name that it knows fails.
- A step of a schedule that is out of order fails, and the whole must begin anew.
  From `schedule_clear` on the feeder holds nothing; it says so when it next reports.
- A feeder without power misses its meals.
- It reports a reboot as succeeded, and its power goes a second later.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from simulator.faults import ALL, Order, StandingOrders
from simulator.node import Agenda, Effect, Executed, Note
from simulator.petnet.schedule import (
    LARGEST_OFFSET,
    LEAST_PORTION,
    Entry,
    Sync,
    is_budget,
    is_entry,
    is_portion,
    next_meals,
)
from simulator.petnet.voice import BUTTON, REMOTE, SCHEDULE, Ask, Voice, Work
from simulator.petnet.wire import Command, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

BOOT_SECONDS = 2.0
REPORTING_SECONDS = 1.0
_KNOWN = frozenset({"feed", "button_enable_remote", "utc_offset", "budget", "reboot"})
_KNOWN_OF_SCHEDULES = {
    False: frozenset({"schedule"}),
    True: frozenset(
        {
            "schedule_clear",
            "schedule_mod_start",
            "schedule_add",
            "schedule_mod_end",
        }
    ),
}
"""What firmware knows of schedules, by whether it takes them step by step."""
HEARTBEAT_SECONDS = 30.0
SENSOR_SECONDS = 300.0
HOPPER_GRAMS = 1000.0
GRAMS_PER_PORTION = 7.0


class Feeder:
    """One feeder. `memory` is what `memory()` gave; `ask` makes a request."""

    def __init__(
        self,
        name: str,
        gateway: str,
        settings: Settings,
        *,
        memory: Mapping[str, Any],
        ask: Ask,
        now: float,
    ) -> None:
        self.name = name
        self.agenda = Agenda()
        self.powered = False
        self._settings = settings
        self._orders = StandingOrders()
        self._voice = Voice(
            name, gateway, settings, orders=self._orders, agenda=self.agenda, ask=ask
        )
        self._sync = Sync()
        self._waiting: deque[Work] = deque()
        self._working = False
        self._hopper = HOPPER_GRAMS
        self._stored: list[Entry] = list(memory.get("schedule", []))
        self._running: list[Entry] = self._stored
        self._utc_offset: int = memory.get("utc_offset", 0)
        self._unlocked: bool = memory.get("unlocked", True)
        self._recipe: str = memory.get("recipe", "")
        self.agenda.put("boot", now, self._boot)

    def memory(self) -> dict[str, Any]:
        """Return what its flash holds: JSON."""
        return {
            "schedule": self._stored,
            "utc_offset": self._utc_offset,
            "unlocked": self._unlocked,
            "recipe": self._recipe,
        }

    def announce(self, now: float) -> list[Effect]:
        """Say what a feeder says once its gateway is connected, and go on."""
        return [*self._heartbeat(now), *self._sense(now)]

    def take(self, command: Command, now: float) -> list[Effect]:
        known = _KNOWN | _KNOWN_OF_SCHEDULES[self._settings.stepwise]
        if command.name not in known:
            return [Note(f"dropped {command.name}, which it does not know")]
        orders = dict(self._orders.take())
        work = Work(
            command.hid, command.name, command.content, command=command, orders=orders
        )
        if work.ordered("silent", "idle"):
            return [Note(f"fault on {work.id}: {orders['silent']}")]
        self._waiting.append(work)
        return self._go_on(now)

    def order(self, order: Order, now: float) -> list[Effect]:
        match order.fault, order.value:
            case "clear", fault:
                return self._clear(fault, now)
            case "die", "now":
                return self._power_off(order.seconds, now)
            case "forget", _:
                self._hold([])
                return [self._voice.hash(self._stored)] if self.powered else []
            case "trace", _:
                return [self._voice.trace()]
            case "press", _:
                return self._press(now)
        self._orders.add(order)
        return []

    def _go_on(self, now: float) -> list[Effect]:
        effects: list[Effect] = []
        while self.powered and self._waiting and not self._working:
            work = self._waiting.popleft()
            effects += self._voice.report(work, "received", {}, now)
            if work.ordered("die", "accepted"):
                return effects + self._die(work, now)
            effects += self._do(work, now)
        return effects

    def _do(self, work: Work, now: float) -> list[Effect]:
        if work.kind == "feed":
            return self._feed(work, now)
        if fail := work.orders.get("fail"):
            return self._voice.report(work, "failed", {"error": fail.value}, now)
        if error := self._obey(work, now):
            return self._voice.report(work, "failed", {"error": error}, now)
        effects: list[Effect] = []
        if work.kind not in ("schedule_clear", "schedule_mod_start", "schedule_add"):
            effects.append(Executed(self.name, work.id, work.kind, work.content))
        if work.ordered("die", "executed"):
            return effects + self._die(work, now)
        if work.kind == "schedule_mod_start" and work.ordered("die", "syncing"):
            self._orders.clear("die")
            return effects + self._die(work, now)
        effects += self._voice.report(work, "succeeded", {}, now)
        if work.kind in ("schedule", "schedule_mod_end"):
            effects.append(self._voice.hash(self._stored))
        if work.kind == "reboot":
            self._working = True
            self.agenda.put("reboot", now + REPORTING_SECONDS, self._reboot)
        return effects

    def _reboot(self, now: float) -> list[Effect]:
        return self._power_off(BOOT_SECONDS * self._settings.interval_scale, now)

    def _obey(self, work: Work, now: float) -> str | None:
        """Carry out what is no feed; return why it cannot be, None where it could."""
        match work.kind, work.content:
            case "utc_offset", {"utc_offset": int(offset)} if (
                abs(offset) <= LARGEST_OFFSET
            ):
                self._utc_offset = offset
                self._plan_next(now)
            case "button_enable_remote", {"enable": bool(unlocked)}:
                self._unlocked = unlocked
            case "budget", content if is_budget(content):
                self._recipe = content["recipe"]
            case "reboot", {}:
                pass
            case "schedule", list(entries):
                if not all(is_entry(entry) for entry in entries):
                    return "bad_entry"
                self._store(entries, work, now)
            case kind, content if kind.startswith("schedule_"):
                return self._step(kind, content, work, now)
            case _:
                return "bad_payload"
        return None

    def _step(self, kind: str, content: object, work: Work, now: float) -> str | None:
        is_list = isinstance(content, list) and len(content) != 1
        if is_list and work.ordered("list", "refused"):
            self._sync = Sync()
            return "bad_list"
        match kind:
            case "schedule_clear":
                self._sync.clear()
                self._store([], work, now)
                return None
            case "schedule_mod_start" if self._sync.start(content):
                return None
            case "schedule_add" if self._sync.add(content):
                return None
            case "schedule_mod_end":
                entries = self._sync.end()
                if entries is not None:
                    self._store(entries, work, now)
                    return None
        self._sync = Sync()
        return "out_of_order"

    def _store(self, entries: list[Entry], work: Work, now: float) -> None:
        self._stored = entries
        if not work.ordered("schedule", "after_restart"):
            self._hold(entries)
            self._plan_next(now)

    def _hold(self, entries: list[Entry]) -> None:
        self._stored = self._running = entries
        if not entries:
            self.agenda.drop("meals")

    def _plan_next(self, now: float) -> None:
        due = next_meals(self._running, self._utc_offset, now)
        if due is None:
            self.agenda.drop("meals")
            return
        at, entries = due
        self.agenda.put("meals", at, lambda then: self._run_meals(entries, at, then))

    def _run_meals(self, entries: list[Entry], at: float, now: float) -> list[Effect]:
        self._plan_next(now)
        orders = dict(self._orders.view())
        if missed := orders.get("meals"):
            return [Note(f"fault: {missed}")]
        self._waiting += [
            Work(
                f"{entry['feeding_id']}@{at:.0f}",
                "feed",
                entry,
                SCHEDULE,
                orders=orders,
            )
            for entry in entries
        ]
        return self._go_on(now)

    def _press(self, now: float) -> list[Effect]:
        if not self._unlocked or not self.powered:
            return [Note("the button does nothing")]
        content = {"portion": LEAST_PORTION}
        orders = dict(self._orders.view())
        work = Work(f"button@{now:.3f}", "feed", content, BUTTON, orders=orders)
        self._waiting.append(work)
        return self._go_on(now)

    def _feed(self, work: Work, now: float) -> list[Effect]:
        content = work.content
        portion = content.get("portion") if isinstance(content, dict) else None
        if not is_portion(portion):
            return self._voice.report(work, "failed", {"error": "bad_portion"}, now)
        self._working = True
        ends_at = now + self._settings.work_seconds
        self.agenda.put("work", ends_at, lambda at: self._fed(work, now, at))
        kind = {REMOTE: "feed", BUTTON: "button", SCHEDULE: "meal"}[work.source]
        return [Executed(self.name, work.id, kind, content)]

    def _fed(self, work: Work, began_at: float, now: float) -> list[Effect]:
        self._working = False
        fail = work.orders.get("fail")
        grams = work.content["portion"] / LEAST_PORTION * GRAMS_PER_PORTION
        fell = 0.0 if fail else min(grams, self._hopper)
        content = {
            "s|msg_type": "feed_result",
            "i|stime": int(began_at),
            "i|etime": int(now),
            **({"i|pour": 1, "i|full": 0} if self._settings.stepwise else {}),
            "f|e_g": grams,
            "f|a_g": fell,
            "f|h_s": self._hopper,
            "f|h_e": self._hopper - fell,
            "i|src": work.source,
            "b|fail": fail is not None,
            "b|trip": False,
            "b|lrg": False,
            "b|vol": False,
            # It is so in a good meal, too.
            "b|bowl": True,
            "s|rid": self._recipe,
            "s|err": fail.value if fail else "",
        }
        self._hopper -= fell
        effects = self._voice.faulty(
            work, "feed_result", lambda _: [self._voice.say(content)], now
        )
        if work.ordered("die", "executed"):
            return effects + self._die(work, now)
        word, body = ("failed", {"error": fail.value}) if fail else ("succeeded", {})
        return [*effects, *self._voice.report(work, word, body, now), *self._go_on(now)]

    def _heartbeat(self, now: float) -> list[Effect]:
        at = now + HEARTBEAT_SECONDS * self._settings.interval_scale
        self.agenda.put("heartbeat", at, self._heartbeat)
        return [self._voice.say({"s|msg_type": "hb"})]

    def _sense(self, now: float) -> list[Effect]:
        at = now + SENSOR_SECONDS * self._settings.interval_scale
        self.agenda.put("sensor", at, self._sense)
        content = {
            "s|msg_type": "sensor",
            "f|voltage": 4500.0,
            "i|usb": 1,
            "i|chg": 1,
            "i|ir": 0,
            "i|rssi": -61,
        }
        return [self._voice.say(content), self._voice.hash(self._stored)]

    def _boot(self, now: float) -> list[Effect]:
        self.powered = True
        self._running = self._stored
        self._plan_next(now)
        return []

    def _die(self, work: Work, now: float) -> list[Effect]:
        note = Note(f"fault on {work.id}: {work.orders['die']}")
        return [note, *self._power_off(work.orders["die"].seconds, now)]

    def _power_off(self, back_after: float | None, now: float) -> list[Effect]:
        self.powered = self._working = False
        self._waiting.clear()
        self._sync = Sync()
        self.agenda.clear()
        if back_after is not None:
            self.agenda.put("boot", now + back_after, self._boot)
        return []

    def _clear(self, fault: str, now: float) -> list[Effect]:
        self._orders.clear(fault)
        if fault in (ALL, "die") and not self.powered:
            self.agenda.put("boot", now, self._boot)
        return []
