"""What a node of protocol 4 does when it is told to.

What the wire leaves open is decided here:

- A command counts as executed when something begins to move, or to restart. What only
  reads, and what would change nothing, executes nothing.
- While a pump runs, a dose flows or a calibration lasts, whatever else would move
  something is answered BUSY; so is a pump that has not rested for its `min_off_ms`.
- A run that is stopped ends with ERROR and the code `stopped`.
- What ends at once is answered with its last answer alone, without an ACK before it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simulator.node import Agenda, Effect, Executed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.greenhouse.simple.answers import Answers, Task
    from simulator.greenhouse.simple.wire import Settings

LONGEST_RUN_MS = 300_000
MOST_ML = 500
HIGHEST_PWM = 255
FULLY_OPEN = 100

type PowerOff = Callable[[Task, float], list[Effect]]


class Work:
    """The actuators and sensors of one node.

    `die` is what happens where an order says so, `restart` what a restart does,
    `set_clock` what being told the time does.
    """

    def __init__(
        self,
        node: str,
        settings: Settings,
        *,
        agenda: Agenda,
        answers: Answers,
        die: PowerOff,
        restart: PowerOff,
        set_clock: Callable[[], None],
    ) -> None:
        self._node = node
        self._settings = settings
        self._agenda = agenda
        self._answers = answers
        self._die = die
        self._restart = restart
        self._set_clock = set_clock
        self._channels: Mapping[str, Mapping[str, Any]] = {}
        self._under_way: Task | None = None
        self._states: dict[str, object] = {}
        self._stopped_at: dict[str, float] = {}
        self._sensor_mode = False

    def configure(self, channels: Mapping[str, Mapping[str, Any]]) -> None:
        self._channels = channels

    def lose_power(self) -> None:
        self._under_way = None
        self._states.clear()
        self._stopped_at.clear()
        self._sensor_mode = False

    def do(self, task: Task, now: float) -> list[Effect]:
        """Take a command that is in order and new."""
        if task.channel in ("system", "storage_state"):
            return self._do_system(task, now)
        channel = self._channels.get(task.channel)
        if channel is None:
            return self._refuse(task, "unknown_channel", now)
        match task.command.cmd:
            case "test_sensor" if channel["type"] == "SENSOR":
                return self._measure(task, channel, now)
            case "calibrate":
                return self._work(task, self._settings.work_seconds, now)
        if channel["type"] != "ACTUATOR":
            return self._refuse(task, "unknown_command", now)
        return self._move(task, channel, now)

    def _do_system(self, task: Task, now: float) -> list[Effect]:
        match task.channel, task.command.cmd:
            case "system", "restart":
                effects = self._execute(task)
                if task.ordered("die", "executed"):
                    return effects + self._die(task, now)
                effects += self._answers.end(task, "DONE", now)
                return effects + self._restart(task, now)
            case "system", "set_time":
                self._set_clock()
                return self._answers.end(task, "DONE", now)
            case "system", "activate_sensor_mode" | "deactivate_sensor_mode" as cmd:
                active = cmd.startswith("activate")
                changed = active is not self._sensor_mode
                self._sensor_mode = active
                return self._answers.end(task, "DONE" if changed else "NO_EFFECT", now)
            case "storage_state", "state":
                snapshot = {name: bool(on) for name, on in self._states.items()}
                details = {"snapshot": snapshot}
                return self._answers.end(task, "DONE", now, details=details)
        return self._refuse(task, "unknown_command", now)

    def _move(self, task: Task, channel: Mapping[str, Any], now: float) -> list[Effect]:
        match task.command.cmd, task.command.params:
            case "stop_pump", _:
                return self._stop(task, now)
            case "run_pump", {"duration_ms": int(duration)} if duration > 0:
                return self._run(task, channel, duration, now)
            case "dose", {"ml": int() | float() as ml} if 0 < ml <= MOST_ML:
                return self._work(task, self._settings.work_seconds, now)
        state = _wanted_state(task)
        if state is None:
            return self._refuse(task, "invalid_params", now)
        return self._set(task, *state, now)

    def _run(
        self, task: Task, channel: Mapping[str, Any], duration_ms: int, now: float
    ) -> list[Effect]:
        limits = channel.get("safe_limits") or {}
        if duration_ms > min(LONGEST_RUN_MS, limits.get("max_duration_ms", math.inf)):
            return self._refuse(task, "invalid_params", now)
        rested = now - self._stopped_at.get(task.channel, -math.inf)
        if rested * 1000 < limits.get("min_off_ms", 0):
            return self._answers.end(task, "BUSY", now)
        return self._work(task, duration_ms / 1000, now)

    def _set(self, task: Task, name: str, value: object, now: float) -> list[Effect]:
        if self._under_way is not None:
            return self._answers.end(task, "BUSY", now)
        details = {name: value}
        if self._states.get(task.channel) == value:
            return self._answers.end(task, "NO_EFFECT", now, details=details)
        if task.ordered("die", "accepted"):
            return self._die(task, now)
        effects = self._execute(task)
        if task.ordered("die", "executed"):
            return effects + self._die(task, now)
        self._states[task.channel] = value
        return effects + self._end(task, now, details=details)

    def _work(self, task: Task, seconds: float, now: float) -> list[Effect]:
        if self._under_way is not None:
            return self._answers.end(task, "BUSY", now)
        effects = self._answers.ack(task, now)
        if task.ordered("die", "accepted"):
            return effects + self._die(task, now)
        self._under_way = task
        self._agenda.put("work", now + seconds, lambda at: self._finish(task, at))
        return effects + self._execute(task)

    def _finish(self, task: Task, now: float) -> list[Effect]:
        if task.ordered("die", "executed"):
            return self._die(task, now)
        self._rest(task, now)
        return self._end(task, now)

    def _stop(self, task: Task, now: float) -> list[Effect]:
        running = self._under_way
        if running is None or running.channel != task.channel:
            return self._end(task, now, status="NO_EFFECT")
        self._agenda.drop("work")
        self._rest(running, now)
        return [
            *self._execute(task),
            *self._answers.end(running, "ERROR", now, error_code="stopped"),
            *self._end(task, now),
        ]

    def _rest(self, task: Task, now: float) -> None:
        self._under_way = None
        self._stopped_at[task.channel] = now

    def _measure(
        self, task: Task, channel: Mapping[str, Any], now: float
    ) -> list[Effect]:
        return self._end(task, now, details=measurement(channel, now))

    def _end(
        self, task: Task, now: float, *, status: str = "DONE", **more: object
    ) -> list[Effect]:
        if fail := task.orders.get("fail"):
            failed = self._answers.end(task, "ERROR", now, error_code=fail.value)
            return [task.note("fail"), *failed]
        return self._answers.end(task, status, now, **more)

    def _refuse(self, task: Task, code: str, now: float) -> list[Effect]:
        return self._answers.end(task, "INVALID", now, error_code=code)

    def _execute(self, task: Task) -> list[Effect]:
        command = task.command
        return [Executed(self._node, command.id, command.cmd, command.content)]


def _wanted_state(task: Task) -> tuple[str, object] | None:
    """Return what a command wants set and to what; None: that makes no sense."""
    match task.command.cmd, task.command.params:
        case "light_on" | "light_off" as cmd, _:
            return "state", cmd == "light_on"
        case "set_relay", {"state": bool(state)}:
            return "state", state
        case "set_pwm", {"value": int(value)} if 0 <= value <= HIGHEST_PWM:
            return "value", value
        case "set_position", {"position_pct": int() | float() as position} if (
            0 <= position <= FULLY_OPEN
        ):
            return "position_pct", position
    return None


def measurement(channel: Mapping[str, Any], now: float) -> dict[str, Any]:
    """Return what a sensor measures: a value of its own that drifts a little."""
    metric = str(channel.get("metric") or channel["name"]).upper()
    level = _LEVELS.get(metric, 50.0)
    drift = (int(now) % 60) / 60 - 0.5
    return {"metric_type": metric, "value": round(level * (1 + drift / 20), 2)}


_LEVELS = {
    "PH": 5.9,
    "EC": 1.8,
    "TEMPERATURE": 22.0,
    "HUMIDITY": 60.0,
    "CO2": 700.0,
    "LIGHT_INTENSITY": 12_000.0,
    "WATER_LEVEL": 80.0,
    "FLOW_RATE": 2.5,
    "PUMP_CURRENT": 0.4,
}
