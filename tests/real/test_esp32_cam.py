"""Cameras that sleep, on a real broker and a real Home Assistant."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from scripts.parts.stations import GARDEN

from .conftest import Run
from .stand import Stand

POND, GATE = GARDEN.nodes
STATION = replace(
    # One that is told no time stays awake for that long, and then wakes soon again. It
    # is longer than a busy machine takes from one order to the next: what is told a
    # camera that has just gone to sleep, but is believed awake for a minute, is lost.
    GARDEN.played_with(
        *("--hello", "full", "--pending", "1"),
        *("--wake-seconds", "1", "--awake-seconds", "15", "--boot-seconds", "2"),
    ),
    adopted={
        POND: {**GARDEN.adopted[POND], "cron": "30 17 * * *"},
        GATE: GARDEN.adopted[GATE],
    },
)
OPTIONS = {"retry_delay": 3.0}
LONGEST_WAIT = 20.0


@pytest.fixture(scope="module")
def running_stand(running_stand: Stand, runner: asyncio.Runner) -> Stand:
    """Have the cameras say hello, which else they did up to a minute later."""
    runner.run(power_cycle(running_stand, "all"))
    return running_stand


async def power_cycle(stand: Stand, node: str) -> None:
    """Switch cameras off and on, so that they say hello."""
    await stand.order(node, die="now", seconds=0.5)


def test_an_adopted_camera_is_told_once_when_to_wake(stand: Stand, play: Run) -> None:
    async def story() -> None:
        (welcome,) = stand.deeds(POND, "set_wake_schedule")
        assert welcome["payload"]["next_wake"] == "5:30PM"
        assert not stand.deeds(GATE, "set_wake_schedule")

    play(story())


def test_a_picture_comes_whole_and_is_shown(stand: Stand, play: Run) -> None:
    async def story() -> None:
        command = await stand.sent(POND, "capture_image")
        assert command["state"] == "succeeded", command
        state = await stand.api.state("image.garden_pond_image")
        picture = await _picture(stand, state["attributes"]["entity_picture"])
        assert picture.startswith(b"\xff\xd8")
        assert picture.endswith(b"\xff\xd9")
        # One is taken on each waking, ordered or not.
        deeds = stand.deeds(POND, "capture_image")
        assert deeds
        assert all(deed["payload"]["capture_image"] is True for deed in deeds)

    play(story())


def test_each_other_kind_is_done(stand: Stand, play: Run) -> None:
    orders: tuple[tuple[str, dict[str, Any]], ...] = (
        ("set_wake_schedule", {"cron": "0 6 * * *"}),
        ("update_config", {"values": {"frame_size": 10}}),
        ("ping", {}),
        (
            "update_firmware",
            {"url": "https://example.com/2.2.0.bin", "version": "2.2.0"},
        ),
        ("reboot", {}),
    )

    async def story() -> None:
        ids = [await stand.send(GATE, kind, **params) for kind, params in orders]
        for command_id in ids:
            command = await stand.settled(command_id)
            assert command["state"] == "succeeded", command
        kinds = [kind for kind, _ in orders]
        assert {row["kind"] for row in stand.deeds(GATE, *kinds)} == set(kinds)
        assert len(stand.deeds(GATE, "reboot")) == 1

    play(story())


def test_lost_parts_are_asked_for(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(POND, chunks_lost="some", count=1)
        command = await stand.sent(POND, "capture_image")
        assert command["state"] == "succeeded", command
        assert command["nodes"][POND]["attempts"] == 1

    play(story())


def test_what_never_comes_whole_is_asked_for_again(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(GATE, dies_sending="on", count=1, seconds=0.5)
        command = await stand.sent(GATE, "capture_image")
        assert command["state"] == "succeeded", command

    play(story())


def test_killed_between_a_reboot_and_the_next_hello(stand: Stand, play: Run) -> None:
    async def story() -> None:
        before = len(stand.deeds(GATE, "reboot"))
        command_id = await stand.send(GATE, "reboot")
        await stand.until_stored(command_id, "sent")
        # Ordered before, this would keep the reboot waiting for a node that is awake.
        await stand.order(GATE, hello="drop")
        await stand.crash_and_restart()
        command = await stand.command(command_id)
        assert command["state"] in {"sent", "unconfirmed"}, command
        await stand.order(GATE, clear="hello")
        await power_cycle(stand, GATE)
        # Whether it had left when we were killed, nobody can tell by a hello.
        command = await stand.settled(command_id)
        assert command["state"] == "unconfirmed", command
        assert len(stand.deeds(GATE, "reboot")) == before + 1

    play(story())


def test_killed_in_the_middle_of_a_picture(stand: Stand, play: Run) -> None:
    async def story() -> None:
        await stand.order(POND, chunks_lost="all", count=1)
        command_id = await stand.send(POND, "capture_image")
        # Home Assistant may have been killed since it last called in. Ordered after
        # that, it could find the camera sending the first picture of its waking.
        await power_cycle(stand, POND)
        await stand.until_stored(command_id, "sent")
        await stand.crash_and_restart()
        await power_cycle(stand, POND)
        command = await stand.settled(command_id)
        assert command["state"] == "succeeded", command
        assert command["nodes"][POND]["attempts"] == 2

    play(story())


async def _picture(stand: Stand, path: str) -> bytes:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{stand.api.url}{path}") as answer,
    ):
        return await answer.read()
