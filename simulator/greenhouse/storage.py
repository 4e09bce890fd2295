"""irrig nodes: a main pump and valves around two tanks, with interlocks and stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, override

from simulator.greenhouse.equipment import Board, Equipment, Handlers, Probe, Sensors
from simulator.greenhouse.kinds import (
    LEVELS,
    LONGEST_MAIN_PUMP_MS,
    MAIN_PUMP,
    PUMP_REST_MS,
    VALVES,
)
from simulator.greenhouse.wire import Task, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.node import Effect

LONGEST_DRY_MS = 3000
LONGEST_STAGE_MS = 7_200_000
STAGES: dict[str, tuple[str, ...]] = {
    "solution_fill": (MAIN_PUMP, "valve_solution_fill", "valve_clean_supply"),
    "prepare_recirculation": (
        MAIN_PUMP,
        "valve_solution_fill",
        "valve_solution_supply",
    ),
    "irrigation": (MAIN_PUMP, "valve_irrigation", "valve_solution_supply"),
}
"""What is closed when a stage is over its time."""
SUPPLIES = ("valve_clean_supply", "valve_solution_supply")
TARGETS = ("valve_solution_fill", "valve_irrigation")

_NO_PATH = (
    "pump_main requires open supply valve and open solution_fill or irrigation valve"
)


class Storage(Equipment):
    """Valves and a pump that runs only with its path open."""

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._on = dict.fromkeys((MAIN_PUMP, *VALVES), False)
        self._rested_at: dict[str, float] = {}
        self._sensors = Sensors(
            board,
            {
                f"level_{name}": Probe(
                    "WATER_LEVEL_SWITCH", "bool", 1, {"raw_value": 1}
                )
                for name in LEVELS
            },
            ("test_sensor", "probe_sensor"),
            "test_sensor is supported only on level_* WATER_LEVEL_SWITCH channels",
        )

    @override
    def handlers(self) -> Handlers:
        return {
            **self._sensors.handlers(),
            "set_relay": self._set,
            "run_pump": self._run,
            "state": self._state,
        }

    @override
    def lose_power(self) -> None:
        self._on = dict.fromkeys(self._on, False)
        self._rested_at.clear()

    def snapshot(self) -> dict[str, Any]:
        """Return what all its actuators and levels are."""
        levels: dict[str, bool] = {}
        for name in LEVELS:
            tank, end = name.split("_")
            state = self.levels()[f"level_{name}"]
            levels |= {f"{tank}_level_{end}": state, f"level_{name}": state}
        return {**levels, **self._on}

    def levels(self) -> dict[str, bool]:
        """Return the levels by their channels."""
        return {f"level_{name}": name.endswith("min") for name in LEVELS}

    def _run(self, task: Task, now: float) -> list[Effect]:
        if task.channel != MAIN_PUMP:
            return self._unsupported(task, now, "run_pump", MAIN_PUMP)
        duration_ms = number(task.params.get("duration_ms"))
        if duration_ms is None or not 0 < duration_ms <= LONGEST_MAIN_PUMP_MS:
            text = "Missing or invalid duration_ms for run_pump"
            return self.answers.error(task, now, "invalid_params", text)
        return self._switch(task, {"state": True, "duration_ms": duration_ms}, now)

    def _unsupported(
        self, task: Task, now: float, cmd: str, where: str
    ) -> list[Effect]:
        what = "command is " if cmd == "state" else "is "
        place = f"{where} channel" if cmd == "state" else where
        return self.answers.say(
            task,
            "INVALID",
            now,
            error_code="unsupported_channel_cmd",
            error_message=f"{cmd} {what}supported only for {place}",
        )

    def _state(self, task: Task, now: float) -> list[Effect]:
        if task.channel != "storage_state":
            return self._unsupported(task, now, "state", "storage_state")
        details = {
            "snapshot": self.snapshot(),
            "state": self.levels(),
            "sample_ts": int(now),
            "age_sec": 0,
            "max_age_sec": 30,
            "is_fresh": True,
        }
        return self.answers.done(task, now, details=details)

    def _set(self, task: Task, now: float) -> list[Effect]:
        return self._switch(task, task.params, now)

    def _switch(
        self, task: Task, params: Mapping[str, Any], now: float
    ) -> list[Effect]:
        wrong = _wrong_with(task.channel, params)
        if wrong:
            return self.answers.error(task, now, "invalid_params", wrong)
        state = _is_on(params["state"])
        duration_ms = int(params.get("duration_ms") or 0)
        if task.channel not in self._on:
            text = "Channel is not supported for set_relay"
            return self.answers.error(task, now, "unsupported_channel", text)
        if state:
            refused = self._refuse_on(task, duration_ms, now)
            if refused:
                return refused
        return self._do(task, params, state=state, duration_ms=duration_ms, now=now)

    def _refuse_on(self, task: Task, duration_ms: int, now: float) -> list[Effect]:
        """Return what is said where something cannot be switched on now."""
        is_on = self._on[task.channel]
        rest_ms = round((self._rested_at.get(task.channel, now) - now) * 1000)
        dry = 0 < duration_ms <= LONGEST_DRY_MS
        code, message = "", ""
        details: dict[str, Any] = {}
        if "estop" in self.board.orders.view():
            code = "estop_active"
            message = "E-Stop is active; actuator ON commands are rejected"
        elif task.channel == MAIN_PUMP and not dry and not self._has_path():
            code, message = "pump_interlock_blocked", _NO_PATH
            details = {"error": code, "error_code": code, "error_message": message}
        elif not is_on and rest_ms > 0:
            code, message = "cooldown_active", "Actuator is in cooldown"
            details = {"cooldown_remaining_ms": rest_ms}
        elif duration_ms and is_on:
            code = "transient_requires_idle_state"
            message = "Transient set_relay requires actuator to be OFF before start"
        if not code:
            return []
        more = {"details": details} if details else {}
        return self.answers.error(task, now, code, message, **more)

    def _do(
        self,
        task: Task,
        params: Mapping[str, Any],
        *,
        state: bool,
        duration_ms: int,
        now: float,
    ) -> list[Effect]:
        details: dict[str, Any] = {"state": state}
        if self._on[task.channel] is state:
            details["note"] = "already_in_requested_state_treated_as_done"
        if duration_ms:
            details |= {"transient": True, "duration_ms": duration_ms}
            if task.channel == MAIN_PUMP and duration_ms <= LONGEST_DRY_MS:
                details["dry_run"] = True
            acked = self.answers.ack(task, now, details=details)
            self._turn(task.channel, on=True, now=now)
            return self.begin(
                task, now, duration_ms / 1000, self._time_is_over, acked=acked
            )
        if state and "stage" in params:
            stage, timeout_ms = params["stage"], int(params["timeout_ms"])
            details |= {"timeout_ms": timeout_ms, "stage": stage}
            self.board.agenda.put(
                f"stage {stage}",
                now + timeout_ms / 1000,
                lambda at: self._cut_off(stage, at),
            )
        return self.at_once(
            task,
            now,
            lambda: self._turn(task.channel, on=state, now=now),
            details=details,
        )

    def _turn(self, channel: str, *, on: bool, now: float) -> None:
        if self._on[channel] and not on:
            self._rested_at[channel] = now + PUMP_REST_MS / 1000
        self._on[channel] = on

    def _time_is_over(self, task: Task, now: float) -> list[Effect]:
        self._turn(task.channel, on=False, now=now)
        duration_ms = int(task.params["duration_ms"])
        details = {
            "current_ma": 0,
            "current_valid": False,
            "transient": True,
            "state": False,
            "duration_ms": duration_ms,
        }
        if task.channel == MAIN_PUMP and duration_ms <= LONGEST_DRY_MS:
            details["dry_run"] = True
        return self.answers.done(task, now, details=details)

    def _cut_off(self, stage: str, now: float) -> list[Effect]:
        for channel in STAGES[stage]:
            self._turn(channel, on=False, now=now)
        return self.board.tell(f"{stage}_timeout", now)

    def _has_path(self) -> bool:
        return any(self._on[each] for each in SUPPLIES) and any(
            self._on[each] for each in TARGETS
        )


def _is_on(state: object) -> bool:
    return state if isinstance(state, bool) else (number(state) or 0) > 0


def _wrong_with(channel: str, params: Mapping[str, Any]) -> str:
    """Return what is wrong with the parameters of `set_relay`; empty: nothing."""
    state = params.get("state")
    if not isinstance(state, bool) and number(state) is None:
        return "Missing or invalid state"
    duration, timeout = params.get("duration_ms"), params.get("timeout_ms")
    duration_ms, timeout_ms = number(duration), number(timeout)
    has_stage = params.get("stage") in STAGES
    has_time = timeout_ms is not None and 1 <= timeout_ms <= LONGEST_STAGE_MS
    on = _is_on(state)
    if on and (
        ("stage" in params) is not ("timeout_ms" in params)
        or ("stage" in params and not (has_stage and has_time))
    ):
        return "timeout_ms and stage must be provided together and be valid"
    if "duration_ms" in params and (not on or duration_ms is None or duration_ms <= 0):
        return (
            "duration_ms must be a positive number and can be used only with state=true"
        )
    if on and "duration_ms" in params and has_time:
        return "duration_ms cannot be combined with timeout_ms/stage"
    if on and has_time and channel != MAIN_PUMP:
        return "timeout_ms/stage is supported only for pump_main stage-arm command"
    return ""
