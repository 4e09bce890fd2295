"""Valves behind a hub, on a real broker and a real Home Assistant."""

from __future__ import annotations

from typing import Any

from scripts.parts.stations import ORCHARD

from .conftest import Run
from .stand import Stand

APPLES, PEARS, SHADE = ORCHARD.nodes
STATION = ORCHARD.played_with(
    "--wake-seconds",
    "1",
    "--curtains",
    SHADE,
    "--sensors",
    SHADE,
    "--duration-scale",
    "0.1",
)
OPTIONS = {"retry_delay": 2.0}
LONGEST_WAIT = 30.0
VALVE = "valve.orchard_apples_valve_0"
SLOT = {"hour": 6, "minute": 30, "duration": 60, "days": 127, "valve": 0}


def test_a_valve_opens_and_closes_by_itself(stand: Stand, play: Run) -> None:
    async def story() -> None:
        command = await stand.sent(APPLES, "open_valve", valve=0, duration=20)
        assert command["state"] == "succeeded", command
        await stand.until_state(VALVE, "closed")
        (deed,) = stand.deeds(APPLES, "open_valve")
        assert deed["payload"]["numbers"][3:] == [0, 20]

    play(story())


def test_a_person_opens_and_closes_a_valve(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.api.do("valve", "open_valve", {"entity_id": VALVE})
        await stand.until_state(VALVE, "open")
        await stand.api.do("valve", "close_valve", {"entity_id": VALVE})
        await stand.until_state(VALVE, "closed")

    play(story())


def test_each_other_kind_is_done(stand: Stand, play: Run) -> None:
    orders: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (PEARS, "set_schedule", {"slot": 1, **SLOT}),
        (PEARS, "set_datetime", {}),
        (PEARS, "reboot", {}),
        (PEARS, "set_wake_interval", {"seconds": 10}),
        (SHADE, "curtain", {"action": "open"}),
        (SHADE, "reboot", {}),
    )

    async def story() -> None:
        ids = [await stand.send(node, kind, **params) for node, kind, params in orders]
        for command_id in ids:
            command = await stand.settled(command_id)
            assert command["state"] == "succeeded", command
        for node, kind, _ in orders:
            assert len(stand.deeds(node, kind)) == 1, (node, kind)
        command = await stand.sent(PEARS, "remove_schedule", slot=1)
        assert command["state"] == "succeeded", command

    play(story())


def test_what_a_curtain_measures_is_shown(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.until_state("sensor.orchard_shade_temperature", "21.5")
        await stand.until_state("sensor.orchard_shade_humidity", "48.3")

    play(story())


def test_a_plan_goes_as_removals_and_then_settings(stand: Stand, play: Run) -> None:
    async def story() -> None:
        device = await stand.site.device_id(STATION.device_of(APPLES))
        meal = {"time": "06:00", "valve": 1, "duration": 120}
        await stand.api.call("mqtt_dispatch", "schedule", {"device_id": device, **meal})
        await stand.until_state("sensor.orchard_queue", "0")
        (deed,) = stand.deeds(APPLES, "set_schedule")
        assert deed["payload"]["numbers"] == [1, 0, 6, 0, 120, 127, 1]

    play(story())


def test_an_error_of_the_hub_ends_as_rejected(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(APPLES, "open_valve"))
        await stand.order(APPLES, error="busy", count=1)
        command = await stand.sent(APPLES, "open_valve", valve=1, duration=5)
        assert command["state"] == "rejected", command
        assert len(stand.deeds(APPLES, "open_valve")) == before

    play(story())


def test_a_failure_of_a_node_is_told(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(PEARS, fail="full", count=1)
        command = await stand.sent(PEARS, "set_schedule", slot=2, **SLOT)
        assert command["state"] == "failed", command
        assert "full" in command["nodes"][PEARS]["reason"]

    play(story())


def test_a_hub_that_restarts_leaves_a_run_in_doubt(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(APPLES, "open_valve"))
        await stand.order(APPLES, restart="queued", count=1)
        command = await stand.sent(APPLES, "open_valve", valve=0, duration=7)
        assert command["state"] == "unconfirmed", command
        assert len(stand.deeds(APPLES, "open_valve")) == before

    play(story())


def test_killed_while_the_hub_holds_a_run(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(APPLES, "open_valve"))
        await stand.order(APPLES, asleep="now")
        command_id = await stand.send(APPLES, "open_valve", valve=0, duration=9)
        await stand.until_stored(command_id, "accepted")
        await stand.crash_and_restart()
        await stand.order(APPLES, clear="asleep")
        command = await stand.settled(command_id)
        assert command["state"] == "succeeded", command
        assert command["nodes"][APPLES]["attempts"] == 1
        assert len(stand.deeds(APPLES, "open_valve")) == before + 1

    play(story())


def test_killed_while_a_valve_is_to_be_closed(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(APPLES, answer="drop")
        command_id = await stand.send(APPLES, "close_valve", valve=0)
        await stand.until_stored(command_id, "sent")
        await stand.crash_and_restart()
        await stand.order(APPLES, clear="answer")
        command = await stand.settled(command_id)
        assert command["state"] == "succeeded", command

    play(story())
