"""Greenhouse nodes, on a real broker and a real Home Assistant."""

from __future__ import annotations

import time
from typing import Any

from scripts.parts.stations import GLASSHOUSE
from simulator.greenhouse.kinds import PUMP_REST_MS

from .conftest import Run
from .stand import Stand

NUTRIENTS, IRRIGATION, CLIMATE = GLASSHOUSE.nodes
STATION = GLASSHOUSE.played_with(
    *("--types", "ph,irrig,climate", "--interval-scale", "0.1")
)
OPTIONS = {"accept_timeout": 3.0, "retry_delay": 2.0}
LONGEST_WAIT = 10.0
PUMP_MS = 500
PUMP = {"channel": "pump_main", "duration_ms": PUMP_MS}
RUN_AND_REST = (PUMP_MS + PUMP_REST_MS) / 1000
LAMP = "switch.glasshouse_climate_lamp"


async def until_rested(stand: Stand) -> None:
    """Wait until the main pump, which a node lets rest after a run, would run again."""
    runs = stand.deeds(IRRIGATION, "run_pump")
    if runs:
        rested_at = runs[-1]["at"] + RUN_AND_REST
        await stand.until_simulated("rested", lambda: time.time() > rested_at)


def test_a_node_gets_its_place_and_what_it_said_of_itself(
    stand: Stand, play: Run
) -> None:
    async def story() -> None:
        for name in ("nutrients", "irrigation", "climate"):
            await stand.until_state(f"sensor.glasshouse_{name}_binding", "active")
        states = await stand.api.get("/api/states")
        units = {
            state["entity_id"]: state["attributes"].get("unit_of_measurement")
            for state in states
        }
        assert units["sensor.glasshouse_climate_temperature"] == "°C"
        assert "button.glasshouse_irrigation_run_pump_main" in units

    play(story())


def test_each_kind_is_done(stand: Stand, play: Run) -> None:
    valve = {"channel": "valve_irrigation"}
    orders: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (IRRIGATION, "set_relay", {**valve, "state": True}),
        (IRRIGATION, "query", {}),
        (IRRIGATION, "run_pump", PUMP),
        (NUTRIENTS, "set_sensor_mode", {"active": True}),
        (NUTRIENTS, "dose", {"channel": "pump_acid", "ml": 2.5}),
        (
            NUTRIENTS,
            "calibrate",
            {"channel": "ph_sensor", "stage": 1, "known_ph": 7},
        ),
        (NUTRIENTS, "test_sensor", {"channel": "ph_sensor"}),
        (NUTRIENTS, "set_datetime", {}),
        (CLIMATE, "set_relay", {"channel": "lamp", "state": True}),
        (CLIMATE, "set_pwm", {"channel": "fan", "value": 40}),
        (CLIMATE, "refresh", {}),
        (CLIMATE, "update_config", {}),
        (CLIMATE, "reboot", {}),
    )
    moves = {
        IRRIGATION: ["set_relay", "run_pump"],
        NUTRIENTS: ["dose", "calibrate"],
        CLIMATE: ["set_relay", "set_pwm", "restart"],
    }

    async def story() -> None:
        ids = [await stand.send(node, kind, **params) for node, kind, params in orders]
        for command_id in ids:
            command = await stand.settled(command_id)
            assert command["state"] == "succeeded", command
        for node, kinds in moves.items():
            assert [row["kind"] for row in stand.deeds(node, *kinds)] == kinds

    play(story())


def test_a_person_switches_the_lamp(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.api.do("switch", "turn_on", {"entity_id": LAMP})
        await stand.until_state(LAMP, "on")
        await stand.api.do("switch", "turn_off", {"entity_id": LAMP})
        await stand.until_state(LAMP, "off")

    play(story())


def test_a_busy_node_is_asked_later(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await until_rested(stand)
        before = len(stand.deeds(IRRIGATION, "run_pump"))
        await stand.order(IRRIGATION, busy="on", count=1)
        command = await stand.sent(IRRIGATION, "run_pump", **PUMP)
        assert command["state"] == "succeeded", command
        assert len(stand.deeds(IRRIGATION, "run_pump")) == before + 1

    play(story())


def test_a_failure_is_told_with_its_code(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(NUTRIENTS, current="none")
        command = await stand.sent(
            NUTRIENTS, "run_pump", channel="pump_base", duration_ms=500
        )
        await stand.order(NUTRIENTS, clear="current")
        assert command["state"] == "failed", command
        reason = command["nodes"][NUTRIENTS]["reason"]
        assert reason.startswith("pump_current_under_range"), reason

    play(story())


def test_a_refusal_ends_as_rejected(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(CLIMATE, invalid="on", count=1)
        command = await stand.sent(CLIMATE, "set_pwm", channel="fan", value=60)
        assert command["state"] == "rejected", command

    play(story())


def test_killed_while_a_pump_runs(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await until_rested(stand)
        before = len(stand.deeds(IRRIGATION, "run_pump"))
        await stand.order(IRRIGATION, done="drop", count=1)
        command_id = await stand.send(IRRIGATION, "run_pump", **PUMP)
        await stand.until_stored(command_id, "accepted")
        await stand.crash_and_restart()
        command = await stand.settled(command_id)
        assert command["state"] == "unconfirmed", command
        assert len(stand.deeds(IRRIGATION, "run_pump")) == before + 1

    play(story())


def test_killed_before_a_lamp_is_on(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(CLIMATE, silent="idle")
        command_id = await stand.send(CLIMATE, "set_relay", channel="lamp", state=True)
        await stand.until_stored(command_id, "sent")
        await stand.crash_and_restart()
        await stand.order(CLIMATE, clear="silent")
        command = await stand.settled(command_id)
        assert command["state"] == "succeeded", command
        await stand.until_state(LAMP, "on")

    play(story())
