"""Whether a node of protocol 1 is ready, and what it reports on its state topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.paired_dispenser.wire import Settings, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.faults import Order, StandingOrders
    from simulator.memory import Memory
    from simulator.node import Agenda, Effect, Message

HEARTBEAT_SECONDS = 5.0
READY_REPORT_SECONDS = 2.0
FLAP_SECONDS = 1.0
RSSI_DBM = -61
FULL_PERCENT = 100


class StateReports:
    """Heartbeats and ready reports, by way of the node's agenda.

    A node is ready while it is switched on and neither at work, nor stuck, nor in
    the unready half of flapping.
    """

    def __init__(
        self,
        node: str,
        settings: Settings,
        *,
        dispenses: bool,
        agenda: Agenda,
        orders: StandingOrders,
        memory: Memory,
    ) -> None:
        self._node = node
        self._settings = settings
        self._dispenses = dispenses
        self._agenda = agenda
        self._orders = orders
        self._memory = memory
        self._food = FULL_PERCENT
        self._powered = False
        self._booted_at = 0.0
        self._working = False
        self._stuck = False
        self._flapped = False

    @property
    def powered(self) -> bool:
        return self._powered

    @property
    def ready(self) -> bool:
        return self._powered and not (self._working or self._stuck or self._flapped)

    def has(self, trait: str, orders: Mapping[str, Order]) -> bool:
        """Return whether the firmware does it, or was ordered to."""
        if order := orders.get(trait):
            return order.value == "on"
        return bool(getattr(self._settings.firmware, trait))

    def switch_on(self, now: float) -> None:
        self._powered = True
        self._booted_at = now

    def switch_off(self) -> None:
        self._powered = False
        self._working = self._stuck = self._flapped = False

    def announce(self, now: float) -> list[Effect]:
        """Say what a node says once it is connected, and go on saying it."""
        effects = self._heartbeat(now)
        if self.ready:
            effects += self._report_ready(now)
        if flap := self._orders.view().get("flap"):
            self._agenda.put("flap", now + _half_period(flap), self._flap)
        return effects

    def begin_work(self, portions: int, now: float) -> list[Effect]:
        self._working = True
        self._food = max(0, self._food - portions)
        return self._become_busy(now)

    def end_work(self, now: float) -> list[Effect]:
        self._working = False
        return self._become_ready(now)

    def get_stuck(self, seconds: float | None, now: float) -> list[Effect]:
        """Be busy for `seconds`; None means until a reboot."""
        self._stuck = True
        if seconds is not None:
            self._agenda.put("unstick", now + seconds, self.unstick)
        return self._become_busy(now)

    def unstick(self, now: float) -> list[Effect]:
        if not self._stuck:
            return []
        self._stuck = False
        self._agenda.drop("unstick")
        return self._become_ready(now)

    def start_flapping(self, now: float) -> None:
        self._agenda.put("flap", now, self._flap)

    def stop_flapping(self, now: float) -> list[Effect]:
        self._agenda.drop("flap")
        if not self._flapped:
            return []
        self._flapped = False
        return self._become_ready(now)

    def _heartbeat(self, now: float) -> list[Effect]:
        at = now + HEARTBEAT_SECONDS * self._settings.interval_scale
        self._agenda.put("heartbeat", at, self._heartbeat)
        return [self._state(now, ready=None)]

    def _report_ready(self, now: float) -> list[Effect]:
        at = now + READY_REPORT_SECONDS * self._settings.interval_scale
        self._agenda.put("ready", at, self._report_ready)
        return [self._state(now, ready=True)]

    def _become_ready(self, now: float) -> list[Effect]:
        return self._report_ready(now) if self.ready else []

    def _become_busy(self, now: float) -> list[Effect]:
        self._agenda.drop("ready")
        if self._settings.while_busy == "quiet" or not self._powered:
            return []
        return [self._state(now, ready=False)]

    def _flap(self, now: float) -> list[Effect]:
        order = self._orders.view().get("flap")
        if order is None:
            return self.stop_flapping(now)
        self._agenda.put("flap", now + _half_period(order), self._flap)
        if not self._powered:
            return []
        self._flapped = not self._flapped
        if not self._flapped:
            return self._become_ready(now)
        self._agenda.drop("ready")
        return [self._state(now, ready=False)]

    def _state(self, now: float, *, ready: bool | None) -> Message:
        """Return a ready report, or where `ready` is None the retained heartbeat."""
        content: dict[str, Any] = {"online": self._settings.flag(True)}
        if ready is not None:
            content["ready"] = self._settings.flag(ready)
            if self.has("execute_at", self._orders.view()):
                content["clock"] = round(now, 3)
        content["uptime"] = int(now - self._booted_at)
        return message(
            self._settings,
            "state",
            self._node,
            content | self._health(),
            retain=ready is None,
        )

    def _health(self) -> dict[str, Any]:
        orders = self._orders.view()
        health: dict[str, Any] = {}
        if self._settings.firmware.version is not None:
            health["fw"] = self._settings.firmware.version
            health["rssi"] = RSSI_DBM
            if self._dispenses:
                health["food"] = self._food
        if self.has("dedupes", orders):
            health["dedupes"] = self._settings.flag(True)
        if self.has("last_id", orders) and self._memory.last_id is not None:
            health["last_id"] = self._memory.last_id
        return health


def _half_period(flap: Order) -> float:
    return flap.seconds or FLAP_SECONDS
