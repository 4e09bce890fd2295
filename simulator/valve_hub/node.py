"""A node behind a hub: it sleeps, wakes up, takes what the hub holds for it.

`ValveNode` runs valves and slots, `CurtainNode` (in `others`) moves a curtain,
`SensorNode` measures. Each takes what it knows; what it does not take it asks for again
and again, so that it gets nothing that the hub holds behind it.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, override

from simulator.node import Agenda, Effect, Executed
from simulator.valve_hub.slots import Slot
from simulator.valve_hub.wire import (
    APPLIED,
    CLOSED,
    ERRORS,
    FAILED,
    OPENED,
    REMOVED,
    TIMER_CLOSED,
    TIMER_SET,
    Settings,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simulator.faults import Order

type Tell = Callable[[str, int, bytes | int, Order | None, float], list[Effect]]
"""`tell(node, event, detail, fault, now)`: report an event by way of the hub.

One with bytes goes at once and is lost if nobody hears it.
"""

BOOT_SECONDS = 2.0
RSSI_DBM = -61


class HubNode:
    """What all nodes have in common; what is in flash outlives a reboot.

    `memory` is what `stored` returned. Raises ValueError where it is not.
    """

    type = "UNKNOWN"
    battery = 87
    """Percent; 255 is mains power."""
    one_at_a_time = True
    """Whether it takes one command a heartbeat, and not all that the hub holds."""
    valves = 0

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
        self.wake_seconds = settings.wake_seconds
        self.opened = False
        """Whether it opened a valve since it woke up: it then takes nothing more."""
        self._settings = settings
        self._agenda = agenda
        self._tell = tell
        self._booted_at = now
        if memory is not None:
            self._restore(memory)

    def stored(self) -> dict[str, Any]:
        """Return what its flash holds, as JSON."""
        return {"wake_seconds": self.wake_seconds}

    def heartbeat(self, now: float) -> str:
        """Return the line that the hub forwards; one that sleeps has just started."""
        uptime = int(now - self._booted_at) if self.battery > 100 else 0  # noqa: PLR2004
        health = f"{self.battery} 0 {RSSI_DBM} {uptime} 0"
        return f"HEARTBEAT {self.name} {self.device_id} {health}"

    def asks_for(self, held: Iterable[Update]) -> bool:
        """Whether it asks for what is held, by what the hub's answer says of it."""
        return any(update.kind != "set_datetime" for update in held)

    def carry_out(self, update: Update, now: float) -> list[Effect] | None:
        """Do what the hub handed over, and report it; None: it does not take it."""
        deed = self._deeds().get(update.kind)
        return None if deed is None else deed(update, now)

    def restart(self, update: Update, now: float) -> list[Effect]:
        """Start anew, and forget everything if that was ordered."""
        self._booted_at = now + BOOT_SECONDS
        if update.kind == "factory_reset":
            self.wake_seconds = self._settings.wake_seconds
        return [self._executed(update)]

    def _deeds(self) -> Mapping[str, Callable[[Update, float], list[Effect]]]:
        return {}

    def _set_interval(self, update: Update, _now: float) -> list[Effect]:
        self.wake_seconds = float(update.line.numbers[1])
        return [self._executed(update)]

    def _set_datetime(self, update: Update, _now: float) -> list[Effect]:
        return [self._executed(update)]

    def _report(
        self, event: int, detail: bytes | int, fault: Order | None, now: float
    ) -> list[Effect]:
        return self._tell(self.name, event, detail, fault, now)

    def _executed(self, update: Update) -> Effect:
        numbers = list(update.line.numbers)
        payload = {"seq": update.seq, "numbers": numbers}
        return Executed(self.name, update.line.text, update.kind, payload)

    def _executed_and(
        self, update: Update, event: int, detail: bytes | int, now: float
    ) -> list[Effect]:
        fault = update.orders.get("event")
        return [self._executed(update), *self._report(event, detail, fault, now)]

    def _restore(self, memory: Mapping[str, Any]) -> None:
        try:
            self.wake_seconds = float(memory["wake_seconds"])
        except (KeyError, TypeError) as error:
            raise ValueError("not what a node's flash holds") from error


class ValveNode(HubNode):
    """Runs valves, by command and by its slots.

    Its valves close by themselves, awake or not, and are closed after a reboot, of
    which it says nothing but that it has started.
    """

    type = "IRRIGATION"
    one_at_a_time = False

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
        self.valves = settings.valves
        self._open: set[int] = set()
        self._slots: dict[int, Slot] = {}
        super().__init__(
            name, settings, agenda=agenda, tell=tell, memory=memory, now=now
        )
        for index in self._slots:
            self._plan(index, now)

    @property
    def open_valves(self) -> frozenset[int]:
        return frozenset(self._open)

    @property
    def slots(self) -> Mapping[int, Slot]:
        return self._slots

    @override
    def stored(self) -> dict[str, Any]:
        """Return what its flash holds, as JSON."""
        slots = {str(index): asdict(slot) for index, slot in self._slots.items()}
        return {**super().stored(), "slots": slots}

    @override
    def asks_for(self, held: Iterable[Update]) -> bool:
        """Whether it asks for what is held: always."""
        return any(True for _ in held)

    @override
    def restart(self, update: Update, now: float) -> list[Effect]:
        """Start anew with all valves closed."""
        for valve in self._open:
            self._agenda.drop(self._timer(valve))
        self._open.clear()
        if update.kind == "factory_reset":
            for index in self._slots:
                self._agenda.drop(self._run(index))
            self._slots.clear()
        return super().restart(update, now)

    @override
    def _deeds(self) -> Mapping[str, Callable[[Update, float], list[Effect]]]:
        return {
            "open_valve": self._open_valve,
            "close_valve": self._close_valve,
            "curtain": lambda *_: [],
            "actuator": lambda *_: [],
            "set_schedule": self._set_slot,
            "remove_schedule": self._remove_slot,
            "set_wake_interval": self._set_interval,
            "set_datetime": self._set_datetime,
        }

    def _open_valve(self, update: Update, now: float) -> list[Effect]:
        valve, *duration = update.line.numbers[3:] or (self.valves,)
        if valve >= self.valves:
            return []
        fault = update.orders.get("event")
        self._open.add(valve)
        self.opened = True
        effects = [self._executed(update), *self._report(OPENED, valve, fault, now)]
        if duration and duration[0]:
            self._close_later(valve, duration[0], fault, now)
            effects += self._report(TIMER_SET, valve, fault, now)
        return effects

    def _close_valve(self, update: Update, now: float) -> list[Effect]:
        valve, *_ = update.line.numbers[3:] or (self.valves,)
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
        if not slot.sensible:
            return "invalid_parameter"
        others = (other for at, other in self._slots.items() if at != index)
        return "overlap" if any(map(slot.overlaps, others)) else ""

    def _remove_slot(self, update: Update, now: float) -> list[Effect]:
        index = update.line.numbers[1]
        if error := _ordered_error(update):
            return self._refuse(update, error, now)
        if self._slots.pop(index, None) is not None:
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
            if slot.valve >= self.valves:
                return []
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

    def _timer(self, valve: int) -> str:
        return f"{self.name} valve {valve}"

    def _run(self, index: int) -> str:
        return f"{self.name} slot {index}"

    @override
    def _restore(self, memory: Mapping[str, Any]) -> None:
        super()._restore(memory)
        try:
            self._slots = {
                int(index): Slot(**slot) for index, slot in memory["slots"].items()
            }
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not what a node's flash holds") from error


def _ordered_error(update: Update) -> str:
    order = update.orders.get("fail")
    return "" if order is None else order.value
