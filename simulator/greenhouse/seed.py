"""Nodes with the first firmware, of November 2025: ph, ec, pump and climate.

They sign nothing, know no time, and store a configuration word for word: one without
their network cuts them off for good. They were read, not run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from simulator.greenhouse.config import address_in
from simulator.greenhouse.kinds import PUMP_REST_MS
from simulator.greenhouse.life import (
    FREE_HEAP_BYTES,
    RSSI_DBM,
    GreenhouseNode,
    Settings,
)
from simulator.greenhouse.wire import Task, number, read_object
from simulator.node import CutOff, Effect, Executed, Note, Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HEARTBEAT_SECONDS = 15.0
TELEMETRY_SECONDS = 3.0
REMEMBERED_IDS = 20
MEMORY_SECONDS = 60.0
LONGEST_RUN_MS = 300_000
DOSE_MS = 3000
IDF_VERSION = "v5.1.2"
TYPES = ("ph", "ec", "pump", "climate")
UNNAMED = "node-temp"
PUMPS = {"ph": ("pump_acid", "pump_base"), "ec": ("pump_nutrient",)}
SENSORS = {"ph": ("ph_sensor", "PH", 5.9), "ec": ("ec_sensor", "EC", 1.8)}
_UNBOUND: dict[str, Any] = {
    "node_id": UNNAMED,
    "gh_uid": "gh-temp",
    "zone_uid": "zn-temp",
    "channels": [],
}


class SeedNode(GreenhouseNode):
    """One node; see `HeadNode`. All that nobody gave an address share one."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        node_type: str,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        super().__init__(name, settings, now)
        self._key = node_type
        try:
            held = None if memory is None else memory["config"]
            self._config: Mapping[str, Any] = held or _UNBOUND
            address_in(self._config)
        except (KeyError, TypeError) as error:
            raise ValueError("not what a node's flash holds") from error
        self._cut_off = False
        self._known: dict[str, float] = {}
        self._running: set[str] = set()
        self._rested_at: dict[str, float] = {}

    @override
    def base(self) -> str:
        return f"{self.settings.prefix}/{address_in(self._config)}"

    @property
    @override
    def subscriptions(self) -> tuple[str, ...]:
        return (f"{self.base()}/config", f"{self.base()}/+/command")

    @override
    def stamp(self, now: float) -> int:
        return int(now - self.booted_at)

    @override
    def ended(self, cmd_id: str, status: str) -> None:
        """Note nothing: an id is known from when it came."""

    @override
    def set_clock_ahead(self, seconds: float) -> None:
        """Leave it: there is no clock."""

    @override
    def lose_power(self) -> None:
        self._known.clear()
        self._running.clear()
        self._rested_at.clear()

    @override
    def lose_config(self) -> Mapping[str, Any]:
        self._config = _UNBOUND
        self._cut_off = False
        return {"config": None}

    @override
    def on_connect(self, now: float) -> list[Effect]:
        if self._cut_off:
            return [Note("has no network any more"), CutOff()]
        self.connected = True
        online = {"status": "ONLINE", "ts": self.stamp(now)}
        effects: list[Effect] = [self.say("status", online, retain=True)]
        unbound = UNNAMED in self._config["node_id"]
        if self._key == "ph" and (unbound or self._config["gh_uid"] == "gh-temp"):
            effects += self._hello()
        self.every("heartbeat", self.scaled(HEARTBEAT_SECONDS), now, self._heartbeat)
        if self._key in SENSORS:
            every = self.scaled(TELEMETRY_SECONDS) * self.settings.telemetry_scale
            self.every("measure", every, now, self._measure)
        return effects

    @override
    def hear(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        match topic.removeprefix(f"{self.base()}/").split("/"):
            case ["config"]:
                return self._configure(payload, now)
            case [channel, "command"]:
                return self._command(channel, payload, now)
        return []

    def _hello(self) -> list[Effect]:
        if lost := self.orders.view().get("hello"):
            return [Note(f"fault on its hello: {lost}")]
        hello = {
            "message_type": "node_hello",
            "hardware_id": self.name,
            "node_type": self._key,
            "fw_version": IDF_VERSION,
            "capabilities": ["ph", "temperature"],
        }
        return [self.say("node_hello", hello, base=self.settings.prefix)]

    def _heartbeat(self, now: float) -> list[Effect]:
        content = {
            "uptime": int((now - self.booted_at) * 1000),
            "free_heap": FREE_HEAP_BYTES,
            "rssi": RSSI_DBM,
        }
        return [self.say("heartbeat", content)]

    def _measure(self, now: float) -> list[Effect]:
        channel, metric, value = SENSORS[self._key]
        content = {
            "node_id": self._config["node_id"],
            "channel": channel,
            "metric_type": metric,
            "value": value,
            "raw": int(value * 1000),
            "stub": False,
            "ts": self.stamp(now),
            "stable": True,
        }
        return [self.say(f"{channel}/telemetry", content)]

    # Its configuration

    def _configure(self, payload: bytes, now: float) -> list[Effect]:
        if order := self.orders.take().get("config"):
            return [Note(f"fault on a configuration: {order}")]
        try:
            config = read_object(payload)
        except (ValueError, TypeError):
            return self._refuse("Invalid JSON", now)
        wrong = self._wrong_with(config)
        if wrong:
            return self._refuse(wrong, now)
        before = self.base()
        effects: list[Effect] = []
        if self._key != "ec":
            self._config = config
            effects.append(Remembered({"config": config}))
            has_network = config["wifi"].get("ssid") and config["mqtt"].get("host")
            self._cut_off = not has_network
        if self._cut_off:
            self.connected = False
            self.agenda.clear()
            return [*effects, CutOff()]
        if self.base() != before:
            # What would tell goes to a connection that is not there yet.
            return effects + self.reconnect(now)
        taken = {"status": "ACK", "applied_at": now - self.booted_at, "restarted": []}
        return [*effects, self.say("config_response", taken)]

    def _wrong_with(self, config: Mapping[str, Any]) -> str:
        if not (
            isinstance(config.get("node_id"), str)
            and number(config.get("version")) is not None
            and isinstance(config.get("type"), str)
            and isinstance(config.get("channels"), list)
            and isinstance(config.get("mqtt"), dict)
        ):
            ph = self._key == "ph"
            return "Invalid config structure" if ph else "Missing required fields"
        for key in ("gh_uid", "zone_uid"):
            if not isinstance(config.get(key), str):
                return f"Missing or invalid {key}"
        return "" if isinstance(config.get("wifi"), dict) else "Missing or invalid wifi"

    def _refuse(self, why: str, now: float) -> list[Effect]:
        content = {"status": "ERROR", "error": why, "timestamp": self.stamp(now)}
        return [self.say("config_response", content)]

    # Commands

    def _command(self, channel: str, payload: bytes, now: float) -> list[Effect]:
        try:
            content = read_object(payload)
        except (ValueError, TypeError):
            content = {}
        match content:
            case {"cmd": str(cmd), "cmd_id": str(cmd_id)}:
                orders = self.orders.take()
                task = Task(cmd_id, cmd, content, channel, content, orders=orders)
            case _:
                return [Note(f"dropped {len(payload)} bytes")]
        if task.ordered("silent", "idle"):
            return [task.note("silent")]
        for fault in ("invalid", "busy"):
            if fault in task.orders:
                said = self.answers.say(task, fault.upper(), now, error_code="ordered")
                return [task.note(fault), *said]
        if self._key == "ph" and self._knows(cmd_id, now):
            text = "Command already processed"
            return self.answers.say(task, "NO_EFFECT", now, error_message=text)
        return self._TAKES[self._key](self, task, now)

    def _knows(self, cmd_id: str, now: float) -> bool:
        self._known = {
            each: at for each, at in self._known.items() if now - at <= MEMORY_SECONDS
        }
        known = cmd_id in self._known
        self._known.pop(cmd_id, None)
        self._known[cmd_id] = now
        while len(self._known) > REMEMBERED_IDS:
            del self._known[next(iter(self._known))]
        return known

    def _ph(self, task: Task, now: float) -> list[Effect]:
        if task.channel == "ph_sensor":
            if task.cmd != "calibrate":
                text = "Unknown command type for ph_sensor"
                return self.answers.error(task, now, "unknown_command", text)
            if not _has(task, "stage", "known_ph"):
                return self._lacks(task, now, "stage/known_ph")
            return self._do(task, now)
        if task.channel not in PUMPS["ph"]:
            return self.answers.error(task, now, "unknown_channel", "Unknown channel")
        return self._dosing_pump(task, now)

    def _dosing_pump(self, task: Task, now: float) -> list[Effect]:
        if task.cmd == "stop_pump":
            return self._stop(task, now)
        if task.cmd not in _NEEDED:
            text = "Unknown command type"
            return self.answers.error(task, now, "unknown_command", text)
        name, ms = _NEEDED[task.cmd]
        if not _has(task, name):
            return self._lacks(task, now, name)
        amount = task.params[name]
        if task.cmd == "set_state" and amount == 0:
            return self._stop(task, now)
        return self._run(task, ms or amount, now)

    def _ec(self, task: Task, now: float) -> list[Effect]:
        if task.channel in PUMPS["ec"]:
            if task.cmd == "run_pump" and _has(task, "duration_ms"):
                told = self._pump_state(task, "run_pump", now)
                for_ms = task.params["duration_ms"]
                return told + self._run(task, for_ms, now, duration_ms=for_ms)
            if task.cmd == "stop_pump":
                return self._pump_state(task, "stop_pump", now) + self._stop(task, now)
            return [Note(f"does not answer {task.cmd}")]
        if task.cmd != "calibrate":
            return self.answers.error(task, now, "unknown_command", "Unknown command")
        if not _has(task, "stage", "tds_value"):
            text = "Missing stage or tds_value"
            return self.answers.error(task, now, "invalid_format", text)
        return self._do(task, now, stage=task.params["stage"])

    def _pump(self, task: Task, now: float) -> list[Effect]:
        if task.cmd != "run_pump":
            details = {"channel": task.channel, "received_cmd": task.cmd}
            return self.answers.error(
                task, now, "unknown_command", "Unknown command", details=details
            )
        if not _has(task, "duration_ms"):
            return [Note("does not answer without a duration")]
        return self._run(task, task.params["duration_ms"], now, health=_health(task))

    def _climate(self, task: Task, now: float) -> list[Effect]:
        state, value = task.params.get("state"), task.params.get("value")
        match task.cmd:
            case "set_relay":
                good = isinstance(state, bool)
            case "set_pwm":
                good = number(value) is not None
            case _:
                text = "Unknown command"
                return self.answers.error(task, now, "unknown_command", text)
        return self._do(task, now) if good else [Note("does not answer that")]

    _TAKES: Mapping[str, Callable[..., list[Effect]]] = {
        "ph": _ph,
        "ec": _ec,
        "pump": _pump,
        "climate": _climate,
    }

    def _lacks(self, task: Task, now: float, what: str) -> list[Effect]:
        text = f"Missing or invalid {what}"
        return self.answers.error(task, now, "invalid_parameter", text)

    def _pump_state(self, task: Task, event: str, now: float) -> list[Effect]:
        on = event == "run_pump"
        content = {
            "node_id": self._config["node_id"],
            "channel": task.channel,
            "metric_type": "PUMP_STATE",
            "value": int(on),
            "state": "on" if on else "off",
            "event": event,
            "timestamp": self.stamp(now),
        }
        return [self.say(f"{task.channel}/telemetry", content)]

    def _do(self, task: Task, now: float, **more: object) -> list[Effect]:
        """Do what takes no time, and say so: ACK is all that is ever said."""
        if task.ordered("die", "accepted"):
            return self.die(task, now)
        effects: list[Effect] = [Executed(self.name, task.id, task.cmd, task.content)]
        if task.ordered("die", "executed"):
            return effects + self.die(task, now)
        if failure := task.orders.get("fail"):
            return effects + self.answers.error(task, now, failure.value, "ordered")
        return effects + self.answers.ack(task, now, **more)

    def _run(
        self, task: Task, for_ms: float, now: float, **more: object
    ) -> list[Effect]:
        resting = now < self._rested_at.get(task.channel, now)
        if task.channel in self._running or resting:
            text = "Pump is already running or in cooldown"
            return self.answers.error(task, now, "pump_busy", text)
        self._running.add(task.channel)

        def rest(at: float) -> list[Effect]:
            self._rest(task.channel, at)
            return []

        seconds = min(for_ms, LONGEST_RUN_MS) / 1000
        self.agenda.put(f"run {task.channel}", now + seconds, rest)
        return self._do(task, now, **more)

    def _rest(self, channel: str, now: float) -> None:
        self._running.discard(channel)
        self._rested_at[channel] = now + PUMP_REST_MS / 1000

    def _stop(self, task: Task, now: float) -> list[Effect]:
        self.agenda.drop(f"run {task.channel}")
        if task.channel in self._running:
            self._rest(task.channel, now)
        return self._do(task, now)


_NEEDED: dict[str, tuple[str, int]] = {
    "run_pump": ("duration_ms", 0),
    "dose": ("dose_ml", DOSE_MS),
    "set_state": ("state", LONGEST_RUN_MS),
}
"""What a command to a dosing pump needs, and for how long the pump runs; 0: so long."""


def _has(task: Task, *names: str) -> bool:
    return all(number(task.params.get(name)) is not None for name in names)


def _health(task: Task) -> dict[str, Any]:
    return {
        "channel": task.channel,
        "running": True,
        "last_run_success": True,
        "last_run_ms": 0,
        "run_count": 1,
        "failure_count": 0,
        "overcurrent_events": 0,
        "no_current_events": 0,
        "last_start_ts": 0,
        "last_stop_ts": 0,
    }
