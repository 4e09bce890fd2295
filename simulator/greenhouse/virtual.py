"""The vendor's firmware/test_node, as its profile of node_sim was seen to answer."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, override

from simulator.greenhouse.config import TEMPORARY
from simulator.greenhouse.life import Settings
from simulator.greenhouse.vendor import (
    Channels,
    End,
    VendorSimulator,
    actuator,
    sensor,
    task_of,
    wrong_with,
)
from simulator.greenhouse.wire import Task, number, read_object
from simulator.node import Effect, Note, Remembered

if TYPE_CHECKING:
    from collections.abc import Mapping


CHANNELS: dict[str, Channels] = {
    "ph": (
        sensor("ph_sensor", "PH"),
        *(actuator(each, "PUMP") for each in ("pump_acid", "pump_base")),
        actuator("system", "RELAY", relay_type="NO"),
    ),
    "climate": (
        sensor("air_temp_c", "TEMPERATURE"),
        sensor("air_rh", "HUMIDITY"),
        *(actuator(each, "FAN", relay_type="NO") for each in ("fan_air", "fan")),
        actuator("heater", "RELAY", relay_type="NO"),
    ),
    "light": (
        sensor("light_level", "LIGHT_INTENSITY"),
        actuator("white_light", "LED"),
    ),
    "irrig": (
        actuator("pump_main", "PUMP"),
        actuator("valve_clean_fill", "RELAY", relay_type="NO"),
        sensor("level_clean_min", "WATER_LEVEL_SWITCH"),
    ),
}


class VirtualNode(VendorSimulator):
    """`firmware/test_node`: any configuration binds it, any command does, too."""

    VERSION = "node-sim-test-node-profile"
    DOES_SECONDS = 0.45
    RESTARTS_SECONDS = 0.35
    REMEMBERED_IDS = 32
    MEMORY_SECONDS = 180.0
    NO_PATH = (
        "pump_main requires valid flow path: clean_fill OR"
        " (clean_supply+solution_fill) OR (solution_supply+solution_fill) OR"
        " (solution_supply+irrigation)"
    )

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        node_type: str,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        greenhouse, zone = TEMPORARY
        unbound = {"node_id": name, "gh_uid": greenhouse, "zone_uid": zone}
        super().__init__(
            name,
            settings,
            node_type=node_type,
            config=(memory or {}).get("config") or unbound,
            channels=CHANNELS[node_type],
            now=now,
        )
        self._known: OrderedDict[str, float] = OrderedDict()

    @override
    def stamp(self, now: float) -> int:
        return int(now) * 1000

    @property
    @override
    def subscriptions(self) -> tuple[str, ...]:
        prefix, node = self.settings.prefix, self.config["node_id"]
        return (f"{prefix}/+/+/{node}/+/command", f"{prefix}/+/+/{node}/config")

    @override
    def lose_power(self) -> None:
        super().lose_power()
        self._known.clear()

    @override
    def lose_config(self) -> Mapping[str, Any]:
        self.config["gh_uid"], self.config["zone_uid"] = TEMPORARY
        return {"config": None}

    @property
    def _is_bound(self) -> bool:
        return bool(self.config["gh_uid"] != TEMPORARY[0])

    @override
    def on_connect(self, now: float) -> list[Effect]:
        self.connected = True
        self.every("heartbeat", self.scaled(5), now, self.heartbeat)
        self.every("report", self.scaled(30), now, lambda _: self.report())
        every = self.scaled(5) * self.settings.telemetry_scale
        self.every("measure", every, now, self.measure)
        return self._hello() + self.online(now) + self.report()

    def _hello(self) -> list[Effect]:
        if lost := self.orders.view().get("hello"):
            return [Note(f"fault on its hello: {lost}")]
        hello = {
            "message_type": "node_hello",
            "hardware_id": self.name,
            "node_type": self.key,
            "fw_version": self.VERSION,
            "hardware_revision": "python-sim",
            "capabilities": [each["name"] for each in self.channels],
            "provisioning_meta": {
                "node_uid": self.name,
                "node_name": f"Test: {self.key}",
                "virtual": True,
                "sim_group": "test_node_multi_v1",
            },
        }
        return [self.say("node_hello", hello, base=self.settings.prefix)]

    @override
    def hear(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        rest = topic.removeprefix(f"{self.settings.prefix}/").split("/")
        match rest:
            case [greenhouse, zone, _node, "config"]:
                return self._configure((greenhouse, zone), payload, now)
            case [greenhouse, zone, _node, channel, "command"]:
                here = (self.config["gh_uid"], self.config["zone_uid"])
                if (greenhouse, zone) != here:
                    if self._is_bound or (greenhouse, zone) == TEMPORARY:
                        return [Note("heard a command for another address")]
                    self.config["gh_uid"], self.config["zone_uid"] = greenhouse, zone
                return self._command(channel, payload, now)
        return []

    def _configure(
        self, where: tuple[str, str], payload: bytes, now: float
    ) -> list[Effect]:
        if order := self.orders.take().get("config"):
            return [Note(f"fault on a configuration: {order}")]
        here = (self.config["gh_uid"], self.config["zone_uid"])
        if self._is_bound and where != here:
            return [Note("heard a configuration for another address")]
        try:
            config = read_object(payload)
        except (ValueError, TypeError):
            return []
        for key, level in (("gh_uid", where[0]), ("zone_uid", where[1])):
            told = config.get(key)
            self.config[key] = told if isinstance(told, str) and told else level
        return [
            Remembered({"config": dict(self.config)}),
            *self.online(now),
            *self.report(),
        ]

    def _command(self, channel: str, payload: bytes, now: float) -> list[Effect]:
        try:
            content = read_object(payload)
        except (ValueError, TypeError):
            details = {"error": "invalid_json", "payload_len": len(payload)}
            nobody = Task("unknown", "", {}, channel)
            return self.answers.say(nobody, "INVALID", now, details=details)
        task = task_of(content, channel, self.orders.take())
        if task.ordered("silent", "idle"):
            return [task.note("silent")]
        if self._is_repeat(task.id, now):
            return [Note(f"dropped {task.id}: a repeat")]
        wrong = wrong_with(content, "Missing or invalid ts")
        if wrong is not None:
            code, text = wrong
            details = {"error_code": code, "error_message": text}
            return self.answers.say(task, "ERROR", now, details=details)
        end = self._end(task)
        effects = self.answers.ack(task, now)
        if end[0] == "INVALID":
            return effects + self.answers.say(task, end[0], now, details=end[1])
        at = now + self.DOES_SECONDS
        self.agenda.put(f"do {task.id}", at, lambda at: self._finish(task, end, at))
        return effects

    def _finish(self, task: Task, end: End, now: float) -> list[Effect]:
        match task.cmd:
            case "restart" | "reboot":
                content = {"status": "RESTARTING", "ts": int(now)}
                effects: list[Effect] = [self.say("status", content, retain=True)]
                at = now + self.RESTARTS_SECONDS
                self.agenda.put("restart", at, self._start_anew)
                return effects + self.run(task, now, end)
            case "report_config":
                return self.report() + self.run(task, now, end)
        return self.run(task, now, end)

    def _start_anew(self, now: float) -> list[Effect]:
        self.lose_power()
        self.booted_at = now
        return self.on_connect(now)

    def _is_repeat(self, cmd_id: str, now: float) -> bool:
        for known, since in list(self._known.items()):
            if now - since > self.MEMORY_SECONDS:
                del self._known[known]
        if cmd_id in self._known:
            return True
        self._known[cmd_id] = now
        while len(self._known) > self.REMEMBERED_IDS:
            self._known.popitem(last=False)
        return False

    def _end(self, task: Task) -> End:
        details: dict[str, Any] = {
            "virtual": True,
            "node_uid": self.config["node_id"],
            "channel": task.channel,
            "cmd": task.cmd,
            "exec_delay_ms": int(self.DOES_SECONDS * 1000),
        }
        status, more = self._outcome(task)
        return status, {**details, **more}

    def _outcome(self, task: Task) -> End:
        for fault in ("invalid", "busy"):
            if fault in task.orders:
                return fault.upper(), {"error": "ordered"}
        match task.cmd:
            case "activate_sensor_mode" | "deactivate_sensor_mode":
                self.active = task.cmd.startswith("activate")
                return "DONE", {}
            case "set_relay" | "set_pwm" | "run_pump" | "dose":
                return self._move(task)
            case "calibrate":
                return "INVALID", {"error": "unsupported_channel_cmd"}
        return "DONE", _NOTES.get(task.cmd, {"note": "virtual_noop"})

    def _move(self, task: Task) -> End:
        dims = task.cmd == "set_pwm" and task.channel != "white_light"
        if task.channel not in self.actuators() or dims:
            return "INVALID", {"error": "unsupported_channel_cmd"}
        if task.cmd == "set_relay" and not isinstance(task.params.get("state"), bool):
            return "INVALID", {"error": "missing_state"}
        if task.channel in ("pump_acid", "pump_base"):
            return self._dose(task)
        if task.channel == "pump_main" and not self.on.get("valve_clean_fill"):
            code = "pump_interlock_blocked"
            return "ERROR", {
                "error": code,
                "error_code": code,
                "error_message": self.NO_PATH,
            }
        self.on[task.channel] = task.params.get("state") is not False
        return "DONE", {}

    def _dose(self, task: Task) -> End:
        if not self.active:
            code, text = "node_not_activated", "node is not activated"
            return "ERROR", {"error": code, "error_code": code, "error_message": text}
        details = {
            "component": "acid" if task.channel == "pump_acid" else "base",
            "phase_factor": 1.0,
            "delta_ph": -0.05,
            "ph_after": 5.95,
        }
        ml = number(task.params.get("ml"))
        return "DONE", details if ml is None else {**details, "amount": ml}


_RESTART = {"note": "hardware_reboot_scheduled", "scope": "device"}
_PROBE = {"metric_type": "PH", "value": 6.0, "virtual": True, "ts": 0, "unit": "pH"}
_NOTES: dict[str, dict[str, Any]] = {
    "restart": _RESTART,
    "reboot": _RESTART,
    "report_config": {"note": "config_report_published"},
    "test_sensor": {"probe": _PROBE},
    "probe_sensor": {"probe": _PROBE},
}
"""What it says of the commands that it knows and that move nothing."""
