"""What a HEAD node tells unasked, by way of its agenda."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from simulator.greenhouse.config import FW_VERSION
from simulator.greenhouse.dosing import Dosing
from simulator.greenhouse.life import FREE_HEAP_BYTES, RSSI_DBM
from simulator.greenhouse.storage import Storage
from simulator.node import Effect, Message, Note

if TYPE_CHECKING:
    from simulator.greenhouse.head import HeadNode
    from simulator.greenhouse.kinds import Measured

HEARTBEAT_SECONDS = 15.0
ASK_TIME_SECONDS = 15.0
ASKS_FOR_TIME = 40
DIAGNOSTICS_SECONDS = 60.0


class Telling:
    """The voice of one node; until it knows the time, it tells the least."""

    def __init__(self, node: HeadNode) -> None:
        self._node = node
        self._asked = 0

    def connected(self, now: float) -> list[Effect]:
        """Say what each connection begins with."""
        self._asked = 0
        online = [self.online(now)] if self._node.knows_time else []
        return [*online, self.ask_time(now)]

    def hello(self) -> list[Effect]:
        """Introduce itself on the topic that all share."""
        if lost := self._node.orders.view().get("hello"):
            return [Note(f"fault on its hello: {lost}")]
        hello = {
            "message_type": "node_hello",
            "hardware_id": self._node.name,
            "node_type": self._node.key,
            "fw_version": FW_VERSION,
            "capabilities": list(self._node.type.capabilities),
        }
        return [self._node.say("node_hello", hello, base=self._node.settings.prefix)]

    def online(self, now: float) -> Message:
        """Say that it is there."""
        content = {"status": "ONLINE", "ts": int(self._node.time(now))}
        return self._node.say("status", content, retain=True)

    def ask_time(self, now: float) -> Message:
        """Ask what time it is, and again until it knows."""
        if not self._node.knows_time and self._asked < ASKS_FOR_TIME:
            at = now + self._node.scaled(ASK_TIME_SECONDS)
            self._node.agenda.put("ask for the time", at, self._ask_again)
        request = {
            "message_type": "time_request",
            "uptime": int(now - self._node.booted_at),
        }
        return self._node.say("time/request", request, base=self._node.settings.prefix)

    def _ask_again(self, now: float) -> list[Effect]:
        if self._node.knows_time or not self._node.connected:
            return []
        self._asked += 1
        return [self.ask_time(now)]

    def start(self, now: float) -> None:
        """Tell from now on, again and again, how it is and what it measures."""
        self._node.every(
            "heartbeat", self._node.scaled(HEARTBEAT_SECONDS), now, self._heartbeat
        )
        self._node.every(
            "diagnostics",
            self._node.scaled(DIAGNOSTICS_SECONDS),
            now,
            self._diagnostics,
        )
        if self._node.type.tells_status is not None:
            every = self._node.scaled(self._node.type.tells_status)
            self._node.every("status", every, now, self._status)
        for each in self._node.type.measures:
            every = (
                self._node.scaled(each.seconds) * self._node.settings.telemetry_scale
            )
            said = partial(self._measure, each)
            self._node.every(f"measure {each.channel}", every, now, said)

    def _heartbeat(self, now: float) -> list[Effect]:
        content = {
            "uptime": int(now - self._node.booted_at),
            "free_heap": FREE_HEAP_BYTES,
            "rssi": RSSI_DBM,
            "fw_version": FW_VERSION,
        }
        return [self._node.say("heartbeat", content)]

    def _status(self, now: float) -> list[Effect]:
        if not self._node.knows_time:
            return []
        content: dict[str, Any] = {
            "online": True,
            "ip": "192.168.1.20",
            "rssi": RSSI_DBM,
            "fw": FW_VERSION,
        }
        if self._node.key != "pump":
            online = {"status": "ONLINE", "ts": int(self._node.time(now))}
            content = {**online, **content}
        return [self._node.say("status", content, retain=True)]

    def _diagnostics(self, now: float) -> list[Effect]:
        lists: dict[str, Any] = {"tasks": [], "sensors": []}
        ts = {"ts": int(self._node.time(now))}
        return [self._node.say("diagnostics", {**self.diagnosis(now), **lists, **ts})]

    def diagnosis(self, now: float) -> dict[str, Any]:
        """Return how it is."""
        return {
            "system": {
                "uptime_seconds": int(now - self._node.booted_at),
                "free_heap": FREE_HEAP_BYTES,
                "min_free_heap": FREE_HEAP_BYTES,
            },
            "errors": {"total_count": 0, "error_count": 0},
            "mqtt": {"connected": True, "messages_sent": 0, "messages_received": 0},
            "wifi": {"connected": True, "rssi": RSSI_DBM},
            "safe_mode": self._node.safe_mode,
        }

    def _measure(self, each: Measured, now: float) -> list[Effect]:
        if not self._node.knows_time:
            return []
        drift = 1 + ((int(now) % 60) / 60 - 0.5) / 20
        value = round(each.value * drift, 3)
        content: dict[str, Any] = {
            "metric_type": each.metric,
            "value": value,
            "ts": int(self._node.time(now)),
        }
        if each.unit:
            content["unit"] = each.unit
        if each.raw:
            content["raw"] = int(value * each.raw)
        if isinstance(self._node.equipment, Dosing) and each.metric in ("PH", "EC"):
            active = self._node.equipment.is_active
            if not active:
                content["stable"] = False
            content |= {"flow_active": active, "corrections_allowed": active}
        return [self._node.say(f"{each.channel}/telemetry", content)]

    def levels(self, now: float) -> list[Effect]:
        """Tell each level once a connection."""
        if not isinstance(self._node.equipment, Storage) or not self._node.knows_time:
            return []
        return [
            self._node.say(
                f"{channel}/event",
                {
                    "event_code": "level_switch_changed",
                    "channel": channel,
                    "state": state,
                    "initial": True,
                    "ts": int(self._node.time(now)),
                    "snapshot": self._node.equipment.snapshot(),
                },
            )
            for channel, state in self._node.equipment.levels().items()
        ]

    def event(self, code: str, now: float) -> list[Effect]:
        """Tell what happened to its tanks, with all that they are now."""
        if not isinstance(self._node.equipment, Storage) or not self._node.knows_time:
            return []
        content = {
            "event_code": code,
            "ts": int(self._node.time(now)),
            "snapshot": self._node.equipment.snapshot(),
            "state": self._node.equipment.levels(),
        }
        return [self._node.say("storage_state/event", content)]

    def error(self, now: float) -> list[Effect]:
        """Report an error of a sensor."""
        content = {
            "level": "ERROR",
            "component": "ph_sensor",
            "error_code": "esp_ESP_ERR_INVALID_RESPONSE",
            "message": "Failed to read the sensor",
            "ts": self._node.stamp(now),
            "details": {"error_code_num": 264, "original_level": "ERROR"},
        }
        return [self._node.say("error", content)]

    def safe_mode(self, now: float) -> list[Effect]:
        """Say that it went into safe mode."""
        if not self._node.knows_time:
            return []
        ts = int(self._node.time(now))
        content = {"state": "safe_mode", "reason": "test", "ts": ts}
        return [self._node.say("status", content, retain=True)]
