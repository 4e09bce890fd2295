"""The vendor's tests/node_sim, as it was seen to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

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
from simulator.node import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping


HIGHEST_PWM = 255
DOSES = {"pump_acid": "add_acid", "pump_base": "add_base"}
"""What a dose is for that does not say so, by its pump."""


class NodeSim(VendorSimulator):
    """`tests/node_sim`: placed by its own file; it hears no configuration."""

    CHANNELS: Channels = (
        sensor("ph_sensor", "PH"),
        sensor("solution_temp_c", "TEMPERATURE"),
        actuator("pump_acid", "PUMP"),
        actuator("pump_main", "PUMP"),
        actuator("light", "LED"),
        actuator("valve_a", "VALVE"),
    )
    DOES_SECONDS = 0.1

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        node_type: str,
        memory: Mapping[str, Any] | None,
        now: float,
    ) -> None:
        placed = {"node_id": name, "gh_uid": "gh-1", "zone_uid": "zn-1"}
        held = (memory or {}).get("config") or placed
        super().__init__(
            name,
            settings,
            node_type=node_type,
            config=held,
            channels=self.CHANNELS,
            now=now,
        )
        self._begun = 0

    @override
    def told_type(self) -> str:
        return f"{self.key}_node"

    @override
    def stamp(self, now: float) -> int:
        return int(now * 1000)

    @override
    def lose_config(self) -> Mapping[str, Any]:
        return {"config": self.config}

    @override
    def on_connect(self, now: float) -> list[Effect]:
        self.connected = True
        self.every("heartbeat", self.scaled(30), now, self.heartbeat)
        self.every("status", self.scaled(60), now, self.online)
        every = self.scaled(5) * self.settings.telemetry_scale
        self.every("measure", every, now, self.measure)
        return self.report() + self.online(now) + self.measure(now)

    @override
    def hear(self, topic: str, payload: bytes, now: float) -> list[Effect]:
        match topic.removeprefix(f"{self.base()}/").split("/"):
            case [channel, "command"]:
                pass
            case _:
                return []
        try:
            content = read_object(payload)
        except (ValueError, TypeError):
            return []
        task = task_of(content, channel, self.orders.take())
        if task.ordered("silent", "idle"):
            return [task.note("silent")]
        own = [each["name"] for each in self.channels]
        wrong = wrong_with(content)
        if wrong is not None:
            code, text = wrong
            listed = {"error_message": [code, text]}
            effects = self.answers.say(task, "INVALID", now, details=listed)
            if channel in own:
                named = {"error_message": text, "error_code": code}
                effects += self.answers.say(task, "ERROR", now, details=named)
            return effects
        # It subscribes to its own channels twice, and does what it hears as often.
        times = 2 if channel in own else 1
        return [effect for _ in range(times) for effect in self._take(task, now)]

    def _take(self, task: Task, now: float) -> list[Effect]:
        refused = self._refusal(task)
        if refused:
            return self.answers.say(task, "INVALID", now, details=refused)
        self._begun += 1
        at = now + self.DOES_SECONDS
        name = f"do {self._begun:06}"
        self.agenda.put(name, at, lambda at: self.run(task, at, self._do(task, at)))
        details = {"details": "Command accepted"}
        return self.answers.ack(task, now, details=details)

    def _refusal(self, task: Task) -> dict[str, Any]:
        known = {
            "run_pump": self.actuators(),
            "dose": self.actuators(),
            "set_relay": self.actuators(),
            "set_pwm": self.actuators(),
            "light_on": self.actuators(),
            "light_off": self.actuators(),
            "state": ["storage_state"],
            "activate_sensor_mode": ["system"],
            "deactivate_sensor_mode": ["system"],
        }
        if task.cmd not in known:
            return {"error_message": f"Unknown command: {task.cmd}"}
        if task.channel in known[task.cmd]:
            return {}
        text = f"Command {task.cmd} is not supported on channel '{task.channel}'"
        return {"error_message": text, "error_code": "unsupported_channel_cmd"}

    def _do(self, task: Task, now: float) -> End:
        for fault in ("invalid", "busy"):
            if fault in task.orders:
                return fault.upper(), {"error": "ordered"}
        if task.cmd == "run_pump":
            return self._run(task, now)
        does = {
            "dose": self._dose,
            "set_pwm": self._set_pwm,
            "state": self._state,
            "activate_sensor_mode": self._activate,
            "deactivate_sensor_mode": self._activate,
        }
        return does.get(task.cmd, self._switch)(task)

    def _state(self, _task: Task) -> End:
        snapshot = {each: self.on.get(each, False) for each in self.actuators()}
        snapshot["main_pump"] = snapshot["pump_main"]
        text = "State snapshot generated"
        return "DONE", {"details": text, "snapshot": snapshot, "state": snapshot}

    def _run(self, task: Task, now: float) -> End:
        pump = task.channel
        if self.on.get(pump):
            return "BUSY", {"error": f"Pump {pump} is already running"}
        duration_ms = number(task.params.get("duration_ms")) or 0

        def stop(_at: float) -> list[Effect]:
            self.on[pump] = False
            return []

        self.on[pump] = True
        if duration_ms > 0:
            self.agenda.put(f"run {pump}", now + duration_ms / 1000, stop)
        return "DONE", {
            "details": f"Pump {pump} started",
            "duration_ms": duration_ms,
            "channel": pump,
        }

    def _dose(self, task: Task) -> End:
        ml = number(task.params.get("ml"))
        if ml is None:
            return "INVALID", {"error": "Missing 'ml' parameter"}
        kind = task.params.get("type") or DOSES.get(task.channel)
        if kind is None:
            return "INVALID", {"error": "Missing 'type' parameter"}
        return "DONE", {
            "details": "Dose applied",
            "correction_type": kind,
            "ml": ml,
            "channel": task.channel,
            "component": "acid" if kind == "add_acid" else "base",
            "ph_before": 6.0,
            "ph_after": 5.97,
        }

    def _set_pwm(self, task: Task) -> End:
        value = task.params.get("value")
        if not isinstance(value, int) or not 0 <= value <= HIGHEST_PWM:
            return "INVALID", {"error": "Parameter 'value' must be integer 0-255"}
        return "DONE", {"details": f"PWM {task.channel} set to {value}", "value": value}

    def _activate(self, task: Task) -> End:
        active = task.cmd == "activate_sensor_mode"
        word = "activated" if active else "deactivated"
        if self.active is active:
            state = "active" if active else "inactive"
            return "NO_EFFECT", {"note": f"sensor_mode_already_{state}"}
        self.active = active
        return "DONE", {"details": f"sensor_mode_{word}"}

    def _switch(self, task: Task) -> End:
        state = task.params.get("state")
        if task.cmd != "set_relay":
            state = task.cmd == "light_on"
        if not isinstance(state, bool):
            return "INVALID", {"error": "Parameter 'state' must be boolean"}
        self.on[task.channel] = state
        text = f"Actuator {task.channel} set to {state}"
        return "DONE", {"details": text, "channel": task.channel}
