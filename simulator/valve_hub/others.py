"""Nodes behind a hub that have no valves: a curtain, sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from simulator.valve_hub.node import HubNode
from simulator.valve_hub.wire import (
    CALIBRATE,
    CALIBRATED,
    CURTAIN_EVENTS,
    MOTOR_ERROR,
    STOP,
    Update,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simulator.node import Effect

LONGEST_TRAVEL = 180.0
"""Seconds after which a motor is switched off."""
_PAUSE = 1.0
TEMPERATURE, HUMIDITY = 2150, 4830
"""Hundredths."""


class CurtainNode(HubNode):
    """Moves a curtain, has mains power, and takes nothing but orders for actuators.

    It is calibrated by whoever stops it when it is fully open, having closed before.
    """

    type = "GREENHOUSE"
    battery = 255

    _calibrating_since: float | None = None

    @override
    def _deeds(self) -> Mapping[str, Callable[[Update, float], list[Effect]]]:
        return {
            "curtain": self._move,
            **dict.fromkeys(("open_valve", "close_valve", "actuator"), lambda *_: []),
        }

    def _move(self, update: Update, now: float) -> list[Effect]:
        order = update.line.numbers[2]
        if order == CALIBRATE:
            self._calibrating_since = now
            return [self._executed(update)]
        if order not in CURTAIN_EVENTS:
            return []
        if order != STOP and update.ordered("motor", "error"):
            return self._report(MOTOR_ERROR, b"", update.orders.get("event"), now)
        effects = self._executed_and(update, CURTAIN_EVENTS[order], b"", now)
        if order == STOP:
            effects += self._calibrated(update, now)
        self._calibrating_since = None
        return effects

    def _calibrated(self, update: Update, now: float) -> list[Effect]:
        if self._calibrating_since is None:
            return []
        scale = self._settings.duration_scale
        opened_for = now - self._calibrating_since - (LONGEST_TRAVEL + _PAUSE) * scale
        if not 0 < opened_for < LONGEST_TRAVEL * scale:
            return []
        travel = round(opened_for * 1000).to_bytes(4, "little")
        return self._report(CALIBRATED, travel, update.orders.get("event"), now)


class SensorNode(HubNode):
    """Measures, and is told nothing but how often."""

    type = "SENSOR"

    @override
    def asks_for(self, held: Iterable[Update]) -> bool:
        """Whether it asks for what is held: an interval alone makes it do so."""
        return any(update.kind == "set_wake_interval" for update in held)

    @override
    def _deeds(self) -> Mapping[str, Callable[[Update, float], list[Effect]]]:
        return {
            "set_wake_interval": self._set_interval,
            "set_datetime": self._set_datetime,
        }


def measured(node: HubNode, now: float) -> list[str]:
    """Return the lines of a batch with one record."""
    whose = f"{node.name} {node.device_id}"
    return [
        f"SENSOR_BATCH {whose} 1",
        f"SENSOR_RECORD {whose} {int(now)} {TEMPERATURE} {HUMIDITY} 0",
        f"BATCH_COMPLETE {whose} 1",
    ]
