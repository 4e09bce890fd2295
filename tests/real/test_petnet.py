"""Petnet feeders, on a real broker and a real Home Assistant."""

from __future__ import annotations

from typing import Any

from scripts.parts.flows import DOMAIN
from scripts.parts.stations import PETS
from tests.nonempty import some

from .conftest import Run
from .stand import Stand

CAT, DOG = PETS.nodes
STATION = PETS.played_with(
    *("--firmware", "new", "--work-seconds", "0.5", "--interval-scale", "0.1")
)
OPTIONS = {"accept_timeout": 3.0, "retry_delay": 2.0}
LONGEST_WAIT = 8.0


def test_a_feed_is_done_once_and_shown(stand: Stand, play: Run) -> None:
    async def story() -> None:
        command = await stand.sent(CAT, "feed", portions=3)
        assert command["state"] == "succeeded", command
        (deed,) = stand.deeds(CAT, "feed")
        assert deed["payload"] == {"portion": 0.1875}
        await stand.until_state("sensor.pets_cat_grams_today", "21.0")

    play(story())


def test_each_other_kind_is_done(stand: Stand, play: Run) -> None:
    orders: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("set_button", "button_enable_remote", {"enable": False}),
        ("set_utc_offset", "utc_offset", {"seconds": -18000}),
        (
            "set_budget",
            "budget",
            {
                "recipe": "AB123456",
                "tbsp_per_feeding": 2,
                "g_per_tbsp": 7.5,
                "budget_tbsp": 8,
            },
        ),
    )

    async def story() -> None:
        ids = [await stand.send(DOG, kind, **params) for kind, _, params in orders]
        for command_id in ids:
            command = await stand.settled(command_id)
            assert command["state"] == "succeeded", command
        wires = [wire for _, wire, _ in orders]
        assert [row["kind"] for row in stand.deeds(DOG, *wires)][-4:] == wires

    play(story())


def test_a_plan_goes_step_by_step_to_all_feeders(stand: Stand, play: Run) -> None:
    async def story() -> None:
        held = {node: len(stand.deeds(node, "schedule_mod_end")) for node in (CAT, DOG)}
        await stand.call("schedule", time="07:00", portions=2)
        await stand.until_state("sensor.pets_queue", "0")
        for node, before in held.items():
            # A gateway that checks in meanwhile gets it once more.
            assert len(stand.deeds(node, "schedule_mod_end")) > before
        answer = await stand.call("get_commands", limit=2)
        for command in some(answer["commands"]):
            (delivery,) = command["nodes"].values()
            assert (command["state"], delivery["attempts"]) == ("succeeded", 1), command

    play(story())


def test_a_feeder_that_began_anew_gets_its_plan_once_more(
    stand: Stand, play: Run
) -> None:
    async def story() -> None:
        before = len(stand.deeds(DOG, "schedule_mod_end"))
        command = await stand.sent(DOG, "reboot")
        assert command["state"] == "succeeded", command
        assert [row["kind"] for row in stand.deeds(DOG, "reboot")] == ["reboot"]
        # It loses its power only then: what follows must find it back.
        await stand.until_simulated(
            "its plan",
            lambda: len(stand.deeds(DOG, "schedule_mod_end")) > before,
        )
        await stand.until_state("sensor.pets_queue", "0")

    play(story())


def test_a_feeder_that_refuses_a_list_gets_its_meals_one_by_one(
    stand: Stand, play: Run
) -> None:
    async def story() -> None:
        await stand.order(CAT, list="refused")
        before = len(stand.deeds(CAT, "schedule_mod_end"))
        await stand.call("schedule", time="18:30", portions=1)
        await stand.until_state("sensor.pets_queue", "0")
        assert len(stand.deeds(CAT, "schedule_mod_end")) > before
        await stand.order(CAT, clear="list")

    play(story())


def test_a_failure_is_told_with_its_reason(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(CAT, fail="jammed", count=1)
        command = await stand.sent(CAT, "feed", portions=1)
        assert command["state"] == "failed", command
        assert command["nodes"][CAT]["reason"] == "jammed"
        await stand.until_state("binary_sensor.pets_cat_problem", "on")

    play(story())


def test_a_silent_feeder_leaves_a_doubt(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(CAT, "feed"))
        await stand.order(CAT, silent="works", count=1)
        command = await stand.sent(CAT, "feed", portions=1)
        assert command["state"] == "unconfirmed", command
        assert len(stand.deeds(CAT, "feed")) == before + 1

    play(story())


def test_killed_while_a_feeder_feeds(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(CAT, "feed"))
        await stand.order(CAT, succeeded="drop", count=1)
        command_id = await stand.send(CAT, "feed", portions=1)
        await stand.until_stored(command_id, "accepted")
        await stand.crash_and_restart()
        command = await stand.settled(command_id)
        assert command["state"] == "unconfirmed", command
        assert len(stand.deeds(CAT, "feed")) == before + 1

    play(story())


def test_killed_in_the_middle_of_a_plan(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(DOG, "schedule_mod_end"))
        await stand.order(DOG, succeeded="drop")
        device = await stand.site.device_id(STATION.device_of(DOG))
        meal = {"time": "12:00", "portions": 1}
        await stand.api.call(DOMAIN, "schedule", {"device_id": device, **meal})
        answer = await stand.call("get_commands", limit=1)
        command_id = answer["commands"][0]["command_id"]
        await stand.until(command_id, "sent", "accepted")
        await stand.crash_and_restart()
        await stand.order(DOG, clear="succeeded")
        command = await stand.settled(command_id)
        assert command["state"] == "succeeded", command
        assert len(stand.deeds(DOG, "schedule_mod_end")) > before

    play(story())
