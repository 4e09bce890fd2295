"""ph and ec nodes: dosing pumps that run one after the other, and one sensor."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
import math
from typing import TYPE_CHECKING, Any, override

from simulator.greenhouse.equipment import Board, Equipment, Handlers, Probe, Sensors
from simulator.greenhouse.kinds import LONGEST_DOSING_MS, PUMP_REST_MS
from simulator.greenhouse.wire import Task, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.node import Effect

MOST_QUEUED = 8
CURRENT_MA = 120


@dataclass(frozen=True, slots=True)
class _Queued:
    task: Task
    pump: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Doses:
    """What a type of dosing node has, and in which words it refuses."""

    sensor: str
    pumps: Mapping[str, str]
    """By the names that they go by, their own among them."""
    ml_per_second: float
    probe: Probe
    value: str
    """The parameter that says what the sensor is in."""
    most: float
    reports_each_stage: bool
    words: Mapping[str, tuple[str, str]]
    """Code and message where a calibration has no value, a wrong stage or value."""


PH = Doses(
    sensor="ph_sensor",
    pumps={
        "pump_acid": "pump_acid",
        "pump_base": "pump_base",
        "ph_doser_down": "pump_acid",
        "ph_doser_up": "pump_base",
    },
    ml_per_second=1.5,
    probe=Probe("PH", "pH", 5.9, {"raw_value": 5900, "stable": True}),
    value="known_ph",
    most=14,
    reports_each_stage=False,
    words={
        "none": ("invalid_parameter", "Missing or invalid stage/known_ph/ph_value"),
        "stage": ("invalid_parameter", "stage must be 1 or 2"),
        "value": ("invalid_parameter", "known_ph must be between 0.0 and 14.0"),
    },
)
EC = Doses(
    sensor="ec_sensor",
    pumps={name: name for name in ("pump_a", "pump_b", "pump_c", "pump_d")},
    ml_per_second=3,
    probe=Probe(
        "EC", "mS/cm", 1.8, {"raw_value": 1800, "stable": True, "tds_ppm": 900}
    ),
    value="tds_value",
    most=10_000,
    reports_each_stage=True,
    words={
        "none": ("invalid_format", "Missing stage or tds_value"),
        "stage": ("invalid_stage", "Stage must be 1 or 2"),
        "value": ("invalid_tds", "TDS value must be <= 10000"),
    },
)


class Dosing(Equipment):
    """The pumps run for a time and cannot be stopped; what comes meanwhile waits."""

    def __init__(self, board: Board, doses: Doses) -> None:
        super().__init__(board)
        self._doses = doses
        self._queue: deque[_Queued] = deque()
        self._running: str | None = None
        self._rested_at: dict[str, float] = {}
        self._active = False
        self._sensors = Sensors(
            board, {doses.sensor: doses.probe}, ("test_sensor", "probe_sensor")
        )

    @override
    def handlers(self) -> Handlers:
        own = "calibrate_ph" if self._doses is PH else "calibrate_ec"
        return {
            **self._sensors.handlers(),
            "test_sensor": self._test,
            "probe_sensor": self._test,
            "run_pump": self._run,
            "dose": self._dose,
            "calibrate": self._calibrate,
            own: self._calibrate,
            "activate_sensor_mode": self._activate,
            "deactivate_sensor_mode": self._activate,
        }

    @override
    def lose_power(self) -> None:
        self._queue.clear()
        self._running = None
        self._rested_at.clear()
        self._active = False

    @property
    def is_active(self) -> bool:
        """Whether the sensor mode is on: only then are its readings stable."""
        return self._active

    def _test(self, task: Task, now: float) -> list[Effect]:
        if task.channel == "solution_temp_c" and self._doses is PH:
            text = "Solution temperature sensor is not configured in firmware"
            return self.answers.error(task, now, "sensor_unavailable", text)
        return self._sensors.handlers()["test_sensor"](task, now)

    def _activate(self, task: Task, now: float) -> list[Effect]:
        if task.channel != "system":
            text = "sensor mode commands are supported only on system channel"
            return self.answers.error(task, now, "invalid_channel", text)
        active = task.cmd == "activate_sensor_mode"
        details: dict[str, Any] = {"sensor_mode_active": active}
        if self._active is active:
            state = "active" if active else "inactive"
            details["note"] = f"sensor_mode_already_{state}_treated_as_done"
        self._active = active
        return self.answers.done(task, now, details=details)

    def _calibrate(self, task: Task, now: float) -> list[Effect]:
        if task.channel != self._doses.sensor:
            text = f"calibrate command only works for {self._doses.sensor} channel"
            return self.answers.error(task, now, "invalid_channel", text)
        stage = number(task.params.get("stage"))
        value = number(task.params.get(self._doses.value))
        if stage is None or value is None:
            return self.answers.error(task, now, *self._doses.words["none"])
        if stage not in (1, 2):
            return self.answers.error(task, now, *self._doses.words["stage"])
        if not 0 <= value <= self._doses.most:
            return self.answers.error(task, now, *self._doses.words["value"])
        scale = 1000 if self._doses is PH else 1
        sensor = "ph" if self._doses is PH else "ec"
        point = {"value": value, "raw": round(value * scale)}
        points: dict[str, Any] = {f"point{int(stage)}": point}
        if sensor == "ec":
            points["temperature_compensation"] = True
        kept = self.board.keep({sensor: points})
        told = self._doses.reports_each_stage or stage != 1
        return [
            *kept,
            *(self.board.report() if told else ()),
            *self.at_once(task, now),
        ]

    def _run(self, task: Task, now: float) -> list[Effect]:
        if task.channel not in self._doses.pumps:
            return self._no_pump(task, now)
        duration_ms = number(task.params.get("duration_ms"))
        if duration_ms is None:
            text = "Missing or invalid duration_ms"
            return self.answers.error(task, now, "invalid_params", text)
        if not 0 < int(duration_ms) <= LONGEST_DOSING_MS:
            text = f"duration_ms must be between 1 and {LONGEST_DOSING_MS}"
            return self.answers.error(task, now, "invalid_params", text)
        return self._enqueue(task, int(duration_ms), {}, now)

    def _dose(self, task: Task, now: float) -> list[Effect]:
        if task.channel not in self._doses.pumps:
            return self._no_pump(task, now)
        if not self._active:
            text = "node is not activated"
            return self.answers.error(task, now, "node_not_activated", text)
        ml = number(task.params.get("ml"))
        if ml is None:
            text = "Missing or invalid ml"
            return self.answers.error(task, now, "invalid_params", text)
        if ml <= 0:
            text = "ml must be greater than 0"
            return self.answers.error(task, now, "invalid_params", text)
        wanted_ms = math.ceil(ml / self._doses.ml_per_second * 1000)
        details: dict[str, Any] = {
            "ml": ml,
            "ml_per_second": self._doses.ml_per_second,
        }
        if wanted_ms > LONGEST_DOSING_MS:
            details["duration_limited"] = True
        return self._enqueue(task, min(wanted_ms, LONGEST_DOSING_MS), details, now)

    def _no_pump(self, task: Task, now: float) -> list[Effect]:
        return self.answers.error(task, now, "pump_not_found", "Pump channel not found")

    def _enqueue(
        self, task: Task, duration_ms: int, details: dict[str, Any], now: float
    ) -> list[Effect]:
        if len(self._queue) >= MOST_QUEUED:
            return self.answers.error(
                task, now, "pump_queue_full", "Pump queue is full"
            )
        pump = self._doses.pumps[task.channel]
        rest_ms = self._rest_ms(pump, now)
        details |= {
            "channel": pump,
            "duration_ms": duration_ms,
            "queued": self._running is not None or rest_ms > 0,
        }
        if rest_ms > 0:
            details["cooldown_ms"] = rest_ms
        effects = self.answers.ack(task, now, details=details)
        if task.ordered("die", "accepted"):
            return effects + self.board.die(task, now)
        self._queue.append(_Queued(task, pump, duration_ms))
        return effects + self._next(now)

    def _rest_ms(self, pump: str, now: float) -> int:
        return max(0, math.ceil((self._rested_at.get(pump, now) - now) * 1000))

    def _next(self, now: float) -> list[Effect]:
        """Start the first that waits and whose pump has rested."""
        if self._running is not None or not self._queue:
            return []
        for waiting in self._queue:
            if self._rest_ms(waiting.pump, now) == 0:
                self._queue.remove(waiting)
                return self._start(waiting, now)
        soonest = min(self._rested_at[waiting.pump] for waiting in self._queue)
        self.board.agenda.put("pumps have rested", soonest, self._next)
        return []

    def _start(self, waiting: _Queued, now: float) -> list[Effect]:
        task, pump = waiting.task, waiting.pump
        if "current" in self.board.orders.view():
            effects: list[Effect] = [self.board.executed(task)]
            text = f"Measured 5.00 mA, expected 50.00-500.00 mA. Channel: {pump}"
            effects += self.answers.error(
                task, now, "pump_current_under_range", text, channel=pump
            )
            return effects + self._next(now)
        self._running = pump
        seconds = waiting.duration_ms / 1000
        return self.begin(
            task, now, seconds, lambda _, at: self._finish(waiting, at), acked=[]
        )

    def _finish(self, waiting: _Queued, now: float) -> list[Effect]:
        self._running = None
        self._rested_at[waiting.pump] = now + PUMP_REST_MS / 1000
        details = {"current_ma": CURRENT_MA, "current_valid": True}
        effects = self.answers.done(
            waiting.task, now, channel=waiting.pump, details=details
        )
        return effects + self._next(now)
