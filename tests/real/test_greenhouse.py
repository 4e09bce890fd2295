"""Greenhouse nodes, on a real broker and a real Home Assistant."""

from __future__ import annotations

from typing import Any

from scripts.parts.stations import GLASSHOUSE

from .conftest import Run
from .stand import Stand

NUTRIENTS, IRRIGATION, LAMPS = GLASSHOUSE.nodes
STATION = GLASSHOUSE.played_with(
    *("--types", "ph,irrig,light", "--work-seconds", "0.5", "--interval-scale", "0.1")
)
OPTIONS = {"accept_timeout": 3.0, "retry_delay": 2.0}
LONGEST_WAIT = 10.0
PUMP = {"channel": "pump", "duration_ms": 500}


def test_a_node_gets_its_place_and_what_it_said_of_itself(
    stand: Stand, play: Run
) -> None:
    async def story() -> None:
        for name in ("nutrients", "irrigation", "lamps"):
            await stand.until_state(f"sensor.glasshouse_{name}_binding", "active")
        states = await stand.api.get("/api/states")
        units = {
            state["entity_id"]: state["attributes"].get("unit_of_measurement")
            for state in states
        }
        assert units["sensor.glasshouse_nutrients_temperature"] == "°C"
        assert "button.glasshouse_irrigation_run_pump" in units

    play(story())


def test_each_kind_is_done(stand: Stand, play: Run) -> None:
    orders: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (IRRIGATION, "run_pump", PUMP),
        (IRRIGATION, "set_relay", {"channel": "valve", "state": True}),
        (IRRIGATION, "set_pwm", {"channel": "pump", "value": 128}),
        (IRRIGATION, "set_position", {"channel": "pump", "position_pct": 40}),
        (NUTRIENTS, "dose", {"channel": "dosing_pump", "ml": 2.5}),
        (NUTRIENTS, "calibrate", {"channel": "ph", "params": {"point": 7}}),
        (NUTRIENTS, "test_sensor", {"channel": "ph"}),
        (NUTRIENTS, "query", {}),
        (NUTRIENTS, "set_datetime", {}),
        (NUTRIENTS, "set_sensor_mode", {"active": True}),
        (LAMPS, "light_on", {"channel": "light"}),
        (LAMPS, "update_config", {}),
        (LAMPS, "reboot", {}),
    )
    moves = {
        IRRIGATION: ["run_pump", "set_relay", "set_pwm", "set_position"],
        NUTRIENTS: ["dose", "calibrate"],
        LAMPS: ["light_on", "restart"],
    }

    async def story() -> None:
        ids = [await stand.send(node, kind, **params) for node, kind, params in orders]
        for command_id in ids:
            command = await stand.settled(command_id)
            assert command["state"] == "succeeded", command
        for node, kinds in moves.items():
            assert [row["kind"] for row in stand.deeds(node, *kinds)] == kinds

    play(story())


def test_a_person_switches_the_light(stand: Stand, play: Run) -> None:
    light = "switch.glasshouse_lamps_light"

    async def story() -> None:
        await stand.api.do("switch", "turn_on", {"entity_id": light})
        await stand.until_state(light, "on")
        await stand.api.do("switch", "turn_off", {"entity_id": light})
        await stand.until_state(light, "off")

    play(story())


def test_a_stop_overtakes_and_ends_the_run(stand: Stand, play: Run) -> None:
    async def story() -> None:
        run = await stand.send(
            IRRIGATION, "run_pump", channel="pump", duration_ms=60_000
        )
        await stand.until(run, "accepted")
        command = await stand.sent(IRRIGATION, "stop_pump", channel="pump")
        assert command["state"] == "succeeded", command
        command = await stand.settled(run)
        assert command["state"] == "failed", command
        assert command["nodes"][IRRIGATION]["reason"] == "stopped"

    play(story())


def test_a_busy_node_is_asked_later(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(IRRIGATION, "run_pump"))
        await stand.order(IRRIGATION, busy="on", count=1)
        command = await stand.sent(IRRIGATION, "run_pump", **PUMP)
        assert command["state"] == "succeeded", command
        assert len(stand.deeds(IRRIGATION, "run_pump")) == before + 1

    play(story())


def test_a_failure_is_told_with_its_code(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(NUTRIENTS, fail="air_in_pump", count=1)
        command = await stand.sent(NUTRIENTS, "dose", channel="dosing_pump", ml=1)
        assert command["state"] == "failed", command
        assert command["nodes"][NUTRIENTS]["reason"] == "air_in_pump"

    play(story())


def test_a_refusal_ends_as_rejected(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(LAMPS, invalid="on", count=1)
        command = await stand.sent(LAMPS, "light_on", channel="light")
        assert command["state"] == "rejected", command

    play(story())


def test_killed_while_a_pump_runs(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(IRRIGATION, "run_pump"))
        await stand.order(IRRIGATION, done="drop", count=1)
        command_id = await stand.send(IRRIGATION, "run_pump", **PUMP)
        await stand.until_stored(command_id, "accepted")
        await stand.crash_and_restart()
        command = await stand.settled(command_id)
        assert command["state"] == "unconfirmed", command
        assert len(stand.deeds(IRRIGATION, "run_pump")) == before + 1

    play(story())


def test_killed_before_a_light_is_on(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(LAMPS, silent="idle")
        command_id = await stand.send(LAMPS, "light_on", channel="light")
        await stand.until_stored(command_id, "sent")
        await stand.crash_and_restart()
        await stand.order(LAMPS, clear="silent")
        command = await stand.settled(command_id)
        assert command["state"] == "succeeded", command
        await stand.until_state("switch.glasshouse_lamps_light", "on")

    play(story())
