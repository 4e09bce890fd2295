"""A node behind a hub: it sleeps, wakes up, takes its commands and runs its slots."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from simulator.node import Agenda, Effect, Executed
from simulator.valve_hub.slots import Slot
from simulator.valve_hub.wire import (
    APPLIED,
    CLOSED,
    CURTAIN_EVENTS,
    ERRORS,
    FAILED,
    MOTOR_ERROR,
    OPENED,
    REMOVED,
    TIMER_CLOSED,
    TIMER_SET,
    Settings,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.faults import Order

type Tell = Callable[[str, int, int, Order | None, float], list[Effect]]
"""`tell(node, event, detail, fault, now)`: report an event by way of the hub."""

BOOT_SECONDS = 2.0
BATTERY_PERCENT = 87
RSSI_DBM = -61


class ValveNode:
    """One node. What it has in flash outlives a reboot: its slots, its interval.

    Its valves close by themselves, awake or not, and are closed after a reboot.
    `memory` is what `stored` returned. Raises ValueError where it is not.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        agenda: Agenda,
        tell: Tell,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        self.name = name
        self.device_id = 0x1000_0000_0000 + int(name)
        self.valves = 0 if name in settings.curtains else settings.valves
        self.wake_seconds = settings.wake_seconds
        self._settings = settings
        self._agenda = agenda
        self._tell = tell
        self._booted_at = now
        self._open: set[int] = set()
        self._slots: dict[int, Slot] = {}
        if memory is not None:
            self._restore(memory)
        for index in self._slots:
            self._plan(index, now)

    @property
    def type(self) -> str:
        return "IRRIGATION" if self.valves else "CURTAIN"

    @property
    def open_valves(self) -> frozenset[int]:
        return frozenset(self._open)

    @property
    def slots(self) -> Mapping[int, Slot]:
        return self._slots

    def stored(self) -> dict[str, Any]:
        """Return what its flash holds, as JSON."""
        return {
            "wake_seconds": self.wake_seconds,
            "slots": {str(index): asdict(slot) for index, slot in self._slots.items()},
        }

    def heartbeat(self, now: float) -> str:
        uptime = int(now - self._booted_at)
        health = f"{BATTERY_PERCENT} 0 {RSSI_DBM} {uptime} 0"
        return f"HEARTBEAT {self.name} {self.device_id} {health}"

    def carry_out(self, update: Update, now: float) -> list[Effect]:
        """Do what the hub handed over, and report it."""
        deeds: dict[str, Callable[[Update, float], list[Effect]]] = {
            "open_valve": self._open_valve,
            "close_valve": self._close_valve,
            "curtain": self._move_curtain,
            "set_schedule": self._set_slot,
            "remove_schedule": self._remove_slot,
            "set_wake_interval": self._set_interval,
            "set_datetime": lambda update, _: [self._executed(update)],
            "reboot": self._reboot,
        }
        return deeds[update.kind](update, now) if update.kind in deeds else []

    def _open_valve(self, update: Update, now: float) -> list[Effect]:
        valve, *duration = update.line.numbers[3:]
        if valve >= self.valves:
            return []
        effects = [self._executed(update)]
        fault = update.orders.get("event")
        if duration:
            self._close_later(valve, duration[0], fault, now)
            effects += self._report(TIMER_SET, valve, fault, now)
        self._open.add(valve)
        return effects + self._report(OPENED, valve, fault, now)

    def _close_valve(self, update: Update, now: float) -> list[Effect]:
        valve = update.line.numbers[3]
        if valve >= self.valves:
            return []
        self._agenda.drop(self._timer(valve))
        self._open.discard(valve)
        return self._executed_and(update, CLOSED, valve, now)

    def _close_later(
        self, valve: int, duration: float, fault: Order | None, now: float
    ) -> None:
        def close(at: float) -> list[Effect]:
            self._open.discard(valve)
            return self._report(TIMER_CLOSED, valve, fault, at)

        at = now + duration * self._settings.duration_scale
        self._agenda.put(self._timer(valve), at, close)

    def _move_curtain(self, update: Update, now: float) -> list[Effect]:
        order = update.line.numbers[2]
        if self.valves or order not in CURTAIN_EVENTS:
            return []
        if update.ordered("motor", "error"):
            return self._report(MOTOR_ERROR, 0, update.orders.get("event"), now)
        return self._executed_and(update, CURTAIN_EVENTS[order], 0, now)

    def _set_slot(self, update: Update, now: float) -> list[Effect]:
        index, *rest = update.line.numbers[1:]
        slot = Slot(*rest)
        if error := _ordered_error(update) or self._objection(index, slot):
            return self._refuse(update, error, now)
        self._slots[index] = slot
        self._plan(index, now)
        return self._executed_and(update, APPLIED, index, now)

    def _objection(self, index: int, slot: Slot) -> str:
        if index >= self._settings.slots:
            return "invalid_index"
        if not slot.sensible or slot.valve >= self.valves:
            return "invalid_parameter"
        if any(slot.overlaps(other) for other in self._slots.values()):
            return "overlap"
        return ""

    def _remove_slot(self, update: Update, now: float) -> list[Effect]:
        index = update.line.numbers[1]
        absent = "" if index in self._slots else "invalid_index"
        if error := _ordered_error(update) or absent:
            return self._refuse(update, error, now)
        del self._slots[index]
        self._agenda.drop(self._run(index))
        return self._executed_and(update, REMOVED, index, now)

    def _refuse(self, update: Update, error: str, now: float) -> list[Effect]:
        detail = (ERRORS[error] << 8) + update.line.numbers[1]
        return self._report(FAILED, detail, update.orders.get("event"), now)

    def _plan(self, index: int, now: float) -> None:
        slot = self._slots[index]
        at = slot.next_start(now)

        def run(now: float) -> list[Effect]:
            self._plan(index, now)
            self._close_later(slot.valve, slot.duration, None, now)
            self._open.add(slot.valve)
            when = datetime.fromtimestamp(at, UTC)
            return [
                Executed(
                    self.name,
                    f"slot {index} {when:%Y-%m-%dT%H:%M}",
                    "scheduled_run",
                    {"slot": index, "valve": slot.valve, "duration": slot.duration},
                ),
                *self._report(OPENED, slot.valve, None, now),
            ]

        self._agenda.put(self._run(index), at, run)

    def _set_interval(self, update: Update, _now: float) -> list[Effect]:
        self.wake_seconds = float(update.line.numbers[1])
        return [self._executed(update)]

    def _reboot(self, update: Update, now: float) -> list[Effect]:
        closed, self._open = sorted(self._open), set()
        for valve in closed:
            self._agenda.drop(self._timer(valve))
        self._booted_at = now + BOOT_SECONDS
        effects = [self._executed(update)]
        for valve in closed:
            effects += self._report(CLOSED, valve, None, now)
        return effects

    def _report(
        self, event: int, detail: int, fault: Order | None, now: float
    ) -> list[Effect]:
        return self._tell(self.name, event, detail, fault, now)

    def _executed(self, update: Update) -> Effect:
        numbers = list(update.line.numbers)
        payload = {"seq": update.seq, "numbers": numbers}
        return Executed(self.name, update.line.text, update.kind, payload)

    def _executed_and(
        self, update: Update, event: int, detail: int, now: float
    ) -> list[Effect]:
        fault = update.orders.get("event")
        return [self._executed(update), *self._report(event, detail, fault, now)]

    def _timer(self, valve: int) -> str:
        return f"{self.name} valve {valve}"

    def _run(self, index: int) -> str:
        return f"{self.name} slot {index}"

    def _restore(self, memory: Mapping[str, Any]) -> None:
        try:
            self.wake_seconds = float(memory["wake_seconds"])
            self._slots = {
                int(index): Slot(**slot) for index, slot in memory["slots"].items()
            }
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not what a node's flash holds") from error


def _ordered_error(update: Update) -> str:
    order = update.orders.get("fail")
    return "" if order is None else order.value
