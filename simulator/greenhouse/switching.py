"""relay, climate and pump nodes: what is switched, dimmed or run for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from simulator.greenhouse.equipment import Board, Equipment, Handlers, Probe, Sensors
from simulator.greenhouse.wire import Task, number, switch_state

if TYPE_CHECKING:
    from simulator.node import Effect

LONGEST_TIMED_MS = 300_000
HIGHEST_PWM = 255
WHOLE = 100
"""Percent; a pwm above it is of 255."""
RELAYS = ("RELAY", "VALVE")
DIMMED = ("PWM", "FAN", "LED")


class Relays(Equipment):
    """A relay node: it says ACK and DONE, and never which state it has now."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._on: dict[str, bool] = {}

    @override
    def handlers(self) -> Handlers:
        return {"set_relay": self._set, "toggle": self._toggle}

    @override
    def lose_power(self) -> None:
        self._on.clear()

    def _set(self, task: Task, now: float) -> list[Effect]:
        state = switch_state(task.params.get("state"))
        if state is None:
            text = "Missing or invalid state"
            return self.answers.error(task, now, "invalid_params", text)
        timed_ms = min(_whole(task.params.get("duration_ms")), LONGEST_TIMED_MS)
        if task.channel not in self.board.channels():
            acked = [] if state and timed_ms else self.answers.ack(task, now)
            return acked + self._not_found(task, now, "set_relay", int(state))
        if state and timed_ms:
            self._on[task.channel] = True
            return self.begin(
                task,
                now,
                timed_ms / 1000,
                self._off,
                acked=self.answers.ack(task, now),
            )
        # Whoever was to be told that a time is over is told nothing any more.
        self.board.agenda.drop(f"run {task.channel}")
        return self.at_once(
            task, now, lambda: self._on.update({task.channel: state}), acks=True
        )

    def _off(self, task: Task, now: float) -> list[Effect]:
        self._on[task.channel] = False
        return self.answers.done(task, now)

    def _toggle(self, task: Task, now: float) -> list[Effect]:
        if task.channel not in self.board.channels():
            return self._not_found(task, now, "toggle", -1)
        state = not self._on.get(task.channel, False)
        return self.at_once(
            task,
            now,
            lambda: self._on.update({task.channel: state}),
            details={"state": int(state)},
        )

    def _not_found(
        self, task: Task, now: float, action: str, wanted: int
    ) -> list[Effect]:
        details = {
            "channel": task.channel,
            "action": action,
            "requested_state": wanted,
            "esp_err": "ESP_ERR_NOT_FOUND",
        }
        return self.answers.error(
            task,
            now,
            "relay_channel_not_found",
            "Relay channel not found",
            details=details,
        )


def _whole(value: object) -> int:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else 0
    return max(0, int(number(value) or 0))


class Climate(Equipment):
    """A climate node: its relays and dimmers are those of its configuration."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        stable = {"stable": True}
        self._sensors = Sensors(
            board,
            {
                "temperature": Probe("TEMPERATURE", "°C", 22.25, stable),
                "humidity": Probe("HUMIDITY", "%", 60, stable),
                "co2": Probe("CO2", "ppm", 700, {**stable, "tvoc_ppb": 3}),
            },
        )

    @override
    def handlers(self) -> Handlers:
        return {
            **self._sensors.handlers(),
            "set_relay": self._set_relay,
            "set_pwm": self._set_pwm,
        }

    def _has(self, channel: str, types: tuple[str, ...]) -> bool:
        found = self.board.channels().get(channel, {})
        return str(found.get("actuator_type")).upper() in types and "gpio" in found

    def _set_relay(self, task: Task, now: float) -> list[Effect]:
        if switch_state(task.params.get("state")) is None:
            text = "Missing or invalid state"
            return self.answers.error(task, now, "invalid_params", text)
        if not self._has(task.channel, RELAYS):
            text = "Failed to set relay state"
            return self.answers.error(task, now, "relay_driver_failed", text)
        return self.at_once(task, now)

    def _set_pwm(self, task: Task, now: float) -> list[Effect]:
        value = number(task.params.get("value"))
        if value is None:
            text = "Missing or invalid value (must be number)"
            return self.answers.error(task, now, "invalid_params", text)
        if int(value) < 0:
            text = "PWM value must be between 0 and 100 (or 0-255)"
            return self.answers.error(task, now, "invalid_params", text)
        if not self._has(task.channel, DIMMED):
            return self.answers.error(task, now, "pwm_failed", "Failed to set PWM duty")
        return self.at_once(task, now)


class Pumps(Equipment):
    """A pump node: it says ACK when a pump starts, and nothing when it stops."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._running: set[str] = set()
        self._runs: dict[str, int] = {}

    @override
    def handlers(self) -> Handlers:
        return {"run_pump": self._run}

    @override
    def lose_power(self) -> None:
        self._running.clear()

    def _run(self, task: Task, now: float) -> list[Effect]:
        duration_ms = number(task.params.get("duration_ms"))
        if duration_ms is None:
            text = "duration_ms is required"
            return self.answers.error(task, now, "missing_duration", text)
        channel = self.board.channels().get(task.channel, {})
        if channel.get("actuator_type") not in ("PUMP", "PERISTALTIC_PUMP"):
            code, name = "pump_driver_failed", "ESP_ERR_NOT_FOUND"
            return self.answers.error(task, now, code, name)
        if task.channel in self._running:
            return self.answers.error(
                task,
                now,
                "pump_driver_failed",
                "ESP_ERR_INVALID_STATE",
                health=self._health(task.channel),
            )
        self._running.add(task.channel)
        self._runs[task.channel] = self._runs.get(task.channel, 0) + 1
        acked = self.answers.ack(task, now, health=self._health(task.channel))
        return self.begin(
            task, now, max(0, duration_ms) / 1000, self._stop, acked=acked
        )

    def _stop(self, task: Task, _now: float) -> list[Effect]:
        self._running.discard(task.channel)
        return []

    def _health(self, channel: str) -> dict[str, Any]:
        return {
            "channel": channel,
            "running": channel in self._running,
            "last_run_success": True,
            "last_run_ms": 0,
            "run_count": self._runs[channel],
            "failure_count": 0,
            "overcurrent_events": 0,
            "no_current_events": 0,
            "last_start_ts": 0,
            "last_stop_ts": 0,
        }
